"""The course as its readers meet it: every page and every slide in a real browser."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Response

from browser import axe
from commands import type_in
from coursebook.paths import REPOSITORY, SLIDES, Tree

pytestmark = pytest.mark.browser

ALL_SHOWN = """() => {
  for (const one of document.querySelectorAll(".slides section, .slides .fragment")) {
    one.removeAttribute("aria-hidden");
    one.hidden = one.inert = false;
  }
}"""
"""Takes from the slides that are not shown what keeps a screen reader from them."""


@pytest.fixture(scope="module")
def site() -> Path:
    """The real book, built by the command of the README."""
    answer = type_in("build", REPOSITORY, seconds=900)
    assert answer.returncode == 0, answer.stderr
    return Tree(REPOSITORY).site


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts whose pages may ask nobody else for anything, and may not complain."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_context(width: int, height: int, scheme: str) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.on(
            "request",
            lambda request: (
                None
                if urlsplit(request.url).hostname in ("127.0.0.1", None)
                else wrong.append(f"asked {request.url}")
            ),
        )
        context.on(
            "console",
            lambda message: (
                wrong.append(f"{message.type}: {message.text} ({message.location.get('url')})")
                if message.type in ("error", "warning")
                else None
            ),
        )
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert wrong == []


def decks(site: Path) -> list[str]:
    return sorted(
        file.relative_to(site).as_posix()
        for file in (site / SLIDES).rglob("*.html")
        if file.relative_to(site / SLIDES).as_posix() not in ("index.html", "speaker.html")
    )


def pages(site: Path) -> list[str]:
    return sorted(
        file.relative_to(site).as_posix()
        for file in site.rglob("*.html")
        # What stands in `live` is shown within pages, and is none itself.
        if not {SLIDES, "live"} & set(file.relative_to(site).parts)
    )


BROKEN = """() =>
  [...document.querySelectorAll("code > .pre:not(.cb-breakable)")]
    .filter((word) => new Set([...word.getClientRects()].map((box) => box.top)).size > 1)
    .map((word) => word.textContent)"""
"""Finds the words of commands that stand in two lines."""


def test_no_page_is_wider_than_a_phone_and_no_option_is_broken(
    site: Path, serve: Callable[[Path], str], watched: Callable[..., BrowserContext]
) -> None:
    root = serve(site)
    page = watched(390, 844, "light").new_page()
    for name in pages(site):
        page.goto(root + name)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= 390, f"{name} is {width} wide"
        assert page.evaluate(BROKEN) == [], name


def test_pages_and_decks_load_light_without_complaint_and_ask_nobody_else(
    site: Path, serve: Callable[[Path], str], watched: Callable[..., BrowserContext]
) -> None:
    """At most 120 kB gzip of HTML, CSS and JavaScript before any click; decks at most 150."""
    root = serve(site)
    for name in [*pages(site), *decks(site), f"{SLIDES}/index.html"]:
        loaded: list[tuple[str, int]] = []

        def weigh(
            response: Response, name: str = name, loaded: list[tuple[str, int]] = loaded
        ) -> None:
            # To open the page of the search is to search: there its index comes at once.
            if not (name == "search.html" and response.url.endswith("/search.json")):
                loaded.append((response.url, len(gzip.compress(response.body()))))

        page = watched(1280, 900, "light").new_page()
        page.on("response", weigh)
        page.goto(root + name, wait_until="networkidle")
        limit = 150_000 if name.startswith(SLIDES) else 120_000
        assert 0 < sum(size for _, size in loaded) <= limit, (name, loaded)
        if not name.startswith(SLIDES):
            assert axe.violations(page) == [], name
        page.close()


def test_dark_pages_load_without_complaint_and_can_be_read(
    site: Path, serve: Callable[[Path], str], watched: Callable[..., BrowserContext]
) -> None:
    root = serve(site)
    for name in [*pages(site), f"{SLIDES}/index.html"]:
        page = watched(1280, 900, "dark").new_page()
        page.goto(root + name, wait_until="networkidle")
        assert axe.violations(page, "color-contrast") == [], name
        page.close()


@pytest.mark.parametrize(("scheme", "rules"), [("light", ()), ("dark", ("color-contrast",))])
def test_axe_finds_nothing_on_any_slide(
    site: Path,
    serve: Callable[[Path], str],
    watched: Callable[..., BrowserContext],
    scheme: str,
    rules: tuple[str, ...],
) -> None:
    root = serve(site)
    for name in decks(site):
        page = watched(1280, 720, scheme).new_page()
        # Every slide is laid out, and none waits for its turn.
        page.goto(f"{root}{name}?print-pdf")
        page.wait_for_selector(".pdf-page")
        page.evaluate(ALL_SHOWN)
        assert axe.violations(page, *rules) == [], name
        page.close()


def test_every_slide_leads_to_its_notes_and_every_section_to_its_slide(
    site: Path, serve: Callable[[Path], str], watched: Callable[..., BrowserContext]
) -> None:
    root = serve(site)
    page = watched(1280, 720, "light").new_page()
    for start in [*pages(site), *decks(site)]:
        page.goto(root + start)
        links = page.eval_on_selector_all("a.cb-counterpart", "found => found.map(a => a.href)")
        if start.endswith(("search.html", "licences.html")):
            continue
        assert links, f"{start} leads nowhere"
        for link in set(links):
            address, _, section = link.removeprefix(root).partition("#")
            target = site / address
            assert target.is_file(), f"{start} leads to {address}"
            section = section.removeprefix("/")
            if section:
                assert f'id="{section}"' in target.read_text(), f"{start} leads to {link}"
