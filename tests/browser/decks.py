"""What tests of decks in a real browser share."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Page

from coursebook.paths import FRONTEND

EVERYTHING = Path(__file__).parent.parent / "books" / "everything"
"""A book with every element that an author may write."""


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
    # From the deck's own origin: its policy lets nothing else run.
    address = urljoin(page.url, "/measuring/measure.js")
    modules = FRONTEND / "serve"
    page.route(
        urljoin(page.url, "/measuring/*"),
        lambda route: route.fulfill(path=modules / route.request.url.rpartition("/")[2]),
    )
    found: list[dict[str, Any]] = page.evaluate(
        """async (script) => {
            const { settle, turnTo, measureAsShown } = await import(script);
            await settle();
            return Reveal.getSlides().flatMap((slide, place) => {
                turnTo(Reveal, place);
                const beyond = measureAsShown(Reveal, slide).filter(({ kind }) => kind !== "small");
                if (beyond.length === 0) return [];
                const sides = Object.assign({}, ...beyond.map((finding) => finding.sides));
                const culprit = `<${beyond[0].what}> ${beyond[0].text}`;
                const title = slide.querySelector("h1, h2, h3")?.textContent ?? "";
                return [{ slide: slide.id, title, sides, culprit }];
            });
        }""",
        address,
    )
    return found
