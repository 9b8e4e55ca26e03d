"""Rules: one coded check in each file, for mistakes that would still build.

A rule is a module with ``CODE``, a docstring whose first line says what is asked, and
``check(book)``. To add one, write the file and name it in `RULES`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from coursebook.course.book import Book
from coursebook.course.rules import (
    empty_slide,
    heading_jump,
    image_without_text,
    item_without_home,
    printed_flag,
    repeated_heading,
    repeated_label,
    text_above_title,
)
from coursebook.problems import Problem


class Rule(Protocol):
    """What a module of this folder offers."""

    __name__: str
    CODE: str

    def check(self, book: Book) -> Iterable[Problem]:
        """Find all that breaks the rule."""
        ...


RULES: tuple[Rule, ...] = (
    empty_slide,
    heading_jump,
    image_without_text,
    item_without_home,
    printed_flag,
    repeated_heading,
    repeated_label,
    text_above_title,
)


def check_book(book: Book) -> list[Problem]:
    """Run all rules.

    Args:
        book: What was read.

    Returns:
        All problems of the reading order, the chapters and the rules, sorted.
    """
    problems = set(book.problems)
    for rule in RULES:
        problems.update(rule.check(book))
    return sorted(problems)
