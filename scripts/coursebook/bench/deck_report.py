"""The figures of decks as a table for people: one row for a measure, one column for a tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coursebook.bench.live_report import kilobytes, number, seconds
from coursebook.bench.turning import ALONE

OURS = "ours"
RIVALS = ("sphinx-revealjs", "Slidev", "Marp")

Row = tuple[str, str, Callable[[float], str], str]


def tenths(value: float) -> str:
    """Write a very short time."""
    return f"{value:.1f} ms"


ROWS: tuple[Row, ...] = (
    ("build", "building, from nothing", seconds, ""),
    ("build work", "the same, processor time", seconds, ""),
    ("bytes", "the deck before any click, gzip", kilobytes, "≤ 150 kB"),
    ("files", "files of that", number, ""),
    ("elsewhere", "requests to other hosts", number, "= 0"),
    ("first slide", "opening → first slide seen", seconds, ""),
    ("turns", "slides turned", number, ""),
    ("frame", "from frame to frame meanwhile", tenths, "≤ 16.7 ms"),
    ("frames lost", "frames lost", number, ""),
    (f"frames lost{ALONE}", "the same slides by reveal.js alone", number, "≥ ours"),
    ("turn work", "work of a turn, at least", tenths, ""),
    (f"turn work{ALONE}", "the same slides by reveal.js alone", tenths, ""),
    ("PDF", "PDF of 60 slides", seconds, "≤ 10 s"),
)
"""Names of figures, how a row calls them, how they are written, and our goal."""

NOTHING = "–"


def table(medians: Mapping[str, float]) -> str:
    """Write what ``bench --deck`` has measured.

    Behind each value of a rival stands ours divided by it: below 1, we are ahead.

    Args:
        medians: Milliseconds, bytes and numbers by tool and figure.
    """
    lines = [["60 slides, medians", OURS, "goal", *RIVALS]]
    for figure, told, write, goal in ROWS:
        if not any(f"{tool}, {figure}" in medians for tool in (OURS, *RIVALS)):
            continue
        ours = medians.get(f"{OURS}, {figure}")
        cells = [told, NOTHING if ours is None else write(ours), goal]
        for rival in RIVALS:
            theirs = medians.get(f"{rival}, {figure}")
            cells.append(NOTHING if theirs is None else write(theirs) + ratio(ours, theirs))
        lines.append(cells)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def ratio(ours: float | None, theirs: float) -> str:
    """Write ours ÷ theirs, where both are something."""
    return f" ({ours / theirs:.2f})" if ours is not None and theirs else ""
