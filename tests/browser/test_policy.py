"""The policy that every page carries: it holds, and nothing of ours runs into it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Page, expect

from books import Book
from browser.decks import EVERYTHING, open_deck
from browser.speaker import press_s
from coursebook import steps
from coursebook.agreement.hosting import host
from coursebook.paths import SLIDES, Tree
from coursebook.publish import publish
from machines import stand_in

pytestmark = pytest.mark.browser

LISTEN = """
globalThis.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
    refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""

TABLE = "<style>.of-the-output > b { color: rgb(1, 2, 3) }</style><p class='of-the-output'><b>x</b>"

NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 4,
    "metadata": {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# Table"},
        {
            "cell_type": "code",
            "execution_count": 1,
            "metadata": {},
            "source": "table",
            "outputs": [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {"text/html": TABLE, "text/plain": "x"},
                }
            ],
        },
    ],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book with every element, and a notebook whose output has a style of its own."""
    root = tmp_path_factory.mktemp("policy") / "book"
    shutil.copytree(EVERYTHING, root, ignore=shutil.ignore_patterns("_build"))
    (root / "book" / "parts" / "table.ipynb").write_text(json.dumps(NOTEBOOK))
    toc = root / "_toc.yml"
    toc.write_text(
        re.sub(
            r"(?m)^( +- file: book/parts/seed)$",
            r"\1\n      - file: book/parts/table",
            toc.read_text(),
        )
    )
    tree = Tree(root)
    with steps.workers(tree) as crew:
        found = steps.make(tree, crew, lambda message: None)
    assert not found, "\n".join(map(str, found))
    publish(tree, stand_in(tree.machine))
    return tree.site


@pytest.fixture(scope="module")
def root(site: Path) -> Iterator[str]:
    with host(site, sub_path="/") as found:
        yield found.address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window that writes down whatever a policy refuses."""
    made = browser.new_context(viewport={"width": 1280, "height": 720})
    made.add_init_script(LISTEN)
    yield made
    made.close()


def pages(site: Path) -> list[str]:
    names = [file.relative_to(site).as_posix() for file in sorted(site.rglob("*.html"))]
    return [name for name in names if not name.startswith("live/")]


def refused(page: Page) -> list[str]:
    found: list[str] = page.evaluate("refused")
    return found


def test_every_page_carries_it_before_anything_that_it_rules(site: Path) -> None:
    names = pages(site)
    assert {"index.html", "search.html", "machine/licences.html", f"{SLIDES}/index.html"} <= set(
        names
    )
    for name in names:
        soup = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        assert soup.head
        first, second = soup.head.find_all(True)[:2]
        assert first.get("charset") == "utf-8", name
        policy = str(second["content"])
        assert second["http-equiv"] == "Content-Security-Policy"
        assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"), name
        inline = re.findall(r"(?:^|; )(\S+) [^;]*'unsafe-inline'", policy)
        assert inline == ["style-src-attr"]
        assert "://" not in policy
        assert "'unsafe-eval'" not in policy


def test_no_page_holds_a_script_or_a_handler_of_its_own(site: Path) -> None:
    for name in pages(site):
        soup = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        assert [
            tag for tag in soup.select("script:not([src])") if tag.get("type") != "application/json"
        ] == []
        handlers = [key for tag in soup.find_all(True) for key in tag.attrs if key.startswith("on")]
        assert handlers == [], name


def test_no_page_and_no_deck_runs_into_it(site: Path, root: str, context: BrowserContext) -> None:
    page = context.new_page()
    for name in pages(site):
        page.goto(root + name, wait_until="networkidle")
        assert refused(page) == [], name


def test_search_speaker_view_and_printing_work_under_it(root: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{root}index.html")
    page.keyboard.press("/")
    page.keyboard.type("table")
    expect(page.get_by_role("listbox").or_(page.locator("dialog")).first).to_be_visible()
    assert refused(page) == []
    open_deck(page, f"{root}{SLIDES}/parts/text.html")
    speaker = press_s(page)
    expect(speaker.notes).not_to_be_empty()
    for frame in speaker.page.frames:
        assert frame.evaluate("refused") == []
    assert refused(page) == []
    open_deck(page, f"{root}{SLIDES}/parts/text.html?view=print")
    assert page.evaluate(
        "[...document.adoptedStyleSheets[0].cssRules].map(r => r.cssText)[0]"
    ).startswith("@page")
    assert refused(page) == []


def test_drawings_and_outputs_keep_their_own_styles(root: str, context: BrowserContext) -> None:
    page = context.new_page()
    for up in ("", f"{SLIDES}/"):
        page.goto(f"{root}{up}parts/table.html")
        bold = page.locator(".of-the-output b").first
        assert bold.evaluate("one => getComputedStyle(one).color") == "rgb(1, 2, 3)"


def test_what_is_not_ours_does_not_run(root: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{root}index.html")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "globalThis.ran = true";
            document.body.append(script);
            const picture = "<img src='x:y' onerror='globalThis.ran = true'>";
            document.body.insertAdjacentHTML("beforeend", picture);
        }"""
    )
    page.wait_for_function("refused.length >= 2")
    assert page.evaluate("globalThis.ran") is None
    assert (
        page.evaluate("fetch('https://elsewhere.example/').then(() => 'had', () => 'refused')")
        == "refused"
    )
    assert any(one.startswith("connect-src") for one in refused(page))


def test_a_book_without_slides_of_its_own_carries_it_too(book: Book) -> None:
    book.build()
    for drawn in (book.page("index"), book.deck("opening")):
        assert drawn.select_one("meta[http-equiv=Content-Security-Policy]")
