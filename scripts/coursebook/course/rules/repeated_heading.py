"""A heading's text stands once in a chapter, or has a label of its own.

The text is the address of its section on the page and on the deck. Of two equal ones the second
gets a number, which moves when a third is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from coursebook.course.book import Book
from coursebook.course.facts import Heading
from coursebook.problems import Problem

CODE = "repeated-heading"


def check(book: Book) -> Iterator[Problem]:
    """Find headings that stand above in the same chapter already."""
    for _, facts in book.renderings():
        first: dict[str, Heading] = {}
        for heading in facts.headings:
            known = first.setdefault(heading.title.casefold(), heading)
            if known is heading or heading.labelled:
                continue
            where = f"line {known.place.line}"
            if known.place.path != heading.place.path:
                where = f"{known.place.path}:{known.place.line}"
            yield Problem(
                heading.place.path,
                heading.place.line,
                CODE,
                f"the heading `{heading.title}` stands in {where} already",
                "write another one, or put a label such as `(my-section)=` above it",
            )
