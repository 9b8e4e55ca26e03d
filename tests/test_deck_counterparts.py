"""Every page leads to its slides and every slide to its notes, and no such link is dead."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document

from books import Book
from coursebook.counterparts import JOINED, join
from coursebook.course.counterparts import (
    Section,
    add_turns,
    correct,
    counterpart,
    to_deck,
    to_page,
)
from coursebook.paths import SLIDES
from coursebook.renderings import DECK, SITE, output
from coursebook.sphinx_ext.page_blocks import named
from coursebook.sphinx_ext.written_at import WrittenAt

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


PLACES = """\
# Places

Said on both.

## Locks

{% if page %}
What a lock is.

And what it is for.
{% else %}
- three words
{% endif %}

```{revealjs-break}
```

> Said on both, too.

{% if page %}
And more of it.
{% endif %}

```{revealjs-break}
```

{% if slide %}
- more words
{% else %}
More sentences.
{% endif %}

## Built up

{% if page %}
A way in.
{% endif %}

Begins here.

:::{fragments}
First thing.

Second thing.
:::

{% if slide %}
### Wall only

- few words
{% endif %}

{% if page %}
What the wall says in few words.

### Page only

It stands alone.
{% endif %}

## Long

Read this.

```python
LINES
```

{% if page %}
It was long.
{% endif %}
""".replace("LINES", "\n".join(f"print({number})" for number in range(40)))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Book:
    book = Book(tmp_path_factory.mktemp("links") / "a-book")
    book.chapter("deep/limits", CHAPTER)
    book.chapter("places", PLACES)
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


def test_a_section_of_one_side_leads_to_what_stands_around_or_above_it_on_the_other(
    course: Book,
) -> None:
    deck = links(course.tree.site / SLIDES / "deep" / "limits.html")
    assert deck["on-slides-only"] == "../../deep/limits.html#limits"
    assert deck["below-it"] == "../../deep/limits.html#limits"
    page = links(course.tree.site / "deep" / "limits.html")
    assert page["in-the-notes-only"] == "../slides/deep/limits.html#/below-it", "what stands above"
    assert page["a-longer-title"] == "../slides/deep/limits.html#/short"


def test_the_front_page_and_its_deck_lead_to_each_other(course: Book) -> None:
    deck = links(course.tree.site / SLIDES / "opening.html")
    assert deck["front-page"] == "../index.html#front-page"


def said(course: Book, anchor: str) -> str:
    """Return the beginning of what stands at a place of the page."""
    found = course.published_deck.parent.joinpath("places.html").read_text(encoding="utf-8")
    element = BeautifulSoup(found, "html.parser").find(id=anchor)
    assert element is not None, anchor
    return " ".join(element.get_text().split())


def notes(course: Book, slide: str) -> str:
    found = links(course.tree.site / SLIDES / "places.html")[slide]
    return found.removeprefix("../places.html#")


def test_a_slide_that_goes_on_leads_to_the_paragraph_where_its_notes_begin(course: Book) -> None:
    assert notes(course, "locks") == "locks", "nothing of the section stands above its notes"
    assert said(course, notes(course, "locks--2")) == "Said on both, too."
    assert said(course, notes(course, "locks--3")) == "More sentences."


def test_a_slide_leads_to_what_it_shares_with_the_page_and_else_to_what_follows(
    course: Book,
) -> None:
    assert notes(course, "places") == "places"
    assert said(course, notes(course, "built-up")) == "Begins here."
    assert said(course, notes(course, "wall-only")) == "What the wall says in few words."


def test_long_code_and_what_follows_lead_to_the_same_code_of_the_page(course: Book) -> None:
    deck = links(course.tree.site / SLIDES / "places.html")
    goes_on = [notes(course, slide) for slide in deck if slide.startswith("long--")]
    assert len(goes_on) > 1
    assert len(set(goes_on)) == 1
    assert said(course, goes_on[0]).startswith("print(0)")


def test_each_step_of_a_slide_knows_its_paragraph(course: Book) -> None:
    file = course.tree.site / SLIDES / "places.html"
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    slide = soup.select_one("#built-up")
    assert slide is not None
    link = slide.select_one("a.cb-counterpart")
    assert link is not None
    children = slide.select(".cb-body > *")
    for row in str(link["data-cb-places"]).split():
        place, _, anchor = row.partition(":")
        assert children[int(place)].get_text(strip=True) == said(course, anchor)
    assert len(str(link["data-cb-places"]).split()) == 3


def test_a_page_links_every_slide_at_the_paragraph_where_it_begins(course: Book) -> None:
    text = (course.tree.site / "places.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "html.parser")
    found = {
        str(link["href"]).partition("#/")[2]: link.find_next_sibling().get_text().strip()  # type: ignore[union-attr]
        for link in soup.select("a.cb-turn-here")
    }
    long = {slide: said for slide, said in found.items() if slide.startswith("long--")}
    assert {slide: said for slide, said in found.items() if slide not in long} == {
        "locks--2": "Said on both, too.",
        "locks--3": "More sentences.",
        "wall-only": "What the wall says in few words.",
    }
    assert [said for said in long.values() if not said.startswith("print(0)")] == ["It was long."]
    heading = soup.select_one("#page-only a.cb-to-slides")
    assert heading is not None
    assert str(heading["href"]).endswith("#/wall-only")


def test_the_address_of_a_paragraph_outlives_what_is_written_around_it() -> None:
    def names(*paragraphs: str) -> dict[str, str]:
        document = new_document("a.md")
        section = nodes.section("", nodes.title("", "T"), ids=["t"])
        section += [nodes.paragraph("", text) for text in paragraphs]
        document += section
        rows = list(named(document, WrittenAt(Path())))
        return dict(zip(paragraphs, (row[0] for row in rows), strict=True))

    before, after = names("one", "two"), names("new", "one", "more", "two", "three")
    assert {text: after[text] for text in before} == before
    assert len(set(after.values())) == 5
    twice = new_document("a.md")
    twice += nodes.section("", nodes.paragraph("", "x"), nodes.paragraph("", "x"), ids=["t"])
    first, second = (row[0] for row in named(twice, WrittenAt(Path())))
    assert second == f"{first}-2"


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


def test_correcting_twice_changes_nothing_more(course: Book) -> None:
    here, there = [section("top", 1), section("x", 3, 0)], [section("top", 1)]

    def goal(name: str) -> str:
        return counterpart(name, here, there)

    text = '<p><a class="k cb-counterpart" data-cb-section="x" href="?">Notes</a></p>'
    once = correct(text, "deep/a", goal, to_page)
    assert 'href="../../deep/a.html#top"' in once
    assert correct(once, "deep/a", goal, to_page) == once
    page = '<section id="x"><p id="x--1">One</p>\n<p id="x--2">Two</p></section>'
    with_link = add_turns(page, "a", {"x--2": "x-2"})
    assert with_link.count("<a ") == 1
    assert '</a>\n<p id="x--2">' in with_link
    assert add_turns(with_link, "a", {"x--2": "x-2"}) == with_link
    assert add_turns(with_link, "a", {}) == page
    # A heading has a link of its own.
    headed = '<section id="x"><h2>X</h2>\n<span id="y"></span><p id="x--1">One</p></section>'
    assert add_turns(headed, "a", {"x--1": "x-2"}) == headed
    before = [file.read_bytes() for file in written(course)]
    (course.tree.work / JOINED).unlink()
    join(course.tree)
    assert [file.read_bytes() for file in written(course)] == before


def written(course: Book) -> list[Path]:
    """Return the pages and decks before they are published."""
    return [
        file
        for rendering in (SITE, DECK)
        for file in sorted(output(course.tree, rendering).rglob("*.html"))
    ]
