"""Where a book teaches what it promises, and what is missing.

An item's home is its first mark on the page of the chapter that it belongs to; every further mark
is welcome. Chapters that are not in the reading order yet owe nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coursebook.course.book import Book
from coursebook.course.conditions import BUILDS
from coursebook.course.curriculum.declared import KEY, read_declared
from coursebook.course.curriculum.items import Curriculum, read_curriculum
from coursebook.course.curriculum.marks import Mark, read_marks
from coursebook.course.spelling import did_you_mean
from coursebook.problems import CourseError, Problem

PAGE = "pages"

_CELL = "{code-cell}"

_PERHAPS = re.compile(r"%\s*covers|include}", re.IGNORECASE)
"""What a chapter with marks has; others are not looked at line by line."""


@dataclass(frozen=True)
class Coverage:
    """What a book teaches.

    Attributes:
        curriculum: What it promises.
        chapters: The chapter's file by its name in the curriculum.
        homes: Where each item is taught, by its name; without those that are not.
        problems: What is wrong.
        notes: What an author may like to know.
    """

    curriculum: Curriculum
    chapters: Mapping[str, str]
    homes: Mapping[str, Mark]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def summary(self) -> str:
        """One line; empty for a book that promises nothing."""
        total = len(self.curriculum.items)
        if not total:
            return ""
        shown = sum(1 for mark in self.homes.values() if mark.cell)
        missing = len(self.curriculum.titles) - len(self.chapters)
        chapters = "chapter is" if missing == 1 else "chapters are"
        rest = f"; {missing} {chapters} not written yet" if missing else ""
        return f"{len(self.homes)} of {total} items have a home, {shown} with a cell{rest}"


def find_coverage(book: Book) -> Coverage:
    """Compare what a book promises with the marks of its chapters.

    Args:
        book: The book.
    """
    if not book.chapters:
        return Coverage(Curriculum(""), {}, {})
    try:
        curriculum = read_curriculum(book.chapters[0].tree)
    except CourseError as error:
        return Coverage(Curriculum(""), {}, {}, error.problems)
    marked = [chapter for chapter in book.chapters if re.search(_PERHAPS, chapter.text)]
    marks = {
        chapter.entry.path: {name: read_marks(chapter, name) for name in BUILDS}
        for chapter in marked
    }
    problems = [
        problem
        for by_rendering in marks.values()
        for found in by_rendering.values()
        for mark in found
        if (problem := _wrong(mark, curriculum)) is not None
    ]
    chapters: dict[str, str] = {}
    homes: dict[str, Mark] = {}
    notes: list[Problem] = []
    for chapter in book.chapters:
        name, line = read_declared(chapter.text)
        path = chapter.entry.path
        if not line:
            continue
        wrong = _wrong_chapter(name, curriculum, chapters)
        if wrong:
            problems.append(Problem(path, line, "bad-curriculum", *wrong))
            continue
        chapters[name] = path
        mine = {item.name for item in curriculum.of(name)}
        for mark in marks.get(path, {}).get(PAGE, ()):
            if mark.item in mine:
                homes.setdefault(mark.item, mark)
        problems += _homeless(name, path, line, curriculum, homes)
        taught = mine & homes.keys()
        if taught and _CELL in chapter.text and not any(homes[one].cell for one in taught):
            message = "no cell of this chapter stands where one of its items is taught"
            hint = "nothing, or show one of them by a cell in its section"
            notes.append(Problem(path, line, "no-item-shown", message, hint))
    return Coverage(curriculum, chapters, homes, tuple(sorted(set(problems))), tuple(notes))


def _wrong(mark: Mark, curriculum: Curriculum) -> Problem | None:
    """Tell what is wrong with a mark."""
    if mark.item in curriculum.items:
        return None
    if not mark.item:
        message, hint = "this mark names no item", "write `% covers: ` and the item's name"
    elif not curriculum.items:
        message = f"`{mark.item}` is marked, and this book has no list of items"
        hint = f"write the list into {curriculum.path}"
    else:
        message = f"no item is named `{mark.item}`"
        near = did_you_mean(mark.item, curriculum.items)
        hint = near if near.startswith("did") else f"see the names in {curriculum.path}"
    return Problem(mark.place.path, mark.place.line, "unknown-item", message, hint)


def _wrong_chapter(
    name: str, curriculum: Curriculum, known: Mapping[str, str]
) -> tuple[str, str] | None:
    """Tell what is wrong with the name that a chapter gives itself, and what to type."""
    if name in known:
        return f"{known[name]} is the chapter `{name}` already", "take one of the two lines out"
    if name in curriculum.titles:
        return None
    if not curriculum.titles:
        return f"`{KEY}: {name}` names a chapter of a list that this book does not have", (
            f"write the list into {curriculum.path}, or take the line out"
        )
    return f"the curriculum has no chapter `{name}`", did_you_mean(name, curriculum.titles)


def _homeless(
    name: str, path: str, line: int, curriculum: Curriculum, homes: Mapping[str, Mark]
) -> Iterator[Problem]:
    """Name the items that a chapter owes, and does not mark on its page."""
    for item in curriculum.of(name):
        if item.name not in homes:
            message = f"no paragraph of the page is marked as teaching `{item.name}`: {item.words}"
            hint = f"teach it, and write `% covers: {item.name}` above that paragraph"
            yield Problem(path, line, "item-without-home", message, hint)
