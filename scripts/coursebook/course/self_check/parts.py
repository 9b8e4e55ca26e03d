"""The parts of a directive's text: a line ``+++ name`` begins one.

    Which Python runs?          the part without a name
    +++ answer
    The first on `PATH`.        the part "answer"

Within code such a line is code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coursebook.course.markdown_lines import Fences

_BEGIN = re.compile(r"\+\+\+[ \t]*(?P<name>[\w-]*)[ \t]*$")
_FENCE = re.compile(r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<language>[^\s`]*)[ \t]*$")
_BOX = re.compile(r"(?P<bullet>[-*+][ \t]+)\[(?P<mark>[ xX])\][ \t]+(?=\S)")


@dataclass(frozen=True)
class Part:
    """One part.

    Attributes:
        name: Behind ``+++``; empty for what stands above the first of them.
        lines: Its text.
        first: Place of the first of these lines in the whole text, counted from 0.
    """

    name: str
    lines: tuple[str, ...]
    first: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not any(line.strip() for line in self.lines)


@dataclass(frozen=True)
class Code:
    """The first block of code of a part.

    Attributes:
        language: Behind the fence; may be empty.
        source: Without an end of line at its end.
        first: Place of the fence in the whole text, counted from 0.
        rest: What stands below the block.
    """

    language: str
    source: str
    first: int
    rest: Part


def split_parts(lines: Sequence[str]) -> list[Part]:
    """Split a text at its lines ``+++ name``; the first part has no name, and may be empty."""
    fences = Fences()
    begins = [(0, "", 0)]
    for number, line in enumerate(lines):
        begin = None if fences.verbatim else _BEGIN.match(line)
        if begin is None:
            fences.feed(line)
        else:
            begins.append((number + 1, begin["name"], number))
    ends = [number for _, _, number in begins[1:]] + [len(lines)]
    return [
        Part(name, tuple(lines[first:end]), first)
        for (first, name, _), end in zip(begins, ends, strict=True)
    ]


def code_of(part: Part) -> Code | None:
    """Find the block of code with which a part begins; None if it begins with anything else."""
    above = next((at for at, line in enumerate(part.lines) if line.strip()), len(part.lines))
    fence = _FENCE.match(part.lines[above]) if above < len(part.lines) else None
    if fence is None:
        return None
    mark = fence["mark"]
    for at in range(above + 1, len(part.lines)):
        line = part.lines[at].strip()
        if line and set(line) == {mark[0]} and len(line) >= len(mark):
            rest = Part(part.name, part.lines[at + 1 :], part.first + at + 1)
            source = "\n".join(part.lines[above + 1 : at])
            return Code(fence["language"], source, part.first + above, rest)
    return None


def take_boxes(lines: Iterable[str]) -> tuple[list[str], list[tuple[int, bool]]]:
    """Take the boxes off a list of answers, ``- [x] right`` and ``- [ ] wrong``.

    Returns:
        The lines without boxes, and for each box the place of its line and whether it is marked.
    """
    fences = Fences()
    plain: list[str] = []
    boxes: list[tuple[int, bool]] = []
    for number, line in enumerate(lines):
        box = None if fences.verbatim else _BOX.match(line)
        if box is not None:
            boxes.append((number, box["mark"] != " "))
            line = box["bullet"] + line[box.end() :]
        fences.feed(line)
        plain.append(line)
    return plain, boxes
