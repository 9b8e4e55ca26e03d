"""What a deck costs its reader: bytes before any click, and the first slide."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from coursebook import browser
from coursebook.agreement.hosting import host
from coursebook.bench.deck_text import TITLE
from coursebook.bench.figures import Collected

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Response, Route

PROBE = Path(__file__).with_name("first_slide.js")

WAIT = 120_000.0
"""Milliseconds that anything may take."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.require(), args=list(browser.ARGUMENTS)
        )
        try:
            yield launched
        finally:
            launched.close()


@dataclass
class Loaded:
    """What a page loads from its own host, and what it asks others for."""

    own: str
    answers: list[Response] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note all that a page asks for; others do not answer: the bench needs no network."""

        def route(asked: Route) -> None:
            parts = urlsplit(asked.request.url)
            if parts.netloc == self.own or parts.scheme in ("data", "blob"):
                asked.continue_()
            else:
                self.elsewhere.append(asked.request.url)
                asked.abort()

        def finished(request: Request) -> None:
            if urlsplit(request.url).netloc == self.own and (answer := request.response()):
                self.answers.append(answer)

        page.route("**/*", route)
        page.on("requestfinished", finished)

    @property
    def weight(self) -> int:
        """Bytes of all files as a host sends them: by gzip where that makes them smaller."""
        return sum(packed(answer.body()) for answer in self.answers if answer.ok)


def packed(content: bytes) -> int:
    """Return bytes of a file as a host sends it."""
    return min(len(content), len(gzip.compress(content, 6)))


def visit(launched: Browser, site: Path, page_address: str, name: str, figures: Collected) -> None:
    """Open a deck in a browser that has never seen it.

    Args:
        launched: The browser.
        site: The folder with the deck.
        page_address: The deck's address below it.
        name: The tool's.
        figures: Where what was measured goes.
    """
    # Once to weigh, with every answer watched; once for the clock, with nothing in its way.
    with host(site, sub_path="/") as served:
        with fresh_page(launched) as page:
            loaded = Loaded(urlsplit(served.address).netloc)
            loaded.watch(page)
            page.goto(served.address + page_address, wait_until="networkidle")
            figures.note(f"{name}, bytes", loaded.weight)
            figures.note(f"{name}, files", len(loaded.answers))
            figures.note(f"{name}, elsewhere", len(loaded.elsewhere))
        with fresh_page(launched) as page:
            page.goto(served.address + page_address)
            figures.note(f"{name}, first slide", first_slide(page))


@contextlib.contextmanager
def fresh_page(launched: Browser) -> Iterator[Page]:
    """Open a tab that has seen nothing, with the clock in it. Other hosts never answer."""
    context = launched.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(WAIT)
    context.add_init_script(PROBE.read_text(encoding="utf-8").replace("{title}", TITLE))
    try:
        yield context.new_page()
    finally:
        context.close()


def first_slide(page: Page) -> float:
    """Return milliseconds from the start of the visit until the first slide was seen."""
    page.wait_for_function("() => globalThis.benchFirstSlide")
    return float(page.evaluate("benchFirstSlide"))
