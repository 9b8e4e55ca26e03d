"""Writing a built site into one file that a Python of any lecture hall can run.

A zip whose first bytes are a line for Unix and whose ``__main__.py`` is the server: ``python
which-python.pyz`` serves the course straight out of it (PEP 441). One file cannot be half
unpacked, and is copied to a stick at once; on Windows the ending opens it in Python. Any program
unpacks it, and then ``start.py`` in the folder does the same.

The same site gives the same bytes: files in order of their names, of one date, with one mode.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursebook.pack.start import ABOUT, SITE

PROGRAM = Path(__file__).with_name("start.py")
NAMES = ("__main__.py", "start.py")
"""The program is in it twice: Python runs the first name in an archive, people the second."""

SHEBANG = b"#!/usr/bin/env python3\n"

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip can name."""

PACKED = frozenset(
    ".zst .packed .pack .png .jpg .jpeg .gif .webp .avif .woff2 .mp4 .webm .pdf .zip".split()
)
"""Endings of what is compressed already; to do it again would take minutes for nothing."""

FIRST_PORT, PORTS = 20_000, 10_000
"""Where a course is shown. Above and below, systems choose ports of their own."""


@dataclass(frozen=True)
class Packed:
    """What was written.

    Attributes:
        path: The file.
        files: How many files of the site are in it.
        size: Bytes.
    """

    path: Path
    files: int
    size: int


def pack(site: Path, title: str, target: Path) -> Packed:
    """Write a site into one file, whole or not at all.

    Args:
        site: The folder of a built site.
        title: The book's.
        target: The file to write; its folder is there.
    """
    files = sorted(path for path in site.rglob("*") if path.is_file())
    about = {"title": title, "files": len(files), "port": port_of(title)}
    beside = target.with_name(f"{target.name}.new")
    try:
        with beside.open("wb") as stream:
            stream.write(SHEBANG)
            with zipfile.ZipFile(stream, "w") as archive:
                for name, content in _programs(about):
                    _add(archive, name, content)
                for file in files:
                    _add(archive, f"{SITE}/{file.relative_to(site).as_posix()}", file.read_bytes())
        beside.chmod(0o755)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return Packed(target, len(files), target.stat().st_size)


def _programs(about: dict[str, object]) -> Iterator[tuple[str, bytes]]:
    for name in NAMES:
        yield name, PROGRAM.read_bytes()
    yield ABOUT, f"{json.dumps(about, ensure_ascii=False)}\n".encode()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.create_system = 3  # Unix, wherever it is made
    entry.external_attr = 0o100644 << 16
    packed = Path(name).suffix in PACKED
    entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def file_name(title: str) -> str:
    """Name the file after the book, in letters that every system and stick can write."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "course"


def port_of(title: str) -> int:
    """Choose a port by the title: each course has its own, and always the same.

    A browser keeps what a reader changed, and the service worker of a course, for each port.
    """
    return FIRST_PORT + zlib.crc32(title.encode()) % PORTS
