"""The figures of live cells as a table for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from coursebook.bench.report import aligned

Row = tuple[str, str, str]


def milliseconds(value: float) -> str:
    """Write a short time."""
    return f"{value:.0f} ms"


def seconds(value: float) -> str:
    """Write milliseconds as seconds."""
    return f"{value / 1000:.2f} s"


def megabytes(value: float) -> str:
    """Write bytes."""
    return f"{value / 1e6:.1f} MB"


def kilobytes(value: float) -> str:
    """Write few bytes."""
    return f"{value / 1e3:.1f} kB"


def number(value: float) -> str:
    """Write a number without a unit."""
    return f"{value:.0f}"


def percent(value: float) -> str:
    """Write a part of 1."""
    return f"{value:.0%}"


ROWS: tuple[tuple[str, str, Callable[[float], str], str], ...] = (
    ("cold", "Run → first output, cold", seconds, "≤ 3 s"),
    ("cold over a slow link", "the same over 20 Mbit/s", seconds, "≤ 10 s"),
    ("warm", "the same, second visit", seconds, "≤ 1.5 s"),
    ("first python", "first Python cell after it", milliseconds, "≤ 1000 ms"),
    ("second bash", "second cell, bash", milliseconds, "≤ 50 ms"),
    ("second python", "second cell, Python", milliseconds, "≤ 100 ms"),
    ("page bytes", "the page, before any click", kilobytes, ""),
    ("engine bytes before a click", "engine and machine, before any click", number, "= 0"),
    ("bytes to the first output", "bytes to the first output", megabytes, "≤ 16 MB"),
    ("bytes to uv venv", "bytes to uv venv, activate, which python", megabytes, "≤ 30 MB"),
    ("python3 -c", "python3 -c, warm", seconds, ""),
    ("venv without pip", "python3 -m venv --without-pip, warm", seconds, "≤ 2 s"),
    ("uv venv", "uv venv, warm", seconds, "≤ 1 s"),
    ("uv pip install", "uv pip install, a toy wheel, warm", seconds, "≤ 1.5 s"),
    ("uv lock", "uv lock, warm", seconds, "≤ 1.5 s"),
    ("pip install", "pip install, a toy wheel, warm", seconds, "≤ 5 s"),
    ("venv with pip", "python3 -m venv, warm", seconds, "≤ 20 s"),
    ("memory", "memory of the tab", megabytes, "≤ 450 MB"),
    ("memory, shared too", "with the browser's own program in it", megabytes, ""),
    ("memory at most", "the same, the most it ever held", megabytes, ""),
    ("stop loop", "Stop of a loop", milliseconds, "≤ 300 ms"),
    ("stop printing", "Stop of a loop that prints", milliseconds, "≤ 300 ms"),
    ("frames while loop", "frames per second while a cell loops", number, "≥ 50"),
    ("frames while printing", "the same, while it prints", number, "≥ 50"),
    ("local, first", "your own computer, first cell", milliseconds, "≤ 1000 ms"),
    ("local, next", "the same, next cell", milliseconds, "≤ 60 ms"),
    ("Pyodide, cold", "plain Pyodide: Run → first output, cold", seconds, ""),
    ("Pyodide, warm", "the same, second visit", seconds, ""),
    ("Pyodide, second", "plain Pyodide: second cell", milliseconds, ""),
    ("Pyodide, page bytes", "plain Pyodide: before any click", kilobytes, ""),
    ("Pyodide, bytes to the first output", "plain Pyodide: to the first output", megabytes, ""),
    ("JupyterLite, cold", "jupyterlite-sphinx: Run → first output, cold", seconds, ""),
    ("JupyterLite, warm", "the same, second visit", seconds, ""),
    ("JupyterLite, page bytes", "jupyterlite-sphinx: before any click", kilobytes, ""),
    (
        "JupyterLite, bytes to the first output",
        "jupyterlite-sphinx: to the first output",
        megabytes,
        "",
    ),
    ("image seconds", "building the machine", seconds, "≤ 600 s"),
    ("image bytes", "the machine on the site, all files", megabytes, ""),
    ("state bytes", "its snapshot", megabytes, ""),
    ("share", "share of the book's cells that run in the tab", percent, ""),
)
"""Names of figures, how a row calls them, how they are written, and the goal."""

RATIOS = (
    ("Pyodide", "cold"),
    ("Pyodide", "warm"),
    ("JupyterLite", "cold"),
    ("JupyterLite", "warm"),
)


def table(medians: Mapping[str, float]) -> str:
    """Write what ``bench --live`` has measured.

    Args:
        medians: Milliseconds, bytes and numbers by the name of the figure.
    """
    return aligned(rows(medians))


def rows(medians: Mapping[str, float]) -> Iterator[Row]:
    """Yield the rows of all figures that were taken."""
    yield "live cells, medians", "value", "goal"
    for name, told, write, goal in ROWS:
        if name in medians:
            yield told, write(medians[name]), goal
    for rival, when in RATIOS:
        if when in medians and f"{rival}, {when}" in medians:
            ratio = medians[when] / medians[f"{rival}, {when}"]
            yield f"{when}, ours ÷ {rival}", f"{ratio:.2f}", ""
