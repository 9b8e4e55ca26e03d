"""Markup that makes a library raise, instead of telling what is wrong: found, and told at its line.

Directives and transforms of libraries do this on input that their authors did not think of. It is
a mistake in a chapter all the same, and a traceback would not say where.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from docutils import nodes
from docutils.parsers.rst import Directive

from coursebook.paths import ENGINE, Tree
from coursebook.problems import Problem


def failed_markup(error: BaseException, tree: Tree) -> Problem | None:
    """Turn an exception into a problem, if a library was at work on a place of a chapter.

    Args:
        error: What ended the build.
        tree: The book.

    Returns:
        The problem at the innermost place that was worked on; None if it was none, or if our own
        code raised: that is a bug of ours.
    """
    frames = list(_frames(error))
    if not frames or Path(frames[-1].f_code.co_filename).is_relative_to(ENGINE):
        return None
    for frame in reversed(frames):
        for source, line in _places(frame):
            return Problem(
                tree.relative(source),
                line,
                "failed-markup",
                f"the markup here makes its library fail: {error or type(error).__name__}",
                "compare it with the library's documentation; options end with a blank line",
            )
    return None


def _frames(error: BaseException) -> Iterator[FrameType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


def _places(frame: FrameType) -> Iterator[tuple[str, int]]:
    """Yield the places in chapters that a function had in its hands, the smallest first."""
    for value in reversed(list(frame.f_locals.values())):
        if isinstance(value, Directive):
            source, line = value.state_machine.get_source_and_line(value.lineno)
            if source and line:
                yield source, line
        elif isinstance(value, nodes.Element) and value.source and value.line:
            yield value.source, value.line
