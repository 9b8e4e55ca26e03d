"""Build both renderings from clean with warnings as errors, and run all rules.

All problems come in one list. Nothing that is served is touched, and it may run beside `serve`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from coursebook.paths import Tree
from coursebook.problems import CourseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe no arguments: a check is whole or it is none."""


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Check the book.

    Raises:
        CourseError: All problems that were found.
    """
    from coursebook import steps
    from coursebook.disk import disk_errors

    def say(message: str) -> None:
        print(message, file=sys.stderr, flush=True)

    with disk_errors(tree):
        tree.build.mkdir(parents=True, exist_ok=True)
        # From clean, because a warning is not given again for a chapter that is not read again.
        with tempfile.TemporaryDirectory(prefix="check-", dir=tree.build) as folder:
            clean = replace(tree, scratch=Path(folder))
            with steps.workers(clean) as crew:
                problems = steps.make(clean, crew, say)
    problems = sorted({*problems, *steps.rules(tree)})
    for note in steps.notes(tree):
        print(f"note: {note}", file=sys.stderr)
    if problems:
        raise CourseError(problems)
    say("no problems")
    return 0
