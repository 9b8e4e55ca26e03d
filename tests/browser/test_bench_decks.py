"""The bench of decks measures what it says."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
from argparse import ArgumentTypeError
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from books import Book
from coursebook.agreement.hosting import host
from coursebook.bench import deck_browser, deck_report, deck_text, turning
from coursebook.bench.deck import take
from coursebook.bench.figures import Collected
from coursebook.bench.measure import Cost
from coursebook.bench.rivals import deck_tools
from coursebook.bench.rivals.deck_tools import DeckTool
from coursebook.bench.rivals.parts import NoRivalError
from coursebook.commands import bench
from coursebook.live import vendor
from coursebook.paths import SLIDES
from coursebook.publish import publish

FILES = {
    "index.html": '<!doctype html><link rel="stylesheet" href="a.css"><h1 hidden>TITLE</h1>'
    '<script type="module" src="a.js"></script><script src="https://example.org/far.js"></script>',
    "a.css": "h1 { color: red }" * 40,
    "a.js": 'import "./b.js";\naddEventListener("click", () => import("./later.js"));\n',
    "b.js": "await new Promise((done) => { setTimeout(done, 300); });\n"
    'document.querySelector("h1").hidden = false;\n'
    "globalThis.shownAt = performance.now();\n",
    "later.js": "export const more = 1;\n",
}
"""A deck that shows its first slide late, and asks another host."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text.replace("TITLE", deck_text.TITLE))
    return tmp_path


# The text


def test_every_tool_gets_the_same_sixty_slides() -> None:
    ours, theirs = deck_text.by_headings(), deck_text.by_dashes("theme: default")
    assert len(re.findall(r"(?m)^##? ", ours)) == deck_text.SLIDES == 60
    body = theirs.partition("\n---\n\n")[2]
    assert body.count("\n---\n") == deck_text.SLIDES - 1
    assert body.replace("\n\n---\n\n# ", "\n\n## ") == ours
    for part in ("```python", "```bash", "| what |", "> ", "![Two shapes]", "**", "- "):
        assert part in ours


# In the browser


@pytest.mark.browser
def test_a_deck_weighs_what_a_browser_loads_before_any_click(site: Path, browser: Browser) -> None:
    figures = Collected()
    deck_browser.visit(browser, site, "index.html", "a tool", figures)
    medians = figures.medians()
    loaded = [(site / name).read_bytes() for name in FILES if name != "later.js"]
    sizes = [min(len(content), len(gzip.compress(content, 6))) for content in loaded]
    assert medians["a tool, bytes"] == sum(sizes)
    assert medians["a tool, files"] == len(loaded)
    assert medians["a tool, elsewhere"] == 1


@pytest.mark.browser
def test_the_first_slide_is_there_when_it_is_seen_and_not_when_it_is_loaded(
    site: Path, browser: Browser
) -> None:
    with host(site, sub_path="/") as served, deck_browser.fresh_page(browser) as page:
        page.goto(served.address)
        assert deck_browser.first_slide(page) >= page.evaluate("shownAt")


def test_frames_that_are_late_are_counted() -> None:
    assert [turning.lost(one) for one in (15.0, 17.0, 24.0, 33.4, 50.0)] == [0, 0, 0, 1, 2]


@pytest.mark.browser
def test_our_deck_of_sixty_slides_is_light_asks_nobody_and_turns_beside_plain_reveal(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.build(lambda message: None)
    book = Book(tmp_path / "book")
    deck_text.write_our_book(book.root)
    assert book.problems() == []
    publish(book.tree)
    figures = Collected()
    deck_browser.visit(browser, book.tree.site, f"{SLIDES}/deck.html", "ours", figures)
    medians = figures.medians()
    assert medians["ours, bytes"] <= 150_000
    assert medians["ours, elsewhere"] == 0
    deck = (book.tree.site / SLIDES / "deck.html").read_text(encoding="utf-8")
    assert len(re.findall(r'<section [^>]*class="[^"]*\bcb-slide\b', deck)) == deck_text.SLIDES
    monkeypatch.setattr(turning, "TURNS", 4)
    monkeypatch.setattr(turning, "REST", 6)
    tool = DeckTool("ours", lambda: Cost(0, 0, 0), book.tree.site, f"{SLIDES}/deck.html", None)
    monkeypatch.setattr(deck_browser, "chromium", lambda: contextlib.nullcontext(browser))
    take(tool, ("turn",), figures)
    medians = figures.medians()
    assert medians["ours, turns"] == medians["ours, turns, reveal alone"] == 4
    assert medians["ours, turn work"] > 0 and medians["ours, frames lost, reveal alone"] >= 0
    table = deck_report.table(medians)
    assert re.search(r"(?m)^slides turned +4 ", table)
    assert re.search(r"(?m)^the same slides by reveal.js alone +\d", table)


@pytest.mark.browser
def test_a_deck_that_does_not_turn_says_so(
    site: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turning, "TURNS", 2)
    monkeypatch.setattr(turning, "REST", 2)
    figures = Collected()
    turning.note(browser, site, "index.html", "a tool", figures)
    assert figures.medians()["a tool, turns"] == 0


# The rivals


def test_rivals_are_locked_by_version_and_hash() -> None:
    read = [path.read_text(encoding="utf-8") for path in sorted(deck_tools.MANIFESTS.iterdir())]
    lock, manifest = map(json.loads, read)
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in manifest["dependencies"].values())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert {"node_modules/@slidev/cli", "node_modules/@marp-team/marp-cli"} <= set(packages)
    unlocked = [name for name, one in packages.items() if "integrity" not in one]
    assert [name for name in unlocked if not packages[name].get("inBundle")] == []
    assert "resolved" not in read[0]


def test_rivals_that_cannot_be_fetched_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(NoRivalError, match="node"):
        deck_tools.fetch(tmp_path / "rivals")


# The table


def test_the_table_has_our_share_of_what_each_rival_costs() -> None:
    medians = {
        "ours, build": 2000.0,
        "Slidev, build": 8000.0,
        "Marp, build": 1000.0,
        "ours, bytes": 60_000.0,
        "Marp, PDF": 5000.0,
        "ours, elsewhere": 0.0,
        "Slidev, elsewhere": 3.0,
    }
    lines = deck_report.table(medians).splitlines()
    assert lines[0].split() == "60 slides, medians ours goal sphinx-revealjs Slidev Marp".split()
    rows = {line.partition("  ")[0]: re.split(r" {2,}", line)[1:] for line in lines[1:]}
    assert rows["building, from nothing"] == ["2.00 s", "–", "8.00 s (0.25)", "1.00 s (2.00)"]
    assert rows["the deck before any click, gzip"][:2] == ["60.0 kB", "≤ 150 kB"]
    assert rows["PDF of 60 slides"] == ["–", "≤ 10 s", "–", "–", "5.00 s"]
    assert "opening → first slide seen" not in rows


def test_measures_are_those_of_one_kind() -> None:
    assert bench._measures("build,print") == ("build", "print")
    with pytest.raises(ArgumentTypeError, match="build, open, turn, print"):
        bench._measures("build,rivals")


def test_a_figure_of_building_is_time_and_work(site: Path) -> None:
    tool = DeckTool("ours", lambda: Cost(2.0, 1.5, 0), site, "", lambda: Cost(9.0, 1, 0))
    figures = Collected()
    take(tool, ("build", "print"), figures)
    assert figures.medians() == {
        "ours, build": 2000.0,
        "ours, build work": 1500.0,
        "ours, PDF": 9000.0,
    }
