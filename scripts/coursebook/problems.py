"""What an author is told: a code, a place, what is wrong, and what to type."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake of an author, at the line where he made it.

    Attributes:
        path: File relative to the project's root, with forward slashes; empty for the whole book.
        line: Line in that file, counted from 1; 0 where no line can be named.
        code: Stable name of the check in kebab-case, such as ``unknown-flag``.
        message: One sentence: what is wrong.
        hint: What to type; empty where the message says it.
    """

    path: str
    line: int
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        head = (
            f"{place}: {self.message} [{self.code}]" if place else f"{self.message} [{self.code}]"
        )
        return f"{head}\n    hint: {self.hint}" if self.hint else head


class CourseError(Exception):
    """Mistakes of the author that end a step; a bug of ours raises anything else.

    Args:
        problems: All that were found, in any order; kept sorted and without repetition.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[CourseError], tuple[tuple[Problem, ...]]]:
        # Exceptions cross the border to worker processes; the default would rebuild
        # this one from its text.
        return (CourseError, (self.problems,))


def report(problems: Iterable[Problem], stream: TextIO | None = None) -> int:
    """Print all problems, sorted by place, and return how many there were.

    Args:
        problems: What was found.
        stream: Where to print; standard error by default.
    """
    stream = stream or sys.stderr
    found = sorted(set(problems))
    for problem in found:
        print(problem, file=stream)
    if found:
        noun = "problem" if len(found) == 1 else "problems"
        print(f"{len(found)} {noun}", file=stream)
    return len(found)
