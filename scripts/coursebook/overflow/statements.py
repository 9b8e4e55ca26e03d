"""Where a cell could be divided into two that run one after the other: above a line of its code.

Both halves must be whole for their language: no string, block or loop goes through the cut.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
from collections.abc import Sequence

from coursebook.course.cell import Cell
from coursebook.course.cells import read_cells
from coursebook.problems import CourseError


def cell_at(line: int, text: Sequence[str]) -> Cell | None:
    """Return the cell that begins at a line, if it may be divided.

    Not one that must fail, or prints something else in the reader's tab: of two halves only one
    would.

    Args:
        line: Of its fence, from 1.
        text: All lines of the chapter.
    """
    try:
        cells = read_cells("\n".join(text), "").cells
    except CourseError:
        return None  # what is included has no front matter, which says the language
    found = next((cell for cell in cells if cell.line == line), None)
    return None if found is None or found.must_fail or found.differs else found


def beginnings(cell: Cell) -> list[int]:
    """Number the lines, from 0, above which a cell can be divided; the first line is among them."""
    lines = cell.source.rstrip("\n").split("\n")
    if cell.language == "python":
        return _of_python(cell.source)
    return [0, *(place for place in range(1, len(lines)) if _may_begin(lines, place))]


def _of_python(source: str) -> list[int]:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return [0]  # of IPython's own
    first = [
        min([one.lineno, *(mark.lineno for mark in getattr(one, "decorator_list", ()))])
        for one in body
    ]
    # What stands on one line with another cannot be cut off, and comments go with what follows.
    ends = [0, *(one.end_lineno or one.lineno for one in body)]
    return [0, *(end for end, line in zip(ends[1:], first[1:], strict=False) if end < line)]


def _may_begin(lines: Sequence[str], place: int) -> bool:
    return bool(lines[place].strip()) and all(
        _is_whole_bash("\n".join(half)) for half in (lines[:place], lines[place:])
    )


def _is_whole_bash(script: str) -> bool:
    """Ask bash whether a script is complete; it reads it, and runs nothing of it."""
    bash = shutil.which("bash")
    if bash is None or script.rstrip().endswith("\\"):
        return False
    answer = subprocess.run(
        [bash, "--norc", "-n"],
        input=script.encode(),
        capture_output=True,
        check=False,
    )
    # A document that never ends is a warning only.
    return answer.returncode == 0 and not answer.stderr
