"""The command line: argument parsing only; each verb is a file in ``commands``.

Standard library only, so that ``--help`` answers before there is an environment.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path

from coursebook.paths import REPOSITORY, Tree
from coursebook.problems import CourseError, report

VERBS = (
    "serve",
    "build",
    "check",
    "pdf",
    "test",
    "new",
    "pack",
    "bench",
    "machine",
    "links",
    "clean",
)

EXIT_CODES = """\
exit codes:
  0    done
  1    problems were found; each is printed as file:line, what is wrong, what to type
  2    the command line is wrong
  3    something that is needed is missing on this machine; the message says what to type
  130  stopped by Ctrl-C; the last good build is untouched
"""

FOUND_PROBLEMS = 1


def parser() -> argparse.ArgumentParser:
    """Describe all verbs."""
    top = argparse.ArgumentParser(
        prog="course.py",
        description="One Markdown source becomes a site and a deck, with cells that really run.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in VERBS:
        command = importlib.import_module(f"coursebook.commands.{verb}")
        summary, _, description = (command.__doc__ or "").partition("\n")
        sub = verbs.add_parser(
            verb,
            help=summary[:1].lower() + summary[1:].rstrip("."),
            description=f"{summary}\n{description}",
            epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        sub.add_argument(
            "--root",
            type=Path,
            default=REPOSITORY,
            metavar="DIR",
            help="the folder with _config.yml and _toc.yml (default: this checkout)",
        )
        command.add_arguments(sub)
        sub.set_defaults(run=command.main)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code.

    Args:
        arguments: What stands behind the program's name; taken from the process by default.
    """
    given = parser().parse_args(arguments)
    try:
        code: int = given.run(given, Tree(given.root.resolve()))
    except CourseError as error:
        report(error.problems)
        return FOUND_PROBLEMS
    return code
