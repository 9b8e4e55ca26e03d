"""Printing what was wished for: decks, handouts, the book."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from coursebook.counterparts import read_sections
from coursebook.course.counterparts import deck_address
from coursebook.paths import SLIDES, Tree
from coursebook.pdf.book import book_document
from coursebook.pdf.chapters import Chapter
from coursebook.pdf.deck import DeckDocument, Slide, deck_document
from coursebook.pdf.facts import BookFacts
from coursebook.pdf.finishing import Bookmark, finish, opened, pages_of
from coursebook.pdf.handout import handout_document
from coursebook.pdf.printing import CrashError, Printed, Printer
from coursebook.pdf.stamping import stamp
from coursebook.problems import CourseError, Problem
from coursebook.renderings import DECK

KINDS = ("deck", "handout", "book")

CODE = "print-crash"

Progress = Callable[[str], None]


@dataclass
class Press:
    """Prints one book, and remembers what its author may like to know.

    Attributes:
        tree: The book, rendered.
        facts: About it.
        printer: The browser that prints.
        say: Tells what is being done.
        notes: What is not as on the screen, though nothing is wrong; in the order of printing.
        lost: Links that lead nowhere on paper.
    """

    tree: Tree
    facts: BookFacts
    printer: Printer
    say: Progress
    notes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def run(
        self, chapters: Sequence[Chapter], kinds: Sequence[str], *, steps: bool
    ) -> Iterator[tuple[str, bytes]]:
        """Print, and yield every file: its name below the folder of PDFs, and its content.

        Args:
            chapters: What to print, in reading order.
            kinds: Some of ``KINDS``.
            steps: Print a deck with a sheet for each step.

        Raises:
            CourseError: The browser crashed twice, or a place has too long an address.
        """
        for chapter in chapters:
            name = deck_address(chapter.docname).removeprefix(f"{SLIDES}/").removesuffix(".html")
            if "deck" in kinds:
                self.say(f"printing the deck of {chapter.path}")
                yield f"slides/{name}.pdf", self.deck(chapter, steps=steps)
            if "handout" in kinds:
                self.say(f"printing the handout of {chapter.path}")
                yield f"handouts/{name}.pdf", self.handout(chapter)
        if "book" in kinds:
            self.say("printing the book")
            yield "book.pdf", self.book(chapters)

    def deck(self, chapter: Chapter, *, steps: bool) -> bytes:
        """Print the deck of a chapter."""
        document, printed = self._slides(chapter, steps=steps)
        starts = list(accumulate((slide.sheets for slide in document.slides), initial=0))
        bookmarks = [
            Bookmark(slide.title, page, slide.level)
            for slide, page in zip(document.slides, starts, strict=False)
            if slide.id == slide.id.partition("--")[0]
        ]
        return finish(
            opened(printed.pdf),
            title=document.slides[0].title,
            author=self.facts.author,
            subject=self.facts.title,
            bookmarks=bookmarks,
            labels=list(_labels(document.slides)) if steps else (),
        )

    def handout(self, chapter: Chapter) -> bytes:
        """Print the handout of a chapter."""
        document, sheets = self._slides(chapter, steps=False, tagged=False)
        slides = document.slides
        handout = handout_document(self.tree, chapter, slides, self.facts)
        self.lost += handout.lost
        try:
            printed = self.printer.print(handout.html)
        except CrashError as error:
            raise CourseError([_crash(chapter.path, 0, "the handout", error)]) from error
        writer = opened(printed.pdf)

        def address(number: int) -> str:
            base = self.facts.base
            return f"{base}{chapter.deck_address}#/{slides[number].id}" if base else ""

        if (placed := stamp(writer, sheets.pdf, address)) != len(slides):
            raise ValueError(f"{chapter.path}: {placed} places for {len(slides)} slides")
        return finish(
            writer, title=handout.title, author=self.facts.author, subject=self.facts.title
        )

    def book(self, chapters: Sequence[Chapter]) -> bytes:
        """Print the book, twice: see ``coursebook.pdf.book``."""
        document = book_document(self.tree, chapters, self.facts)
        self.lost += document.lost
        try:
            pages = pages_of(self.printer.print(document.html({})).pdf)
            printed = self.printer.print(document.html(pages))
        except CrashError as error:
            raise CourseError([_crash("", 0, "the book", error)]) from error
        if pages_of(printed.pdf) != pages:
            raise ValueError("page numbers have moved the pages")
        return finish(opened(printed.pdf), title=self.facts.title, author=self.facts.author)

    def _slides(
        self, chapter: Chapter, *, steps: bool, tagged: bool = True
    ) -> tuple[DeckDocument, Printed]:
        document = deck_document(chapter, chapter.deck(self.tree), self.facts, steps=steps)
        self.lost += document.lost
        try:
            printed = self.printer.print(document.html, slides=True, tagged=tagged)
        except CrashError as error:
            raise CourseError([self._culprit(chapter, document.slides, error)]) from error
        for slide in document.slides:
            if percent := printed.shrunk.get(slide.id):
                path, line = self._place(chapter, slide)
                note = f"“{slide.title}” is larger than a slide; it is printed at {percent} %"
                if (told := f"{path}:{line}: {note}") not in self.notes:
                    self.notes.append(told)
        return document, printed

    def _culprit(self, chapter: Chapter, slides: Sequence[Slide], error: CrashError) -> Problem:
        """Find the slide at which the browser dies, by printing each alone."""
        for slide in slides:
            alone = deck_document(chapter, chapter.deck(self.tree), self.facts, only=slide.id)
            try:
                self.printer.print(alone.html, slides=True)
            except CrashError as again:
                path, line = self._place(chapter, slide)
                return _crash(path, line, f"the slide “{slide.title}”", again)
        return _crash(chapter.path, 0, "the deck", error)

    def _place(self, chapter: Chapter, slide: Slide) -> tuple[str, int]:
        """Return file and line of a slide's heading."""
        section = slide.id.partition("--")[0]
        for one in read_sections(self.tree, DECK).get(chapter.docname, []):
            if section in (one.id, *one.names):
                return self.tree.relative(self.tree.book / one.source), one.line
        return chapter.path, 0


def _labels(slides: Sequence[Slide]) -> Iterator[str]:
    """Call the pages of a deck by their slides: 1, 2, 3.1, 3.2."""
    for number, slide in enumerate(slides, 1):
        if slide.sheets == 1:
            yield str(number)
        else:
            yield from (f"{number}.{step}" for step in range(1, slide.sheets + 1))


def _crash(path: str, line: int, what: str, error: CrashError) -> Problem:
    return Problem(
        path,
        line,
        CODE,
        f"Chromium crashed twice while it printed {what}: {error}",
        "close other programs if memory is short, or make the picture or the table there smaller",
    )
