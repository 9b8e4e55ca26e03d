"""The ranges of lines that code is stepped through: ``1-3|5|all``.

Between the bars stands what is looked at in one step: a line, a range, several of both with commas,
or ``all``.
"""

from __future__ import annotations

import re

Lines = tuple[int, int]
"""The first and the last line of a range, counted from 1."""

Step = tuple[Lines, ...]

HINT = "write lines and ranges, a bar between the steps: `:emphasize-steps: 1-3|5|all`"

_RANGE = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")


class StepsError(ValueError):
    """What is wrong with the steps that an author wrote."""


def read_steps(value: object, total: int) -> tuple[Step, ...]:
    """Read what an author wrote.

    Args:
        value: The text of the option; YAML makes a number of a single line.
        total: How many lines the code has.

    Raises:
        StepsError: It is no list of steps, or names lines that are not there.
    """
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise StepsError(f"`{value}` names no lines")
    return tuple(_step(part.strip(), total) for part in str(value).split("|"))


def _step(text: str, total: int) -> Step:
    if text == "all":
        return ((1, total),)
    if not text:
        raise StepsError("a step between two bars is empty")
    return tuple(_lines(part.strip(), total) for part in text.split(","))


def _lines(text: str, total: int) -> Lines:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise StepsError(f"`{text}` is neither a line, nor a range, nor `all`")
    first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise StepsError(f"`{text}` ends before it begins")
    if first < 1 or last > total:
        raise StepsError(f"`{text}` is not there: the code has the lines 1 to {total}")
    return first, last


def within(steps: tuple[Step, ...], first: int, last: int) -> tuple[Step, ...]:
    """Keep what a part of the code shows of the steps, counted from the part's first line.

    Args:
        steps: Of the whole code.
        first: The part's first line, counted from 1.
        last: Its last one.
    """
    kept: list[Step] = []
    for step in steps:
        part = tuple(
            (max(start, first) - first + 1, min(end, last) - first + 1)
            for start, end in step
            if start <= last and end >= first
        )
        if part and part not in kept[-1:]:
            kept.append(part)
    return tuple(kept)


def written(step: Step) -> str:
    """Write one step as the deck reads it: ``1-3,5-5``."""
    return ",".join(f"{first}-{last}" for first, last in step)


def spoken(step: Step) -> str:
    """Say one step in words, for who listens."""
    parts = [
        f"line {first}" if first == last else f"lines {first} to {last}" for first, last in step
    ]
    return " and ".join(parts)
