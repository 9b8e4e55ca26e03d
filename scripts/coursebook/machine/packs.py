"""Packs: the contents of many files in one, so that a command needs few requests.

A content stays as it was compressed, a frame of its own. Which contents share a pack is guessed
from where their files lie: what is of one Debian package or folder, and apart from it what nobody
reads where compiled files stand, namely the sources of Python.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

SIZE = 500_000
"""Bytes. A pack ends where the next content would make it larger; one that is larger is alone."""

HALF_FULL = SIZE // 2
"""Bytes from which on a pack ends with its group."""

INDEX = "packs.json"


@dataclass(frozen=True)
class Content:
    """One content.

    Attributes:
        name: Of its file in ``files/``.
        path: Of the first file in the machine that has it.
        group: What is needed together has one name.
    """

    name: str
    path: str
    group: str


def contents(
    paths: Mapping[str, str], owners: Mapping[str, str], touched: Iterable[str]
) -> list[Content]:
    """Sort contents into groups.

    Args:
        paths: Path in the machine by content.
        owners: Debian package by path.
        touched: Contents that are in the memory of the snapshot; they are rarely fetched.
    """
    warm = frozenset(touched)
    return [
        Content(name, path, "0 warm" if name in warm else _group(path, owners))
        for name, path in paths.items()
    ]


def _group(path: str, owners: Mapping[str, str]) -> str:
    source = re.sub(r"/__pycache__/([^/]+)\.cpython-[^/]*\.pyc$", r"/\1.py", path)
    place = owners.get(source) or "/".join(source.split("/")[:7][:-1])
    kind = "3 sources" if path.endswith(".py") else "1 compiled" if source != path else "2 files"
    return f"{kind} {place}"


def write(folder: Path, found: Iterable[Content]) -> list[str]:
    """Write ``packs/`` and ``packs.json`` beside ``files/``.

    Args:
        folder: A machine in the making.
        found: What ``contents`` returned.

    Returns:
        The packs' names in the folder, in the order in which the index numbers them.
    """
    (folder / "packs").mkdir()
    names: list[str] = []
    index: dict[str, tuple[int, int, int]] = {}
    waiting = bytearray()
    group = ""

    def end_pack() -> None:
        if waiting:
            name = f"packs/{hashlib.sha256(waiting).hexdigest()[:16]}.pack"
            (folder / name).write_bytes(waiting)
            names.append(name)
            waiting.clear()

    for content in sorted(found, key=lambda one: (one.group, one.path)):
        data = (folder / "files" / content.name).read_bytes()
        full = len(waiting) + len(data) > SIZE
        if full or (content.group != group and len(waiting) >= HALF_FULL):
            end_pack()
        group = content.group
        index[content.name] = (len(names), len(waiting), len(data))
        waiting += data
    end_pack()
    text = json.dumps(index, sort_keys=True, separators=(",", ":"))
    (folder / INDEX).write_text(text + "\n", encoding="utf-8")
    return names
