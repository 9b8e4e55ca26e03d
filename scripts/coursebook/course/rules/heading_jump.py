"""A heading is at most one level below the one above it.

A level that is left out is missing in the outline of the page, for eyes and for screen readers
(WCAG 2.2, technique G141). Directly below the title a section may begin at the third level:
on a deck it then stands below the title slide.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from coursebook.course.book import Book
from coursebook.problems import Problem

CODE = "heading-jump"


def check(book: Book) -> Iterator[Problem]:
    """Find headings that leave a level out."""
    for _, facts in book.renderings():
        for above, heading in pairwise(facts.headings):
            allowed = 3 if above.level == 1 else above.level + 1
            if heading.level > allowed:
                wanted = "#" * (above.level + 1)
                yield Problem(
                    heading.place.path,
                    heading.place.line,
                    CODE,
                    f"`{'#' * heading.level} {heading.title}` leaves a level out: "
                    f"the heading above it is `{'#' * above.level} {above.title}`",
                    f"write {wanted} {heading.title}",
                )
