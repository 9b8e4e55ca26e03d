"""Frames while slides turn: our deck beside plain reveal.js with the same sections, in one run.

A screen shows a frame every 16.7 ms. A turn that takes longer than that drops some, and the audience
sees it. Both decks are turned by the same key; between two turns some frames pass, as on a wall.
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
    const found = [];
    for (let turn = 0; turn < turns; turn += 1) {
        if (Reveal.isLastSlide()) {
            Reveal.slide(0, 0);
            for (let rest = 0; rest < between; rest += 1) await frame();
        }
        let last = await frame();
        const press = { key: "PageDown", code: "PageDown", keyCode: 34, bubbles: true, cancelable: true };
        (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", press));
        for (let rest = 0; rest < between; rest += 1) {
            const now = await frame();
            found.push(now - last);
            last = now;
        }
    }
    return found;
}"""
"""Turns slides and returns all intervals between frames, in milliseconds."""


@dataclass(frozen=True)
class Frames:
    """Intervals between frames while slides turned.

    Attributes:
        median: In milliseconds.
        worst: In milliseconds.
        dropped: Share of the frames that came too late, from 0 to 1.
    """

    median: float
    worst: float
    dropped: float


def summary(intervals: Iterable[float]) -> Frames:
    """Say in three figures what intervals, in milliseconds, were."""
    listed = list(intervals)
    median = statistics.median(listed)
    late = sum(interval > DROPPED * median for interval in listed)
    return Frames(median, max(listed), late / len(listed))


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


def intervals(page: Page, address: str, turns: int = TURNS) -> list[float]:
    """Open a deck and turn it.

    Args:
        page: 1280 × 720.
        address: A page with reveal.js.
        turns: How many slides are turned.

    Returns:
        Milliseconds from each frame to the next.
    """
    page.goto(address)
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    page.evaluate(TURN, {"turns": 5, "between": FRAMES_BETWEEN})  # compiles what it needs
    found: list[float] = page.evaluate(TURN, {"turns": turns, "between": FRAMES_BETWEEN})
    return found


def compare(browser: Browser, ours: str, plain: str, rounds: int = 3) -> dict[str, Frames]:
    """Turn both decks by turns, so that what else the machine does meets both.

    Args:
        browser: Chromium.
        ours: Address of our deck.
        plain: Address of plain reveal's, see ``write_plain``.
        rounds: How often each is turned.

    Returns:
        ``ours`` and ``plain``.
    """
    found: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(rounds):
        for name, address in (("ours", ours), ("plain", plain)):
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            found[name] += intervals(context.new_page(), address)
            context.close()
    return {name: summary(listed) for name, listed in found.items()}
