"""Where to split a slide that holds too much, so that every part of it fits.

Each proposal is tried in the browser before it is made: what would be left of the slide is laid out
as the deck would lay it out, with the sizes that it would have then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from coursebook.course.slide_list import Block, Slide
from coursebook.course.slide_sizes import Measure, size_classes
from coursebook.overflow.split import Split, Unit, split_above, units
from coursebook.overflow.tab import Kept

ALWAYS = ("frame", "title", "notes")
"""Blocks that need no room of their own, or stand on every part."""

Fits = Callable[[Kept, Sequence[str]], bool]
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
            return Proposal(tuple(splits), todo[0].block)
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
    last, following = todo[count - 1], todo[count]
    alone = last.part == 0 and following.place == last.place
    return count - 1 if alone else count


def _kept(slide: Slide, chosen: Sequence[Unit]) -> list[bool | tuple[int, int]]:
    """Say which children of the slide's body stay if only some units do."""
    by_place = {place: list(ones) for place, ones in groupby(chosen, lambda unit: unit.place)}
    kept: list[bool | tuple[int, int]] = []
    for place, block in enumerate(slide.blocks):
        ones = by_place.get(place, [])
        stays: bool | tuple[int, int] = bool(ones) or block.kind in ALWAYS
        if ones and ones[0].part is not None and ones[-1].part is not None:
            stays = (ones[0].part, ones[-1].part + 1)
        kept += [stays] * block.elements
    return kept


def _sizes(chosen: Sequence[Unit]) -> list[str]:
    """Say in which sizes some units would be set; see ``size_classes``."""
    characters = 0
    for unit in chosen:
        if unit.part is None:
            characters += unit.block.characters
        elif unit.block.parts:
            characters += unit.block.parts[unit.part].characters
        elif unit.part == 0:
            characters += unit.block.characters  # the caption of code
    blocks = [unit.block for unit in chosen]
    columns = max((block.columns for block in blocks), default=0)
    rows = max((block.rows for block in blocks), default=0)
    grid = any(block.kind == "grid" for block in blocks)
    return size_classes(Measure(characters, columns, rows), grid)
