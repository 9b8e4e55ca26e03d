"""A label stands once in the whole book.

A reference to a label that stands twice leads to either of the two places.
"""

from __future__ import annotations

from collections.abc import Iterator

from coursebook.course.book import Book
from coursebook.course.conditions import BUILDS
from coursebook.course.facts import Label
from coursebook.problems import Problem

CODE = "repeated-label"


def check(book: Book) -> Iterator[Problem]:
    """Find labels that stand in another place too; both places are named."""
    for rendering in BUILDS:
        places: dict[str, list[Label]] = {}
        for chapter in book.chapters:
            for label in chapter.facts[rendering].labels:
                places.setdefault(label.name, []).append(label)
        for name, labels in places.items():
            for label in labels if len(labels) > 1 else ():
                others = ", ".join(
                    f"{other.place.path}:{other.place.line}"
                    for other in labels
                    if other is not label
                )
                yield Problem(
                    label.place.path,
                    label.place.line,
                    CODE,
                    f"the label `{name}` stands here and in {others}",
                    "give one of them another name",
                )
