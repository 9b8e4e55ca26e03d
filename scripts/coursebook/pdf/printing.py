"""Chromium prints: a document of HTML goes in, a PDF comes out.

Nothing is fetched from anywhere: the files of the book are handed to the browser from the disk,
below an address that does not exist, and every other request is refused. It is the same on every
machine, so that nothing in a PDF tells of one.
"""

from __future__ import annotations

import contextlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote, urlsplit

from playwright.sync_api import (
    Browser,
    Error,
    Page,
    Playwright,
    Route,
    ViewportSize,
    sync_playwright,
)

from coursebook import browser

SITE = "http://course.invalid/"
"""Where the browser thinks it is; names that end so are never anybody's: RFC 2606."""

SLIDE = ViewportSize(width=1280, height=720)
PAPER = ViewportSize(width=643, height=960)
"""Windows, in pixels: a slide, and the text on A4 (170 mm)."""


PATIENCE = 600_000
"""Milliseconds after which a document that does not load is given up."""


class CrashError(Exception):
    """The browser died while it printed, twice."""


@dataclass(frozen=True)
class Printed:
    """What came out.

    Attributes:
        pdf: The PDF, as Chromium writes it.
        shrunk: Slides that had to be made smaller to fit on their sheets: id → percent.
    """

    pdf: bytes
    shrunk: Mapping[str, int]


def require_chromium() -> str:
    """Return the path of a Chromium.

    Raises:
        NoBrowserError: There is none.
    """
    path = browser.find()
    if path is None:
        raise browser.NoBrowserError(f"there is no Chromium\n    {browser.HINT}")
    return path


class Printer:
    """A headless Chromium that lives for several documents.

    Args:
        files: What documents may load: address from the root of the site → file.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files
        self.refused: list[str] = []
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def __enter__(self) -> Printer:
        self._path = require_chromium()
        self._playwright = sync_playwright().start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()
        if self._playwright is not None:
            self._playwright.stop()

    def _close(self) -> None:
        if self._browser is not None:
            # One that has died cannot be closed.
            with contextlib.suppress(Error):
                self._browser.close()
            self._browser = None

    def print(self, html: str, *, slides: bool = False, tagged: bool = True) -> Printed:
        """Print a document; after a crash, once more in a browser of its own.

        Args:
            html: The document; addresses in it are from the root of the site.
            slides: It is a deck: drawn as on a screen, and each slide made to fit on its sheet.
            tagged: Mark the text for screen readers; pictures of slides are not.

        Raises:
            CrashError: The browser died twice.
        """
        try:
            return self._print(html, slides, tagged)
        except Error as error:
            self._close()
            if not _is_crash(error):
                raise
        try:
            return self._print(html, slides, tagged)
        except Error as error:
            self._close()
            if not _is_crash(error):
                raise
            raise CrashError(str(error).strip().partition("\n")[0]) from error

    def _print(self, html: str, slides: bool, tagged: bool) -> Printed:
        if self._browser is None:
            assert self._playwright is not None
            self._browser = self._playwright.chromium.launch(
                executable_path=self._path, args=list(browser.ARGUMENTS)
            )
        # A context of its own: numbers that Chromium gives to elements begin anew.
        context = self._browser.new_context(
            viewport=SLIDE if slides else PAPER,
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-US",
        )
        # A long book takes its time.
        context.set_default_navigation_timeout(PATIENCE)
        with contextlib.closing(context):
            page = context.new_page()
            page.route("**/*", lambda route: self._answer(route, html))
            return self._take(page, slides, tagged)

    def _take(self, page: Page, slides: bool, tagged: bool) -> Printed:
        """Open the document and print it; tests put a crash in its place."""
        page.emulate_media(media="screen" if slides else "print")
        page.goto(SITE)
        page.evaluate("document.fonts.ready.then(() => true)")
        fit = "fitSlides" if slides else "fitPaper"
        shrunk = page.evaluate(f"async () => (await import('/.paper/fit.js')).{fit}(document)")
        pdf = page.pdf(
            prefer_css_page_size=True, print_background=True, tagged=tagged, outline=not slides
        )
        return Printed(pdf, shrunk or {})

    def _answer(self, route: Route, html: str) -> None:
        address = route.request.url
        if address == SITE:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        place = unquote(urlsplit(address).path).removeprefix("/")
        file = self.files.get(place)
        if not address.startswith(SITE) or file is None:
            self.refused.append(address)
            route.abort()
            return
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(body=file.read_bytes(), content_type=kind)


def _is_crash(error: Error) -> bool:
    """Tell a browser that has died from a mistake of ours."""
    return any(word in str(error).lower() for word in ("crash", "closed", "disconnected"))
