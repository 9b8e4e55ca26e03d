"""Where slides and notes of one chapter drift apart: what an author may like to know.

Nothing here is a mistake, and no build fails by it. Each kind is a module with ``find``; a chapter
whose one rendering shows the other's text has nothing to compare.
"""

from __future__ import annotations

from coursebook.course.book import Book
from coursebook.course.drift import budget, coverage, stale, terms
from coursebook.course.drift.history import History
from coursebook.course.drift.sections import Both, read_both
from coursebook.problems import Problem


def find(book: Book) -> list[Problem]:
    """Find all that drifts in a book.

    Args:
        book: The book; chapters that cannot be read are left out, their problems say why.

    Returns:
        Notes by chapter, in reading order.
    """
    notes: list[Problem] = []
    with History(book) as history:
        for chapter in book.chapters:
            if chapter.problems or not chapter.text:
                continue
            both = read_both(chapter)
            found = budget.find(chapter, both)
            if not chapter.notes:
                found += [*compare(both), *stale.find(chapter, both, history)]
            notes += sorted(found)
    return notes


def compare(both: Both) -> list[Problem]:
    """Compare slides and notes as they stand: sections of one side, then terms in the others."""
    alone = coverage.find(both)
    lines = {(problem.path, problem.line) for problem in alone}
    return [*alone, *terms.find(both, lines)]
