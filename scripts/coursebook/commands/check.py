"""Build both renderings from clean with warnings as errors, run all rules, and measure all slides.

Every slide is opened in a headless Chromium, light and dark, with all its steps, tabs and folds.
All problems come in one list. Nothing that is served is touched, and it may run beside `serve`.
A report says where slides and notes of a section drift apart; it fails nothing. A line counts
the items of the curriculum that are taught; --coverage prints where each of them is, instead.

With --live every cell also runs in the Linux of the reader's tab, in a headless Chromium, and must
print there what it printed in the build. This takes some minutes; the Linux is built if need be.
Behind --live stand the files of the chapters to run, or nothing for all of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from coursebook.commands import MISSING, say
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

if TYPE_CHECKING:
    from coursebook.course.book import Book


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="print for every item of the curriculum its section and its cell",
    )
    parser.add_argument(
        "--live",
        nargs="*",
        metavar="CHAPTER",
        help="run every cell in the reader's tab as well, and compare; of these files alone",
    )


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Check the book.

    Returns:
        0, or 3 where there is no browser, or for --live no machine.

    Raises:
        CourseError: All problems that were found.
    """
    from coursebook import browser, steps
    from coursebook.agreement.site import NotLiveError
    from coursebook.disk import disk_errors
    from coursebook.overflow.gate import check_slides

    with disk_errors(tree), clean_copy(tree) as clean:
        book = steps.read(clean, say)
        # With what speakers alone see: mistakes in it are mistakes.
        with steps.workers(clean, speaker_notes=True) as crew:
            problems = steps.make(clean, crew, say, book)
        missing = ""
        if not problems:
            try:
                problems = check_slides(clean, say)
            except browser.NoBrowserError as error:
                missing = f"the slides cannot be measured: {error}"
        problems = sorted({*problems, *steps.rules(book)})
        taught, unshown = steps.coverage(book, whole=arguments.coverage)
        for note in [*steps.notes(book), *unshown]:
            print(f"note: {note}", file=sys.stderr)
        if apart := steps.drift(book):
            print(apart, flush=True)
        if taught:
            print(taught, flush=True)
        if missing:
            say(missing)
            if not problems and arguments.live is None:
                return MISSING
        if arguments.live is not None and not problems:
            try:
                problems = check_live(clean, book, arguments.live)
            except NotLiveError as error:
                say(f"the cells cannot run in a tab here: {error}")
                return MISSING
    if problems:
        raise CourseError(problems)
    say("no problems")
    return 0


@contextmanager
def clean_copy(tree: Tree) -> Iterator[Tree]:
    """Let renderings work in an empty folder for as long as the context lasts.

    From clean, because a warning is not given again for a chapter that is not read again.
    """
    tree.build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="check-", dir=tree.build) as folder:
        yield replace(tree, scratch=Path(folder))


def check_live(tree: Tree, book: Book, wanted: Sequence[str] = ()) -> list[Problem]:
    """Run every cell and do every task in the tab; print the count, return what is wrong.

    Args:
        tree: The book, rendered.
        book: The same, as it was read.
        wanted: The files of the chapters to run; none for all.

    Raises:
        NotLiveError: There is no browser or no machine.
        CourseError: A file is no chapter that has cells.
    """
    from coursebook.agreement import whole
    from coursebook.agreement.site import live_tab
    from coursebook.agreement.tasks import check_tasks
    from coursebook.course.cells import book_cells
    from coursebook.course.self_check.task import chapter_tasks

    chapters = book.chapters
    sequences = book_cells(chapters)
    if wanted:
        known = sorted({sequence.path for sequence in sequences})
        if unknown := sorted(set(wanted) - set(known)):
            raise CourseError([no_cells(path, known) for path in unknown])
        sequences = [sequence for sequence in sequences if sequence.path in wanted]
        chapters = tuple(chapter for chapter in chapters if chapter.entry.path in wanted)
    with live_tab(tree, say) as tab:
        report = whole.check(tree, sequences, tab, say)
        tasks = [task for chapter in chapters for task in chapter_tasks(chapter)[0]]
        undone = check_tasks(tasks, tab, say)
    print(report)
    return [*report.problems, *undone]


def no_cells(path: str, known: Sequence[str]) -> Problem:
    """Say that a file is no chapter that has cells."""
    near = get_close_matches(path, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"these have cells: {', '.join(known)}"
    return Problem(path, 0, "no-such-chapter", "it is no chapter of this book with cells", hint)
