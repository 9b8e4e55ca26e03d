"""What a chapter becomes as slides."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from books import CONFIG, Book
from coursebook.paths import FRONTEND
from coursebook.renderings import DECK, output

CHAPTER = """\
# Locks

Before the first heading.

## Ask

What you want.

### Details

Below it.

#### Deeper

Still below.

{#the-answer}
## Answer

```python
import sys
```

(my-label)=
## Labelled

```{speaker}
Ask *first*.
```

Said aloud.

:::{fragments}
- one
- two
:::

{.fragments}
1. uno
2. due

{.fragment}
At last.[^foot]

[^foot]: Where it is said.

## Summary
### Inner
## Ask again
### Summary
## 概要

Not Latin.

[to a heading](#summary-1)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of several chapters, built once for all tests here."""
    book = Book(tmp_path_factory.mktemp("deck") / "a-book", speaker_notes=True)
    anchors = CONFIG.replace("language: en", "language: en\n    myst_heading_anchors: 3")
    book.write("_config.yml", anchors)
    book.chapter("locks", CHAPTER)
    book.chapter("straight", "# Straight down\n\nIntro.\n\n### One\n\nA.\n\n### Two\n\nB.\n")
    book.chapter("parts/full", "# Full\n\n- a list\n- on the title slide\n\n## Next\n\nText.\n")
    book.chapter(
        "wide", "# Wide\n\n## Code\n\n```text\n" + "x" * 78 + "\n```\n\n## Much\n\n" + "word " * 200
    )
    book.chapter("namesake", "# A book for a test\n\nWelcome.\n")
    book.write(
        "book/drawn.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Dots</title>'
        + '<circle r="1" fill="var(--cb-figure-ink)"/>' * 60
        + "</svg>",
    )
    book.chapter("drawn", "# Drawn\n\n## Picture\n\n![](drawn.svg)\n")
    return book.build()


def slides(deck: BeautifulSoup) -> list[Tag]:
    return deck.select("section.cb-slide")


def slide(deck: BeautifulSoup, name: str) -> Tag:
    found = deck.find("section", id=name)
    assert isinstance(found, Tag)
    return found


def test_second_level_goes_right_and_third_level_goes_down(course: Book) -> None:
    deck = course.deck("locks")
    top = deck.select(".slides > section")
    assert top[0]["id"] == "locks"
    assert "id" not in top[1].attrs
    assert [inner["id"] for inner in top[1].find_all("section", recursive=False)] == [
        "ask",
        "details",
    ]


def test_deeper_headings_stay_on_their_slide_and_keep_their_address(course: Book) -> None:
    details = slide(course.deck("locks"), "details")
    assert details.select_one("#deeper h4") is not None


def test_text_before_the_first_heading_stands_on_the_title_slide(course: Book) -> None:
    title = slides(course.deck("locks"))[0]
    assert "Before the first heading." in title.text
    assert "cb-opener" in title["class"]


def test_the_name_of_the_book_stands_above_a_title_but_not_above_itself(course: Book) -> None:
    chapter = slides(course.deck("locks"))[0].select_one(".cb-eyebrow")
    assert chapter is not None
    namesake = slides(course.deck("namesake"))[0]
    assert namesake.h1 is not None
    assert namesake.h1.text == chapter.text
    assert not namesake.select(".cb-eyebrow")


def test_a_title_slide_that_holds_more_than_words_is_set_like_any_other(course: Book) -> None:
    title = slides(course.deck("parts/full"))[0]
    assert "cb-opener" not in title["class"]
    assert title.select("li")


def test_a_chapter_that_goes_straight_to_the_third_level_gets_slides_side_by_side(
    course: Book,
) -> None:
    deck = course.deck("straight")
    assert [one["id"] for one in deck.select(".slides > section")] == [
        "straight-down",
        "one",
        "two",
    ]


def test_slides_say_their_number_and_how_many_there_are(course: Book) -> None:
    numbers = [one.get_text() for one in course.deck("straight").select(".cb-number")]
    assert numbers == ["1 / 3", "2 / 3", "3 / 3"]


def test_the_authors_label_is_the_address_and_the_old_one_still_leads_there(course: Book) -> None:
    labelled = slide(course.deck("locks"), "my-label")
    assert labelled.find(id="labelled") is not None


def test_a_repeated_heading_is_named_after_the_one_it_stands_in(course: Book) -> None:
    names = [one["id"] for one in slides(course.deck("locks"))]
    assert names[-3:] == ["ask-again", "ask-again-summary", "概要"]
    assert course.page("locks").find(id="ask-again-summary") is not None
    assert course.page("locks").find(id="概要") is not None


def test_links_to_a_repeated_heading_follow_its_name(course: Book) -> None:
    for document in (course.page("locks"), course.deck("locks")):
        link = document.find("a", string="to a heading")
        assert link is not None and link["href"] == "#ask-again-summary"


def test_all_addresses_of_a_deck_are_different(course: Book) -> None:
    names = [tag["id"] for tag in course.deck("locks").find_all(id=True)]
    assert len(names) == len(set(names))


def test_code_is_coloured_at_build_time(course: Book) -> None:
    answer = slide(course.deck("locks"), "the-answer")
    assert answer.select_one(".highlight .kn") is not None


def test_speaker_notes_are_in_the_deck_and_in_no_page(course: Book) -> None:
    notes = slide(course.deck("locks"), "my-label").select_one("aside.notes")
    assert notes is not None and notes.select_one("em") is not None
    assert "Ask first" not in course.page("locks").text


def test_fragments_step_in_the_deck_and_leave_no_trace_on_the_page(course: Book) -> None:
    steps = slide(course.deck("locks"), "my-label").select(".fragment")
    assert [step.get_text(strip=True)[:7] for step in steps] == [
        "one",
        "two",
        "uno",
        "due",
        "At last",
    ]
    page = course.page("locks")
    assert "uno" in page.text
    assert not page.select("[class*=fragment]")


def test_a_footnote_stands_on_the_slide_that_mentions_it(course: Book) -> None:
    assert "Where it is said." in slide(course.deck("locks"), "my-label").text
    assert "Where it is said." not in slides(course.deck("locks"))[-1].text


def test_a_slide_with_much_on_it_is_set_one_step_smaller(course: Book) -> None:
    deck = course.deck("wide")
    assert "cb-wide-code" in slide(deck, "code")["class"]
    assert "cb-dense" in slide(deck, "much")["class"]
    assert "cb-dense" not in slide(deck, "code")["class"]


def test_a_drawing_is_not_counted_as_text(course: Book) -> None:
    assert "cb-dense" not in slide(course.deck("drawn"), "picture")["class"]


def test_the_index_lists_all_decks_in_the_order_of_the_book(course: Book) -> None:
    index = course.deck("index")
    links = [one["href"] for one in index.select("a.cb-to-deck")]
    assert links == [
        "locks.html",
        "straight.html",
        "parts/full.html",
        "wide.html",
        "namesake.html",
        "drawn.html",
    ]
    assert "Part" in index.text
    assert [one["href"] for one in index.select("a.cb-to-page")][2] == "../parts/full.html"
    assert "3 slides" in index.text


def test_the_front_page_has_a_deck_beside_the_index(course: Book) -> None:
    assert slides(course.deck("opening"))[0]["id"] == "front-page"
    assert course.deck("index").find("a", href="opening.html") is not None


def test_only_what_a_deck_uses_is_published(course: Book) -> None:
    files = {
        file.relative_to(course.published_deck).as_posix()
        for file in course.published_deck.rglob("*")
        if file.is_file() and file.suffix != ".html"
    }
    assert files == {
        f"_static/{name}"
        for name in (
            "answers.js attend.js black.js blocks.css checks.css clock.js clocks.js "
            "code.css commands.js deck.css deck.js decks.css design-tabs.js dialog.js "
            "document.css drawing.js drawing_tools.js elements.js held_strokes.js ink.js "
            "jump.js keys.js leaving.js notes_place.js overview.js pointer.js projector.js "
            "reveal.css reveal.esm.js say.js scheme.js sheet.js show_all.js speaker.css "
            "speaker.js speaker_folds.js speaker_frames.js speaker_link.js "
            "speaker_notes.js speaker_pair.js speaker_text.css speaker_time.js "
            "speaker_window.js sphinx-design.css steps.js styles.js swipe.js tokens.css "
            "tools.css typing.js views.js zoom.js"
        ).split()
    }


def test_nothing_in_a_deck_is_loaded_from_elsewhere_or_run_inline(course: Book) -> None:
    for file in output(course.tree, DECK).rglob("*.html"):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for tag in soup.select("script, link, img"):
            address = str(tag.get("src") or tag.get("href"))
            assert not address.startswith(("http", "//")), address
        assert not [tag for tag in soup.find_all("script") if tag.get_text(strip=True)]
        assert not [
            tag for tag in soup.find_all(True) if any(k.startswith("on") for k in tag.attrs)
        ]


def test_a_deck_weighs_little_before_any_click(course: Book) -> None:
    soup = course.deck("locks")
    top = course.published_deck
    names = [
        str(tag.get("src") or tag.get("href")) for tag in soup.select("head script, head link")
    ]
    files = {Path(top, name.partition("?")[0]) for name in names if not name.startswith("data:")}
    files |= {top / "locks.html", top / "_static" / "reveal.esm.js"}
    weight = sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert weight < 100_000


def test_no_style_of_a_slide_shouts_or_brings_a_font() -> None:
    for file in (FRONTEND / "deck").glob("*.css"):
        text = file.read_text(encoding="utf-8")
        for word in ("uppercase", "small-caps", "@font-face", "@import", "url("):
            assert word not in text, f"{file.name}: {word}"


def test_a_break_goes_on_with_the_same_section_on_a_new_slide(book: Book) -> None:
    book.chapter("long", "# Long\n\n## Part\n\nOne.\n\n```{revealjs-break}\n```\n\nTwo.\n")
    book.build()
    found = slides(book.deck("long"))
    assert [one["id"] for one in found] == ["long", "part", "part--2"]
    assert "Two." in found[2].text and "Part" in found[2].text
    assert "Two." not in found[1].text
    assert "Two." in book.page("long").text


def test_an_address_stays_when_slides_are_added_elsewhere(book: Book) -> None:
    part = "## {0}\n\nOne.\n\n```{{revealjs-break}}\n```\n\nTwo.\n\n### Below {0}\n\nThree.\n\n"
    last = part.format("Last") + "```{revealjs-break}\n```\n\nFour.\n"
    book.chapter("short", "# Short\n\n" + last)
    book.chapter("more", "# More\n\n" + part.format("First") + part.format("Second") + last)
    book.build()
    short, more = ([one["id"] for one in slides(book.deck(name))] for name in ("short", "more"))
    assert short[1:] == ["last", "last--2", "below-last", "below-last--2"]
    assert more[-4:] == short[1:]
    assert len(set(more)) == len(more)
