"""Build both renderings from clean with warnings as errors, and run all rules.

All problems come in one list. Nothing that is served is touched, and it may run beside `serve`.

With --live every cell also runs in the Linux of the reader's tab, in a headless Chromium, and must
print there what it printed in the build. This takes some minutes; the Linux is built if need be.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

MISSING = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument(
        "--live",
        action="store_true",
        help="run every cell in the reader's tab as well, and compare",
    )


def say(message: str) -> None:
    """Tell the user what is being done."""
    print(message, file=sys.stderr, flush=True)


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Check the book.

    Returns:
        0, or 3 where --live finds no browser or no machine.

    Raises:
        CourseError: All problems that were found.
    """
    from coursebook import steps
    from coursebook.agreement.site import NotLiveError
    from coursebook.disk import disk_errors

    with disk_errors(tree), clean_copy(tree) as clean:
        with steps.workers(clean) as crew:
            problems = steps.make(clean, crew, say)
        problems = sorted({*problems, *steps.rules(tree)})
        for note in steps.notes(tree):
            print(f"note: {note}", file=sys.stderr)
        if arguments.live and not problems:
            try:
                problems = check_live(clean)
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


def check_live(tree: Tree) -> list[Problem]:
    """Run every cell in the tab, print the count, and return what its author must know.

    Args:
        tree: The book, rendered.

    Raises:
        NotLiveError: There is no browser or no machine.
    """
    from coursebook.agreement import whole
    from coursebook.agreement.site import live_tab
    from coursebook.course.book import read_book
    from coursebook.course.cells import book_cells

    sequences = book_cells(read_book(tree).chapters)
    with live_tab(tree, say) as tab:
        report = whole.check(tree, sequences, tab, say)
    print(report)
    return report.problems
