"""What a lecturer does with the speaker's window beside the slides, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from books import Book
from browser.axe import violations
from browser.decks import open_deck
from browser.speaker import SLIDE, press_s, talk
from coursebook.agreement.hosting import Host, host

pytestmark = pytest.mark.browser

TALK = """\
---
minutes: {total: 30, first: 4, pictures: 10}
---
# A talk

Welcome.

{% if page %}
The page says more at its beginning.
{% endif %}

## First

:::{fragments}
- one
- two
:::

{% if page %}
Only readers see `this` paragraph.

```python
import sys
```

### In the notes only

It has no slide, and belongs to the first.

### With a slide

Its own words.
{% else %}
### With a slide

Its own.
{% endif %}

## Pictures

:::{speaker}
Ask for a *show of hands*.
:::

![A dot](dot.svg)

### Drawn

{% if page %}
![A dot](dot.svg)

![A square](square.png)

<script>document.title = "run"</script>

Go [elsewhere](other.md).
{% else %}
Look.
{% endif %}

{% if slide %}
## The end of it

```{revealjs-break}
```

More.
{% endif %}
"""

PLACES = """\
# Places

## Locks

{% if page %}
What a lock is.

And what it is for.
{% else %}
- three words
{% endif %}

```{revealjs-break}
```

> Said on both.

## Built up

:::{fragments}
First thing.

Second thing.
:::

## Tabs

::::{tab-set}
:::{tab-item} One
Of the first.
:::
:::{tab-item} Two
Of the second.
:::
::::

:::{dropdown} More
Hidden words.
:::
"""

DOT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Dot</title>\
<style>.dot { fill: rgb(1, 2, 3) }</style>\
<circle class="dot" r="4" stroke="var(--cb-figure-ink, black)"/></svg>
"""

SQUARE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360"
    "000000020001e221bc330000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A book with two chapters, below a sub-path of a plain static server."""
    book = Book(tmp_path_factory.mktemp("talk") / "a-book", speaker_notes=True)
    book.write("book/dot.svg", DOT)
    book.write("book/square.png", SQUARE)
    book.chapter("talk", TALK)
    book.chapter("other", "# Another talk\n\n## Its slide\n\nWords.\n")
    book.chapter("places", PLACES)
    book.chapter("speaker", "# Speaking\n\n## Aloud\n\nWords.\n")
    with host(book.build().tree.site) as served:
        yield served


@pytest.fixture
def address(site: Host) -> str:
    return f"{site.address}slides/talk.html"


def here(page: Page) -> str:
    name: str = page.evaluate("Reveal.getCurrentSlide().id")
    return name


def test_s_shows_this_slide_the_next_step_and_the_number(page: Page, address: str) -> None:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    speaker = talk(page, f"{address}#/first")
    expect(speaker.slide).to_have_id("first")
    expect(speaker.next_slide.locator(".fragment.visible")).to_have_text(["one"])
    expect(speaker.part("number")).to_have_text("2 / 7")
    page.bring_to_front()
    page.keyboard.press("PageDown")
    expect(speaker.slide.locator(".fragment.visible")).to_have_text(["one"])
    expect(speaker.next_slide.locator(".fragment.visible")).to_have_text(["one", "two"])
    page.keyboard.press("PageDown")
    expect(speaker.next_slide).to_have_id("with-a-slide")
    expect(speaker.page).to_have_title(re.compile("Speaker · A talk"))
    assert speaker.complaints == []
    home = address.partition("slides/")[0]
    assert [url for url in asked if not url.startswith((home, "data:"))] == []


def test_keys_buttons_and_remotes_turn_the_slides_from_the_speakers_window(
    page: Page, address: str
) -> None:
    speaker = talk(page, address)
    for key, slide in (
        ("PageDown", "first"),
        ("PageUp", "a-talk"),
        ("ArrowRight", "first"),
        ("Home", "a-talk"),
    ):
        speaker.page.keyboard.press(key)
        expect(page.locator(SLIDE)).to_have_id(slide)
    speaker.button("Next").click()
    expect(page.locator(SLIDE)).to_have_id("first")
    speaker.page.keyboard.press("Space")
    expect(page.locator(f"{SLIDE} .fragment.visible")).to_have_count(1)
    speaker.button("Previous").focus()
    speaker.page.keyboard.press("Enter")
    expect(page.locator(f"{SLIDE} .fragment.visible")).to_have_count(0)
    assert here(page) == "first"
    speaker.slide.locator("h2").click()
    speaker.page.keyboard.press("ArrowLeft")
    expect(page.locator(SLIDE)).to_have_id("a-talk")
    assert speaker.complaints == []


def test_the_screen_turns_black_and_the_speaker_still_sees_the_slide(
    page: Page, address: str
) -> None:
    speaker = talk(page, address)
    for is_on_the_wall in (False, True):
        if is_on_the_wall:
            page.keyboard.press("b")
        else:
            speaker.button("Black").click()
        page.wait_for_function("() => Reveal.isPaused()")
        expect(speaker.part("is-black")).to_be_visible()
        expect(speaker.button("Black")).to_have_attribute("aria-pressed", "true")
        expect(speaker.current.locator(".pause-overlay")).to_be_hidden()
        speaker.page.keyboard.press("b")
        page.wait_for_function("() => !Reveal.isPaused()")
        expect(speaker.part("is-black")).to_be_hidden()
        page.bring_to_front()


def test_the_notes_are_the_speakers_text_or_else_what_the_page_says(
    page: Page, address: str
) -> None:
    speaker = talk(page, f"{address}#/pictures")
    expect(speaker.part("notes-title")).to_have_text("Your notes")
    expect(speaker.notes).to_have_text("Ask for a show of hands.")
    expect(speaker.notes.locator("em")).to_have_text("show of hands")
    page.evaluate("location.hash = '/first'")
    expect(speaker.part("notes-title")).to_have_text("From the page")
    expect(speaker.notes).to_contain_text("Only readers see this paragraph.")
    expect(speaker.notes).to_contain_text("It has no slide, and belongs to the first.")
    expect(speaker.notes).not_to_contain_text("Its own words.")
    expect(speaker.notes.locator(".highlight .kn")).to_have_text("import")
    page.evaluate("location.hash = '/a-talk'")
    expect(speaker.notes).to_contain_text("The page says more at its beginning.")
    expect(speaker.notes).not_to_contain_text("Only readers")
    page.evaluate("location.hash = '/the-end-of-it'")
    # A slide without a section of its own on the page belongs to what stands around it.
    expect(speaker.notes).to_contain_text("The page says more at its beginning.")
    assert speaker.complaints == []


def test_pictures_come_along_and_scripts_do_not(page: Page, address: str) -> None:
    speaker = talk(page, f"{address}#/drawn")
    square = speaker.notes.locator("img")
    expect(square).to_have_attribute("alt", "A square")
    speaker.page.wait_for_function(
        "() => document.querySelector('[data-cb-part-of=notes]').shadowRoot"
        ".querySelector('img').naturalWidth === 1"
    )
    fill = "dot => getComputedStyle(dot).fill"
    assert speaker.notes.locator(".dot").evaluate(fill) == "rgb(1, 2, 3)"
    assert speaker.notes.locator("script").count() == 0
    links = speaker.notes.get_by_role("link")
    base = address.rpartition("/slides/")[0]
    assert [link.get_attribute("href") for link in links.all()] == [
        f"{base}/other.html",
    ]
    assert "run" not in (page.title(), speaker.page.title())
    assert speaker.complaints == []


def test_notes_are_larger_or_smaller_as_one_likes_and_stay_so(page: Page, address: str) -> None:
    speaker = talk(page, f"{address}#/pictures")
    height = "text => text.getBoundingClientRect().height"
    before = speaker.notes.evaluate(height)
    speaker.button("A+, larger notes").click()
    speaker.button("A+, larger notes").click()
    larger = speaker.notes.evaluate(height)
    assert larger > before * 1.2
    speaker.page.reload()
    expect(speaker.notes).to_have_text("Ask for a show of hands.")
    assert speaker.notes.evaluate(height) == larger
    for _ in range(9):
        speaker.button("A−, smaller notes").dispatch_event("click")
    expect(speaker.button("A−, smaller notes")).to_be_disabled()
    assert speaker.notes.evaluate(height) < before


def test_the_time_runs_from_the_first_turn_and_says_what_is_left_of_each_section(
    page: Page, address: str
) -> None:
    page.context.clock.install(time="2026-01-05T09:00:00")
    speaker = talk(page, address)
    assert speaker.part("gone").text_content() == "0:00"
    expect(speaker.part("left")).to_have_text("30:00 left for the chapter")
    page.context.clock.pause_at("2026-01-05T09:30:00")
    # 16 minutes are left for two parts that have no minutes of their own, of one slide and two.
    expect(speaker.part("section-left")).to_have_text("5:20 left for this section")
    speaker.page.keyboard.press("ArrowRight")
    expect(speaker.slide).to_have_id("first")
    page.context.clock.run_for("00:40")
    expect(speaker.part("gone")).to_have_text("0:40")
    expect(speaker.part("section-left")).to_have_text("3:20 left for this section")
    expect(speaker.part("left")).to_have_text("29:20 left for the chapter")
    page.evaluate("location.hash = '/with-a-slide'")
    expect(speaker.slide).to_have_id("with-a-slide")
    page.context.clock.run_for("04:00")
    expect(speaker.part("section-left")).to_have_text("0:40 over for this section")
    expect(speaker.part("section-left")).to_have_class("cb-left cb-over")
    page.evaluate("location.hash = '/pictures'")
    expect(speaker.part("section-left")).to_have_text("10:00 left for this section")
    speaker.button("Pause").click()
    page.context.clock.run_for("10:00")
    expect(speaker.part("gone")).to_have_text("4:40")
    expect(speaker.part("clock")).to_have_text(re.compile("09:44"))
    page.context.clock.resume()
    speaker.page.reload()
    expect(speaker.part("gone")).to_have_text("4:40")
    expect(speaker.part("section-left")).to_have_text("10:00 left for this section")
    speaker.button("Set to 0:00").click()
    expect(speaker.part("left")).to_have_text("30:00 left for the chapter")


def test_without_minutes_nothing_is_said_of_them(page: Page, site: Host) -> None:
    speaker = talk(page, f"{site.address}slides/other.html")
    expect(speaker.part("gone")).to_have_text("0:00")
    expect(speaker.part("left")).to_be_hidden()
    expect(speaker.part("section-left")).to_be_hidden()


def test_either_window_may_be_reloaded_or_closed_and_opened_again(page: Page, address: str) -> None:
    speaker = talk(page, f"{address}#/first")
    page.keyboard.press("ArrowRight")
    expect(speaker.slide.locator(".fragment.visible")).to_have_count(1)
    speaker.page.reload()
    expect(speaker.slide.locator(".fragment.visible")).to_have_text(["one"])
    page.reload()
    # The steps of a slide are no part of its address: the other window remembers them.
    expect(page.locator(f"{SLIDE} .fragment.visible")).to_have_text(["one"])
    speaker.page.keyboard.press("ArrowRight")
    expect(page.locator(f"{SLIDE} .fragment.visible")).to_have_text(["one", "two"])
    speaker.page.close()
    again = press_s(page)
    expect(again.slide.locator(".fragment.visible")).to_have_text(["one", "two"])
    page.close()
    expect(again.part("projected")).to_have_text("No window shows the slides")
    again.page.keyboard.press("PageDown")
    expect(again.slide).to_have_id("with-a-slide")
    with again.page.context.expect_page() as opened:
        again.button("Open the slides").click()
    wall = opened.value
    expect(wall.locator(SLIDE)).to_have_id("with-a-slide")
    expect(again.part("projected")).to_have_text("Slides are shown in the other window")
    wall.keyboard.press("PageDown")
    expect(again.slide).to_have_id("pictures")


def test_the_speakers_window_goes_along_to_another_deck(
    page: Page, site: Host, address: str
) -> None:
    speaker = talk(page, f"{address}#/first")
    open_deck(page, f"{site.address}slides/other.html#/its-slide")
    expect(speaker.slide).to_have_id("its-slide")
    assert speaker.page.url.endswith("speaker.html#other")
    speaker.page.keyboard.press("ArrowLeft")
    expect(page.locator(SLIDE)).to_have_id("another-talk")
    open_deck(page, f"{site.address}slides/speaker-slides.html")
    expect(speaker.slide).to_have_id("speaking")
    history: Any = speaker.page.evaluate("history.length")
    assert history == 1


def test_two_talks_in_one_browser_do_not_disturb_each_other(page: Page, address: str) -> None:
    speaker = talk(page, address)
    second = page.context.new_page()
    other = talk(second, address)
    other.page.keyboard.press("ArrowRight")
    expect(second.locator(SLIDE)).to_have_id("first")
    expect(speaker.slide).to_have_id("a-talk")
    assert here(page) == "a-talk"


def test_a_copy_of_the_tab_leaves_the_talk_to_the_first(page: Page, address: str) -> None:
    speaker = talk(page, address)
    pair = page.evaluate("sessionStorage.getItem('cb-speaker')")
    copy = page.context.new_page()
    copy.add_init_script(f"sessionStorage.setItem('cb-speaker', '{pair}')")
    open_deck(copy, address)
    copy.wait_for_function("() => sessionStorage.getItem('cb-speaker') === null")
    speaker.page.keyboard.press("ArrowRight")
    expect(page.locator(SLIDE)).to_have_id("first")
    assert here(copy) == "a-talk"


def test_an_address_that_names_no_deck_says_so(page: Page, site: Host) -> None:
    for name, words in (("nothing/here", "no deck «nothing/here»"), ("", "Which slides")):
        page.goto("about:blank")
        page.goto(f"{site.address}slides/speaker.html#{name}")
        expect(page.get_by_role("alert")).to_contain_text(words)
    page.goto("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.address}slides/speaker.html#//elsewhere.example/x")
    expect(page.get_by_role("alert")).to_contain_text("no deck")
    assert not [one for one in asked if "elsewhere" in one.partition("#")[0]]
    page.get_by_role("link", name="All decks").click()
    page.wait_for_url("**/slides/index.html")


def test_a_link_of_a_slide_opens_beside_the_speakers_window(page: Page, address: str) -> None:
    speaker = talk(page, f"{address}#/drawn")
    with speaker.page.context.expect_page() as opened:
        speaker.slide.get_by_role("link", name="Notes").click()
    opened.value.wait_for_url("**/talk.html#drawn")
    expect(speaker.slide).to_have_id("drawn")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_eyes_and_ears_find_nothing_wrong(browser: Browser, address: str, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    speaker = talk(context.new_page(), f"{address}#/first")
    assert violations(speaker.page) == []
    context.close()


def test_p_on_a_page_opens_the_slide_of_the_section_that_is_read(page: Page, site: Host) -> None:
    page.goto(f"{site.address}talk.html#with-a-slide")
    page.keyboard.press("/")
    page.keyboard.type("pictures p")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.url.endswith("talk.html#with-a-slide")
    page.keyboard.press("p")
    page.wait_for_url("**/slides/talk.html#/with-a-slide")
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    assert here(page) == "with-a-slide"
    page.keyboard.press("n")
    page.wait_for_url("**/talk.html#with-a-slide")
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("p")
    page.wait_for_url("**/slides/talk.html")


def test_every_section_of_a_page_shows_its_link_to_the_slides(page: Page, site: Host) -> None:
    page.goto(f"{site.address}talk.html")
    links = page.locator(".cb-to-slides")
    assert links.count() == 5
    for link in links.all():
        assert link.evaluate("link => getComputedStyle(link).opacity") == "1"
        expect(link).to_be_visible()


def reads(page: Page) -> str:
    """Return what stands at the place of a page that its address names."""
    page.wait_for_url("**/places.html#*")
    text: str = page.locator(":target").inner_text()
    return text


def test_n_opens_the_paragraph_and_p_its_slide_also_within_a_section(
    page: Page, site: Host
) -> None:
    open_deck(page, f"{site.address}slides/places.html#/locks--2")
    page.keyboard.press("n")
    assert reads(page) == "Said on both."
    page.keyboard.press("p")
    page.wait_for_url("**/slides/places.html#/locks--2")
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    assert here(page) == "locks--2"
    page.locator("#locks--2").get_by_role("link", name="Notes").click()
    assert reads(page) == "Said on both."
    page.get_by_role("link", name="slides from here on").click()
    page.wait_for_url("**/slides/places.html#/locks--2")


def test_notes_open_at_the_step_that_a_slide_has_come_to(page: Page, site: Host) -> None:
    open_deck(page, f"{site.address}slides/places.html#/built-up")
    link = page.locator("#built-up").get_by_role("link", name="Notes")
    expect(link).to_have_attribute("href", "../places.html#built-up")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    expect(link).to_have_attribute("href", re.compile("#built-up--"))
    page.keyboard.press("n")
    assert reads(page) == "Second thing."
    page.goto(f"{site.address}places.html#built-up--0dead")
    # A paragraph that is gone opens its section.
    page.wait_for_function(
        "() => Math.abs(document.querySelector('#built-up h2').getBoundingClientRect().y - 130)"
        " < 70"
    )


def test_the_speaker_sees_where_in_its_section_the_slide_is(page: Page, site: Host) -> None:
    speaker = talk(page, f"{site.address}slides/places.html#/locks")
    expect(speaker.notes).to_contain_text("What a lock is.")
    expect(speaker.notes.locator(".cb-here")).to_have_count(0)
    speaker.button("Next").click()
    expect(speaker.notes.locator(".cb-here")).to_have_text("Said on both.")
    expect(speaker.notes).to_contain_text("What a lock is.")
    for _ in range(2):
        speaker.button("Next").click()
    expect(speaker.notes.locator(".cb-here")).to_have_count(0)
    speaker.button("Next").click()
    expect(speaker.notes.locator(".cb-here")).to_have_text("Second thing.")


def test_tabs_and_folds_are_open_in_both_windows(page: Page, site: Host) -> None:
    speaker = talk(page, f"{site.address}slides/places.html#/tabs")
    second, hidden = page.get_by_text("Of the second.").first, page.locator(".sd-card-text")
    speaker.current.get_by_text("Two", exact=True).click()
    expect(second).to_be_visible()
    page.bring_to_front()
    page.get_by_text("More", exact=True).click()
    expect(speaker.slide.get_by_text("Hidden words.")).to_be_visible()
    page.get_by_text("One", exact=True).click()
    expect(speaker.slide.get_by_text("Of the second.")).to_be_hidden()
    speaker.page.reload()
    expect(speaker.slide.get_by_text("Hidden words.")).to_be_visible()
    page.reload()
    expect(hidden).to_be_visible()
    speaker.current.get_by_text("More", exact=True).click()
    expect(hidden).to_be_hidden()
    assert speaker.complaints == []
