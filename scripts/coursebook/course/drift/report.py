"""The drift of a book, written for people: by chapter, and what to do once, at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from coursebook.problems import Problem


def write(notes: Iterable[Problem]) -> str:
    """Write a report.

    Args:
        notes: As `coursebook.course.drift.find` gives them, chapter by chapter.

    Returns:
        Lines; empty where there is nothing to tell.
    """
    notes = list(notes)
    return "\n".join(_lines(notes)) if notes else ""


def _lines(notes: list[Problem]) -> Iterator[str]:
    chapters = len({note.path for note in notes})
    places = "one place" if len(notes) == 1 else f"{len(notes)} places"
    where = "one file" if chapters == 1 else f"{chapters} files"
    yield f"slides and notes drift apart at {places} in {where}; none of it is an error"
    for _, group in groupby(notes, key=lambda note: note.path):
        yield ""
        for note in group:
            yield f"  {note.path}:{note.line}: {note.message} [{note.code}]"
    yield ""
    hints = {note.code: note.hint for note in notes}
    width = max(map(len, hints))
    for code, hint in sorted(hints.items()):
        yield f"  {code:<{width}}  {hint}"
