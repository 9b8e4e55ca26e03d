"""The whole book as its authors wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursebook.course.chapter import Chapter, read_chapter
from coursebook.course.facts import Facts
from coursebook.course.outline import read_outline
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem


@dataclass(frozen=True)
class Book:
    """All chapters in reading order, and the problems met while reading them."""

    chapters: tuple[Chapter, ...]
    problems: tuple[Problem, ...]

    def renderings(self) -> Iterator[tuple[Chapter, Facts]]:
        """Yield what each rendering of each chapter holds."""
        for chapter in self.chapters:
            for facts in chapter.facts.values():
                yield chapter, facts


def read_book(tree: Tree) -> Book:
    """Read the outline and every chapter in it; problems are kept, not raised.

    Args:
        tree: The book.
    """
    try:
        outline = read_outline(tree)
    except CourseError as error:
        return Book((), error.problems)
    chapters = tuple(read_chapter(tree, entry) for entry in outline)
    return Book(chapters, tuple(problem for chapter in chapters for problem in chapter.problems))
