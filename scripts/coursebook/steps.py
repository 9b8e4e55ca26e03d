"""The steps from source to site, as ``build``, ``check`` and ``serve`` take them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from coursebook.counterparts import join
from coursebook.live import files
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem
from coursebook.renderings import RENDERINGS
from coursebook.workers import Worker, render

if TYPE_CHECKING:
    from coursebook.course.book import Book

Progress = Callable[[str], None]


@contextmanager
def workers(tree: Tree, *, speaker_notes: bool = False) -> Iterator[list[Worker]]:
    """Start one process for each rendering, and end them.

    Args:
        tree: The book.
        speaker_notes: Whether the decks hold what is for the speaker alone.
    """
    started: list[Worker] = []
    try:
        started.extend(Worker(tree, rendering, speaker_notes) for rendering in RENDERINGS)
        yield started
    finally:
        for worker in started:
            worker.close()


def read(tree: Tree, say: Progress) -> Book:
    """Read the order of the chapters and every chapter, once for all who look at the source."""
    from coursebook.course.book import read_book

    say("reading the source")
    return read_book(tree)


def make(
    tree: Tree,
    crew: Sequence[Worker],
    say: Progress,
    book: Book | None = None,
    *,
    full: bool = False,
) -> list[Problem]:
    """Take the book from source to rendered output, and return what its author must know.

    1. Read the order of the chapters and every chapter.
    2. Run the cells that have not run as they stand, and prove the tasks in the same way; in a
       full build also run those whose outputs are stored, to store them anew.
    3. Render site and deck at the same time.
    4. Let every link between page and deck lead to what exists on the other side.

    A step is not begun when the one before it found mistakes that would only multiply.

    Args:
        tree: The book.
        crew: One worker for each rendering.
        say: Is told each step.
        book: What was read of it already; it is read if there is none.
        full: Whether cells with stored outputs run as well.
    """
    try:
        prepare(tree, say, book, full=full)
    except CourseError as error:
        return list(error.problems)
    say("rendering site and deck")
    problems = render(crew, files.folder())
    if not problems:
        join(tree)
    return problems


def prepare(tree: Tree, say: Progress, book: Book | None = None, *, full: bool = False) -> None:
    """Read the source, unless that was done, run its cells and prove its tasks.

    Args:
        tree: The book.
        say: Is told what is done.
        book: What was read of it already; it is read if there is none.
        full: Whether cells with stored outputs run as well.

    Raises:
        CourseError: All mistakes that were found.
    """
    from coursebook import execute
    from coursebook.course.cells import CellSequence, book_cells
    from coursebook.course.self_check.task import Task, chapter_tasks
    from coursebook.execute import stored

    book = book or read(tree, say)
    problems = list(book.problems)
    sequences: list[CellSequence] = []
    tasks: list[Task] = []
    try:
        sequences = book_cells(chapter for chapter in book.chapters if not chapter.problems)
    except CourseError as error:
        problems += error.problems
    for chapter in book.chapters:
        found, wrong = ([], []) if chapter.problems else chapter_tasks(chapter)
        tasks += found
        problems += wrong
    if problems:
        raise CourseError(problems)
    if not full and (problems := stored.problems(tree, sequences)):
        raise CourseError(problems)
    execute.run(tree, sequences, progress=say)
    execute.prove(tree, tasks, progress=say)
    if full:
        execute.store(tree, sequences, say)
        return
    for line in stored.summary(tree, sequences):
        say(line)


def rules(book: Book) -> list[Problem]:
    """Run the rules that look at the source alone."""
    from coursebook.course.rules import check_book

    return check_book(book)


def notes(book: Book) -> list[Problem]:
    """Tell what an author may like to know, though nothing is wrong."""
    return [note for chapter in book.chapters for note in chapter.notes]


def coverage(book: Book, *, whole: bool) -> tuple[str, list[Problem]]:
    """Report what of the curriculum is taught, in a line or as a table, and what to look at."""
    from coursebook.course.curriculum import coverage, table

    found = coverage.find_coverage(book)
    return table.write_table(found) if whole else found.summary, list(found.notes)


def drift(book: Book) -> str:
    """Report where slides and notes drift apart; empty where they do not."""
    from coursebook.course import drift
    from coursebook.course.drift import report

    return report.write(drift.find(book))
