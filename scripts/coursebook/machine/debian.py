"""Debian packages by name, through apt: resolved for the lock, fetched as the lock says.

apt works in a folder of its own and for i386, whatever the computer is. What it takes over from
the computer are its mirrors, proxies and keys. Signatures are checked by apt, hashes by us.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from coursebook.machine.lock import WANTED, Locked
from coursebook.machine.missing import CannotBuildError, MovedOnError, run

ARCHITECTURE = "i386"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NO_APT = "build it on Debian or a system made from it, or in a container of one"
UNREACHABLE = "check the network and the sources of apt; try: sudo apt-get update"
MOVED_ON = "the mirrors moved on; try: python3 scripts/course.py machine lock"


def mirror() -> str:
    """Return the address of the Debian mirror that apt is set up with.

    Raises:
        CannotBuildError: There is no apt, or it knows no mirror of Debian.
    """
    listed = run(
        ["apt-get", "indextargets", "--format", "$(CREATED_BY)|$(LABEL)|$(REPO_URI)"],
        "the mirror of Debian packages could not be found out",
        NO_APT,
    )
    for line in listed.splitlines():
        created_by, label, address = line.split("|", 2)
        if (created_by, label) == ("Packages", "Debian"):
            return address
    raise CannotBuildError("apt knows no mirror of Debian here", f"{NO_APT}; then: apt-get update")


class Apt:
    """apt in a folder of its own, for one suite."""

    def __init__(self, folder: Path, suite: str) -> None:
        """Set it up, and read the mirror's list of packages.

        Raises:
            CannotBuildError: The keys of Debian are missing, or the mirror cannot be reached.
        """
        if not KEYRING.is_file():
            raise CannotBuildError(
                "the keys that Debian signs with are missing",
                "sudo apt-get install debian-archive-keyring",
            )
        self.suite = suite
        self.folder = folder / suite
        for name in ("state/lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        sources = self.folder / "sources.list"
        sources.write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n", "utf-8")
        options = {
            "APT::Architecture": ARCHITECTURE,
            "APT::Architectures": ARCHITECTURE,
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Dir::State": self.folder / "state",
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder / "cache",
            "Dir::Etc::SourceList": sources,
            "Dir::Etc::SourceParts": "-",
            "Dir::Etc::PreferencesParts": "-",
        }
        self._options = [f"--option={name}={value}" for name, value in options.items()]
        self._run("apt-get", "update", hint=UNREACHABLE)

    def _run(self, program: str, *words: str, hint: str, cwd: Path | None = None) -> str:
        return run(
            [program, "-q", *self._options, *words],
            f"Debian packages of {self.suite} could not be had",
            hint,
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C"},
        )

    def resolve(self, names: Sequence[str]) -> list[Locked]:
        """Name all packages that an empty system needs for some."""
        plan = self._run("apt-get", "install", "--simulate", "--yes", *names, hint=UNREACHABLE)
        chosen = [
            f"{name.partition(':')[0]}={version}"
            for name, version in re.findall(r"^Inst (\S+) \((\S+) ", plan, re.MULTILINE)
        ]
        shown = self._run("apt-cache", "show", *chosen, hint=UNREACHABLE)
        return [_locked(self.suite, stanza) for stanza in shown.strip().split("\n\n")]

    def fetch(self, packages: Sequence[Locked], folder: Path) -> None:
        """Fetch packages that are not in a folder yet, each named by its hash."""
        missing = [one for one in packages if not (folder / f"{one.sha256}.deb").exists()]
        if not missing:
            return
        arriving = folder / f".arriving-{os.getpid()}"
        shutil.rmtree(arriving, ignore_errors=True)
        arriving.mkdir(parents=True)
        asked = [f"{one.name}={one.version}" for one in missing]
        gone = sorted(set(asked) - self._known(missing))
        if gone:
            raise MovedOnError(f"Debian's mirror has no longer: {', '.join(gone)}", MOVED_ON)
        self._run("apt-get", "download", *asked, hint=UNREACHABLE, cwd=arriving)
        wanted = {one.sha256: one for one in missing}
        for deb in sorted(arriving.iterdir()):
            digest = hashlib.sha256(deb.read_bytes()).hexdigest()
            wanted.pop(digest, None)
            deb.rename(folder / f"{digest}.deb")
        arriving.rmdir()
        if wanted:
            names = ", ".join(sorted(one.name for one in wanted.values()))
            raise MovedOnError(f"not what packages.lock names, by its hash: {names}", MOVED_ON)

    def _known(self, packages: Sequence[Locked]) -> set[str]:
        """Return what the mirror has of some packages, each as ``name=version``."""
        listed = self._run(
            "apt-cache", "madison", *(one.name for one in packages), hint=UNREACHABLE
        )
        rows = [[field.strip() for field in line.split("|")] for line in listed.splitlines()]
        return {f"{name}={version}" for name, version, _ in rows}


def _locked(suite: str, stanza: str) -> Locked:
    """Read what apt shows of a package.

    ``Source`` has its version in parentheses where it is another: Debian Policy Manual, 5.6.1.
    """
    fields: dict[str, str] = dict(re.findall(r"^([A-Z][\w-]*): (.*)$", stanza, re.MULTILINE))
    name, version = fields["Package"], fields["Version"]
    source, _, rest = fields.get("Source", name).partition(" ")
    return Locked(suite, name, version, source, rest.strip("()") or version, fields["SHA256"])


def resolve(folder: Path) -> list[Locked]:
    """Find out what the machine is made of today.

    Args:
        folder: Where apt keeps its lists.
    """
    found: list[Locked] = []
    for suite, names in WANTED.items():
        apt = Apt(folder, suite)
        # `?essential` is what every Debian has; a kernel and a BIOS alone need none of it.
        if "bash" in names:
            found += apt.resolve(["?essential", *names])
        else:
            found += [one for one in apt.resolve(names) if _boots(one)]
    return found


def _boots(package: Locked) -> bool:
    return package.name.startswith(("linux-image-6", "busybox", "seabios")) and (
        package.name != "linux-image-686"
    )


def fetch(packages: Iterable[Locked], folder: Path, lists: Path) -> None:
    """Bring all packages of the lock into a folder; without the network if they are there.

    Args:
        packages: The lock.
        folder: Gets one file for each package, named by its hash.
        lists: Where apt keeps its lists.

    Raises:
        MovedOnError: A package cannot be had any more.
        CannotBuildError: The mirror cannot be reached.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_suite: dict[str, list[Locked]] = {}
    for package in packages:
        if not (folder / f"{package.sha256}.deb").exists():
            by_suite.setdefault(package.suite, []).append(package)
    for suite, missing in by_suite.items():
        Apt(lists, suite).fetch(missing, folder)


def owners(archive: Path) -> dict[str, str]:
    """Return the package of each file of a root file system, as dpkg noted it."""
    found: dict[str, str] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            place, _, name = member.name.rpartition("/")
            if place != "./var/lib/dpkg/info" or not name.endswith(".list"):
                continue
            stream = tar.extractfile(member)
            assert stream is not None, member.name
            package = name.removesuffix(".list").partition(":")[0]
            found |= dict.fromkeys(stream.read().decode().splitlines(), package)
    return found
