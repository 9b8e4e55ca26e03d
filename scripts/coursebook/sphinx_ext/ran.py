"""What ran in a chapter: a command that is shown as run stands, as a line, in a cell that runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coursebook.course.cells import read_cells
from coursebook.course.chapter import render_chapter
from coursebook.problems import CourseError

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

KEY = "cb_lines_that_ran"


def lines_that_ran(environment: BuildEnvironment) -> set[str]:
    """Collect the lines of all cells of the chapter under way that run."""
    known: set[str] | None = environment.temp_data.get(KEY)
    if known is None:
        path = Path(environment.doc2path(environment.docname))
        text = path.read_text(encoding="utf-8")
        rendered = render_chapter(text, environment.config.cb_rendering, str(path))[0].text
        try:
            cells = read_cells(rendered, str(path)).cells
        except CourseError:
            cells = ()  # told where cells are read
        known = {bare(line) for cell in cells if cell.runs for line in cell.source.split("\n")}
        environment.temp_data[KEY] = known
    return known


def bare(line: str) -> str:
    """Return a line of code without indentation and comment."""
    return "" if line.lstrip().startswith("#") else line.partition("  #")[0].strip()
