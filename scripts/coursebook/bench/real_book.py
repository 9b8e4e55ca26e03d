"""The real book: how often its cells run, and what its pages weigh."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from coursebook import execute
from coursebook.bench.measure import Cost, build_ours
from coursebook.bench.pages import Page, weigh
from coursebook.course.book import read_book
from coursebook.course.cells import book_cells
from coursebook.paths import Tree


@dataclass(frozen=True)
class RealBook:
    """What was seen of it.

    Attributes:
        build: What a build from nothing costs, cells included.
        first: What the first run of the cells did.
        again: What a second run did: nothing, if all is well.
        pages: All pages and decks, the heaviest first.
    """

    build: Cost
    first: execute.Report
    again: execute.Report
    pages: list[Page]


def observe(tree: Tree, folder: Path) -> RealBook:
    """Copy the book, so that nothing is there yet, and build it twice.

    Args:
        tree: The book.
        folder: Where to make the copy; it does not exist yet.
    """
    shutil.copytree(
        tree.root,
        folder,
        ignore=lambda top, names: (
            [name for name in names if name != "book" and not name.startswith("_")] + ["_build"]
            if Path(top) == tree.root
            else []
        ),
    )
    copy = Tree(folder)
    sequences = book_cells(read_book(copy).chapters)
    first = execute.run(copy, sequences)
    again = execute.run(copy, sequences)
    shutil.rmtree(copy.build, ignore_errors=True)  # a book without cells has none
    cost = build_ours(folder)
    return RealBook(cost, first, again, weigh(copy.site))
