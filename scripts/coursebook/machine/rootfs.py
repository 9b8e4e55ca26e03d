"""The root file system: locked packages put together by mmdebstrap, and furnished."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from coursebook.execute.plan import ENVIRONMENT
from coursebook.machine.debian import ARCHITECTURE
from coursebook.machine.layout import EPOCH
from coursebook.machine.lock import BOOT, USER_LAND, Locked
from coursebook.machine.missing import CannotBuildError, run

GUEST = Path(__file__).parent / "guest"
"""Files of the machine itself."""

FURNITURE = ("inittab", "start", "session", "control", "profile")
NO_MMDEBSTRAP = "sudo apt-get install mmdebstrap"
NO_NAMESPACES = (
    "allow them: sudo apt-get install uidmap, then log in again; or run the command as root, "
    "or in a container of Debian"
)


def mode() -> str:
    """Choose how mmdebstrap gets the rights that it needs.

    Returns:
        ``root``, or ``unshare`` where a user may make namespaces.

    Raises:
        CannotBuildError: Neither can be had here.
    """
    if shutil.which("mmdebstrap") is None:
        raise CannotBuildError(
            "the root file system is made by mmdebstrap, which is missing", NO_MMDEBSTRAP
        )
    if os.geteuid() == 0:
        return "root"
    tried = subprocess.run(
        ["unshare", "--user", "--map-auto", "--map-root-user", "true"],
        capture_output=True,
        check=False,
    )
    if tried.returncode != 0:
        raise CannotBuildError("you are not root, and may not make user namespaces", NO_NAMESPACES)
    return "unshare"


def unpack_boot(packages: Sequence[Locked], debs: Path, folder: Path) -> None:
    """Unpack kernel, busybox and BIOS, which are not installed but used as they are."""
    for package in packages:
        if package.suite == BOOT:
            run(
                ["dpkg-deb", "--extract", debs / f"{package.sha256}.deb", folder],
                f"{package.name} could not be unpacked",
                "sudo apt-get install dpkg",
            )


def make_repository(packages: Sequence[Locked], debs: Path, folder: Path) -> None:
    """Write a repository that holds the locked packages and no other, for apt.

    Source: https://wiki.debian.org/DebianRepository/Format
    """
    folder.mkdir()
    stanzas = []
    for package in packages:
        if package.suite != USER_LAND:
            continue
        deb = debs / f"{package.sha256}.deb"
        shutil.copyfile(deb, folder / deb.name)
        fields = run(
            ["dpkg-deb", "--field", deb],
            f"{package.name} could not be read",
            "sudo apt-get install dpkg",
        )
        stanzas.append(
            f"{fields.strip()}\nFilename: ./{deb.name}\nSize: {deb.stat().st_size}\n"
            f"SHA256: {package.sha256}\n"
        )
    index = "\n".join(stanzas).encode()
    (folder / "Packages").write_bytes(index)
    (folder / "Release").write_text(
        f"Suite: {USER_LAND}\nCodename: {USER_LAND}\nDate: Thu, 01 Jan 2026 00:00:00 UTC\n"
        f"Architectures: {ARCHITECTURE}\nComponents: main\n"
        f"SHA256:\n {hashlib.sha256(index).hexdigest()} {len(index)} Packages\n",
        encoding="utf-8",
    )


def gather_parts(busybox: Path, uv: Path, index: Path | None, folder: Path) -> None:
    """Put what is no Debian package where ``furnish`` looks for it."""
    (folder / "machine").mkdir(parents=True)
    for name in FURNITURE:
        shutil.copyfile(GUEST / name, folder / "machine" / name)
    (folder / "machine" / "variables").write_text(variables(), encoding="utf-8")
    shutil.copyfile(busybox, folder / "busybox")
    shutil.copyfile(uv, folder / "uv")
    if index is not None:
        shutil.copytree(index, folder / "index")


def variables() -> str:
    """Write the variables of the cells' room for the learner's shell, as a bash array.

    A terminal that people look at has colours and a type of its own.
    """
    words = [
        shlex.quote(f"{name}={value}")
        for name, value in sorted(ENVIRONMENT.items())
        if name not in ("TERM", "NO_COLOR")
    ]
    return "VARIABLES=(" + "\n  ".join(["", *words]) + "\n)\n"


def make_root(packages: Sequence[Locked], repository: Path, parts: Path, archive: Path) -> None:
    """Put the packages together, furnish the result, and write it as a tar archive.

    Raises:
        CannotBuildError: Rights or programs are missing, or a package could not be configured.
    """
    names = [package.name for package in packages if package.suite == USER_LAND]
    # mmdebstrap's user in a namespace is not ours: it must be let in.
    for place in (repository, parts):
        for path in (place, *place.rglob("*")):
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))
    furnish = shlex.quote(str(GUEST / "furnish"))
    run(
        [
            "mmdebstrap",
            f"--mode={mode()}",
            f"--architectures={ARCHITECTURE}",
            "--variant=essential",
            f"--include={','.join(names)}",
            f'--customize-hook={furnish} "$1" {shlex.quote(str(parts))}',
            *("--skip=check/empty", "--format=tar"),
            USER_LAND,
            str(archive),
            f"deb [trusted=yes] copy://{repository} ./",
        ],
        "the root file system could not be made",
        "read the last lines above; python3 scripts/course.py machine lock takes today's packages",
        env={
            "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin") + ":/usr/sbin:/sbin",
            "HOME": os.environ.get("HOME", "/"),
            "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
            "LC_ALL": "C",
            # For the times in the archive; compiled files are made anew by `furnish`.
            "SOURCE_DATE_EPOCH": str(EPOCH),
        },
    )
