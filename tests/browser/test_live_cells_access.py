"""Cells that run are there for everybody: keyboard, screen reader, little contrast."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.axe import violations
from browser.live_book import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@SCHEMES
def test_outputs_are_clean(visit: Visit, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    reader = visit("output.html")
    for number in (0, 1, 2, 3, 4, 7, 8, 10):
        reader.button(number).click()
        expect(reader.state(number)).to_contain_text("yours")
    assert "\n".join(violations(page)) == ""


@SCHEMES
def test_everything_that_can_be_opened_is_clean(visit: Visit, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    reader = visit("order.html")
    reader.choose(1, "Edit")
    expect(reader.cell(1).locator(".cm-content")).to_be_focused()
    reader.button(3).click()
    expect(page.get_by_role("textbox", name="Input of bash cell 4")).to_be_visible()
    reader.button(1).click()
    expect(reader.state(1)).to_contain_text("waits")
    reader.cell(0).hover()
    reader.cell(0).locator(".cb-more").click()
    expect(page.get_by_role("menu")).to_be_visible()
    assert "\n".join(violations(page)) == ""
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Backquote")
    expect(page.get_by_role("region", name="Terminal").locator(".xterm")).to_be_visible()
    assert "\n".join(violations(page)) == ""


@SCHEMES
def test_trouble_and_refusal_are_clean(visit: Visit, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    reader = visit("trouble.html")
    for number in (1, 0):
        reader.button(number).click()
        expect(reader.button(number)).to_have_text("Run")
    expect(page.locator(".cb-machine")).to_contain_text("Linux has no memory left.")
    assert "\n".join(violations(page)) == ""


def test_a_slide_with_outputs_is_clean(visit: Visit, page: Page) -> None:
    reader = visit("slides/deck.html")
    page.evaluate("location.hash = '/first'")
    expect(page.locator("#first")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(reader.state(0)).to_contain_text("yours")
    assert "\n".join(violations(page)) == ""


def test_all_of_a_cell_is_reached_by_tab(visit: Visit, page: Page) -> None:
    reader = visit("output.html")
    reader.button(2).click()
    expect(reader.state(2)).to_contain_text("yours")
    reader.cell(2).locator(".cb-copy").focus()
    names = []
    for _ in range(4):
        names.append(
            page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")
        )
        page.keyboard.press("Tab")
    assert names == [
        "Copy this code",
        "Run bash cell 3",
        "More for bash cell 3",
        "Code of bash cell 3, Enter edits it",
    ]
    expect(reader.output(2)).to_be_focused()


def heard(page: Page, words: str) -> None:
    """Wait until something was said: a regular expression for the whole of it."""
    said = page.get_by_role("status").locator("p")
    expect(said.filter(has_text=re.compile(f"^{words}$"))).to_have_count(1)


def test_a_short_output_is_read_out_and_of_a_picture_is_told_that_it_is_there(
    visit: Visit, page: Page
) -> None:
    reader = visit("output.html")
    seconds = r"[\d.]+ s"
    for number, said in (
        (0, f"bash cell 1 finished, {seconds}, it says: from the book, Error output: a complaint"),
        (4, f"python cell 5 finished, {seconds}, 1 line"),
        (7, f"python cell 8 failed, {seconds}, it says: Error: Traceback:, ValueError: no"),
        (8, f"bash cell 9 failed, exit status 3, {seconds}, it says: it fails"),
    ):
        reader.button(number).click()
        heard(page, f"(.*[.] )?{said}([.] .*)?")


def test_what_takes_long_is_said_to_run_and_what_was_stopped_did_not_fail(
    visit: Visit, page: Page
) -> None:
    reader = visit("order.html")
    reader.button(2).click()
    heard(page, "bash cell 3 runs")
    reader.button(2).click()
    heard(page, r"bash cell 3, stopped, [\d.]+ s, it says: endless")


def test_each_step_of_the_start_is_said_once(visit: Visit, page: Page) -> None:
    reader = visit("order.html", cbSteps=12)
    reader.button(1).click()
    expect(reader.state(1)).to_contain_text("yours")
    said = page.get_by_role("status")
    expect(said).to_contain_text("loading Linux")
    expect(said).to_contain_text("finished")
    assert (said.text_content() or "").count("loading Linux") == 1


def test_words_that_come_together_are_all_heard_and_buttons_are_named(
    visit: Visit, page: Page
) -> None:
    reader = visit("trouble.html")
    reader.button(5).click()
    heard(page, r"starting. loading Linux. One more word. bash cell 6 finished, .* says: half")
    reader.button(0).click()
    heard(page, r"Linux has no memory left. Button: Reset the machine. bash cell 1 finished.*")
    reader.button(1).click()
    heard(page, r".*bash cell 2: A part of Linux could not be loaded. Button: Reload the page")


def test_what_says_it_stands_before_the_first_word(visit: Visit, page: Page) -> None:
    reader = visit("order.html", cbSteps=12)
    reader.button(2).click()
    region = page.get_by_role("status")
    expect(region).to_be_attached()
    first = region.evaluate("region => { region.cbSame = true; return region.childElementCount; }")
    heard(page, "bash cell 3 runs")
    assert first < region.locator("p").count()
    assert region.evaluate("region => region.cbSame")
