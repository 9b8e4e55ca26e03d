"""What a chapter owes by the curriculum is taught on its page, at a paragraph that says so.

What else is wrong with marks and with the curriculum is found on the way, under codes of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from coursebook.course.book import Book
from coursebook.course.curriculum.coverage import find_coverage
from coursebook.problems import Problem

CODE = "item-without-home"


def check(book: Book) -> Iterator[Problem]:
    """Find items without a home, marks of unknown items, and chapters that are in no curriculum."""
    yield from find_coverage(book).problems
