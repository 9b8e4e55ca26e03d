"""Cells that run are there for everybody: keyboard, screen reader, little contrast."""

from __future__ import annotations

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
