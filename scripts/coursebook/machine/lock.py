"""``packages.lock``: which Debian packages the machine is made of, to the byte.

One line for each package: suite, name, version, source package, its version, SHA-256 of the
``.deb``. No address: where packages are had is what apt was set up with.

Debian's mirrors forget a version when the next one comes. From then on a computer that has not
fetched it yet takes the versions of its day, as a lock beside the machines: a substitute, for the
lock of that moment alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

PACKAGES_LOCK = Path(__file__).parent / "packages.lock"

USER_LAND = "trixie"
"""Debian 13, whose Python is the one that the course is written for."""

BOOT = "bookworm"
"""Debian 12: the last release with a kernel for 32-bit computers, which is what v86 emulates.

Source: https://www.debian.org/releases/trixie/release-notes/issues.html, section 5.1.3
"""

WANTED = {
    USER_LAND: (
        *("bash", "coreutils", "util-linux", "procps", "file", "less", "tree"),
        *("python3", "python3-venv", "python3-pip"),
    ),
    BOOT: ("linux-image-686", "busybox-static", "seabios"),
}
"""What is asked for by name, by suite; the lock has what these need as well."""

SUBSTITUTE = "# In place of the lock "

HEADER = """\
# Written by `course.py machine lock`. One Debian package in a line:
# suite, name, version, source package, version of that, SHA-256 of the .deb (i386 or all)
"""


@dataclass(frozen=True, order=True)
class Locked:
    """One package of the machine."""

    suite: str
    name: str
    version: str
    source: str
    source_version: str
    sha256: str


def write(packages: Iterable[Locked], path: Path = PACKAGES_LOCK, head: str = HEADER) -> None:
    """Write the lock, sorted."""
    lines = [" ".join(astuple(package)) for package in sorted(packages)]
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def substitute(packages: Iterable[Locked], path: Path) -> None:
    """Write a lock that holds here in place of the one in the checkout, until that one changes."""
    write(packages, path, f"{SUBSTITUTE}{_digest()}\n{HEADER}")


def in_force(path: Path) -> Path:
    """Return the lock to read: a substitute for today's lock in the checkout, or that one.

    Args:
        path: Where a substitute would stand.
    """
    if path.is_file():
        head, _, _ = path.read_text(encoding="utf-8").partition("\n")
        if head == f"{SUBSTITUTE}{_digest()}":
            return path
    return PACKAGES_LOCK


def _digest() -> str:
    return hashlib.sha256(PACKAGES_LOCK.read_bytes()).hexdigest()


def read(path: Path = PACKAGES_LOCK) -> list[Locked]:
    """Read the lock.

    Raises:
        ValueError: A line has another number of fields, or a hash is none.
    """
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        fields = line.split()
        if len(fields) != 6 or len(fields[5]) != 64:
            raise ValueError(f"{path.name}:{number}: six fields are asked for: {line!r}")
        found.append(Locked(*fields))
    return found
