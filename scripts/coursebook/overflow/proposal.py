"""Where to split a slide that holds too much, so that every part of it fits.

Each proposal is tried in the browser before it is made: what would be left of the slide is laid out
as the deck would lay it out, with the sizes that it would have then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from coursebook.course.slide_list import Block, Slide
from coursebook.course.slide_sizes import size_classes, total
from coursebook.overflow.split import Split, split_above
from coursebook.overflow.tab import Keep
from coursebook.overflow.taking_apart import finer, units
from coursebook.overflow.units import Unit, counted, is_alone, rows_together

ALWAYS = ("frame", "title", "notes")
"""Blocks that need no room of their own, or stand on every part."""

Fits = Callable[[Sequence[Keep], Sequence[str]], bool]
"""Tries some children of a slide's body in certain sizes; see ``DeckTab.fits``."""

Text = Callable[[str], Sequence[str]]
"""Returns the lines of a file, by its name from the root of the book."""


@dataclass(frozen=True)
class Proposal:
    """How to split a slide.

    Attributes:
        splits: Where new slides begin, in order.
        stuck: What does not fit, even with a slide to itself; None if all does.
    """

    splits: tuple[Split, ...]
    stuck: Block | None


def propose(slide: Slide, fits: Fits, text: Text) -> Proposal:
    """Fill one slide after the other with as much as it takes.

    What does not fit on a slide of its own is taken apart, if its author can do that.

    Args:
        slide: The slide that holds too much.
        fits: Tries a part of it.
        text: Returns what an author wrote.
    """
    todo = [
        unit
        for place, block in enumerate(slide.blocks)
        if block.kind not in ALWAYS
        for unit in units(place, block, text(block.source))
    ]
    splits: list[Split] = []
    while todo:
        count = _as_many_as_fit(slide, todo, fits)
        if count == 0:
            parts = finer(todo[0], text(todo[0].block.source))
            if not parts:
                return Proposal(tuple(splits), todo[0].block)
            todo[:1] = parts
            continue
        rest = todo[_not_a_single_part(todo, count) :]
        while rest:
            split = split_above(rest[0], text(rest[0].block.source))
            if split is not None:
                splits.append(split)
                break
            # No break can stand here: try above what comes before.
            count -= 1
            if count == 0:
                return Proposal(tuple(splits), rest[0].block)
            rest = todo[count:]
        todo = rest
    return Proposal(tuple(splits), None)


def _as_many_as_fit(slide: Slide, todo: Sequence[Unit], fits: Fits) -> int:
    """Count how many of what is left fit on one slide, from the first."""

    def fit(count: int) -> bool:
        chosen = todo[:count]
        return fits(_kept(slide, chosen), _sizes(chosen))

    low, high = 0, len(todo)
    if fit(high):
        return high
    # More never takes less room, but for the step to smaller text: that is tried at the end.
    while high - low > 1:
        middle = (low + high) // 2
        if fit(middle):
            low = middle
        else:
            high = middle
    while low + 1 < len(todo) and fit(low + 1):
        low += 1
    return low


def _not_a_single_part(todo: Sequence[Unit], count: int) -> int:
    """Leave no single item or row behind at the end of a slide."""
    if count >= len(todo) or count < 2:
        return count
    return count - 1 if is_alone(todo[count - 1], todo[count]) else count


def _kept(slide: Slide, chosen: Sequence[Unit]) -> list[Keep]:
    """Say which children of the slide's body stay if only some units do."""
    by_place = {place: list(ones) for place, ones in groupby(chosen, lambda unit: unit.place)}
    kept: list[Keep] = []
    for place, block in enumerate(slide.blocks):
        ones = by_place.get(place, [])
        stays: Keep = bool(ones) or block.kind in ALWAYS
        if ones and ones[0].path:
            stays = (counted(block, ones[0].path), counted(block, ones[-1].last))
        kept += [stays] * block.elements
    return kept


def _sizes(chosen: Sequence[Unit]) -> list[str]:
    """Say in which sizes some units would be set; see ``size_classes``."""
    held = total(unit.measure for unit in chosen)
    grid = any(unit.block.kind == "grid" for unit in chosen)
    return size_classes(held._replace(rows=rows_together(chosen)), grid)
