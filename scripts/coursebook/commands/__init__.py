"""One thin file for each verb: ``add_arguments`` describes it, ``main`` does it."""

from __future__ import annotations

import sys

MISSING = 3
"""Exit code: something that is needed is missing on this machine, and the message says what."""


def say(message: str) -> None:
    """Tell the user what is being done, in a line that is seen at once, also through a pipe."""
    print(message, file=sys.stderr, flush=True)
