"""Which slides are set in smaller sizes, because they hold much.

Known to what writes slides, and to what proposes where to split one that is too full.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

MUCH, MUCH_IN_COLUMNS = 820, 520
"""Characters of text from which a slide is set one step smaller; columns waste more room."""

WIDE = 72
"""Columns of code that fit at the usual size."""

SMALLER_CODE = 14
"""Lines of code from which it is set one step smaller; two more fit then."""

DENSE, WIDE_CODE = "cb-dense", "cb-wide-code"
"""Classes of a slide: smaller text, smaller code."""


class Measure(NamedTuple):
    """How much stands on a slide, or in a block of it.

    Attributes:
        characters: Of running text, without the title.
        columns: Length of the longest line of code.
        rows: Lines of the longest block of code, outputs apart.
    """

    characters: int = 0
    columns: int = 0
    rows: int = 0


def total(measures: Iterable[Measure]) -> Measure:
    """Measure several blocks together."""
    characters = columns = rows = 0
    for one in measures:
        characters += one.characters
        columns, rows = max(columns, one.columns), max(rows, one.rows)
    return Measure(characters, columns, rows)


def size_classes(held: Measure, grid: bool) -> list[str]:
    """Name the smaller sizes that a slide needs to hold what it has.

    Code of up to 80 columns or 15 lines fits at 22 px; a slide with much text is set one step
    smaller, and no more than one: what does not fit then must be split by its author.

    Args:
        held: What the slide holds.
        grid: Whether a grid stands on it.
    """
    classes = []
    if held.characters > (MUCH_IN_COLUMNS if grid else MUCH):
        classes.append(DENSE)
    if held.columns > WIDE or held.rows >= SMALLER_CODE:
        classes.append(WIDE_CODE)
    return classes
