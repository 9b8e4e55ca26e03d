"""The marks by which an author says what a paragraph teaches.

A mark is a comment of Markdown, in a line of its own above the paragraph, table or cell; nobody
sees it on page or slide::

    % covers: S0-01, S3-18
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coursebook.course.chapter import Chapter
from coursebook.course.facts import Place
from coursebook.course.markdown_lines import Fences, Kind

MARK = re.compile(r"\s*(?:>\s*)*(?:[-*+]\s+)?%\s*covers\s*:(?P<names>.*)$", re.IGNORECASE)
_CELL = "code-cell"


@dataclass(frozen=True)
class Mark:
    """One item at one place.

    Attributes:
        item: Name of the item, as its author wrote it; empty where a mark names none.
        place: The line.
        section: Title of the section that it stands in.
        cell: The cell that shows it, if one does; see `read_marks`.
    """

    item: str
    place: Place
    section: str
    cell: Place | None = None


@dataclass(frozen=True)
class _Part:
    """What stands between two headings: the place of each cell and mark, in order."""

    title: str
    level: int
    cells: tuple[tuple[int, Place], ...]
    marks: tuple[tuple[int, Mark], ...]


def read_marks(chapter: Chapter, rendering: str) -> list[Mark]:
    """Find the marks of a chapter, included files included.

    An item is shown by the next cell of its section, or else by the one before. Where the section
    has no cell it is one of the other sections below the same ``##``.

    Args:
        chapter: The chapter.
        rendering: ``pages`` or ``slides``.
    """
    found: list[Mark] = []
    family: list[_Part] = []
    for part in _parts(chapter, rendering):
        if part.level <= 2:
            found += _with_cells(family)
            family = []
        family.append(part)
    return found + _with_cells(family)


def _parts(chapter: Chapter, rendering: str) -> list[_Part]:
    """Cut a chapter at its headings."""
    headings = {heading.place: heading for heading in chapter.facts[rendering].headings}
    parts = [_Part("", 0, (), ())]
    fences = Fences()
    for number, place in enumerate(chapter.places(rendering)):
        kind = fences.feed(place.text)
        last = parts[-1]
        if place in headings:
            parts.append(_Part(headings[place].title, headings[place].level, (), ()))
        elif kind is Kind.OPENING and fences.stack[-1].directive == _CELL:
            parts[-1] = replace(last, cells=(*last.cells, (number, place)))
        elif kind is Kind.TEXT and (mark := MARK.match(place.text)):
            names = [name for name in re.split(r"[,;\s]+", mark["names"]) if name]
            marks = [(number, Mark(name, place, last.title)) for name in names or [""]]
            parts[-1] = replace(last, marks=(*last.marks, *marks))
    return parts


def _with_cells(family: Sequence[_Part]) -> list[Mark]:
    """Name for each mark of some sections the cell that shows it."""
    everywhere = [cell for part in family for cell in part.cells]
    return [
        replace(mark, cell=_near(part.cells, number) or _near(everywhere, number))
        for part in family
        for number, mark in part.marks
    ]


def _near(cells: Sequence[tuple[int, Place]], number: int) -> Place | None:
    """Return the first cell behind a place, or else the last one before it."""
    behind = [place for at, place in cells if at > number]
    return behind[0] if behind else cells[-1][1] if cells else None
