"""Getting ready what cells need to run in a page; without it, the book builds all the same.

What is missing on this computer is told once, and is no problem of the book.
"""

from __future__ import annotations

from collections.abc import Callable

from coursebook.live import vendor
from coursebook.machine.missing import CannotBuildError

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
