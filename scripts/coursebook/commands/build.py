"""Build the site, with the decks below it at slides/.

The result stands in _build/site. A failed or interrupted build leaves the last good one in place.
What stands in {speaker} is for the speaker alone, and left out unless it is asked for.

With --full the cells with `:stored:` run as well, and what they print is stored in book/_stored,
with the day and the versions; where it is not what was stored before, the build says so. What
these cells need is installed once (600 MB for Spark). Other builds show what is stored.
"""

from __future__ import annotations

import argparse
import sys
import time

from coursebook.paths import Tree
from coursebook.problems import CourseError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument(
        "--no-machine", action="store_true", help="leave out the Linux that runs in the tab"
    )
    parser.add_argument(
        "--with-speaker-notes", action="store_true", help="let the decks hold what is in {speaker}"
    )
    parser.add_argument(
        "--full", action="store_true", help="make stored outputs anew, with all that this needs"
    )
    parser.add_argument("--quiet", action="store_true", help="print problems only")


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Build once.

    Raises:
        CourseError: Problems were found; nothing was published.
    """
    from coursebook import publish, steps
    from coursebook.disk import disk_errors
    from coursebook.live import equipment

    def say(message: str) -> None:
        if not arguments.quiet:
            print(message, file=sys.stderr, flush=True)

    def warn(message: str) -> None:
        print(message, file=sys.stderr, flush=True)

    started = time.monotonic()
    with publish.one_build_at_once(tree), disk_errors(tree):
        publish.recover(tree)
        equipment.editor_and_terminal(say, warn)
        with steps.workers(tree, speaker_notes=arguments.with_speaker_notes) as crew:
            problems = steps.make(tree, crew, say, full=arguments.full)
        if problems:
            raise CourseError(problems)
        machine = None if arguments.no_machine else equipment.machine(tree, say, warn)
        publish.publish(tree, machine)
    say(f"built in {time.monotonic() - started:.1f} s: {tree.relative(tree.site)}/index.html")
    return 0
