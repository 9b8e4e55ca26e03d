"""The steps from source to site, as ``build``, ``check`` and ``serve`` take them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from coursebook.counterparts import join
from coursebook.live import files
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem
from coursebook.renderings import RENDERINGS
from coursebook.workers import Worker, render

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


def make(tree: Tree, crew: Sequence[Worker], say: Progress) -> list[Problem]:
    """Take the book from source to rendered output, and return what its author must know.

    1. Read the order of the chapters and every chapter.
    2. Run the cells that have not run as they stand, and prove the tasks in the same way.
    3. Render site and deck at the same time.
    4. Let every link between page and deck lead to what exists on the other side.

    A step is not begun when the one before it found mistakes that would only multiply.
    """
    try:
        prepare(tree, say)
    except CourseError as error:
        return list(error.problems)
    say("rendering site and deck")
    problems = render(crew, files.folder())
    if not problems:
        join(tree)
    return problems


def prepare(tree: Tree, say: Progress) -> None:
    """Read the source, run its cells and prove its tasks.

    Raises:
        CourseError: All mistakes that were found.
    """
    from coursebook import execute
    from coursebook.course.book import read_book
    from coursebook.course.cells import CellSequence, book_cells
    from coursebook.course.self_check.task import Task, chapter_tasks

    say("reading the source")
    book = read_book(tree)
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
    execute.run(tree, sequences, progress=say)
    execute.prove(tree, tasks, progress=say)


def rules(tree: Tree) -> list[Problem]:
    """Run the rules that look at the source alone."""
    from coursebook.course.rules import check_book

    return check_book(tree)


def notes(tree: Tree) -> list[Problem]:
    """Tell what an author may like to know, though nothing is wrong."""
    from coursebook.course.book import read_book

    return [note for chapter in read_book(tree).chapters for note in chapter.notes]


def drift(tree: Tree) -> str:
    """Report where slides and notes drift apart; empty where they do not."""
    from coursebook.course import drift
    from coursebook.course.book import read_book
    from coursebook.course.drift import report

    return report.write(drift.find(read_book(tree)))
