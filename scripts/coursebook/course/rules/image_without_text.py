"""An image says in words what it shows.

Who cannot see it hears these words (WCAG 2.2, success criterion 1.1.1).
"""

from __future__ import annotations

from collections.abc import Iterator

from coursebook.course.book import Book
from coursebook.problems import Problem

CODE = "image-without-text"


def check(book: Book) -> Iterator[Problem]:
    """Find images without alternative text."""
    for _, facts in book.renderings():
        for image in facts.images:
            if not image.described:
                hint = "write ![what it shows](…), or `:alt: what it shows` below the directive"
                message = "the image has no alternative text"
                yield Problem(image.place.path, image.place.line, CODE, message, hint)
