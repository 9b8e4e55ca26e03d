"""A book of one chapter whose cells are what ``bench --live`` measures."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from coursebook.bench.measure import build_ours
from coursebook.paths import Tree

PAGE = "part/cells.html"

STAMP = r"[0-9]{9,}"
"""What a cell prints that the build's output, which is masked, does not show."""

SHELL_STAMP = "echo ${EPOCHREALTIME/[.,]/}"
PYTHON_STAMP = "import time; print(time.time_ns())"


@dataclass(frozen=True)
class Measured:
    """A cell of the chapter.

    Attributes:
        name: What the bench calls it.
        language: ``bash`` or ``python``.
        source: What runs.
        endless: It runs until it is stopped, and never in the build.
    """

    name: str
    language: str
    source: str
    endless: bool = False


CELLS = (
    Measured("first", "bash", SHELL_STAMP),
    Measured("first python", "python", PYTHON_STAMP),
    Measured("second bash", "bash", SHELL_STAMP),
    Measured("second python", "python", PYTHON_STAMP),
    Measured(
        "uv venv",
        "bash",
        f"uv venv -q .venv && source .venv/bin/activate && which python && {SHELL_STAMP}",
    ),
    Measured("loop", "bash", "while true; do :; done", endless=True),
    Measured("printing", "bash", "while true; do echo tick; sleep 0.02; done", endless=True),
)


def number(name: str) -> int:
    """Return the place of a cell in the chapter."""
    return [cell.name for cell in CELLS].index(name)


def write_live_book(tree: Tree, root: Path) -> None:
    """Write a book with the packages of another one, so that both have the same machine.

    Args:
        tree: The other book.
        root: A folder that does not exist yet.
    """
    book = root / "book"
    (book / "part").mkdir(parents=True)
    if tree.packages.is_file():
        shutil.copytree(tree.packages.parent, book / tree.packages.parent.name)
    settings = {"title": "A book to measure", "author": "Bench", "only_build_toc_files": True}
    contents = {
        "format": "jb-book",
        "root": "book/index",
        "parts": [{"caption": "Part", "chapters": [{"file": "book/part/cells"}]}],
    }
    # JSON is YAML, and needs no library to write.
    (root / "_config.yml").write_text(json.dumps(settings), encoding="utf-8")
    (root / "_toc.yml").write_text(json.dumps(contents), encoding="utf-8")
    (book / "index.md").write_text("# The front page\n\nWelcome.\n", encoding="utf-8")
    (book / "part" / "cells.md").write_text(chapter(), encoding="utf-8")


def chapter() -> str:
    """Write the chapter."""
    blocks = ["---\nfile_format: mystnb\nkernelspec: {name: bash}\n---", "# Cells to measure"]
    for cell in CELLS:
        tags = ":tags: [skip-execution]\n" if cell.endless else ""
        options = f"{tags}:mask: '{STAMP}'"
        blocks.append(f"```{{code-cell}} {cell.language}\n{options}\n{cell.source}\n```")
    return "\n\n".join(blocks) + "\n"


def build_live_book(tree: Tree, root: Path) -> Path:
    """Write the book, build it with the machine of the other one, and return its site."""
    write_live_book(tree, root)
    measured = Tree(root)
    measured.build.mkdir()
    tree.machine.mkdir(parents=True, exist_ok=True)
    measured.machine.symlink_to(tree.machine, target_is_directory=True)
    build_ours(root, machine=True)
    return measured.site
