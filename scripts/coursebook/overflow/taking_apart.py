"""Taking what stands on a slide apart, as far as its author could: where a break can be typed.

At first only lists, tables, grids and code that is just shown are taken apart. Boxes, tabs and
cells belong together: they are divided only if they do not fit on a slide of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from coursebook.course.slide_list import Block, Part
from coursebook.overflow.split import line_of_code, split_above
from coursebook.overflow.statements import beginnings, cell_at
from coursebook.overflow.units import Path, Unit, held

TOGETHER = ("box", "tabs", "cell")
"""Kinds of blocks that are taken apart only if they must be."""


def units(place: int, block: Block, text: Sequence[str]) -> list[Unit]:
    """Take a block apart, unless it belongs together.

    Args:
        place: Of the block on the slide.
        block: The block.
        text: All lines of the file it stands in.
    """
    one = Unit(place, block)
    pieces = [] if block.kind in TOGETHER else _pieces(one, text)
    return _if_all_can_begin(pieces, [one], text)


def finer(unit: Unit, text: Sequence[str]) -> list[Unit]:
    """Take apart what is too high for a slide of its own; nothing if that cannot be done.

    Args:
        unit: What is too high.
        text: All lines of the file it stands in.
    """
    if unit.is_line_of_code:
        return []
    node = held(unit.block, unit.path)
    if node.kind == "cell":
        found = _statements(unit, text)
    else:
        found = [
            piece
            for number in range(len(node.parts))
            for piece in _inside(_part(unit, number), text)
        ]
        if len(found) == 1:
            return finer(found[0], text)
    return _if_all_can_begin(found, [], text)


def _inside(unit: Unit, text: Sequence[str]) -> list[Unit]:
    """Take apart what stands in something: what belongs together there stays so."""
    node = held(unit.block, unit.path)
    if node.kind == "tab":
        parts = [_part(unit, number) for number in range(len(node.parts))]
        return [piece for part in parts for piece in _inside(part, text)] or [unit]
    if node.kind in (*TOGETHER, "item"):
        return [unit]
    return _if_all_can_begin(_pieces(unit, text), [unit], text)


def _pieces(unit: Unit, text: Sequence[str]) -> list[Unit]:
    """Name the items, rows, cells of a grid or lines of code of a block."""
    node = held(unit.block, unit.path)
    if node.parts:
        return [_part(unit, number) for number in range(len(node.parts))]
    return [_line(unit, node, number, number, text) for number in range(node.lines)]


def _statements(unit: Unit, text: Sequence[str]) -> list[Unit]:
    """Name the statements of a cell, with the blank lines and comments above them."""
    node = held(unit.block, unit.path)
    cell = cell_at(node.line, text) if node.lines else None
    if cell is None:
        return []
    borders = [*beginnings(cell), node.lines]
    return [_line(unit, node, first, end - 1, text) for first, end in pairwise(borders)]


def _part(unit: Unit, number: int) -> Unit:
    return Unit(unit.place, unit.block, (*unit.path, number))


def _line(unit: Unit, node: Block | Part, first: int, last: int, text: Sequence[str]) -> Unit:
    found = line_of_code(node, first, text)
    columns = 0
    if found is not None:
        columns = max(len(line) for line in text[found - 1 : found + last - first])
    path: Path = (*unit.path, first)
    return Unit(unit.place, unit.block, path, last if last > first else None, columns)


def _if_all_can_begin(found: list[Unit], otherwise: list[Unit], text: Sequence[str]) -> list[Unit]:
    """Return several units if a slide can begin with each but the first."""
    able = len(found) > 1 and all(split_above(unit, text) for unit in found[1:])
    return found if able else otherwise
