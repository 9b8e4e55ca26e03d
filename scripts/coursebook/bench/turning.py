"""Frames while slides turn: our deck beside plain reveal.js with the same sections, in one run.

A screen shows a frame every 16.7 ms. A turn that takes longer than that drops some, and the
audience sees it. Both decks are turned by the same key; between two turns some frames pass.
"""

from __future__ import annotations

import html
import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TURNS = 60
FRAMES_BETWEEN = 6

DROPPED = 1.5
"""A frame that comes later than so many usual intervals was preceded by one that was dropped."""

PLAIN = "plain.html"

SECTIONS = re.compile(r'<main class="slides">(.*)</main>', re.DOTALL)

TURN = """async ({ turns, between }) => {
    const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });
    const found = { intervals: [], work: [] };
    for (let turn = 0; turn < turns; turn += 1) {
        if (Reveal.isLastSlide()) {
            Reveal.slide(0, 0);
            for (let rest = 0; rest < between; rest += 1) await frame();
        }
        let last = await frame();
        // Reveal knows keys by their codes.
        const key = { key: "PageDown", keyCode: 34, bubbles: true, cancelable: true };
        const began = performance.now();
        (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", key));
        Reveal.getCurrentSlide().getBoundingClientRect(); // styles and layout are part of it
        found.work.push(performance.now() - began);
        for (let rest = 0; rest < between; rest += 1) {
            const now = await frame();
            found.intervals.push(now - last);
            last = now;
        }
    }
    return found;
}"""
"""Turns slides; returns milliseconds from frame to frame, and what each turn took."""


@dataclass(frozen=True)
class Frames:
    """Frames while slides turned.

    Attributes:
        median: From a frame to the next, in milliseconds.
        worst: The longest of these intervals.
        late: Share of the frames before which one was dropped, from 0 to 1.
        work: What a turn keeps the page busy, in milliseconds: script, styles and layout. The least
            of all turns, because whatever else the machine does only adds to it.
    """

    median: float
    worst: float
    late: float
    work: float


def summary(intervals: Iterable[float], work: Iterable[float]) -> Frames:
    """Say in few figures what was measured, in milliseconds."""
    listed = list(intervals)
    median = statistics.median(listed)
    late = sum(interval > DROPPED * median for interval in listed)
    return Frames(median, max(listed), late / len(listed), min(work))


def write_plain(deck: Path) -> Path:
    """Write a deck's sections as reveal.js alone shows them, beside the deck's index.

    It has reveal's own keys and settings, its styles and no theme, and no transition, as ours:
    the least that a deck can have to do.

    Args:
        deck: A built deck.

    Returns:
        The file.
    """
    text = deck.read_text(encoding="utf-8")
    found = SECTIONS.search(text)
    if found is None:
        raise ValueError(f"{deck.name} is no deck")
    up = "../" * (len(deck.relative_to(top := _top(deck)).parts) - 1)
    target = deck.with_name(PLAIN)
    static = html.escape(f"{up}{(top / '_static').name}")
    target.write_text(
        f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Plain</title>
<link rel="stylesheet" href="{static}/reveal.css"></head><body>
<div class="reveal"><div class="slides">{found[1]}</div></div>
<script type="module">
import Reveal from "./{static}/reveal.esm.js";
globalThis.Reveal = new Reveal({{ width: 1280, height: 720, hash: true, transition: "none" }});
globalThis.Reveal.initialize();
</script></body></html>
""",
        encoding="utf-8",
    )
    return target


def _top(deck: Path) -> Path:
    return next(folder for folder in deck.parents if (folder / "_static" / "reveal.css").exists())


def turn(page: Page, address: str, turns: int) -> dict[str, list[float]]:
    """Open a deck and turn it.

    Args:
        page: 1280 × 720.
        address: A page with reveal.js.
        turns: How many slides are turned.

    Returns:
        Milliseconds: ``intervals`` from each frame to the next, and the ``work`` of each turn.
    """
    page.goto(address)
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    page.evaluate(TURN, {"turns": 5, "between": FRAMES_BETWEEN})  # compiles what it needs
    found: dict[str, list[float]] = page.evaluate(TURN, {"turns": turns, "between": FRAMES_BETWEEN})
    return found


def compare(
    browser: Browser, ours: str, plain: str, rounds: int = 3, turns: int = TURNS
) -> dict[str, Frames]:
    """Turn both decks one after the other, so that what else the machine does meets both.

    Args:
        browser: Chromium.
        ours: Address of our deck.
        plain: Address of plain reveal's, see ``write_plain``.
        rounds: How often each is opened and turned.
        turns: How many slides are turned each time.

    Returns:
        ``ours`` and ``plain``.
    """
    found: dict[str, list[dict[str, list[float]]]] = {"ours": [], "plain": []}
    for _ in range(rounds):
        for name, address in (("ours", ours), ("plain", plain)):
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            found[name].append(turn(context.new_page(), address, turns))
            context.close()
    return {
        name: summary(
            (one for each in listed for one in each["intervals"]),
            (one for each in listed for one in each["work"]),
        )
        for name, listed in found.items()
    }
