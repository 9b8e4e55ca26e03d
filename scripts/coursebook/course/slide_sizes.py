"""Which slides are set in smaller sizes, because they hold much.

Known to what writes slides, and to what proposes where to split one that is too full.
"""

from __future__ import annotations

MUCH, MUCH_IN_COLUMNS = 820, 520
"""Characters of text from which a slide is set one step smaller; columns waste more room."""

WIDE = 72
"""Columns of code that fit at the usual size."""

DENSE, WIDE_CODE = "cb-dense", "cb-wide-code"
"""Classes of a slide: smaller text, smaller code."""


def size_classes(characters: int, columns: int, grid: bool) -> list[str]:
    """Name the smaller sizes that a slide needs to hold what it has.

    Code of up to 80 columns fits at 22 px; a slide with much text is set one step smaller, and no
    more than one: what does not fit then must be split by its author.

    Args:
        characters: Of running text, without the title.
        columns: Length of the longest line of code.
        grid: Whether a grid stands on the slide.
    """
    classes = []
    if characters > (MUCH_IN_COLUMNS if grid else MUCH):
        classes.append(DENSE)
    if columns > WIDE:
        classes.append(WIDE_CODE)
    return classes
