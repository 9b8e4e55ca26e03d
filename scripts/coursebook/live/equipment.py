"""Getting ready what cells need to run in a page; without it, the book builds all the same.

What is missing on this computer is told once, and is no problem of the book.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coursebook.live import vendor
from coursebook.machine import make
from coursebook.machine.missing import CannotBuildError
from coursebook.paths import Tree

Say = Callable[[str], None]


def editor_and_terminal(say: Say, warn: Say) -> None:
    """Make the bundles from npm, unless they stand.

    Args:
        say: Is told what is being done.
        warn: Is told what cannot be done.
    """
    try:
        vendor.build(say)
    except CannotBuildError as error:
        warn(
            f"cells are edited in a plain field, and have no terminal: {error}\n"
            f"    hint: {error.hint}"
        )


def machine(tree: Tree, say: Say, warn: Say) -> Path | None:
    """Make the Linux of the reader's tab, unless it stands.

    Args:
        tree: The book whose packages it has.
        say: Is told what is being done.
        warn: Is told what cannot be done.

    Returns:
        Its folder; None if it cannot be built here.

    Raises:
        CourseError: The description of the book's packages is wrong.
    """
    try:
        folder = make.standing(tree)
        if folder is None:
            say("building the Linux of the reader's tab: minutes, once (not with --no-machine)")
            folder = make.build(tree, say)
    except CannotBuildError as error:
        warn(
            f"cells will not run in the reader's tab: its machine cannot be built here: {error}\n"
            f"    hint: {error.hint}"
        )
        return None
    return folder
