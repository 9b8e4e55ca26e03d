"""Frames while slides turn: a deck by any tool, and ours beside plain reveal.js in one run.

A screen shows a frame every 16.7 ms. A turn that takes longer than that drops some, and the
audience sees it. All decks are turned by the same key; between two turns some frames pass.
"""

from __future__ import annotations

import html
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from coursebook.agreement.hosting import host
from coursebook.bench.deck_browser import first_slide, fresh_page
from coursebook.bench.figures import Collected

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TURNS = 20
"""How many slides the bench turns."""

REST = 54
"""Frames from one turn to the next, 0.9 s; every tool's transition is over by then."""

FRAMES_BETWEEN = 6
"""The same for decks without a transition, which need not wait for any."""

FRAME = 1000 / 60
LATE = 1.5 * FRAME
"""Milliseconds between two frames from which at least one is missing."""

PLAIN = "plain.html"

ALONE = ", reveal alone"
"""What is added to a figure of our slides that reveal.js shows without us."""

SECTIONS = re.compile(r'<main class="slides">(.*)</main>', re.DOTALL)

TURN = """async ({ turns, between }) => {
    const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });
    const { port1, port2 } = new MessageChannel();
    const task = () => new Promise((resolve) => {
        port1.onmessage = resolve;
        port2.postMessage(null);
    });
    const place = () => JSON.stringify([location.href, globalThis.Reveal?.getState?.()]);
    const found = { turned: 0, intervals: [], work: [] };
    for (let turn = 0; turn < turns; turn += 1) {
        if (globalThis.Reveal?.isLastSlide?.()) {
            Reveal.slide(0, 0);
            for (let rest = 0; rest < between; rest += 1) await frame();
        }
        const before = place();
        let last = await frame();
        // Reveal knows keys by their codes, others by their names.
        const names = { key: "PageDown", code: "PageDown", keyCode: 34 };
        const key = { ...names, bubbles: true, cancelable: true };
        const began = performance.now();
        (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", key));
        await task(); // what a tool puts off until its script is over, is over as well
        document.body.getBoundingClientRect(); // styles and layout are part of it
        found.work.push(performance.now() - began);
        (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keyup", key));
        for (let rest = 0; rest < between; rest += 1) {
            const now = await frame();
            found.intervals.push(now - last);
            last = now;
        }
        found.turned += Number(place() !== before);
    }
    return found;
}"""
"""Turns slides; returns milliseconds from frame to frame, and what each turn took.

A turn that changed neither the address nor what reveal says of its place was none.
"""


class Turned(TypedDict):
    """What a deck gave when it was turned: how often it did, and milliseconds."""

    turned: int
    intervals: list[float]
    work: list[float]


@dataclass(frozen=True)
class Frames:
    """Frames while slides turned.

    Attributes:
        turns: How many turns were made.
        median: From a frame to the next, in milliseconds.
        worst: The longest of these intervals.
        lost: Frames that did not come.
        work: What a turn keeps the page busy, in milliseconds: script, styles and layout. The least
            of all turns, because whatever else the machine does only adds to it.
    """

    turns: int
    median: float
    worst: float
    lost: int
    work: float


def lost(milliseconds: float) -> int:
    """Return how many frames are missing between two that came."""
    return round(milliseconds / FRAME) - 1 if milliseconds > LATE else 0


def summary(rounds: Sequence[Turned]) -> Frames:
    """Say in few figures what was measured, in one round or several."""
    intervals = [interval for one in rounds for interval in one["intervals"]]
    return Frames(
        turns=sum(one["turned"] for one in rounds),
        median=statistics.median(intervals),
        worst=max(intervals),
        lost=sum(map(lost, intervals)),
        work=min(work for one in rounds for work in one["work"]),
    )


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


def turn(page: Page, turns: int, between: int) -> Turned:
    """Turn a deck that is open and shows a slide.

    Args:
        page: 1280 × 720.
        turns: How many slides are turned.
        between: Frames from one turn to the next.
    """
    page.evaluate(TURN, {"turns": 5, "between": FRAMES_BETWEEN})  # compiles what it needs
    found: Turned = page.evaluate(TURN, {"turns": turns, "between": between})
    return found


def note(
    launched: Browser, site: Path, page_address: str, name: str, figures: Collected, alone: str = ""
) -> None:
    """Turn a deck by whatever tool, in a browser that has never seen it, and note its frames.

    Args:
        launched: The browser.
        site: The folder with the deck.
        page_address: The deck's address below it.
        name: The tool's.
        figures: Where what was measured goes.
        alone: What is written behind the name of each figure, if it is not the tool's own deck.
    """
    with host(site, sub_path="/") as served, fresh_page(launched) as page:
        page.goto(served.address + page_address, wait_until="networkidle")
        first_slide(page)
        frames = summary([turn(page, TURNS, REST)])
    figures.note(f"{name}, turns{alone}", frames.turns)
    figures.note(f"{name}, frame{alone}", frames.median)
    figures.note(f"{name}, frames lost{alone}", frames.lost)
    figures.note(f"{name}, turn work{alone}", frames.work)


def compare(
    browser: Browser, ours: str, plain: str, rounds: int = 3, turns: int = 60
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
    found: dict[str, list[Turned]] = {"ours": [], "plain": []}
    for _ in range(rounds):
        for name, address in (("ours", ours), ("plain", plain)):
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            page = context.new_page()
            page.goto(address)
            page.wait_for_function("() => globalThis.Reveal?.isReady()")
            found[name].append(turn(page, turns, FRAMES_BETWEEN))
            context.close()
    return {name: summary(listed) for name, listed in found.items()}
