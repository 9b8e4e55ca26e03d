"""The chapters of a book in reading order, with what was rendered of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from bs4 import BeautifulSoup

from coursebook.course.counterparts import deck_address, page_address
from coursebook.course.outline import Entry, read_outline
from coursebook.paths import SLIDES, Tree
from coursebook.problems import CourseError, Problem
from coursebook.renderings import DECK, SITE, output


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Attributes:
        path: The author's file, from the root: ``book/practice/locks.md``.
        docname: Its name below ``book/``, without an ending.
        part: Caption of the part it stands in; empty for the front page.
        depth: How many chapters it stands below.
    """

    path: str
    docname: str
    part: str = ""
    depth: int = 0

    @property
    def page_address(self) -> str:
        """Where its page stands, from the root of the site."""
        return page_address(self.docname)

    @property
    def deck_address(self) -> str:
        """Where its deck stands, from the root of the site."""
        return deck_address(self.docname)

    def page(self, tree: Tree) -> BeautifulSoup:
        """Read its page as it was rendered."""
        return _soup(output(tree, SITE) / self.page_address)

    def deck(self, tree: Tree) -> BeautifulSoup:
        """Read its deck as it was rendered."""
        return _soup(output(tree, DECK) / self.deck_address.removeprefix(f"{SLIDES}/"))


def _soup(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def read_chapters(tree: Tree) -> list[Chapter]:
    """Name all chapters in reading order, the front page first."""

    def chapters(entries: Sequence[Entry], part: str, depth: int = 0) -> Iterator[Chapter]:
        for entry in entries:
            yield Chapter(entry.path, _docname(tree, entry.path), part, depth)
            yield from chapters(entry.children, part, depth + 1)

    outline = read_outline(tree)
    found = [Chapter(outline.root.path, _docname(tree, outline.root.path))]
    for part in outline.parts:
        found += chapters(part.entries, part.caption)
    return found


def _docname(tree: Tree, path: str) -> str:
    return PurePosixPath(path).with_suffix("").relative_to(tree.relative(tree.book)).as_posix()


def choose(chapters: Sequence[Chapter], wanted: Sequence[str]) -> list[Chapter]:
    """Return the chapters whose files are named; all of them where none is.

    Raises:
        CourseError: A file is no chapter of the book.
    """
    known = [chapter.path for chapter in chapters]
    problems = []
    for path in wanted:
        if path not in known:
            near = get_close_matches(path, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"these are: {', '.join(known)}"
            problems.append(
                Problem(path, 0, "unknown-chapter", "it is no chapter of this book", hint)
            )
    if problems:
        raise CourseError(problems)
    return [chapter for chapter in chapters if not wanted or chapter.path in wanted]
