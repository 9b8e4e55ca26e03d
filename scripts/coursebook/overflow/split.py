"""What an author types to let a slide go on as another one.

Above a block it is a break, and nothing more. Within a list, a table, a grid or a block of code it
stands between the two halves: whatever is open there is closed above it and begun again below, and
a table gets its head once more::

    :::{fragments}                :::{fragments}
    - one                         - one
    - two                         :::
    :::                           ```{revealjs-break}
                                  ```
                                  :::{fragments}
                                  - two
                                  :::
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coursebook.course.markdown_lines import Fences, Kind
from coursebook.course.slide_list import Block

BREAK = ("```{revealjs-break}", "```")
"""How a section goes on, on a new slide, under the same title."""

_ABOVE = re.compile(r"[ \t]*(?:\{[^{}%][^{}]*\}|\([^()]+\)=)[ \t]*$")
"""Attributes of a block, and its label: they stand right above it and go with it."""

_OPTION = re.compile(r"[ \t]*:([\w-]+):")
_ONCE = frozenset(("name", "emphasize-lines", "emphasize-steps", "lineno-start"))
"""Options that hold for one half only: a label, and lines by their number."""

_ROW = re.compile(r"[ \t]*\|")
_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*-[ \t:|-]*$")


@dataclass(frozen=True)
class Unit:
    """The smallest thing that a break may stand above.

    Attributes:
        place: Of its block on the slide.
        block: The block.
        part: Which item, row, cell of a grid or line of code it is; None for the whole block.
    """

    place: int
    block: Block
    part: int | None = None


@dataclass(frozen=True)
class Split:
    """One change that begins a new slide.

    Attributes:
        source: The file, from the root of the book.
        line: The lines go above this one.
        lines: What to type.
    """

    source: str
    line: int
    lines: tuple[str, ...]


def units(place: int, block: Block, text: Sequence[str]) -> list[Unit]:
    """Take a block apart as far as it can be split in the source.

    Args:
        place: Of the block on the slide.
        block: The block.
        text: All lines of the file it stands in.
    """
    count = len(block.parts) or block.lines
    whole = [Unit(place, block)]
    if count < 2:
        return whole
    parts = [Unit(place, block, number) for number in range(count)]
    return parts if all(split_above(part, text) for part in parts[1:]) else whole


def split_above(unit: Unit, text: Sequence[str]) -> Split | None:
    """Say what to type so that a unit begins a new slide; None where no break can stand.

    Args:
        unit: What the new slide begins with.
        text: All lines of the file it stands in.
    """
    block, part = unit.block, unit.part
    if not 0 < block.line <= len(text) or not block.source.endswith(".md"):
        return None
    head: list[str] = []
    line: int | None
    if not part:
        line = first_line(block.line, text)
    elif block.lines:
        line = _line_of_code(block, part, text)
    else:
        line = first_line(block.parts[part].line, text)
        if block.kind == "table":
            head = _table_head(block, text)
            if not head or not _ROW.match(text[line - 1]):
                return None
    if line is None or (part and line <= first_line(block.line, text)):
        return None
    closing, opening = _around(line, text)
    above = [""] if closing or text[line - 2].strip() else []
    lines = (*closing, *above, *BREAK, "", *opening, *head)
    return Split(block.source, line, lines)


def first_line(line: int, text: Sequence[str]) -> int:
    """Go up to where a block begins: over attributes, its label, and fences that it opens.

    Args:
        line: Where it is known to stand.
        text: All lines of the file.
    """
    opened = {inner: opening for opening, inner in _openings(text)}
    while True:
        if line in opened:
            line = opened[line]
        elif line > 1 and _ABOVE.match(text[line - 2]):
            line -= 1
        else:
            return line


def _openings(text: Sequence[str]) -> list[tuple[int, int]]:
    """List the fences of directives that hold Markdown: their line, and that of what they hold."""
    found = []
    fences = Fences()
    for number, line in enumerate(text, 1):
        if fences.feed(line) is Kind.OPENING and not fences.verbatim:
            found.append((number, _content(number, text)))
    return found


def _content(opening: int, text: Sequence[str]) -> int:
    """Return the first line of what a fence holds, behind options and blank lines."""
    line = opening + 1
    while line < len(text) and (_OPTION.match(text[line - 1]) or not text[line - 1].strip()):
        line += 1
    return line


def _around(line: int, text: Sequence[str]) -> tuple[list[str], list[str]]:
    """Close what is open above a line, from within, and begin it again."""
    fences = Fences()
    starts: list[int] = []
    for number, one in enumerate(text[: line - 1], 1):
        kind = fences.feed(one)
        if kind is Kind.OPENING:
            starts.append(number)
        elif kind is Kind.CLOSING:
            del starts[len(fences.stack) :]
    closing = [fence.mark for fence in reversed(fences.stack)]
    opening = []
    for start, fence in zip(starts, fences.stack, strict=True):
        opening.append(text[start - 1].rstrip())
        if fence.directive:
            options = [text[n - 1].rstrip() for n in range(start + 1, _content(start, text))]
            # An empty line ends them: what follows could look like one.
            opening += [*filter(_kept, options), *([""] if any(options) else [])]
    return closing, opening


def _kept(option: str) -> bool:
    found = _OPTION.match(option)
    return found is not None and found[1] not in _ONCE


def _line_of_code(block: Block, part: int, text: Sequence[str]) -> int | None:
    """Find a line of a block of code, by its number from 0."""
    fences = Fences()
    for number, line in enumerate(text[: block.line + 1], 1):
        opens = fences.feed(line) is Kind.OPENING
        if opens and number >= block.line and fences.verbatim:
            directive = fences.stack[-1].directive
            if directive not in ("", "code", "code-block", "sourcecode"):
                return None  # its lines stand in another file
            first = _content(number, text) if directive else number + 1
            found = first + part
            return found if found <= len(text) else None
    return None


def _table_head(block: Block, text: Sequence[str]) -> list[str]:
    """Return head and rule of a Markdown table; nothing for one that is written otherwise."""
    head = [line.rstrip() for line in text[block.line - 1 : block.line + 1]]
    return head if len(head) == 2 and _RULE.match(head[1]) and "|" in head[0] else []
