"""The smallest things that a slide could begin with: blocks, and what these are made of.

A block is named by its place on the slide, and what stands in it by a path: which part, and which
part of that. Of a list in a box, ``(1, 0)`` is the first item, if one paragraph stands above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coursebook.course.slide_list import Block, Part
from coursebook.course.slide_sizes import Measure

WITH_PARTS_ALIKE = ("list", "definitions", "table", "grid", "code")
"""Kinds of which nobody wants one part alone at the end of a slide."""

Path = tuple[int, ...]

Counted = list[tuple[int, int]]
"""A path, with the number of parts beside each step; 0 for lines of code."""


@dataclass(frozen=True)
class Unit:
    """The smallest thing that a break may stand above.

    Attributes:
        place: Of its block on the slide.
        block: The block.
        path: Which part of it, and so on; of code, the line. Empty for the whole block.
        until: The last line of code that belongs to it, if that is not the first.
        columns: Length of its longest line, of code.
    """

    place: int
    block: Block
    path: Path = ()
    until: int | None = None
    columns: int = 0

    @property
    def holder(self) -> Block | Part:
        """What it is a part of; for the whole block, the block."""
        return held(self.block, self.path[:-1])

    @property
    def is_line_of_code(self) -> bool:
        """Whether it is a line, or several, rather than something that is made of HTML alone."""
        return bool(self.path) and not self.holder.parts

    @property
    def start(self) -> Path:
        """The path of the largest thing that begins with it."""
        last = max((depth for depth, number in enumerate(self.path, 1) if number), default=0)
        return self.path[:last]

    @property
    def last(self) -> Path:
        """The path of what ends it."""
        return self.path if self.until is None else (*self.path[:-1], self.until)

    @property
    def measure(self) -> Measure:
        """How much it holds; the caption of code belongs to its first line."""
        if not self.is_line_of_code:
            one = held(self.block, self.path)
            return Measure(one.characters, one.columns, one.rows)
        first, last = self.path[-1], self.last[-1]
        characters = 0 if first else self.holder.characters
        return Measure(characters, self.columns, last - first + 1)

    def follows(self, other: Unit) -> bool:
        """Tell whether it is another part of the same."""
        return (self.place, self.path[:-1]) == (other.place, other.path[:-1]) and bool(self.path)


def held(block: Block, path: Path) -> Block | Part:
    """Return what stands at a path.

    Raises:
        IndexError: Nothing does.
    """
    found: Block | Part = block
    for number in path:
        found = found.parts[number]
    return found


def counted(block: Block, path: Path) -> Counted:
    """Write a path as the browser checks it."""
    return [(number, len(held(block, path[:depth]).parts)) for depth, number in enumerate(path)]


def is_alone(last: Unit, following: Unit) -> bool:
    """Tell whether a unit is the only part of something on its slide, and more of it follows."""
    alike = last.holder.kind in WITH_PARTS_ALIKE
    return alike and following.follows(last) and last.path[-1] == 0


def rows_together(units: Sequence[Unit]) -> int:
    """Count the lines of the longest block of code that some units show together."""
    lines: dict[tuple[int, Path], int] = {}
    longest = 0
    for unit in units:
        rows = unit.measure.rows
        if unit.is_line_of_code:
            key = (unit.place, unit.path[:-1])
            rows = lines[key] = lines.get(key, 0) + rows
        longest = max(longest, rows)
    return longest
