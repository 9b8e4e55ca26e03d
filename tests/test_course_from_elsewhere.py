"""A course of this shape that was written elsewhere, dropped into ``book/`` with its ``_toc.yml``.

It comes with the settings of this checkout, and is built as it is.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from commands import type_in
from coursebook.paths import REPOSITORY, SLIDES

COURSE = Path(__file__).parent / "books" / "elsewhere"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("elsewhere") / "course"
    shutil.copytree(COURSE, root)
    shutil.copy(REPOSITORY / "_config.yml", root)
    answer = type_in("build", root)
    assert answer.returncode == 0, answer.stderr
    return root / "_build" / "site"


def soup(site: Path, address: str) -> BeautifulSoup:
    return BeautifulSoup((site / address).read_text(encoding="utf-8"), "html.parser")


def test_nothing_of_the_conditionals_is_left(site: Path) -> None:
    for file in site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "{% if" not in text and "{% e" not in text, file
    assert "{% for" in soup(site, "week-1/quoting.html").get_text(), "raw text stays"


def test_cards_stand_on_the_slide_and_prose_in_the_notes(site: Path) -> None:
    page, deck = soup(site, "week-1/shells.html"), soup(site, f"{SLIDES}/week-1/shells.html")
    assert [card.get_text(strip=True) for card in deck.select(".sd-card-title")] == [
        "Interactive",
        "Script",
    ]
    assert "Nested: job control" in deck.get_text()
    assert not page.select(".sd-card")
    assert "expands it, and starts a program" in page.get_text()
    assert "expands it, and starts a program" not in deck.get_text()


def test_tabs_admonitions_and_other_peoples_braces_stay(site: Path) -> None:
    page = soup(site, "week-1/shells.html")
    assert len(page.select(".sd-tab-set > input")) == 2
    assert "${{ secrets.TOKEN }}" in page.get_text()
    assert "{#not-a-comment}" in page.get_text()
    assert "Not a programming language" in page.get_text()


def test_one_table_has_the_row_of_its_rendering(site: Path) -> None:
    for address, row in (
        ("week-1/shells.html", "any text, as it stands in a name of a file"),
        (f"{SLIDES}/week-1/shells.html", "any text"),
    ):
        (table,) = soup(site, address).find_all("table")
        cells = [cell.get_text(strip=True) for cell in table.select("tbody td")]
        assert cells == ["*", row, "?", "one letter"]


def test_included_parts_are_decided_too(site: Path) -> None:
    page, deck = soup(site, "week-1/shells.html"), soup(site, f"{SLIDES}/week-1/shells.html")
    assert "is split at every blank" in page.get_text()
    assert "Quote your variables." in deck.get_text()
    assert "Quote your variables." not in page.get_text()
    (link,) = [a for a in page.find_all("a") if "the list of quotes" in a.get_text()]
    assert str(link["href"]).endswith("quoting.html#quotes")


def test_headings_lists_and_formulas_follow(site: Path) -> None:
    page, deck = soup(site, "week-1/quoting.html"), soup(site, f"{SLIDES}/week-1/quoting.html")
    assert "Why it matters" in page.get_text()
    assert "Why it matters" not in deck.get_text()
    assert [len(side.select("ol > li")) >= 2 for side in (page, deck)] == [True, True]
    assert page.find("math") and deck.find("math")
    assert "$HOME" in page.get_text()


def test_the_reading_order_is_the_authors(site: Path) -> None:
    links = [str(link["href"]) for link in soup(site, "intro.html").select(".cb-navigation a")]
    order = [
        link for link in links if link.endswith(("shells.html", "quoting.html", "editors.html"))
    ]
    assert order == ["week-1/shells.html", "week-1/quoting.html", "editors.html"]


def test_the_front_page_is_found_whatever_its_name(site: Path) -> None:
    assert "intro.html" in (site / "index.html").read_text(encoding="utf-8")
