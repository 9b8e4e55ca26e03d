"""Pyodide in a worker, and a page that is hardly more than a button."""

from __future__ import annotations

import shutil
from pathlib import Path

from coursebook.bench.rivals.parts import HERE, PYODIDE_FILES

PAGE = "index.html"


def write(pyodide: Path, folder: Path) -> None:
    """Write the site.

    Args:
        pyodide: Folder of the npm package.
        folder: Where the site goes; it does not exist yet.
    """
    shutil.copytree(HERE / "plain", folder)
    (folder / "pyodide").mkdir()
    for name in (*PYODIDE_FILES, "pyodide-lock.json"):
        shutil.copy(pyodide / name, folder / "pyodide")
