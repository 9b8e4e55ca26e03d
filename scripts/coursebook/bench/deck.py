"""The same sixty slides by us, by plain sphinx-revealjs, by Slidev and by Marp: who costs what."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from coursebook.bench import deck_browser, turning
from coursebook.bench.deck_report import OURS
from coursebook.bench.figures import Collected
from coursebook.bench.rivals import deck_tools
from coursebook.bench.rivals.deck_tools import DeckTool
from coursebook.paths import DECK_RIVALS

Say = Callable[[str], None]


def measure(work: Path, measures: Sequence[str], runs: int, say: Say) -> Collected:
    """Take all measures that were asked for; all tools in turn, so that a busy hour hits all.

    Args:
        work: An empty folder.
        measures: Some of ``build``, ``open``, ``turn`` and ``print``.
        runs: How often everything is measured, after one time that warms everybody up.
        say: Is told what is being done.

    Raises:
        NoRivalError: A rival could not be fetched.
        CannotBuildError: Node could not be fetched.
    """
    say("fetching Slidev and Marp from npm, unless they are there")
    node = deck_tools.fetch(DECK_RIVALS)
    tools = (
        deck_tools.ours(work),
        deck_tools.plain_reveal(work),
        deck_tools.slidev(node, DECK_RIVALS),
        deck_tools.marp(node, DECK_RIVALS),
    )
    say("building each once: compiled modules and file caches")
    for tool in tools:
        tool.build()
    figures = Collected()
    for number in range(1, runs + 1):
        say(f"run {number} of {runs}: {', '.join(measures)}")
        for tool in tools:
            take(tool, measures, figures)
    shutil.rmtree(work / "ours", ignore_errors=True)
    return figures


def take(tool: DeckTool, measures: Sequence[str], figures: Collected) -> None:
    """Measure one tool once."""
    if "build" in measures:
        cost = tool.build()
        figures.note(f"{tool.name}, build", 1000 * cost.seconds)
        figures.note(f"{tool.name}, build work", 1000 * cost.work)
    if {"open", "turn"} & set(measures):
        with deck_browser.chromium() as launched:
            if "open" in measures:
                deck_browser.visit(launched, tool.site, tool.page, tool.name, figures)
            if "turn" in measures:
                turning.note(launched, tool.site, tool.page, tool.name, figures)
                if tool.name == OURS:
                    plain = turning.write_plain(tool.site / tool.page).relative_to(tool.site)
                    turning.note(
                        launched, tool.site, plain.as_posix(), OURS, figures, turning.ALONE
                    )
    if "print" in measures and tool.pdf:
        figures.note(f"{tool.name}, PDF", 1000 * tool.pdf().seconds)
