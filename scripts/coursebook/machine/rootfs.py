"""The root file system: locked packages put together by mmdebstrap, and furnished."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from coursebook.execute import plan
from coursebook.machine import cell_tools
from coursebook.machine.debian import ARCHITECTURE
from coursebook.machine.layout import EPOCH
from coursebook.machine.lock import BOOT, USER_LAND, Locked
from coursebook.machine.missing import run

GUEST = Path(__file__).parent / "guest"
"""Files of the machine itself."""

FURNITURE = (
    *("inittab", "start", "fourth_port", "session", "cells", "interpreter"),
    *("control", "verbs", "profile"),
)

PYTHON = "/usr/local/bin/python3"
"""The Python of cells, by the path that the build's room knows it by."""

PROGRAM = "/usr/local/bin/python3.13"
"""What that leads to, for the first lines of scripts."""

ROWS, COLUMNS = 40, 100
"""Of the terminals of cells; ``execute/inside/warden.py`` has the same."""

PROCESSES = 200
"""How many the learner may have. Enough for a course, and few enough to end a fork bomb."""


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


def gather_parts(
    busybox: Path,
    uv: Path,
    index: Path | None,
    library: Path,
    tools: Path,
    mark: str,
    folder: Path,
) -> None:
    """Put what is no Debian package where ``furnish`` looks for it, and that beside it.

    Args:
        busybox: The program of the machine.
        uv: The learner's uv.
        index: The book's packages, if it has any.
        library: IPython and what it needs.
        tools: Wheels of the tools of cells, a folder for each.
        mark: What ``words`` is given.
        folder: Is made.
    """
    (folder / "machine").mkdir(parents=True)
    (folder / "etc").mkdir()
    (folder / "cells/programs").mkdir(parents=True)
    for name in FURNITURE:
        shutil.copyfile(GUEST / name, folder / "machine" / name)
    (folder / "python").mkdir()
    for program in sorted(GUEST.glob("*.py")):
        shutil.copyfile(program, folder / "python" / program.name)
    (folder / "machine" / "words").write_text(words(mark), encoding="utf-8")
    for name, text in plan.ETC.items():
        (folder / "etc" / name).write_text(text, encoding="utf-8")
    for program in sorted(plan.INSIDE.glob("*_cells.*")):
        shutil.copyfile(program, folder / "cells/programs" / program.name)
    shutil.copytree(library, folder / "cells/library")
    (folder / "tools").mkdir()
    for name in cell_tools.names():
        shutil.copytree(tools / name, folder / "tools" / name)
    (folder / "pip").write_text(plan.PIP.format(python=PROGRAM), encoding="utf-8")
    shutil.copyfile(GUEST / "furnish", folder / "furnish")
    shutil.copyfile(busybox, folder / "busybox")
    shutil.copyfile(uv, folder / "uv")
    if index is not None:
        shutil.copytree(index, folder / "index")


def words(mark: str) -> str:
    """Write what the scripts of the machine need to know, as bash: one source for both rooms.

    Args:
        mark: The word by which interpreters of cells speak to their host.
    """
    place = plan.MACHINERY
    started = plan.commands(mark, f"{place}/post", f"{place}/library", f"{place}/programs", PYTHON)
    variables = [f"{name}={value}" for name, value in sorted(plan.ENVIRONMENT.items())]
    singles = {
        "MARK": mark,
        "ROWS": ROWS,
        "COLUMNS": COLUMNS,
        "PROCESSES": PROCESSES,
        "HOME_OF_LEARNER": plan.HOME,
        "PYTHON_PROGRAM": PYTHON,
    }
    # The program of Python stands in a file of the machine, where it can be changed.
    lists = {
        "VARIABLES": variables,
        "BASH_CELLS": started["bash"],
        "PYTHON_CELLS": started["python"][1:],
    }
    lines = [f"{name}={shlex.quote(str(value))}" for name, value in singles.items()]
    for name, values in lists.items():
        quoted = "\n  ".join(shlex.quote(value) for value in values)
        lines.append(f"{name}=({quoted})")
    return "\n".join(lines) + "\n"


def make_root(
    packages: Sequence[Locked], repository: Path, parts: Path, mode: str, archive: Path
) -> None:
    """Put the packages together, furnish the result, and write it as a tar archive.

    Args:
        packages: The lock.
        repository: What ``make_repository`` wrote.
        parts: What ``gather_parts`` wrote.
        mode: How mmdebstrap gets its rights: ``root`` or ``unshare``.
        archive: Is written.

    Raises:
        CannotBuildError: Rights or programs are missing, or a package could not be configured.
    """
    names = [package.name for package in packages if package.suite == USER_LAND]
    # mmdebstrap's user in a namespace is not ours: it must be let in. The checkout stays closed to
    # it, as homes often are.
    for folder in (repository, parts):
        for path in (folder, *folder.rglob("*")):
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))
    place = shlex.quote(str(parts))
    run(
        [
            "mmdebstrap",
            f"--mode={mode}",
            f"--architectures={ARCHITECTURE}",
            "--variant=essential",
            f"--include={','.join(names)}",
            f'--customize-hook=bash {place}/furnish "$1" {place}',
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
