"""The whole course as a book: a title page, contents with page numbers, and every chapter.

The document is printed twice: only a printed one knows on which page a section stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from coursebook.paths import Tree
from coursebook.pdf.chapters import Chapter
from coursebook.pdf.code_lines import split_code
from coursebook.pdf.facts import BookFacts
from coursebook.pdf.links import Links
from coursebook.pdf.sheets import (
    clean,
    fill,
    language,
    ours,
    places,
    prefix_ids,
    root_addresses,
    style_sheets,
)

DEEPEST = 2
"""Headings of this level are the last in the table of contents."""


@dataclass(frozen=True)
class Heading:
    """A section, as the table of contents names it.

    Attributes:
        title: What it says; code and emphasis are told by their text.
        level: 1 for a chapter.
        target: Id of the section.
        depth: How many chapters its chapter stands below.
    """

    title: str
    level: int
    target: str
    depth: int = 0


@dataclass(frozen=True)
class BookPart:
    """A part of the book: its caption and the headings of its chapters."""

    caption: str
    headings: list[Heading] = field(default_factory=list)


@dataclass(frozen=True)
class PaperChapter:
    """A chapter's page, made ready for paper.

    Attributes:
        title: Its title.
        content: Its text.
        headings: Its sections down to ``DEEPEST``.
        number: Counted from 1; names its pages.
    """

    title: str
    content: Tag
    headings: list[Heading]
    number: int


@dataclass(frozen=True)
class BookDocument:
    """The book, ready to be printed once page numbers are known."""

    facts: BookFacts
    language: str
    styles: list[str]
    chapters: list[PaperChapter]
    parts: list[BookPart]
    lost: list[str]

    def html(self, pages: Mapping[str, int]) -> str:
        """Write the document.

        Args:
            pages: On which page a section stands; empty before that is known.
        """
        return fill(
            "book.html",
            language=self.language,
            facts=self.facts,
            styles=self.styles,
            parts=self.parts,
            chapters=self.chapters,
            pages=pages,
        )


def prefix(chapter: Chapter) -> str:
    """Return what all ids of a chapter begin with in the book."""
    return f"{chapter.docname.replace('/', '--')}--"


def paper_content(page: BeautifulSoup, chapter: Chapter, start: str = "") -> Tag:
    """Take the text out of a page and make it ready for paper.

    Args:
        page: The page; it is taken apart.
        chapter: Whose page it is.
        start: What all its ids shall begin with.
    """
    content = page.select_one("article.cb-article")
    if content is None:
        raise ValueError(f"{chapter.page_address} has no text")
    clean(content)
    root_addresses(content, chapter.page_address)
    split_code(content)
    if start:
        prefix_ids(content, start)
    return content


def headings(content: Tag, depth: int = 0) -> list[Heading]:
    """List the sections of a chapter down to ``DEEPEST``."""
    found = []
    for section in content.find_all("section"):
        heading = section.find(["h1", "h2", "h3", "h4", "h5", "h6"])
        if isinstance(heading, Tag) and int(heading.name[1]) <= DEEPEST:
            title = " ".join(heading.get_text().split())
            found.append(Heading(title, int(heading.name[1]), str(section["id"]), depth))
    return found


def book_document(tree: Tree, chapters: Sequence[Chapter], facts: BookFacts) -> BookDocument:
    """Put the book together.

    Args:
        tree: The book, rendered.
        chapters: What it shall hold, in reading order.
        facts: About the book.
    """
    styles: dict[str, None] = {}
    made: list[PaperChapter] = []
    parts: list[BookPart] = []
    inside: dict[str, str] = {}
    spoken = "en"
    for number, chapter in enumerate(chapters, 1):
        page = chapter.page(tree)
        if number == 1:
            spoken = language(page)
        styles.update(dict.fromkeys(style_sheets(page, chapter.page_address)))
        content = paper_content(page, chapter, prefix(chapter))
        found = headings(content, chapter.depth)
        top = f"{prefix(chapter)}top"
        content["id"] = top
        if found:
            found[0] = Heading(found[0].title, 1, top, chapter.depth)
        inside |= places([content], chapter.page_address, top, prefix(chapter))
        if not parts or parts[-1].caption != chapter.part:
            parts.append(BookPart(chapter.part))
        parts[-1].headings.extend(found)
        title = found[0].title if found else facts.title
        made.append(PaperChapter(title, content, found, number))
    links = Links(facts.base, inside)
    for chapter, paper in zip(chapters, made, strict=True):
        links.rewrite(paper.content, chapter.page_address)
    every = [*styles, *ours("code.css", "paper.css", "book.css")]
    return BookDocument(facts, spoken, every, made, parts, links.lost)
