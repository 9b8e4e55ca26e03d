"""A machine that stands in for the real one, where only its files matter: small, made at once."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from coursebook.machine import make

PARTS = {
    "libv86": ("libv86.packed", b"export const V86 = null;\n"),
    "wasm": ("v86.packed", b"\0asm\1\0\0\0"),
    "state": ("state.bin.zst", bytes(range(256)) * 400),
    "index": ("packs.packed", b'{"one.bin": [0, 0, 3]}\n'),
}
PACKS = {"packs/0000000000000001.pack": b"one" * 999, "packs/0000000000000002.pack": b"two" * 999}
PACKAGES = [
    {
        "name": "bash",
        "version": "5.2.37-2",
        "source": "bash",
        "source_version": "5.2.37-2",
        "licence": "licences/bash",
    },
    {
        "name": "uv",
        "version": "0.13.8",
        "source": "uv (PyPI)",
        "source_version": "0.13.8",
        "licence": "licences/uv",
    },
    {
        "name": "v86",
        "version": "0.5.462",
        "source": "v86 (npm)",
        "source_version": "0.5.462",
        "licence": "licences/v86",
    },
]


def stand_in(folder: Path, salt: bytes = b"") -> Path:
    """Write a machine below a folder, named as the real ones are, and return its own folder.

    Args:
        folder: Where machines stand.
        salt: Makes it another machine.
    """
    files = {name: content + salt for name, content in PARTS.values()} | PACKS

    def part(name: str) -> dict[str, str | int]:
        content = files[name]
        digest = hashlib.sha256(content).hexdigest()
        return {"file": name, "bytes": len(content), "sha256": digest}

    parts = {key: part(name) for key, (name, _) in PARTS.items()}
    manifest = {
        "memory": 128,
        "mark": "m",
        "python": "/usr/local/bin/python3",
        "tree": "t",
        "frame": 65536,
        "parts": {**parts, "packs": [*map(part, PACKS)]},
    }
    files["manifest.json"] = json.dumps(manifest).encode()
    files["machine.json"] = json.dumps({"packages": PACKAGES}).encode()
    files["kernel"] = b"for its making alone"
    files |= {one["licence"]: f"Licence of {one['name']}\n".encode() for one in PACKAGES}
    machine = folder / hashlib.sha256(files["manifest.json"]).hexdigest()[:16]
    for name, content in files.items():
        (machine / name).parent.mkdir(parents=True, exist_ok=True)
        (machine / name).write_bytes(content)
    assert (machine / make.FACTS).is_file()
    return machine
