"""Every page leads to its slides and every slide to its notes, and no such link is dead."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from books import Book
from coursebook.course.counterparts import Section, correct, counterpart, to_deck, to_page
from coursebook.paths import SLIDES

CHAPTER = """\
# Limits

{% if slide %}
## On slides only

### Below it
{% else %}
## In the notes only
{% endif %}

(shared-label)=
## In both

{% if slide %}
## Twice written

For the wall.
{% else %}
## Twice written

For reading.
{% endif %}

## Same
### Same

## {% if slide %}Short{% else %}A longer title{% endif %}

Text.
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Book:
    book = Book(tmp_path_factory.mktemp("links") / "a-book")
    book.chapter("deep/limits", CHAPTER)
    return book.build()


def links(file: Path) -> dict[str, str]:
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    return {str(a["data-cb-section"]): str(a["href"]) for a in soup.select("a.cb-counterpart")}


def test_no_link_between_page_and_deck_is_dead(course: Book) -> None:
    site = course.tree.site
    checked = 0
    for file in site.rglob("*.html"):
        for address in links(file).values():
            parts = urlsplit(address)
            target = (file.parent / unquote(parts.path)).resolve()
            assert target.is_file(), f"{file}: {address}"
            name = unquote(parts.fragment).removeprefix("/")
            soup = BeautifulSoup(target.read_text(encoding="utf-8"), "html.parser")
            assert not name or soup.find(id=name) is not None, f"{file}: {address}"
            checked += 1
    assert checked > 12


def test_every_slide_has_a_link_to_its_notes(course: Book) -> None:
    deck = course.deck("deep/limits")
    for slide in deck.select("section.cb-slide"):
        assert len(slide.select("a.cb-counterpart")) == 1, slide["id"]


def test_slides_lead_to_the_same_section_of_the_page(course: Book) -> None:
    found = links(course.tree.site / SLIDES / "deep" / "limits.html")
    page = "../../deep/limits.html"
    assert found["shared-label"] == f"{page}#shared-label"
    assert found["twice-written"] == f"{page}#twice-written"
    assert found["same-same"] == f"{page}#same-same"
    assert found["short"] == f"{page}#a-longer-title", "the same line, under another title"


def test_a_section_of_one_side_leads_to_the_enclosing_one_of_the_other(course: Book) -> None:
    deck = links(course.tree.site / SLIDES / "deep" / "limits.html")
    assert deck["on-slides-only"] == "../../deep/limits.html#limits"
    assert deck["below-it"] == "../../deep/limits.html#limits"
    page = links(course.tree.site / "deep" / "limits.html")
    assert page["in-the-notes-only"] == "../slides/deep/limits.html#/limits"
    assert page["a-longer-title"] == "../slides/deep/limits.html#/short"


def test_the_front_page_and_its_deck_lead_to_each_other(course: Book) -> None:
    deck = links(course.tree.site / SLIDES / "opening.html")
    assert deck["front-page"] == "../index.html#front-page"


def test_links_are_right_again_after_a_heading_went(book: Book) -> None:
    book.chapter("a", "# A\n\n## First\n\n{% if slide %}\n## Second\n{% endif %}\n\nText.\n")
    book.build()
    book.chapter("a", "# A\n\n{% if slide %}\n## First\n\n## Second\n{% endif %}\n\nText.\n")
    book.build()
    found = links(book.tree.site / SLIDES / "a.html")
    assert found == {"a": "../a.html#a", "first": "../a.html#a", "second": "../a.html#a"}


def section(name: str, line: int, parent: int = -1, *names: str) -> Section:
    return Section(name, line, "a.md", parent, names)


def test_the_same_line_wins_over_the_same_name() -> None:
    here = [section("top", 1), section("summary", 9, 0)]
    there = [section("top", 1), section("summary", 4, 0), section("top-summary", 9, 0)]
    assert counterpart("summary", here, there) == "top-summary"


def test_a_section_without_any_counterpart_leads_to_the_top() -> None:
    assert counterpart("alone", [section("alone", 3)], [section("other", 7)]) == ""
    assert counterpart("unknown", [section("alone", 3)], [section("alone", 3)]) == ""
    assert to_page("index", "") == "../index.html"
    assert to_deck("a/b", "") == "../slides/a/b.html"


def test_the_same_line_of_another_file_is_another_section() -> None:
    here = [Section("a", 3, "a.md", -1)]
    assert counterpart("a", here, [Section("b", 3, "b.md", -1)]) == ""


def test_correcting_twice_changes_nothing_more() -> None:
    here, there = [section("top", 1), section("x", 3, 0)], [section("top", 1)]
    text = '<p><a class="k cb-counterpart" data-cb-section="x" href="?">Notes</a></p>'
    once = correct(text, "deep/a", here, there, to_page)
    assert 'href="../../deep/a.html#top"' in once
    assert correct(once, "deep/a", here, there, to_page) == once
