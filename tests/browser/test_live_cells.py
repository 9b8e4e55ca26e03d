"""A reader runs the cells of a page, in whatever order, and whatever they do."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from books import Book
from browser.live_book import Visitor
from coursebook.paths import FRONTEND

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


def test_the_module_that_a_page_loads_is_small() -> None:
    assert len(gzip.compress((FRONTEND / "live" / "start.js").read_bytes())) <= 3000


def test_nothing_is_loaded_before_the_first_wish(visit: Visit, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    reader = visit("output.html")
    page.wait_for_load_state("networkidle")
    live = {url.rpartition("/")[2] for url in asked if "/live/" in url}
    assert live == {"start.js", "start.css"}
    reader.button(0).click()
    expect(reader.output(0)).to_contain_text("from the book")
    assert reader.complaints == []


def test_a_toolbar_moves_nothing(visit: Visit, page: Page, browser: Browser) -> None:
    tops = "[...document.querySelectorAll('.cell')].map((cell) => cell.getBoundingClientRect().top)"
    reader = visit("output.html")
    expect(reader.button(0)).to_be_visible()
    with_toolbar = page.evaluate(tops)
    context = browser.new_context(
        viewport={"width": 1280, "height": 720}, java_script_enabled=False
    )
    plain = context.new_page()
    plain.goto(reader.base + "output.html")
    assert plain.locator(".cb-bar").count() == 0
    assert plain.evaluate(tops) == with_toolbar
    context.close()


def test_run_puts_the_readers_output_in_the_place_of_the_books(visit: Visit, page: Page) -> None:
    reader = visit("output.html")
    book = reader.cell(0).locator(".cell_output")
    expect(book).to_have_text("from the book")
    reader.button(0).click()
    expect(reader.output(0)).to_contain_text("a complaint")
    expect(book).to_be_hidden()
    expect(reader.state(0)).to_have_text(re.compile(r"^yours, [\d.]+ s$"))
    reader.choose(0, "Bring back the book’s output")
    expect(book).to_be_visible()
    expect(reader.output(0)).to_be_hidden()
    expect(reader.state(0)).to_have_text("from the book")
    reader.choose(0, "Bring back your output")
    expect(reader.output(0)).to_contain_text("a complaint")


def test_what_is_asked_of_the_engine_names_chapter_topic_and_cell(visit: Visit) -> None:
    reader = visit("order.html")
    reader.button(1).click()
    expect(reader.output(1)).to_contain_text("last one")
    [[_, request]] = reader.told("run")
    assert request == {
        "language": "bash",
        "source": "echo last one",
        "chapter": "order",
        "topic": "order",
        "cell": 2,
    }


def test_ten_presses_are_one_run_and_a_second_cell_waits_its_turn(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    page.evaluate(
        "for (let at = 0; at < 10; at += 1) document.querySelectorAll('.cb-run')[0].click()"
    )
    expect(reader.output(0)).to_contain_text("slow")
    reader.button(1).click()
    expect(reader.state(1)).to_have_text("waits its turn")
    expect(reader.button(1)).to_have_text("Cancel")
    expect(reader.output(1)).to_contain_text("last one")
    sources = [request["source"].splitlines()[0] for _, request in reader.told("run")]
    assert sources == ["echo slow", "echo last one"]


def test_a_cell_that_waits_can_be_taken_back(visit: Visit) -> None:
    reader = visit("order.html")
    reader.button(0).click()
    reader.button(1).click()
    reader.button(1).click()
    expect(reader.button(1)).to_have_text("Run")
    expect(reader.state(0)).to_contain_text("yours")
    assert len(reader.told("run")) == 1


def test_stop_ends_an_endless_cell_and_says_so(visit: Visit) -> None:
    reader = visit("order.html")
    reader.button(2).click()
    expect(reader.button(2)).to_have_text("Stop")
    expect(reader.button(2)).to_have_accessible_name("Stop bash cell 3")
    reader.button(2).click()
    expect(reader.cell(2).locator(".cb-result-foot")).to_have_text("stopped")
    expect(reader.button(2)).to_have_text("Run")
    assert reader.told("interrupt") == [["interrupt"]]


def test_a_starting_engine_shows_steps_and_bytes_and_can_be_cancelled(visit: Visit) -> None:
    reader = visit("order.html", cbSteps=12)
    reader.button(1).click()
    expect(reader.state(1)).to_have_text(re.compile(r"loading Linux, [\d.]+ of 14.0 MB"))
    expect(reader.cell(1).locator("progress")).to_be_visible()
    expect(reader.page.locator(".cb-machine")).to_contain_text("of 14.0 MB")
    reader.button(1).click()
    expect(reader.button(1)).to_have_text("Run")
    expect(reader.page.locator(".cb-machine")).to_contain_text("ready")
    assert reader.told("run") == []
    reader.button(1).click()
    expect(reader.output(1)).to_contain_text("last one")
    assert reader.told("start") == [["start"]]


def test_where_no_engine_works_a_cell_says_why_and_keeps_its_output(visit: Visit) -> None:
    reader = visit("output.html", cbNoEngine="This browser has no WebAssembly.")
    reader.button(0).click()
    expect(reader.cell(0).locator(".cb-note")).to_contain_text("This browser has no WebAssembly.")
    expect(reader.cell(0).locator(".cell_output")).to_be_visible()
    expect(reader.button(0)).to_have_text("Run")


def test_a_start_that_fails_is_told_in_a_sentence_and_tried_again(visit: Visit) -> None:
    failure = {"message": "Linux could not be loaded.", "mend": None}
    reader = visit("order.html", cbStartFails=failure)
    reader.button(1).click()
    note = reader.cell(1).locator(".cb-note")
    expect(note).to_contain_text("Linux could not be loaded.")
    note.get_by_role("button").click()
    expect(reader.output(1)).to_contain_text("last one")
    expect(note).to_be_hidden()


def test_run_all_above_runs_what_the_page_hides_too(visit: Visit) -> None:
    reader = visit("order.html")
    reader.choose(1, "Run all above, then this")
    expect(reader.output(1)).to_contain_text("last one")
    assert [request["cell"] for _, request in reader.told("run")] == [0, 1, 2]
    assert reader.told("run")[0][1]["source"].startswith("hidden=1")


def test_a_cell_that_fails_offers_to_run_what_it_may_need(visit: Visit) -> None:
    reader = visit("order.html")
    reader.button(4).click()
    foot = reader.cell(4).locator(".cb-result-foot")
    expect(foot).to_contain_text("exit status 2")
    expect(foot.get_by_role("button", name="Run all above, then this")).to_be_visible()


def test_a_cell_reads_what_is_typed_and_shows_it(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    reader.button(3).focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Input of bash cell 4")
    expect(field).to_be_focused()
    page.keyboard.type("my answer")
    page.keyboard.press("Enter")
    expect(reader.output(3).locator(".cb-ink-6")).to_have_text("my answer")
    expect(reader.output(3)).to_contain_text("read: my answer")
    page.get_by_role("button", name="Ctrl-D, end the input of bash cell 4").click()
    expect(reader.output(3)).to_contain_text("read: EOF")
    expect(field).to_have_count(0)
    assert reader.told("input", "endInput") == [["input", "my answer\n"], ["endInput"]]


def test_the_keyboard_runs_and_edits_and_focus_is_never_lost(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    code = page.get_by_role("group", name="Code of bash cell 2, Enter edits it")
    code.focus()
    page.keyboard.press("Control+Enter")
    expect(reader.output(1)).to_contain_text("last one")
    expect(code).to_be_focused()
    page.keyboard.press("F2")
    expect(reader.cell(1).locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and more")
    expect(reader.state(1)).to_contain_text("edited")
    page.keyboard.press("Shift+Enter")
    expect(reader.output(1)).to_contain_text("last one and more")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")
    assert not page.evaluate("document.activeElement.closest('.cb-editor')")


def test_an_edited_cell_returns_to_the_authors_text(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    reader.cell(1).locator(".cell_input pre").click()
    expect(reader.cell(1).locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("echo mine")
    page.keyboard.press("Control+Enter")
    expect(reader.output(1)).to_have_text("mine")
    reader.choose(1, "Reset to the author’s text")
    expect(reader.state(1)).not_to_contain_text("edited")
    reader.button(1).click()
    expect(reader.output(1)).to_have_text("last one")
    reader.cell(1).locator(".cm-content").click()
    page.keyboard.press("Control+z")
    expect(reader.cell(1).locator(".cm-content")).to_have_text("echo mine")


def test_without_the_editor_code_is_edited_in_a_plain_field(visit: Visit, page: Page) -> None:
    page.route("**/vendor/editor.js", lambda route: route.fulfill(status=404))
    reader = visit("order.html")
    reader.choose(1, "Edit")
    expect(page.get_by_role("textbox", name="Code of bash cell 2")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("echo plain")
    page.keyboard.press("Control+Enter")
    expect(reader.output(1)).to_have_text("plain")


def test_folded_and_codeless_cells_run_where_they_stand(visit: Visit) -> None:
    reader = visit("order.html")
    for number, words in ((6, "quiet"), (7, "folded"), (8, "no code")):
        reader.button(number).click()
        expect(reader.output(number)).to_have_text(words)
        expect(reader.output(number)).to_be_visible()


def test_a_python_cell_says_which_interpreter_runs_it(visit: Visit) -> None:
    reader = visit("python.html")
    line = reader.cell(1).locator(".cb-interpreter")
    expect(line).to_be_hidden()
    reader.button(0).click()
    expect(line).to_contain_text("python3 of the machine")
    line.get_by_role("button", name="use .venv’s").click()
    expect(line).to_contain_text("Python of .venv")
    assert reader.told("usePython") == [["usePython", "/home/learner/python/.venv/bin/python"]]
    reader.button(2).click()
    line.get_by_role("button", name="use the machine’s").click()
    expect(line).to_be_hidden()


def test_a_cell_that_needs_more_says_so_and_runs_where_it_can(
    visit: Visit, page: Page, browser: Browser
) -> None:
    reader = visit("needs.html")
    expect(reader.button(0)).to_have_text("How to run")
    reader.button(0).click()
    note = reader.cell(0).locator(".cb-note")
    expect(note).to_contain_text("it needs 2 GB of memory; try it at home")
    expect(note).to_contain_text("course.py serve")
    reader.choose(1, "Run all above, then this")
    expect(reader.output(1)).to_contain_text("light")
    assert [request["cell"] for _, request in reader.told("run")] == [1]
    context = browser.new_context()
    other = Visitor(context.new_page(), reader.base)
    other.open("needs.html", cbEngineName="local").button(0).click()
    expect(other.output(0)).to_contain_text("heavy")
    context.close()


def test_a_reset_ends_what_runs_and_what_waits(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    reader.button(2).click()
    expect(reader.button(2)).to_have_text("Stop")
    reader.button(1).click()
    reader.choose(2, "Reset the machine")
    expect(reader.button(2)).to_have_text("Run")
    expect(reader.button(1)).to_have_text("Run")
    assert len(reader.told("run")) == 1


def test_trouble_is_one_sentence_and_one_button_that_mends(visit: Visit, page: Page) -> None:
    reader = visit("trouble.html")
    reader.button(0).click()
    bar = page.locator(".cb-machine")
    expect(bar).to_contain_text("Linux has no memory left.")
    bar.get_by_role("button", name="Reset the machine").click()
    expect(bar).not_to_contain_text("Linux has no memory left.")
    assert reader.told("reset") == [["reset"]]
    reader.button(1).click()
    expect(reader.cell(1).locator(".cb-note")).to_contain_text("could not be loaded")
    reader.button(2).click()
    expect(reader.output(2)).to_contain_text("all is well")
    with page.expect_navigation():
        reader.cell(1).locator(".cb-note button").click()


def test_a_line_that_was_cut_is_tried_again_by_its_button(visit: Visit, page: Page) -> None:
    reader = visit("trouble.html")
    reader.button(3).click()
    bar = page.locator(".cb-machine")
    expect(bar).to_contain_text("The line was cut.")
    bar.get_by_role("button", name="Try again").click()
    expect(bar).to_contain_text("1 cell ran here")
    expect(bar).not_to_contain_text("The line was cut.")


def test_what_nothing_mends_is_told_without_a_button(visit: Visit, page: Page) -> None:
    reader = visit("trouble.html")
    reader.button(4).click()
    bar = page.locator(".cb-machine")
    expect(bar).to_contain_text("A new room stands.")
    expect(bar.locator(".cb-machine-remedy button")).to_have_count(0)
    reader.button(2).click()
    expect(bar).to_contain_text("2 cells ran here")


def test_a_start_that_failed_is_tried_again_from_the_bar_too(visit: Visit, page: Page) -> None:
    reader = visit("order.html", cbStartFails={"message": "No Linux.", "mend": None})
    reader.button(1).click()
    bar = page.locator(".cb-machine")
    expect(bar).to_contain_text("No Linux.")
    bar.get_by_role("button", name="Try again").click()
    expect(bar).to_contain_text("ready")


def test_restart_and_reset_are_in_the_menus(visit: Visit, page: Page) -> None:
    reader = visit("python.html")
    reader.choose(1, "Restart Python")
    expect(page.locator(".cb-machine")).to_contain_text("ready")
    reader.choose(0, "Reset the machine")
    page.wait_for_function("() => globalThis.cbEngine.told.some(([word]) => word === 'reset')")
    assert reader.told("restart", "reset") == [["restart", "python"], ["reset"]]


def test_the_next_page_tells_whose_state_it_finds_and_links_wait_for_it(
    visit: Visit, page: Page
) -> None:
    reader = visit("order.html", cbFlushTakes=400)
    reader.button(1).click()
    expect(reader.state(1)).to_contain_text("yours")
    page.locator(".cb-neighbours-next").click()
    page.wait_for_url("**/python.html")
    bar = page.locator(".cb-machine")
    expect(bar).to_contain_text("The machine is as you left it in «Order», 1 cell ago")
    assert page.evaluate("globalThis.cbEngine === undefined")
    bar.get_by_role("button", name="Start afresh").click()
    page.wait_for_function("() => globalThis.cbEngine?.told.some(([word]) => word === 'reset')")


def test_the_reader_can_choose_another_engine(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    reader.button(1).click()
    page.locator(".cb-machine .cb-more").click()
    chosen = page.get_by_role("menuitemradio", name="Linux in this tab")
    expect(chosen).to_have_attribute("aria-checked", "true")
    with page.expect_navigation():
        page.get_by_role("menuitemradio", name="Your own computer").click()
    assert page.evaluate("localStorage.getItem('cb-engine')") == "local"


def test_a_terminal_opens_in_a_drawer_and_gives_the_keyboard_back(visit: Visit, page: Page) -> None:
    reader = visit("order.html")
    reader.choose(1, "Show me")
    drawer = page.get_by_role("region", name="Terminal")
    expect(drawer.locator(".xterm-accessibility")).to_contain_text("echo last one")
    assert reader.told("terminal")[0][1] == "mkdir -p ~/order && cd ~/order\necho last one\n"
    page.keyboard.press("Escape")
    expect(drawer).to_be_visible()
    assert reader.told("terminal")[-1] == ["terminal", "\x1b"]
    page.keyboard.press("Control+Backquote")
    expect(drawer).to_be_hidden()
    expect(reader.cell(1).locator(".cb-more")).to_be_focused()
    page.keyboard.press("Control+Backquote")
    expect(drawer).to_be_visible()
    edge = page.get_by_role("separator", name="Height of the terminal")
    edge.focus()
    before = drawer.bounding_box()
    page.keyboard.press("ArrowUp")
    after = drawer.bounding_box()
    assert before and after and after["height"] > before["height"]
    page.get_by_role("button", name="Close the terminal").click()
    expect(drawer).to_be_hidden()


def test_an_engine_without_a_terminal_offers_none(visit: Visit, page: Page) -> None:
    reader = visit("order.html", cbEngineName="local")
    reader.button(1).click()
    expect(reader.state(1)).to_contain_text("yours")
    reader.cell(1).hover()
    reader.cell(1).locator(".cb-more").click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    assert page.get_by_role("menuitem", name="Open a terminal").count() == 0
    assert page.get_by_role("button", name="Terminal, opens a drawer").count() == 0


def test_a_phone_has_large_buttons_and_no_sideways_scroll(
    browser: Browser, live_book: Book, serve: Callable[[Path], str]
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    reader = Visitor(context.new_page(), serve(live_book.tree.site)).open("python.html")
    page = reader.page
    for number in (0, 1):
        reader.button(number).tap()
        expect(reader.state(number)).to_contain_text("yours")
    for box in page.locator(".cb-bar button:visible, .cb-machine button:visible").all():
        shape = box.bounding_box()
        assert shape and shape["height"] >= 40 and shape["width"] >= 40, box
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390
    context.close()
