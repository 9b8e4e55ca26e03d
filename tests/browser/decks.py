"""What tests of decks in a real browser share."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from coursebook.paths import FRONTEND

WIDTH, HEIGHT = 1280, 720
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback and yield its address."""
    handler = partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a headless Chromium: the system's where there is one, or else Playwright's own."""
    system = CHROMIUM if Path(CHROMIUM).exists() else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def open_deck(page: Page, address: str) -> None:
    """Go to a deck and wait until it can be turned."""
    page.goto(address)
    page.wait_for_function("() => globalThis.Reveal?.isReady()")


def overflowing_slides(page: Page) -> list[dict[str, Any]]:
    """Measure every slide of an open deck, with all fragments shown.

    Returns:
        One entry for each slide whose content sticks out: ``slide`` (its id), ``title``, ``sides``
        (``bottom``, ``right``, ``left``, ``top`` → logical pixels beyond the room of the slide)
        and ``culprit`` (the element that sticks out farthest). Empty when all is well.
    """
    script = (FRONTEND / "deck" / "measure.js").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = page.evaluate(
        """async (script) => {
            const blob = new Blob([script], { type: "text/javascript" });
            const { overflowingSlides } = await import(URL.createObjectURL(blob));
            return overflowingSlides(globalThis.Reveal);
        }""",
        script,
    )
    return found
