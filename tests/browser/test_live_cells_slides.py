"""The same cells on slides: no key turns a slide by mistake, and nothing sticks out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from books import Book
from browser.decks import overflowing_slides
from browser.live_book import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
Serve = Callable[[Path], str]

STICKS_OUT = """() => {
    const body = document.querySelector("section.present:not(.stack) .cb-body");
    const end = body.closest("section").getBoundingClientRect().bottom + 1;
    return [...body.querySelectorAll(".cb-result, .cb-result-body, .cell_input")]
        .filter((part) => part.offsetHeight && part.getBoundingClientRect().bottom > end)
        .map((part) => part.className);
}"""


def slide(reader: Visitor, section: str) -> Visitor:
    reader.page.evaluate("section => { location.hash = `/${section}`; }", section)
    expect(reader.page.locator(f"#{section}")).to_be_visible()
    return reader


def shown(page: Page) -> Any:
    return page.evaluate("Reveal.getCurrentSlide().id")


def test_a_key_runs_the_next_cell_of_the_slide(visit: Visit, page: Page) -> None:
    reader = slide(visit("slides/deck.html"), "first")
    page.keyboard.press("Control+Enter")
    expect(reader.output(0)).to_contain_text("line 200")
    page.keyboard.press("Control+Enter")
    expect(reader.output(1)).to_contain_text("two")
    assert shown(page) == "first"
    assert reader.complaints == []


def test_an_output_fits_on_its_slide_and_scrolls_inside(visit: Visit, page: Page) -> None:
    reader = slide(visit("slides/deck.html"), "first")
    reader.button(0).click()
    expect(reader.state(0)).to_contain_text("yours")
    reader.button(1).click()
    expect(reader.state(1)).to_contain_text("yours")
    assert page.evaluate(STICKS_OUT) == []
    output = reader.output(0)
    assert output.evaluate("it => it.scrollHeight > it.clientHeight")
    assert output.evaluate("it => it.clientHeight") > 100
    size = output.locator("pre").evaluate("pre => parseFloat(getComputedStyle(pre).fontSize)")
    assert size >= 20


def test_on_a_full_slide_an_output_lies_over_it_and_can_be_closed(visit: Visit, page: Page) -> None:
    reader = slide(visit("slides/deck.html"), "full")
    last = reader.page.locator(".cell[data-cb-live]").count() - 1
    page.keyboard.press("Control+Enter")
    expect(reader.output(last)).to_contain_text("line 60")
    expect(reader.output(last)).to_be_in_viewport(ratio=1)
    assert page.evaluate(STICKS_OUT) == []
    page.get_by_role("button", name=f"Close the output of bash cell {last + 1}").click()
    expect(reader.output(last)).to_be_hidden()


def test_a_cell_that_goes_on_over_slides_runs_once_as_a_whole_and_prints_below_its_end(
    visit: Visit, page: Page
) -> None:
    reader = slide(visit("slides/long.html"), "long")
    begin = shown(page)
    parts = page.locator("section.present:not(.stack) .cell_input")
    expect(parts).to_contain_text("echo line 1\n")
    expect(page.locator("section.present:not(.stack) .cb-run")).to_have_count(0)
    for _ in range(2):
        page.keyboard.press("Control+Enter")  # nothing stands here that runs
        assert shown(page) == begin
        page.keyboard.press("PageDown")
        assert shown(page) != begin
        begin = shown(page)
    end = begin
    expect(reader.button(0)).to_be_visible()
    expect(parts).to_contain_text("echo line 25")
    page.keyboard.press("Control+Enter")
    expect(reader.state(0)).to_contain_text("yours")
    expect(reader.output(0)).to_be_in_viewport()
    lines = [f"line {number}\n" for number in range(1, 26)]
    expect(reader.output(0)).to_have_text("".join(lines))
    [[_, asked]] = reader.told("run")
    assert asked["source"].splitlines() == [f"echo {line.strip()}" for line in lines]
    assert shown(page) == end
    assert page.evaluate(STICKS_OUT) == []
    # Who edits it has all of it before him, and no key of his turns the slide.
    reader.cell(0).locator(".cell_input pre").click()
    editor = reader.cell(0).locator(".cm-content")
    expect(editor).to_be_focused()
    expect(editor).to_contain_text("echo line 25")
    page.keyboard.press("Control+Home")
    expect(editor).to_contain_text("echo line 1")
    page.keyboard.type("echo n w s\n")
    page.keyboard.press("Space")
    page.keyboard.press("PageDown")
    page.keyboard.press("Shift+Enter")
    expect(reader.output(0)).to_contain_text("n w s")
    assert shown(page) == end
    assert page.evaluate(STICKS_OUT) == []
    assert len(reader.told("run")) == 2
    assert reader.complaints == []


def test_typing_into_a_cell_never_turns_the_slide(visit: Visit, page: Page) -> None:
    reader = slide(visit("slides/deck.html"), "asks")
    reader.button(2).click()
    field = page.get_by_role("textbox", name="Input of bash cell 3")
    expect(field).to_be_visible()
    field.focus()
    page.keyboard.type("n w o s ? f b")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(reader.output(2)).to_contain_text("read: n w o s ? f b")
    slide(reader, "first")
    reader.cell(0).locator(".cell_input pre").click()
    expect(reader.cell(0).locator(".cm-content")).to_be_focused()
    page.keyboard.type(" nws")
    page.keyboard.press("Space")
    page.keyboard.press("PageDown")
    page.keyboard.press("Escape")
    expect(reader.cell(0).locator(".cm-content")).to_contain_text("nws")
    assert shown(page) == "first"
    assert not page.evaluate("Reveal.isOverview()")
    assert page.locator(".overlay-help, .r-overlay-help").count() == 0


def test_a_cell_is_used_by_keyboard_alone_and_then_the_deck_goes_on(
    visit: Visit, page: Page
) -> None:
    reader = visit("slides/deck.html")
    page.keyboard.press("PageDown")
    expect(page.locator("#first h2")).to_be_focused()
    for name in ("Run bash cell 1", "More for bash cell 1", "Code of bash cell 1, Enter edits it"):
        page.keyboard.press("Tab")
        if name.startswith("Run") and not page.evaluate(
            "document.activeElement.matches('.cb-run')"
        ):
            page.keyboard.press("Tab")  # over Copy
        expect(page.get_by_label(name, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    editor = reader.cell(0).locator(".cm-content")
    expect(editor).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("echo no 5 slides")
    page.keyboard.press("Shift+Enter")
    expect(reader.output(0)).to_contain_text("no 5 slides")
    expect(editor).to_be_focused()
    page.keyboard.press("Escape")
    expect(reader.button(0)).to_be_focused()
    assert shown(page) == "first"
    page.keyboard.press("PageDown")
    assert shown(page) == "asks"
    expect(page.locator("#asks h3")).to_be_focused()
    assert reader.complaints == []


def test_a_long_output_that_has_the_keyboard_scrolls_and_the_remote_still_turns(
    visit: Visit, page: Page
) -> None:
    reader = slide(visit("slides/deck.html"), "first")
    page.keyboard.press("Control+Enter")
    expect(reader.state(0)).to_contain_text("yours")
    output = reader.output(0)
    output.evaluate("it => { it.scrollTop = 0; it.focus(); }")
    page.keyboard.press("ArrowDown")
    expect(output).not_to_have_js_property("scrollTop", 0)
    assert shown(page) == "first"
    page.keyboard.press("PageDown")
    assert shown(page) == "asks"


def test_larger_code_takes_the_output_with_it(visit: Visit, page: Page) -> None:
    reader = slide(visit("slides/deck.html"), "full")
    last = reader.page.locator(".cell[data-cb-live]").count() - 1
    page.keyboard.press("Control+Enter")
    expect(reader.state(last)).to_contain_text("yours")
    text = reader.output(last).locator("pre")
    size = "pre => parseFloat(getComputedStyle(pre).fontSize)"
    usual = text.evaluate(size)
    page.keyboard.press("+")
    expect(page.locator(".cb-said")).to_have_text("Code at 120 %.")
    assert text.evaluate(size) == pytest.approx(1.2 * usual, abs=0.1)
    expect(reader.output(last)).to_be_in_viewport(ratio=1)
    assert page.evaluate(STICKS_OUT) == []
    expect(page.get_by_text("Paragraph 1 of a slide that is full.", exact=True)).to_be_hidden()
    page.keyboard.press("0")
    expect(page.get_by_text("Paragraph 1 of a slide that is full.", exact=True)).to_be_visible()


STANDS_STILL = """() => new Promise((resolve) => {
    let before = null;
    const look = () => {
        if (before === scrollY) resolve();
        before = scrollY;
        setTimeout(look, 200);
    };
    look();
})"""


@pytest.mark.parametrize(("width", "height"), [(390, 844), (740, 360)])
def test_cells_on_a_phone_are_used_by_finger_without_sideways_scrolling(
    browser: Browser, live_book: Book, serve: Serve, width: int, height: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
    )
    reader = Visitor(context.new_page(), serve(live_book.tree.site))
    reader.page.goto(f"{reader.base}slides/deck.html")
    for number in (0, 1):
        # A finger waits until the page stands still.
        reader.button(number).scroll_into_view_if_needed()
        reader.page.evaluate(STANDS_STILL)
        reader.button(number).tap()
        expect(reader.state(number)).to_contain_text("yours")
        box = reader.button(number).bounding_box()
        assert box and min(box["width"], box["height"]) >= 40
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
    assert reader.complaints == []
    context.close()


def test_the_menu_does_not_turn_the_slide_either(visit: Visit, page: Page) -> None:
    reader = slide(visit("slides/deck.html"), "first")
    reader.cell(0).hover()
    reader.cell(0).locator(".cb-more").click()
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    assert shown(page) == "first"
    assert not page.evaluate("Reveal.isOverview()")


def test_a_key_warms_the_engine_up_and_the_help_tells_of_it(visit: Visit, page: Page) -> None:
    reader = visit("slides/deck.html", cbSteps=4)
    page.keyboard.press("w")
    bar = page.locator(".cb-machine")
    expect(bar).to_contain_text("of 14.0 MB")
    expect(bar).to_have_attribute("data-cb-machine", "ready")
    assert reader.told("start", "run") == [["start"]]
    page.keyboard.press("Shift+?")
    expect(page.get_by_text("Warm up what runs the cells")).to_be_visible()


def test_state_carries_over_from_slide_to_slide_and_to_the_page(visit: Visit, page: Page) -> None:
    reader = slide(visit("slides/deck.html"), "first")
    reader.button(0).click()
    expect(reader.state(0)).to_contain_text("yours")
    slide(reader, "full")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("() => globalThis.cbEngine.state().ran === 2")
    reader.open("output.html")
    expect(page.locator(".cb-machine")).to_contain_text("as you left it in «Cells on slides»")


def test_toolbars_fit_on_every_slide(visit: Visit, page: Page) -> None:
    visit("slides/deck.html")
    found = overflowing_slides(page)
    assert [one for one in found if one["slide"] != "full"] == []


def test_a_deck_is_not_steered_by_what_a_cell_shows(visit: Visit, page: Page) -> None:
    reader = slide(visit("slides/output.html"), "outputs")
    number = 3
    reader.button(number).evaluate("button => button.click()")
    expect(reader.output(number).frame_locator("iframe").locator("#word")).to_have_text("table")
    before = shown(page)
    page.wait_for_timeout(200)
    assert shown(page) == before
