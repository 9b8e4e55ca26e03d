"""Telling one state of the engine from another.

Pages that an older engine wrote look right to Sphinx as long as their chapters have not changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from coursebook.paths import ENGINE, LOCK, TEMPLATES


def fingerprint(
    places: Iterable[Path] = (ENGINE, TEMPLATES, LOCK),
) -> str:
    """Return a name for what decides how pages look, besides the book itself.

    Args:
        places: Files and folders; compiled modules do not count.
    """
    digest = hashlib.sha256()
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                name = file.relative_to(place).as_posix()
                digest.update(f"{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
