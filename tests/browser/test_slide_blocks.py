"""What slides show of long texts, code and outputs, and the blocks that authors write for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page, expect

from books import Book
from browser.axe import violations
from browser.decks import open_deck, overflowing_slides
from coursebook.agreement.hosting import host

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parent.parent / "samples" / "prose"
BLOCKS = "slides/blocks.html"
READ = "slides/read.html"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A chapter with every block, and one of long prose without a word for slides; built once."""
    book = Book(tmp_path_factory.mktemp("blocks") / "a-book")
    book.write("book/path.svg", (SAMPLES / "path.svg").read_bytes())
    for name in ("blocks", "read"):
        book.chapter(name, (SAMPLES / f"{name}.md").read_bytes())
    book.chapter(
        "notes",
        "# Notes\n\n## A\n\nSee [the second](#second), {numref}`two` and a note.[^n]\n\n"
        + "It goes on for long. " * 20
        + "\n\n![One](path.svg)\n\n"
        ":::{figure} path.svg\n:name: two\n:alt: Two\nThe second figure.\n:::\n\n"
        "(second)=\nA second paragraph.[^m]\n\n"
        "```{tip}\nDo it exactly as the manual says it. Here is more.\n```\n\n"
        "[^n]: Mentioned on the slide.\n[^m]: Mentioned on the page.\n",
    )
    book.chapter("brief", "# Brief\n\n## A\n\nA sentence. And a second one.\n\nAnd a paragraph.\n")
    book.chapter(
        "chosen",
        "# Chosen\n\n## A\n\n" + "It goes on. " * 40 + "\n\n{% if slide %}\nShort.\n{% endif %}\n",
    )
    return book.build()


@pytest.fixture(scope="module")
def site(course: Book) -> Iterator[str]:
    with host(course.tree.site, sub_path="/") as hosted:
        yield hosted.address


def slide(deck: BeautifulSoup, name: str) -> Tag:
    found = deck.find("section", id=name)
    assert isinstance(found, Tag), name
    return found


def parts(deck: BeautifulSoup, title: str) -> list[Tag]:
    """Return the slides of a section, in order, whatever their addresses are."""
    return [
        one
        for one in deck.select("section.cb-slide")
        if (heading := one.select_one("h1, h2, h3, h4")) is not None
        and heading.get_text().partition(" (")[0].strip() == title
    ]


def shown(tag: Tag) -> str:
    """Return the code that a slide shows."""
    copy = BeautifulSoup(str(tag), "html.parser")
    for hidden in copy.select(".cb-above, .cb-rest, .cb-step"):
        hidden.decompose()
    return "\n".join(block.get_text() for block in copy.select("pre"))


# A chapter that nobody wrote for slides


def test_prose_becomes_slides_of_what_stands_out(course: Book) -> None:
    deck = course.deck("read")
    title = deck.select("section.cb-slide")[0]
    assert "cb-opener" in title["class"]
    assert "single\nword: import." in title.get_text()
    assert "This chapter follows" not in deck.get_text()
    folders = slide(deck, "a-list-of-folders")
    assert "e.g. whenever a\nprogram says import numpy." in folders.get_text()
    assert "sys.path, and it is" not in folders.get_text()
    assert folders.select_one(".cell_output") is not None
    assert "That order explains" not in folders.get_text()


def test_items_of_a_list_keep_their_first_sentence(course: Book) -> None:
    places = slide(course.deck("read"), "three-kinds-of-places")
    items = [item.get_text().replace("\n", " ") for item in places.select("li")]
    assert items[1].startswith("The standard library. It comes with Python itself")
    assert all("neither does pip" not in item for item in items)


def test_figures_tables_code_and_boxes_stay(course: Book) -> None:
    deck = course.deck("read")
    text = deck.get_text()
    assert len(slide(deck, "what-an-installer-writes").select("tbody tr")) == 4
    assert slide(deck, "who-wins").select_one("svg.cb-figure") is not None
    assert "Never copy a package by hand." in text
    assert "The note beside it" not in text
    assert "for place in sys.path" in text
    assert "The first principle" not in text, "a quotation of three sentences is for the page"


def test_the_page_keeps_all_of_it(course: Book) -> None:
    text = course.page("read").get_text()
    for words in ("This chapter follows", "That order explains", "The note beside it", "neither"):
        assert words in text


def test_what_a_slide_leaves_out_keeps_numbers_links_and_footnotes_right(course: Book) -> None:
    deck = course.deck("notes")
    section = slide(deck, "a")
    assert section.select_one("#second") is not None, "the goal of a link"
    assert "Fig. 1" in course.page("notes").get_text()
    assert "Do it exactly as the manual" in section.get_text()
    assert "Here is more" not in section.get_text()
    assert "Mentioned on the page" not in deck.get_text()
    names = [tag["id"] for tag in deck.find_all(id=True)]
    assert len(names) == len(set(names))


def test_a_chapter_of_few_words_stays_as_it_is(course: Book) -> None:
    assert "And a paragraph." in course.deck("brief").get_text()


def test_a_chapter_that_says_what_slides_show_is_taken_at_its_word(course: Book) -> None:
    text = course.deck("chosen").get_text()
    assert text.count("It goes on.") == 40
    assert "Short." in text


# Blocks


def test_every_block_is_plain_on_the_page(course: Book) -> None:
    page = course.page("blocks")
    text = page.get_text()
    assert page.select_one(".cb-columns .cb-column li") is not None
    assert page.select_one(".cb-beside figure svg.cb-figure[aria-label]") is not None
    assert "79 %" in text
    quotation = page.select_one("blockquote .attribution a")
    assert quotation is not None and quotation["href"] == "https://example.org"
    question = page.select_one(".admonition.cb-question .admonition-title")
    assert question is not None and question.get_text() == "Question"
    lead = page.select_one("#locks > p.cb-lead")
    assert lead is not None and "tomorrow equals today" in lead.get_text()
    assert not page.select("[class*=cb-step], [class*=fragment], .cb-line, .cb-clipped, .cb-above")


def test_a_section_slide_opens_its_section_and_the_rest_stands_on_the_next(course: Book) -> None:
    first, second = parts(course.deck("blocks"), "Locks")
    assert "cb-opener" in first["class"] and not first.select("li")
    assert "tomorrow equals today" in first.get_text()
    assert len(second.select("li")) == 2 and "cb-opener" not in second["class"]
    assert "(" not in second.select_one("h2").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("deck", [BLOCKS, READ])
def test_nothing_sticks_out(site: str, browser: Browser, deck: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    open_deck(page, site + deck)
    assert overflowing_slides(page) == []
    context.close()


def test_columns_stand_beside_each_other_and_on_a_phone_below(site: str, browser: Browser) -> None:
    for width, beside in ((1280, True), (390, False)):
        context = browser.new_context(viewport={"width": width, "height": 720 + 100})
        page = context.new_page()
        page.goto(f"{site}{BLOCKS}#/columns")
        page.wait_for_function("() => document.querySelector('.cb-columns').offsetWidth > 0")
        tops = page.evaluate(
            "() => [...document.querySelectorAll('#columns .cb-column')]"
            ".map((column) => column.getBoundingClientRect().top)"
        )
        assert (tops[0] == tops[1]) is beside
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_words_without_end_stay_within_slide_and_page(site: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}blocks.html")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


def test_text_from_right_to_left_begins_at_the_right(site: str, page: Page) -> None:
    for address in (f"{site}{BLOCKS}#/שלום-עולם", f"{site}blocks.html"):
        page.goto(address)
        paragraph = page.locator("p[dir=auto]").filter(has_text="סביבה וירטואלית")
        # The first letter stands near the right edge of the text.
        right, first = paragraph.evaluate(
            """element => {
                const range = document.createRange();
                range.setStart(element.firstChild, 0);
                range.setEnd(element.firstChild, 1);
                return [element.getBoundingClientRect().right, range.getBoundingClientRect().right];
            }"""
        )
        assert abs(right - first) < 5
        directions = page.locator("ul[dir=rtl] p").evaluate_all(
            "all => all.slice(0, 2).map((one) => getComputedStyle(one).direction)"
        )
        assert directions == ["rtl", "ltr"]


# Code


def lit(page: Page, name: str) -> list[int]:
    """Return the numbers of the lines that a slide points at."""
    numbers: list[int] = page.evaluate(
        """(name) => {
            const block = document.querySelector(`#${name} .cb-stepped`);
            const faint = getComputedStyle(block.querySelector(".cb-line")).backgroundColor;
            return [...block.querySelectorAll(".cb-line")].flatMap((line, index) =>
                block.classList.contains("cb-points") && !line.classList.contains("cb-lit")
                    ? [] : [index + 1]);
        }""",
        name,
    )
    return numbers


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("steps-in-code", [[1, 2, 3], [5], [1, 2, 3, 4, 5, 6]]),
        ("steps-in-a-cell", [[1], [3, 4]]),
    ],
)
def test_code_is_pointed_at_step_by_step(
    site: str, page: Page, name: str, wanted: list[list[int]]
) -> None:
    open_deck(page, f"{site}{BLOCKS}#/{name}")
    assert lit(page, name) == wanted[0]
    for lines in wanted[1:]:
        page.keyboard.press("ArrowRight")
        assert lit(page, name) == lines
    said = page.get_by_role("status")
    expect(said).to_have_text("lines 1 to 6" if name == "steps-in-code" else "lines 3 to 4")
    page.keyboard.press("ArrowLeft")
    assert lit(page, name) == wanted[-2]
    assert page.evaluate("() => Reveal.getCurrentSlide().id") == name


def test_long_code_goes_on_on_further_slides_and_loses_no_line(course: Book) -> None:
    slides = parts(course.deck("blocks"), "Long code")
    assert len(slides) == 3
    lines = [line for one in slides for line in shown(one).split("\n") if line.strip()]
    source = (SAMPLES / "blocks.md").read_text("utf-8")
    block = source.partition(":caption: functions.py\n")[2].partition("```")[0]
    assert lines == [line for line in block.split("\n") if line.strip()]
    assert all("functions.py" in one.get_text() for one in slides)
    assert shown(slides[1]).startswith("def f"), "divided at a blank line"


def test_steps_stay_with_the_lines_that_they_name(course: Book) -> None:
    slides = parts(course.deck("blocks"), "Long code")
    steps = [[block["data-cb-steps"] for block in one.select("[data-cb-steps]")] for one in slides]
    assert steps[0] == ["1-1"] and steps[1] == []
    number = int(str(steps[2][0]).partition("-")[0])
    assert "last_of_all = 2" in shown(slides[2]).split("\n")[number - 1]


def test_of_a_long_cell_the_last_part_runs_and_holds_all_of_its_code(
    site: str, page: Page, course: Book
) -> None:
    slides = parts(course.deck("blocks"), "A long cell")
    assert [len(one.select("[data-cb-cell]")) for one in slides] == [0, 0, 1]
    assert shown(slides[0]).startswith("total = 0")
    assert "the total is 36" in slides[2].get_text()
    code = slides[2].select_one(".cell_input pre")
    assert code is not None and code.get_text().startswith("total = 0\n\nfor a in range(3):")
    open_deck(page, f"{site}{BLOCKS}")
    page.evaluate("(id) => { location.hash = `/${id}`; }", slides[2]["id"])
    here = page.locator(f"[id='{slides[2]['id']}']")
    expect(here.locator(".cell_input .cb-above")).to_be_hidden()
    expect(here.locator(".cell_output")).to_have_text("the total is 36")


def test_a_break_below_a_deeper_heading_begins_a_whole_slide(site: str, page: Page) -> None:
    open_deck(page, f"{site}{BLOCKS}")
    inside = page.evaluate(
        "() => [...document.querySelectorAll('section.cb-slide')]"
        ".map((one) => one.querySelectorAll(':scope > .cb-body').length"
        " + one.querySelectorAll(':scope > .cb-foot').length)"
    )
    assert set(inside) == {2}


# Long outputs


def test_a_long_output_shows_what_fits_and_the_rest_is_a_key_away(site: str, page: Page) -> None:
    open_deck(page, f"{site}{BLOCKS}#/a-long-output")
    output = page.locator("#a-long-output .cell_output")
    expect(output.get_by_text("line 0", exact=False).first).to_be_visible()
    expect(page.locator("#a-long-output .cb-rest")).to_be_hidden()
    button = page.locator("#a-long-output").get_by_role("button", name="more lines")
    seen = page.locator("#a-long-output pre.cb-clipped").inner_text().count("line")
    assert seen > 6, "what the speaker alone sees takes no room"
    expect(button).to_have_text(f"… {60 - seen} more lines")
    button.focus()
    page.keyboard.press("Enter")
    layer = page.get_by_role("dialog", name="A long output")
    text = layer.locator("pre")
    expect(text).to_be_focused()
    assert text.inner_text().split() == " ".join(f"line {n}" for n in range(60)).split()
    assert text.evaluate("element => element.scrollHeight > element.clientHeight")
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('.cb-whole-text').scrollTop > 100")
    for key in ("ArrowRight", "Space", "PageDown", "n", "o"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    expect(layer).to_have_count(0)
    expect(button).to_be_focused()
    assert page.evaluate("() => [Reveal.getCurrentSlide().id, Reveal.isOverview()]") == [
        "a-long-output",
        False,
    ]
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => Reveal.getCurrentSlide().id") != "a-long-output"


def test_a_click_opens_all_rows_of_a_long_table_and_closes_them_again(
    site: str, page: Page
) -> None:
    open_deck(page, f"{site}{BLOCKS}#/a-long-table")
    page.locator("#a-long-table").get_by_role("button", name="more rows").click()
    layer = page.get_by_role("dialog")
    assert layer.locator("tr").count() == 40
    layer.get_by_role("button", name="Close").click()
    expect(layer).to_have_count(0)


def test_printed_the_slide_shows_the_first_lines_and_without_a_script_all(
    site: str, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}{BLOCKS}")
    page.emulate_media(media="print")
    expect(page.locator("#a-long-output .cb-rest")).to_be_hidden()
    expect(page.locator("#a-long-output .cb-show-all")).to_be_visible()
    context.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{BLOCKS}")
    expect(page.locator("#a-long-output .cb-rest")).to_be_visible()
    expect(page.locator("#a-long-output .cb-show-all")).to_be_hidden()
    context.close()


def test_only_decks_that_need_them_load_steps_and_layers(course: Book) -> None:
    for name, wanted in (("blocks", True), ("brief", False)):
        text = str(course.deck(name).head)
        assert ("steps.js" in text) is wanted
        assert ("show_all.js" in text) is wanted


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screen_readers_find_nothing_to_stumble_over(
    site: str, browser: Browser, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    open_deck(page, f"{site}{BLOCKS}")
    for name in ("columns", "a-number", "a-quotation", "a-question", "steps-in-code"):
        page.evaluate("(id) => { location.hash = `/${id}`; }", name)
        page.wait_for_function("(id) => Reveal.getCurrentSlide().id === id", arg=name)
        assert violations(page) == [], name
    page.evaluate("() => { location.hash = '/a-long-output'; }")
    page.locator("#a-long-output .cb-show-all").click()
    assert violations(page) == [], "the layer"
    context.close()
