"""A tree of files as v86 reads it: ``fs.json`` beside one file for each distinct content.

``fs.json``, version 3, holds ``[name, size, mtime, mode, uid, gid, target]`` for each node; the
target is the list of children, the text of a symbolic link, or the name of a content.
Source: https://github.com/copy/v86/blob/master/docs/filesystem.md, and its ``lib/filesystem.js``.
"""

from __future__ import annotations

import hashlib
import json
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EPOCH = 1767225600
"""2026-01-01: no file is younger. What a build writes would tell when it ran."""

SMALLEST = 200
"""Bytes; what is smaller is not worth a compression frame."""

LEFT_OUT = ("dev", "proc", "sys", "run", "tmp", "boot")
"""Folders that come empty: the machine mounts something there, or has no use for them."""

KINDS = {
    tarfile.DIRTYPE: stat.S_IFDIR,
    tarfile.REGTYPE: stat.S_IFREG,
    tarfile.AREGTYPE: stat.S_IFREG,
    tarfile.LNKTYPE: stat.S_IFREG,
    tarfile.SYMTYPE: stat.S_IFLNK,
}

Node = list[Any]


@dataclass(frozen=True)
class Layout:
    """What was laid out.

    Attributes:
        digest: SHA-256 of ``fs.json``: the name of this tree, down to every byte of every file.
        files: How many files it has.
        contents: How many of them differ.
        size: Bytes of all files as the machine sees them.
    """

    digest: str
    files: int
    contents: int
    size: int


def lay_out(archive: Path, folder: Path) -> Layout:
    """Write a tar archive as ``fs.json`` and ``files/``, not yet compressed.

    A content whose name ends in ``.zst`` is to be compressed in place by the caller. Its name
    comes from what is in it, so that another compressor changes no address.

    Args:
        archive: A root file system; owners and modes are taken from it.
        folder: An empty folder.

    Raises:
        ValueError: The archive holds something that a tree of files cannot have.
    """
    contents = folder / "files"
    contents.mkdir(parents=True)
    root: dict[str, Any] = {}
    names: dict[str, tuple[str, int]] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            parts = [part for part in member.name.split("/") if part not in ("", ".")]
            if not parts or (parts[0] in LEFT_OUT and len(parts) > 1):
                continue
            path = "/".join(parts)
            if member.type not in KINDS:
                raise ValueError(f"neither file, folder nor link: {path}")
            if member.isreg():
                names[path] = _content(tar, member, contents)
            elif member.islnk():
                names[path] = names["/".join(p for p in member.linkname.split("/") if p != ".")]
            _place(root, parts, member, names.get(path))
    tree = _nodes(root)
    size = sum(node[1] for node in _regular(tree))
    text = json.dumps({"fsroot": tree, "version": 3, "size": size}, separators=(",", ":"))
    (folder / "fs.json").write_text(text + "\n", encoding="utf-8")
    digest = hashlib.sha256(f"{text}\n".encode()).hexdigest()
    return Layout(digest, sum(1 for _ in _regular(tree)), len(set(names.values())), size)


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> tuple[str, int]:
    stream = tar.extractfile(member)
    data = stream.read() if stream else b""
    ending = ".bin.zst" if len(data) >= SMALLEST else ".bin"
    name = hashlib.sha256(data).hexdigest()[:20] + ending
    (folder / name).write_bytes(data)
    return name, len(data)


def _place(
    root: dict[str, Any],
    parts: list[str],
    member: tarfile.TarInfo,
    content: tuple[str, int] | None,
) -> None:
    above = root
    for part in parts[:-1]:
        above = above[part][1]
    mode = KINDS[member.type] | member.mode
    about = [min(int(member.mtime), EPOCH), mode, member.uid, member.gid]
    if member.isdir():
        # A folder may stand twice in an archive; what is in it stays.
        inside = above[parts[-1]][1] if parts[-1] in above else {}
        above[parts[-1]] = ([4096, *about], inside)
    elif member.issym():
        above[parts[-1]] = ([len(member.linkname), *about], member.linkname)
    else:
        assert content is not None
        above[parts[-1]] = ([content[1], *about], content[0])


def _nodes(folder: dict[str, Any]) -> list[Node]:
    return [
        [name, *about, _nodes(target) if isinstance(target, dict) else target]
        for name, (about, target) in sorted(folder.items())
    ]


def _regular(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node[6], list):
            yield from _regular(node[6])
        elif stat.S_ISREG(node[3]):
            yield node


def by_content(folder: Path) -> dict[str, tuple[str, int]]:
    """Return path and size of the first file of each content."""
    found: dict[str, tuple[str, int]] = {}

    def walk(nodes: list[Node], above: str) -> None:
        for node in nodes:
            path = f"{above}/{node[0]}"
            if isinstance(node[6], list):
                walk(node[6], path)
            elif stat.S_ISREG(node[3]):
                found.setdefault(node[6], (path, node[1]))

    walk(json.loads((folder / "fs.json").read_text(encoding="utf-8"))["fsroot"], "")
    return found
