"""What a cell takes on this computer, in the room that ``serve`` gives to a page."""

from __future__ import annotations

from pathlib import Path

from coursebook.bench import live_book
from coursebook.bench.figures import Collected
from coursebook.bench.live_browser import opened, run
from coursebook.bench.saving import serving


def measure(root: Path, profile: Path, figures: Collected) -> None:
    """Serve the live book as its author does, and run a cell, then a second one.

    Args:
        root: The live book, built.
        profile: The browser's folder; a fresh one.
        figures: Where milliseconds go.
    """
    with serving(root) as (address, opens), opened(profile) as page:
        page.goto(address + live_book.PAGE + opens, wait_until="load")
        figures.note("local, first", run(page, live_book.number("first")))
        figures.note("local, next", run(page, live_book.number("second bash")))
