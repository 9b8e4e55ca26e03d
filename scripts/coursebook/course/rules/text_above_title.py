"""Everything that slides show stands below a heading.

Slides begin at headings. What stands above the first one is on no slide.
"""

from __future__ import annotations

from collections.abc import Iterator

from coursebook.course.book import Book
from coursebook.problems import Problem

CODE = "text-above-title"


def check(book: Book) -> Iterator[Problem]:
    """Find the first line for slides that stands above all headings."""
    for chapter in book.chapters:
        facts = chapter.facts["slides"]
        if facts.above and facts.headings and not chapter.problems:
            yield Problem(
                facts.above.path,
                facts.above.line,
                CODE,
                "this is for slides and stands above the first heading, so that no slide shows it",
                f"move it below `# {facts.headings[0].title}`",
            )
