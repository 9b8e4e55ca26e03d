"""What an author types to let a slide go on as another one.

Above a block it is a break, and nothing more. Within a list, a table, a grid, a box, a tab, a cell
or a block of code it stands between the two halves: whatever is open there is closed above it and
begun again below, and a table gets its head once more::

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
from coursebook.course.slide_list import Block, Part
from coursebook.overflow.units import Unit, held

BREAK = ("```{revealjs-break}", "```")
"""How a section goes on, on a new slide, under the same title."""

_ABOVE = re.compile(r"[ \t]*(?:\{[^{}%][^{}]*\}|\([^()]+\)=)[ \t]*$")
"""Attributes of a block, and its label: they stand right above it and go with it."""

_OPTION = re.compile(r"[ \t]*:([\w-]+):")
_ONCE = frozenset(("name", "emphasize-lines", "emphasize-steps", "lineno-start"))
"""Options that hold for one half only: a label, and lines by their number."""

_ROW = re.compile(r"[ \t]*\|")
_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*-[ \t:|-]*$")

VERBATIM = Kind.VERBATIM

WITH_CODE = ("", "code", "code-block", "sourcecode", "code-cell")
"""Directives whose code stands between their fences; none is a plain fence."""


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


def split_above(unit: Unit, text: Sequence[str]) -> Split | None:
    """Say what to type so that a unit begins a new slide; None where no break can stand.

    Args:
        unit: What the new slide begins with.
        text: All lines of the file it stands in.
    """
    block, start = unit.block, unit.start
    if not 0 < block.line <= len(text) or not block.source.endswith(".md"):
        return None
    head: list[str] = []
    if start and unit.is_line_of_code:
        line = line_of_code(unit.holder, start[-1], text)
    else:
        line = _first_line_of(held(block, start), text)
    if line is None or (start and line <= first_line(block.line, text)):
        return None
    if start and unit.holder.kind == "table":
        head = _table_head(unit.holder, text)
        if not head or not _ROW.match(text[line - 1]):
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


def _first_line_of(node: Block | Part, text: Sequence[str]) -> int | None:
    line = (node.kind == "code" and opening_of_code(node, text)) or node.line
    return first_line(line, text) if 0 < line <= len(text) else None


def opening_of_code(block: Block | Part, text: Sequence[str]) -> int | None:
    """Find the fence that opens a block of code; None if its lines do not stand in this file."""
    found = _fenced(block, text)
    return found[0] if found else None


def line_of_code(holder: Block | Part, number: int, text: Sequence[str]) -> int | None:
    """Find a line of a block of code or a cell; None where its lines do not stand here.

    Args:
        holder: The block or cell.
        number: Which line of it, from 0.
        text: All lines of the file it stands in.
    """
    found = _fenced(holder, text)
    return found[1] + number if found and number < holder.lines else None


def _fenced(block: Block | Part, text: Sequence[str]) -> tuple[int, int] | None:
    """Find the fence of a block of code, and its first line; see ``line_of_code``."""
    fences = Fences()
    for place, line in enumerate(text[: block.line + 1], 1):
        if fences.feed(line) is not Kind.OPENING or not fences.verbatim:
            continue
        directive = fences.stack[-1].directive
        first = _content(place, text) if directive else place + 1
        # A parser names the fence, the line above it, or the first line of code.
        if not place - 1 <= block.line <= first:
            continue
        shown = 0
        while first + shown <= len(text) and fences.feed(text[first + shown - 1]) is VERBATIM:
            shown += 1
        while shown and not text[first + shown - 2].strip():
            shown -= 1
        # Another number of lines, or another directive: they come from elsewhere.
        return (place, first) if shown == block.lines and directive in WITH_CODE else None
    return None


def _table_head(block: Block | Part, text: Sequence[str]) -> list[str]:
    """Return head and rule of a Markdown table; nothing for one that is written otherwise."""
    head = [line.rstrip() for line in text[block.line - 1 : block.line + 1]]
    return head if len(head) == 2 and _RULE.match(head[1]) and "|" in head[0] else []
