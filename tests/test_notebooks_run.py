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

CHAPTERS = [
    entry.docname.removeprefix("book/")
    for entry in read_outline(Tree(REPOSITORY))
    if entry.path != read_outline(Tree(REPOSITORY)).root.path
]


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
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert len(code) > 5
    assert "Run this cell first" in code[0].source
    assert not re.search(r"\{%", "".join(cell.source for cell in made.cells))


def test_before_it_is_run_a_notebook_shows_what_the_page_shows(site: Path) -> None:
    made = nbformat.read(site / "practice/locks.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    shown = "".join(
        output.get("text", "") for cell in made.cells for output in cell.get("outputs", [])
    )
    assert "mathcore==0.3.1" in shown
    assert "/home/learner/" in shown
