"""What a reader wrote into a cell stays hers while the tab lives, and costs nobody else a byte."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from browser.decks import overflowing_slides
from browser.live_book import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]

FORBIDDEN = """Object.defineProperty(globalThis, "sessionStorage", {
    get() { throw new DOMException("not here", "SecurityError"); },
});"""

FULL = """for (let piece = "x".repeat(2 ** 22); piece; ) {
    try {
        sessionStorage.setItem(`filler ${sessionStorage.length}`, piece);
    } catch {
        piece = piece.slice(piece.length / 2 + 1);
    }
}"""


def code(reader: Visitor, number: int) -> Locator:
    return reader.cell(number).locator(".cell_input pre")


def write(reader: Visitor, number: int, text: str) -> None:
    """Open the editor of a cell and put a text into it."""
    code(reader, number).click()
    expect(reader.cell(number).locator(".cm-content")).to_be_focused()
    reader.page.keyboard.press("Control+a")
    reader.page.keyboard.insert_text(text)
    expect(reader.state(number)).to_contain_text("edited")


def reload(reader: Visitor) -> list[str]:
    """Reload the page, and return the names of the live files that it asked for."""
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.page.reload(wait_until="networkidle")
    return [url.rpartition("/")[2] for url in asked if "/live/" in url]


def test_an_edit_is_there_after_a_reload_and_runs(visit: Visit) -> None:
    reader = visit("order.html")
    write(reader, 1, "echo mine\necho <b>too</b>")
    asked = reload(reader)
    expect(code(reader, 1)).to_have_text("echo mine\necho <b>too</b>")
    expect(code(reader, 1)).to_be_visible()
    expect(reader.state(1)).to_have_text("edited")
    expect(reader.state(0)).to_be_empty()
    assert set(asked) == {"start.js", "start.css", "edits.js", "chapter.js", "code.js"}
    reader.button(1).click()
    expect(reader.output(1)).to_have_text("mine\n<b>too</b>")
    expect(reader.state(1)).to_contain_text("edited · yours")
    assert reader.complaints == []


def test_an_edit_is_there_after_other_chapters_and_after_back(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    write(reader, 1, "echo mine")
    page.locator(".cb-neighbours-next").click()
    page.wait_for_url("**/python.html")
    expect(reader.cell(1)).to_be_visible()
    assert page.locator(".cb-bar-state", has_text="edited").count() == 0
    page.go_back()
    expect(code(reader, 1)).to_have_text("echo mine")
    reader.open("output.html")
    reader.open("order.html")
    expect(code(reader, 1)).to_have_text("echo mine")
    expect(reader.state(1)).to_have_text("edited")


def test_an_edit_goes_on_where_it_ended(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    write(reader, 1, "echo mine")
    reload(reader)
    reader.choose(1, "Edit")
    expect(reader.cell(1).locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and more")
    reload(reader)
    expect(code(reader, 1)).to_have_text("echo mine and more")


def test_after_a_reload_the_authors_text_comes_back_and_undo_brings_the_edit(
    visit: Visit, page: Page
) -> None:
    reader = visit("order.html")
    colours = code(reader, 1).inner_html()
    write(reader, 1, "echo mine")
    reload(reader)
    reader.choose(1, "Reset to the author’s text")
    editor = reader.cell(1).locator(".cm-content")
    expect(editor).to_have_text("echo last one")
    expect(reader.state(1)).to_be_empty()
    page.keyboard.press("Control+z")
    expect(editor).to_have_text("echo mine")
    reader.choose(1, "Reset to the author’s text")
    expect(editor).to_have_text("echo last one")
    assert "edits.js" not in reload(reader)
    assert code(reader, 1).inner_html() == colours


def test_an_edit_of_a_text_that_the_author_changed_is_not_shown(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    write(reader, 0, "echo fast")
    write(reader, 1, "echo mine")

    def rebuilt(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"\blast\b", "newest", answer.text()))

    page.route("**/order.html", rebuilt)
    reload(reader)
    expect(code(reader, 0)).to_have_text("echo fast")
    expect(code(reader, 1)).to_have_text("echo newest one")
    expect(reader.state(1)).to_be_empty()
    reader.button(1).click()
    expect(reader.output(1)).to_have_text("newest one")


def test_another_tab_shows_the_authors_text(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    write(reader, 1, "echo mine")
    other = Visitor(page.context.new_page(), reader.base).open("order.html")
    expect(other.button(1)).to_be_visible()
    expect(code(other, 1)).to_have_text("echo last one")


@pytest.mark.parametrize("storage", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_where_nothing_can_be_kept_a_cell_is_edited_all_the_same(
    visit: Visit, page: Page, storage: str
) -> None:
    page.add_init_script(storage)
    reader = visit("order.html")
    write(reader, 1, "echo mine")
    page.keyboard.press("Control+Enter")
    expect(reader.output(1)).to_have_text("mine")
    reload(reader)
    expect(code(reader, 1)).to_have_text("echo last one")
    expect(reader.state(1)).to_be_empty()
    assert reader.complaints == []


def test_an_edit_on_a_slide_stays_on_the_slide_and_fits(visit: Visit, page: Page) -> None:
    reader = visit("slides/deck.html#/first")
    expect(page.locator("#first")).to_be_visible()
    write(reader, 1, "echo " + "words " * 30 + "\necho mine")
    reload(reader)
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    expect(code(reader, 1)).to_contain_text("echo mine")
    expect(reader.state(1)).to_have_text("edited")
    code(reader, 1).focus()
    page.keyboard.press("Control+Enter")
    expect(reader.output(1)).to_contain_text("mine")
    reload(reader)
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    expect(code(reader, 1)).to_contain_text("echo mine")
    assert [one for one in overflowing_slides(page) if one["slide"] == "first"] == []
    reader.open("deck.html")
    expect(reader.button(1)).to_be_visible()
    expect(code(reader, 1)).to_have_text("echo two")
