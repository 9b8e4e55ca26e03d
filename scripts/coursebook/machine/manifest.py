"""``manifest.json``: what a machine is made of, each part with its bytes and its SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursebook.machine.packs import FRAME, INDEX

MANIFEST = "manifest.json"

PARTS = {
    "libv86": "libv86.packed",
    "wasm": "v86.packed",
    "state": "state.bin.zst",
    "index": "packs.packed",
}
"""What a browser needs, beside the packs. A snapshot has in it the tree and the BIOS."""

PACKED = {"libv86.packed": "libv86.mjs", "v86.packed": "v86.wasm", "packs.packed": INDEX}
"""Files that are packed by gzip, which their names do not say: some hosts announce a file that ends
in ``.gz`` as one that the browser shall unpack before we see it."""


class ForeignSnapshotError(Exception):
    """A snapshot of another tree: its machine would wait for files that do not exist."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(folder: Path, *, memory: int, mark: str, python: str, packs: Sequence[str]) -> None:
    """Write the manifest of a machine.

    Args:
        folder: It has all parts, and ``fs.json``.
        memory: Megabytes of the guest.
        mark: The word by which interpreters of cells speak.
        python: Path of the machine's own Python, which runs cells unless another is chosen.
        packs: Their names, in the order of the index.
    """
    parts: dict[str, Any] = {part: _part(folder, file) for part, file in PARTS.items()}
    parts["packs"] = [_part(folder, pack) for pack in packs]
    tree = digest(folder / "fs.json")
    told: dict[str, Any] = {"memory": memory, "mark": mark, "python": python, "tree": tree}
    told |= {"frame": FRAME, "parts": parts}
    text = json.dumps(told, separators=(",", ":")) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def name(folder: Path) -> str:
    """Name a machine by its manifest, 16 hexadecimal digits: another byte is another machine."""
    return digest(folder / MANIFEST)[:16]


def _part(folder: Path, file: str) -> dict[str, Any]:
    return {"file": file, "bytes": (folder / file).stat().st_size, "sha256": digest(folder / file)}


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a machine that stands."""
    told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return told


def files(folder: Path) -> list[str]:
    """Name every file that a site has to offer, the manifest with them."""
    parts = read(folder)["parts"]
    named = [part["file"] for name, part in parts.items() if name != "packs"]
    return [MANIFEST, *named, *(pack["file"] for pack in parts["packs"])]


def check(folder: Path) -> dict[str, Any]:
    """Return the manifest, if every part is the one that it names.

    Raises:
        ForeignSnapshotError: A part is missing, cut off, or of another machine.
    """
    told = read(folder)
    parts = [part for name, part in told["parts"].items() if name != "packs"]
    for part in [*parts, *told["parts"]["packs"]]:
        path = folder / part["file"]
        if not path.is_file() or digest(path) != part["sha256"]:
            raise ForeignSnapshotError(f"{part['file']} is not the one that the manifest names")
    return told
