"""The live files of a site: ``live/<fingerprint>/``, once for all its pages and decks.

Their address holds a hash of them all, so that a browser may keep them for ever, and modules that
import one another always are of one build.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from coursebook.live import vendor
from coursebook.paths import FRONTEND

SOURCE = FRONTEND / "live"
LIST = "files.json"
"""Names all others: the service worker keeps them, and cannot ask a folder what it holds."""

WORKER = "service-worker.js"
"""Stands at the root of the site: a service worker rules over what is below it alone."""


def _files() -> dict[str, Path]:
    """List all live files by their address below the folder."""
    bundles = vendor.standing()
    return {
        **{
            file.relative_to(SOURCE).as_posix(): file
            for file in sorted(SOURCE.rglob("*"))
            if file.is_file() and file.name != WORKER
        },
        **({f"vendor/{name}": bundles / name for name in vendor.SHIPPED} if bundles else {}),
    }


def folder() -> str:
    """Return where the live files stand below the root of the site, without a slash at the end."""
    digest = hashlib.sha256()
    for name, file in sorted(_files().items()):
        digest.update(f"{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return f"live/{digest.hexdigest()[:12]}"


def published(work: Path) -> dict[str, Path]:
    """List what belongs into the site: address below its root → file.

    Args:
        work: Where the list of the files is written.
    """
    place, found = folder(), _files()
    listed = work / LIST
    text = f"{json.dumps(sorted(found))}\n"
    if not (listed.is_file() and listed.read_text(encoding="utf-8") == text):
        listed.write_text(text, encoding="utf-8")
    return {
        **{f"{place}/{name}": file for name, file in found.items()},
        f"{place}/{LIST}": listed,
        WORKER: SOURCE / WORKER,
    }
