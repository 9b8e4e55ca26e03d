"""The course's notebooks run on a reader's machine as they were downloaded, and print what the page
shows."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest

from commands import type_in
from coursebook.course.outline import read_outline
from coursebook.paths import REPOSITORY, Tree
from notebooks import run_notebook

CHAPTERS = ("foundations/startup", "practice/locks")
"""One about Python, and one with packages, bash and a file that was tampered with: to run every
chapter again would take as long as all other tests of the book."""


@pytest.fixture(scope="module")
def site() -> Path:
    answer = type_in("build", REPOSITORY)
    assert answer.returncode == 0, answer.stderr
    return Tree(REPOSITORY).site


def files_below(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_downloaded_chapter_runs_from_top_to_bottom(
    site: Path, chapter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, work = tmp_path / "home", tmp_path / "downloads"
    home.mkdir()
    work.mkdir()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "uv").symlink_to(shutil.which("uv", path=str(Path(sys.executable).parent)) or "")
    # A reader's own Python, and uv beside it.
    (programs / "python3").symlink_to(Path(sys.base_prefix, "bin", "python3"))
    monkeypatch.setenv("PATH", f"{programs}:/usr/local/bin:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    made = nbformat.read(site / f"{chapter}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    run_notebook(made, work)
    assert files_below(work) == set(), "cells write into their room alone"


def test_every_notebook_begins_with_the_cell_that_makes_the_room(site: Path) -> None:
    outline = read_outline(Tree(REPOSITORY))
    for entry in outline:
        if entry.path == outline.root.path:
            continue
        name = entry.docname.removeprefix("book/")
        made = nbformat.read(site / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        code = [cell for cell in made.cells if cell.cell_type == "code"]
        assert not code or "Run this cell first" in code[0].source, name
        assert not re.search(r"\{%", "".join(cell.source for cell in made.cells)), name


def test_before_it_is_run_a_notebook_shows_what_the_page_shows(site: Path) -> None:
    made = nbformat.read(site / "practice/locks.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    shown = "".join(
        output.get("text", "") for cell in made.cells for output in cell.get("outputs", [])
    )
    assert "mathcore==0.3.1" in shown
    assert "/home/learner/" in shown
