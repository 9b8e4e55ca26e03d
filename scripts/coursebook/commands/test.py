"""Run all tests: style, types, and the suite with a real headless Chromium.

Tests run side by side; those with the Linux of the reader's tab last, since it may have to be
built meanwhile. Arguments behind -- go to pytest alone, which then runs one test after the other,
and leave style and types out:
`course.py test -- tests/test_outline.py -k order`.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from coursebook.commands import MISSING
from coursebook.paths import REPOSITORY, Tree

SIDE_BY_SIDE = (f"--numprocesses={min(4, os.cpu_count() or 1)}", "--dist=worksteal")
"""That keeps two processors busy."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument(
        "pytest", nargs="*", metavar="ARGUMENT", help="arguments for pytest, behind --"
    )


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Run everything, and go on after a failure, so that one run tells all."""
    from coursebook import browser

    try:
        browser.require()
    except browser.NoBrowserError as error:
        print(error, file=sys.stderr)
        return MISSING
    # Whoever must shorten the whole sees where its time goes.
    suite = [sys.executable, "-m", "pytest", "--durations=20"]
    steps = {
        "ruff check": [sys.executable, "-m", "ruff", "check"],
        "ruff format": [sys.executable, "-m", "ruff", "format", "--check"],
        "mypy": [sys.executable, "-m", "mypy"],
        "pytest": [*suite, *SIDE_BY_SIDE, "-m", "not machine"],
        "pytest with the machine": [*suite, *SIDE_BY_SIDE, "-m", "machine"],
    }
    if arguments.pytest:
        steps = {"pytest": [sys.executable, "-m", "pytest", *arguments.pytest]}
    signal.signal(signal.SIGTERM, _end)
    failed = []
    for name, command in steps.items():
        print(f"── {name}", flush=True)
        started = time.monotonic()
        if _run(command) != 0:
            failed.append(name)
        print(f"   {time.monotonic() - started:.0f} s", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _run(command: list[str]) -> int:
    """Run a command; where this one is ended, that one ends first."""
    with subprocess.Popen(command, cwd=REPOSITORY) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
