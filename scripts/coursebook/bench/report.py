"""The figures as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

GOALS = {100: 1.0, 300: 0.6}
"""At most so much of plain Jupyter Book's time, by the number of chapters."""

MANY_SLIDES = 300
"""So many are measured within the goal's time."""


def table(figures: dict[str, Any]) -> str:
    """Write what ``bench`` has measured.

    Args:
        figures: As ``coursebook.commands.bench.measure`` returns them.
    """
    return aligned(_rows(figures))


def aligned(rows: Iterable[tuple[str, str, str]]) -> str:
    """Write rows of name, value and goal below each other."""
    rows = list(rows)
    width = max(len(name) for name, _, _ in rows)
    lines = [f"{name:<{width}}  {value:>12}  {goal}".rstrip() for name, value, goal in rows]
    return "\n".join(lines)


def _rows(figures: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield "measure", "value", "goal"
    books = {int(name): found for name, found in figures["books"].items()}
    for count, found in books.items():
        ours, plain = found["ours"], found.get("plain")
        yield f"{count} chapters, site and deck, cold", _seconds(ours["seconds"]), ""
        yield f"{count} chapters, the same, processor time", _seconds(ours["work"]), ""
        yield f"{count} chapters, the same, peak memory", _megabytes(ours["peak"]), ""
        if plain:
            yield f"{count} chapters, plain site alone, cold", _seconds(plain["seconds"]), ""
            yield f"{count} chapters, plain, processor time", _seconds(plain["work"]), ""
            yield f"{count} chapters, plain, peak memory", _megabytes(plain["peak"]), ""
            goal = f"≤ {GOALS[count]}" if count in GOALS else ""
            yield f"{count} chapters, ours ÷ plain", _ratio(ours, plain), goal
            yield f"{count} chapters, ours ÷ plain, processor time", _ratio(ours, plain, "work"), ""
        save = found["save"]
        yield (
            f"{count} chapters, text saved → seen on page and deck",
            _seconds(save["text"]),
            "≤ 1.0 s",
        )
        yield f"{count} chapters, title saved → seen on page and deck", _seconds(save["title"]), ""
    for fewer, more in pairwise(sorted(books)):
        goal = "≤ 3.3" if (fewer, more) == (100, 300) else ""
        yield f"{more} ÷ {fewer} chapters, ours", _ratio(*_two(books, more, fewer, "ours")), goal
        pair = _two(books, more, fewer, "ours")
        yield f"{more} ÷ {fewer} chapters, ours, processor time", _ratio(*pair, "work"), ""
        if "plain" in books[fewer] and "plain" in books[more]:
            yield (
                f"{more} ÷ {fewer} chapters, plain",
                _ratio(*_two(books, more, fewer, "plain")),
                "",
            )
    slides = figures.get("slides")
    if slides:
        name, goal = f"{slides['slides']} slides measured, light and dark", "≤ 60 s"
        yield name, _seconds(slides["seconds"]), goal if slides["slides"] == MANY_SLIDES else ""
        yield f"{name}, check as a whole", _seconds(slides["check"]["seconds"]), ""
        yield f"{name}, check as a whole, processor time", _seconds(slides["check"]["work"]), ""
    book = figures.get("book")
    if book:
        yield (
            "this book, site and deck, cold, cells included",
            _seconds(book["build"]["seconds"]),
            "",
        )
        first, again = book["first"], book["again"]
        yield "cell sequences of both renderings, equal ones once", str(first["sequences"]), ""
        yield "sequences that ran", str(first["ran"]), f"= {first['sequences']}"
        yield "interpreters started by a rebuild", str(again["interpreters"]), "= 0"
        for page in book["pages"]:
            yield f"{page['address']}, gzip", _kilobytes(page["weight"]), "≤ 120 kB"
        elsewhere = sum(len(page["elsewhere"]) for page in book["pages"])
        yield "requests to other hosts, all pages", str(elsewhere), "= 0"


def _two(books: dict[int, Any], more: int, fewer: int, kind: str) -> tuple[Any, Any]:
    return books[more][kind], books[fewer][kind]


def _ratio(one: dict[str, float], other: dict[str, float], what: str = "seconds") -> str:
    return f"{one[what] / other[what]:.2f}"


def _seconds(value: float) -> str:
    return f"{value:.2f} s"


def _megabytes(value: float) -> str:
    return f"{value / 1e6:.0f} MB"


def _kilobytes(value: float) -> str:
    return f"{value / 1e3:.1f} kB"
