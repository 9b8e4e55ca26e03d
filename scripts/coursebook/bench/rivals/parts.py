"""Fetching what the rivals are made of: by lock, through the ordinary clients of the registries."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from coursebook.machine import tools
from coursebook.paths import NODE_MANIFESTS

HERE = Path(__file__).parent

PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
"""What a browser loads of the npm package, beside its lock."""

PYTHON_OF_PYODIDE = "3.14"


class NoRivalError(Exception):
    """A rival could not be put together; the message is the last line of what failed."""


def run(command: Sequence[str | Path], folder: Path) -> None:
    """Run a command in a folder.

    Raises:
        NoRivalError: It failed.
    """
    variables = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise NoRivalError(f"{Path(words[0]).name} {words[1]}: {said[-1]}")


def fetch_pyodide(tools_folder: Path, folder: Path) -> Path:
    """Bring Pyodide into a folder, and return the folder of its npm package."""
    folder.mkdir(parents=True)
    for manifest in (HERE / "package.json", HERE / "package-lock.json", NODE_MANIFESTS[2]):
        shutil.copy(manifest, folder)
    node = tools.fetch_node(tools_folder)
    npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run([node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    return folder / "node_modules" / "pyodide"


def fetch_wheels(folder: Path) -> list[Path]:
    """Bring the wheels that JupyterLite's kernel installs in the tab, and return them."""
    run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"),
            *("--python-version", PYTHON_OF_PYODIDE, "--platform", "any"),
            *("--dest", folder, "--requirement", HERE / "in-tab.txt"),
        ],
        folder.parent,
    )
    return sorted(folder.glob("*.whl"))


def make_environment(folder: Path) -> Path:
    """Make an environment with JupyterLite and Sphinx, and return its programs' folder."""
    uv = Path(sys.executable).parent / "uv"
    run([uv, "venv", "--quiet", "--python", sys.executable, folder], folder.parent)
    run(
        [
            *(uv, "pip", "sync", "--quiet", "--require-hashes"),
            *("--python", folder / "bin" / "python", HERE / "building.txt"),
        ],
        folder.parent,
    )
    return folder / "bin"
