"""The stages of building a machine: each is told when it begins, and timed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

Say = Callable[[str], None]


class Stages:
    """Tells what is being done, and notes how long it took.

    Attributes:
        say: Is told.
        seconds: How long each stage took, in the order in which they were passed.
    """

    def __init__(self, say: Say) -> None:
        self.say = say
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Pass a stage."""
        self.say(what)
        begun = time.monotonic()
        yield
        self.seconds[what] = round(time.monotonic() - begun, 1)
