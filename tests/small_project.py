"""A project with one heavy group, made of a toy index: what `build --full` installs, in a second.

Lock, index and installer are real; only the package is small.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coursebook.course import tool_groups
from coursebook.execute import index, plan, tools

PACKAGES = b"""
[heavy."1.0"]
scripts.heavy = "heavy:main"
files."heavy.py" = "def main(): print('heavy @version@')"
"""

MANIFEST = """\
[project]
name = "small"
version = "0"
requires-python = ">=3.11"

[dependency-groups]
full-heavy = ["heavy"]
tool-light = ["heavy"]

[tool.uv]
package = false
index = [{ name = "toy", url = "index/simple", default = true }]
"""


def write(folder: Path) -> Path:
    """Write and lock the project; return its ``pyproject.toml``."""
    folder.mkdir(parents=True)
    index.write_index(index.read_packages(PACKAGES, "packages.toml"), folder / "index")
    manifest = folder / "pyproject.toml"
    manifest.write_text(MANIFEST, encoding="utf-8")
    subprocess.run(
        [plan.uv_program(), "lock", "--offline", "--quiet", "--project", folder],
        check=True,
        env={**os.environ, "UV_FIND_LINKS": ""},
    )
    return manifest


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Let the engine take its groups from the project in a folder."""
    manifest = folder / "pyproject.toml"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tool_groups, "PROJECT", manifest)
        patch.setattr(tools, "PROJECT", manifest)
        patch.setattr(tools, "LOCK", folder / "uv.lock")
        patch.setattr(tools, "CELL_TOOLS", folder / "tools")
        _forget()
        yield
    _forget()


def _forget() -> None:
    tool_groups.groups.cache_clear()
    tools.locked.cache_clear()
