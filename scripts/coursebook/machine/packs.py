"""Packs: what many files hold in one, so that a command needs few requests.

A content is stored as one or more frames, each compressed by itself, so that of a large program
only what runs is fetched. What readers usually do was done once when the machine was made: the
frames that it needed lie together, in the order in which they were needed. Which of the others
share a pack is guessed from where their files lie: what is of one Debian package or folder, and
apart from it what nobody reads where compiled files stand, namely the sources of Python.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FRAME = 1 << 16
"""Bytes of a content that are one frame; the last one may be shorter."""

SIZE = 500_000
"""Bytes. A pack ends where the next frame would make it larger; one that is larger is alone."""

HALF_FULL = SIZE // 2
"""Bytes from which on a pack ends with its group."""

INDEX = "packs.json"


@dataclass(frozen=True)
class Frame:
    """One frame of a content.

    Attributes:
        name: Of the content's file in ``files/``.
        number: Its place among the frames of the content, from 0.
        start: Where it begins in that file, in bytes.
        length: How long it is there, in bytes.
        place: What frames are sorted by: their group, then what orders them in it.
    """

    name: str
    number: int
    start: int
    length: int
    place: tuple[str, int, str, int]

    @property
    def group(self) -> str:
        """What is needed together has one name."""
        return self.place[0]


def frames(
    folder: Path,
    paths: Mapping[str, str],
    owners: Mapping[str, str],
    touched: Iterable[Sequence[str | int]],
) -> list[Frame]:
    """Sort the frames of all contents into groups.

    Args:
        folder: A machine in the making, with its ``files/``.
        paths: Path in the machine by content.
        owners: Debian package by path.
        touched: Names of contents and numbers of their frames, in the order in which what readers
            usually do has needed them.
    """
    turns = {(name, number): turn for turn, (name, number) in enumerate(touched)}
    found = []
    for name, path in paths.items():
        start = 0
        for number, length in enumerate(_lengths(folder / "files", name)):
            turn = turns.get((name, number))
            place = (
                ("0 usual", turn, "", 0)
                if turn is not None
                else (_group(path, owners), 0, path, number)
            )
            found.append(Frame(name, number, start, length, place))
            start += length
    return found


def _lengths(files: Path, name: str) -> list[int]:
    several = files / f"{name}.frames"
    if not several.exists():
        return [(files / name).stat().st_size]
    lengths: list[int] = json.loads(several.read_text(encoding="utf-8"))
    return lengths


def _group(path: str, owners: Mapping[str, str]) -> str:
    source = re.sub(r"/__pycache__/([^/]+)\.cpython-[^/]*\.pyc$", r"/\1.py", path)
    place = owners.get(source) or "/".join(source.split("/")[:7][:-1])
    kind = "3 sources" if path.endswith(".py") else "1 compiled" if source != path else "2 files"
    return f"{kind} {place}"


def write(folder: Path, found: Iterable[Frame]) -> list[str]:
    """Write ``packs/`` and ``packs.json`` beside ``files/``.

    The index names for each content the pack, the start and the length of its first frame, then
    those of the next.

    Args:
        folder: A machine in the making.
        found: What ``frames`` returned.

    Returns:
        The packs' names in the folder, in the order in which the index numbers them.
    """
    (folder / "packs").mkdir()
    names: list[str] = []
    places: dict[str, dict[int, tuple[int, int, int]]] = {}
    waiting = bytearray()
    group = ""

    def end_pack() -> None:
        if waiting:
            name = f"packs/{hashlib.sha256(waiting).hexdigest()[:16]}.pack"
            (folder / name).write_bytes(waiting)
            names.append(name)
            waiting.clear()

    for frame in sorted(found, key=lambda one: one.place):
        with (folder / "files" / frame.name).open("rb") as file:
            file.seek(frame.start)
            data = file.read(frame.length)
        full = len(waiting) + len(data) > SIZE
        if full or (frame.group != group and len(waiting) >= HALF_FULL):
            end_pack()
        group = frame.group
        places.setdefault(frame.name, {})[frame.number] = (len(names), len(waiting), len(data))
        waiting += data
    end_pack()
    index = {
        name: [one for _, place in sorted(of.items()) for one in place]
        for name, of in places.items()
    }
    text = json.dumps(index, sort_keys=True, separators=(",", ":"))
    (folder / INDEX).write_text(text + "\n", encoding="utf-8")
    return names
