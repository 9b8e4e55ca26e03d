"""Outputs of cells that ran, kept by what decided them.

One file for each sequence, named by the hash of everything that its outputs depend on: the cells,
the toy index, the interpreter, uv, bash, and this engine's own code for running cells. Whoever
holds the same sequence gets the same file, be it the site or the deck.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from coursebook.course.cell import list_options
from coursebook.course.cells import CellSequence
from coursebook.execute import plan

NO_TOOLS: Mapping[str, str] = {}

KEEP_SECONDS = 30 * 24 * 3600
"""How long a file is kept that nobody asks for."""


@functools.cache
def engine_hash() -> str:
    """Return the hash of the code that runs cells; it changes no output only if it stays."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in (".py", ".bash"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def made_with() -> dict[str, str]:
    """Return the versions of what outputs are made with, to be told to the reader."""
    shell = subprocess.run(["/bin/bash", "--version"], capture_output=True, text=True, check=True)
    words = shell.stdout.partition("\n")[0].split()
    return {
        "python": platform.python_version(),
        "uv": version("uv"),
        "bash": next((word.partition("(")[0] for word in words if word[:1].isdigit()), ""),
        "ipython": version("ipython"),
        "system": f"{platform.system()} {platform.machine().replace('x86_64', 'x86-64')}",
    }


def key(
    sequence: CellSequence,
    index_hash: str,
    *,
    walls: bool,
    tools: Mapping[str, str] = NO_TOOLS,
) -> str:
    """Return the name under which the outputs of a sequence are kept.

    Args:
        sequence: The cells; the lines on which they stand do not matter.
        index_hash: Hash of the toy index.
        walls: Whether the room has walls.
        tools: Hash of each tool that the cells find.
    """
    everything = {
        "topic": sequence.topic,
        "cells": [list_options(cell) for cell in sequence.cells],
        "index": index_hash,
        "made with": made_with(),
        "interpreter": sys.version,
        "engine": engine_hash(),
        "walls": walls,
        "environment": dict(plan.ENVIRONMENT),
        "tools": dict(tools),
    }
    text = json.dumps(everything, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read(folder: Path, name: str) -> list[dict[str, Any]] | None:
    """Return what is kept for each cell, or None.

    A file that is damaged is removed: its cells then run again.
    """
    path = folder / f"{name}.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        cells = kept["cells"]
        if not all(isinstance(cell["outputs"], list) for cell in cells):
            raise ValueError("outputs")
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        path.unlink(missing_ok=True)
        return None
    os.utime(path)
    found: list[dict[str, Any]] = cells
    return found


def write(folder: Path, name: str, path: str, cells: list[dict[str, Any]]) -> None:
    """Keep the outputs of a sequence; whoever reads meanwhile sees all of it or nothing.

    Args:
        folder: Where outputs are kept.
        name: What ``key`` returned.
        path: The chapter, for whoever looks into the folder.
        cells: Outputs and status of each cell.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"path": path, "cells": cells}, indent=1, ensure_ascii=False)
    making = folder / f".{name}.{os.getpid()}.json"
    try:
        making.write_text(text + "\n", encoding="utf-8")
        making.replace(folder / f"{name}.json")
    finally:
        making.unlink(missing_ok=True)


def prune(folder: Path) -> None:
    """Remove what nobody has asked for in a long time, and what a killed run left behind."""
    now = time.time()
    for path in folder.glob("*.json"):
        try:
            age = now - path.stat().st_mtime
            if age > KEEP_SECONDS or (path.name.startswith(".") and age > 3600):
                path.unlink()
        except FileNotFoundError:
            continue  # another process was faster
