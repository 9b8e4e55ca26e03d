"""A slide shows more than its heading, where the page has text for it.

A section whose text is all for the page leaves a slide with its title alone. A heading with nothing
below it in either rendering opens a part, and is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from coursebook.course.book import Book
from coursebook.problems import Problem

CODE = "empty-slide"

DEEPEST = 3
"""Level of the last headings that begin a slide."""


def check(book: Book) -> Iterator[Problem]:
    """Find headings that stand alone on their slide."""
    for chapter in book.chapters:
        slides, pages = (chapter.facts[name].headings for name in ("slides", "pages"))
        full = {(one.place.path, one.place.line) for one in pages if not one.bare}
        for number, heading in enumerate(slides):
            following = slides[number + 1].level if number + 1 < len(slides) else 0
            opens = heading.level == 1 or following > heading.level
            place = (heading.place.path, heading.place.line)
            if heading.bare and not opens and heading.level <= DEEPEST and place in full:
                yield Problem(
                    heading.place.path,
                    heading.place.line,
                    CODE,
                    f"the slide `{heading.title}` shows its title alone: all of its text is for "
                    "the page",
                    "write some text inside `{% if slide %}`, or put the heading into "
                    "`{% if page %}`, too",
                )
