"""A tab of a real headless browser that runs cells by the engine of the reader's pages.

The tab shows a bare page of the site's own origin. It holds nothing but what drives the engine,
so that what is asked is the machine and not the page around it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from coursebook import browser
from coursebook.course.cells import CellSequence

if TYPE_CHECKING:
    from playwright.sync_api import Page

DRIVE = Path(__file__).with_name("drive.js")
BARE, DRIVER = "bare.html", "drive.js"
"""Addresses below the site's root that no site has: the tab alone is told what stands there."""

BARE_PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>bare</title></html>'

START_SECONDS = 120.0
"""How long an engine may take until it is ready."""


class TabError(Exception):
    """The engine does not run in the tab; the message is what it said."""


@dataclass(frozen=True)
class LiveRun:
    """What became of a cell in the tab.

    Attributes:
        outputs: In nbformat's form, as they came.
        status: Exit status of its last command; 1 for an exception in Python.
        end: ``done``, ``died``, ``too-much``, ``interrupted`` or ``lost``.
        late: Whether it had to be stopped.
        milliseconds: What the engine took for it.
        first: Milliseconds until the first output; None if there was none.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    status: int = 0
    end: str = "done"
    late: bool = False
    milliseconds: float = 0.0
    first: float | None = None


class Tab:
    """A bare page with an engine.

    Args:
        page: An empty tab.
        site: Address of the site's root.
        engine: Address of the engine's module, below the root.
    """

    def __init__(self, page: Page, site: str, engine: str) -> None:
        self.page, self.site, self.engine = page, site, engine
        page.route(
            site + BARE, lambda route: route.fulfill(body=BARE_PAGE, content_type="text/html")
        )
        page.route(site + DRIVER, lambda route: route.fulfill(path=DRIVE))
        page.goto(site + BARE)

    def start(self) -> float:
        """Start the engine.

        Returns:
            Milliseconds until it was ready.

        Raises:
            TabError: It does not run here.
        """
        script = "async ([driver, engine, site]) => (await import(driver)).start(engine, site)"
        places = [self.site + DRIVER, self.site + self.engine, self.site]
        return float(self._call(script, places))

    def reset(self) -> None:
        """Put everything back to how it was before the first cell."""
        self._call("async ([driver]) => (await import(driver)).reset()", [self.site + DRIVER])

    def run(self, sequence: CellSequence, number: int, patience: float = 1.0) -> LiveRun:
        """Run one cell.

        Args:
            sequence: The cells of its chapter.
            number: Its place among them.
            patience: How many times its own time limit it may take.
        """
        cell = sequence.cells[number]
        request = {
            "language": cell.language,
            "source": cell.source,
            "chapter": address(sequence),
            "topic": sequence.topic,
            "cell": number,
        }
        script = "async ([driver, cell, limit]) => (await import(driver)).run(cell, limit)"
        limit = cell.timeout * patience * 1000
        found = self._call(script, [self.site + DRIVER, request, limit])
        names = LiveRun.__dataclass_fields__
        return LiveRun(**{name: value for name, value in found.items() if name in names})

    def run_all(self, sequence: CellSequence, patience: float = 1.0) -> list[LiveRun]:
        """Run the cells of a chapter in order."""
        return [self.run(sequence, number, patience) for number in range(len(sequence.cells))]

    def _call(self, script: str, arguments: list[Any]) -> Any:
        from playwright.sync_api import Error

        try:
            return self.page.evaluate(script, arguments)
        except Error as error:
            first = error.message.partition("\n")[0]
            raise TabError(first.removeprefix("Page.evaluate: Error: ")) from None


def address(sequence: CellSequence) -> str:
    """Return the address of a chapter's page, without its ending: ``foundations/activation``."""
    return PurePosixPath(*PurePosixPath(sequence.path).with_suffix("").parts[1:]).as_posix()


@contextlib.contextmanager
def tab(site: str, engine: str) -> Iterator[Tab]:
    """Open a tab in a browser of its own.

    Args:
        site: Address of the site's root.
        engine: Address of the engine's module, below the root.

    Raises:
        NoBrowserError: There is no Chromium, and none could be installed.
    """
    from playwright.sync_api import sync_playwright

    program = browser.require()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(browser.ARGUMENTS))
        try:
            yield Tab(chromium.new_page(), site, engine)
        finally:
            chromium.close()
