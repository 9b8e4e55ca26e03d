"""What readers do with terms and with the tabs of systems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from books import Book
from browser.axe import violations
from browser.complaints import complaints_of
from coursebook.agreement.hosting import host
from reference_book import reference

__all__ = ["reference"]

pytestmark = pytest.mark.browser

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def base(reference: Book) -> Iterator[str]:
    with host(Path(reference.tree.site), sub_path="/") as running:
        yield running.address


@pytest.fixture
def opened(browser: Browser, base: str) -> Iterator[Opened]:
    """Open the chapter as somebody who reads on a certain system."""
    contexts = []

    def visit(platform: str = "Linux x86_64", **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_init_script(
            f"Object.defineProperty(navigator, 'platform', {{ get: () => '{platform}' }});"
            "Object.defineProperty(navigator, 'userAgentData', { get: () => undefined });"
        )
        page = context.new_page()
        page.goto(base + "boxes.html")
        return page

    yield visit
    for context in contexts:
        context.close()


def test_a_term_explains_itself_to_pointer_and_keyboard_and_goes_away(opened: Opened) -> None:
    page = opened()
    complaints = complaints_of(page)
    page.reload()
    box = page.get_by_role("tooltip")
    term = page.get_by_role("link", name="PATH", exact=True)
    expect(box).to_be_hidden()
    term.hover()
    expect(box).to_have_text("The list of folders in which a shell looks for programs.")
    # The pointer may come over to the box, and stay there.
    box.hover()
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.mouse.move(0, 0)
    page.locator(".cb-counterpart").first.focus()
    for _ in range(12):
        if term.evaluate("term => term === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(box).to_be_visible()
    expect(term).to_have_accessible_description(
        "The list of folders in which a shell looks for programs."
    )
    page.keyboard.press("Tab")
    expect(box).to_have_text(
        "A built package, a zip file that an installer only unpacks. See PATH."
    )
    edges = box.evaluate("box => [box.getBoundingClientRect().right, innerWidth]")
    assert edges[0] <= edges[1]
    assert violations(page) == []
    assert complaints == []


def test_the_first_tap_explains_and_the_second_follows_the_link(opened: Opened) -> None:
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    term = page.get_by_role("link", name="virtual environments")
    term.tap()
    box = page.get_by_role("tooltip")
    expect(box).to_have_text("A folder with a pyvenv.cfg.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # A tap elsewhere puts it away; then it is the first one again.
    page.get_by_role("heading", level=1).tap()
    expect(box).to_be_hidden()
    term.tap()
    expect(box).to_be_visible()
    term.tap()
    page.wait_for_url("**/glossary.html#term-virtual-environment")


def test_without_javascript_a_term_is_a_link_that_says_what_it_means(opened: Opened) -> None:
    page = opened(java_script_enabled=False)
    term = page.get_by_role("link", name="PATH", exact=True)
    expect(term).to_have_attribute(
        "title", "The list of folders in which a shell looks for programs."
    )
    expect(page.get_by_text("Ran when this book was built.")).to_be_visible()
    term.click()
    expect(page.locator("#term-PATH")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("platform", "first", "second"),
    [
        ("Linux x86_64", "Linux bash", "Linux bash"),
        ("Win32", "PowerShell", "PowerShell"),
        ("MacIntel", "macOS zsh", "Linux bash"),
    ],
)
def test_a_reader_begins_with_the_system_that_he_reads_on(
    opened: Opened, platform: str, first: str, second: str
) -> None:
    page = opened(platform)
    for tabs, name in zip(page.locator(".sd-tab-set").all(), (first, second), strict=True):
        expect(tabs.get_by_label(name)).to_be_checked()


def test_a_chosen_system_turns_all_tabs_and_is_kept_for_the_next_visit(opened: Opened) -> None:
    page = opened("Win32")
    page.locator(".sd-tab-set label", has_text="Linux bash").first.click()
    page.reload()
    for tabs in page.locator(".sd-tab-set").all():
        expect(tabs.get_by_label("Linux bash")).to_be_checked()
