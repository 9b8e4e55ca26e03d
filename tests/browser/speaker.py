"""The two windows of a talk, for tests: the slides on the wall, and what the speaker sees."""

from __future__ import annotations

import contextlib

from playwright.sync_api import FrameLocator, Locator, Page, TimeoutError, expect

from browser.complaints import complaints_of
from browser.decks import open_deck


class SpeakerWindow:
    """The speaker's window, as a test looks at it and works it.

    Args:
        page: The window.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints = complaints_of(page)

    def part(self, name: str) -> Locator:
        """A part of the window by its name."""
        return self.page.locator(f'[data-cb-part-of="{name}"]')

    @property
    def current(self) -> FrameLocator:
        """The deck with the slide that is shown."""
        return self.page.frame_locator('[data-cb-part-of="current"]')

    @property
    def following(self) -> FrameLocator:
        """The deck with what comes next."""
        return self.page.frame_locator('[data-cb-part-of="next"]')

    @property
    def slide(self) -> Locator:
        """The slide that is shown."""
        return self.current.locator(SLIDE)

    @property
    def next_slide(self) -> Locator:
        """The slide after one more step."""
        return self.following.locator(SLIDE)

    @property
    def notes(self) -> Locator:
        """The text beside the slide."""
        return self.part("notes").locator(".cb-article, .cb-own-notes")

    def button(self, name: str) -> Locator:
        """A button of the window itself."""
        return self.page.get_by_role("button", name=name, exact=True)


SLIDE = ".slides section.present:not(.stack)"


def press_s(deck: Page) -> SpeakerWindow:
    """Open the speaker's window by its key, and wait until it shows the slides."""
    speaker = SpeakerWindow(_opened_by_s(deck))
    expect(speaker.slide).to_be_visible()
    expect(speaker.next_slide).to_be_attached()
    expect(speaker.part("projected")).to_have_text("Slides are shown in the other window")
    return speaker


def _opened_by_s(deck: Page) -> Page:
    """Press S until a window comes: the last one of that name may still be about to close."""
    for _ in range(5):
        with contextlib.suppress(TimeoutError):
            with deck.expect_popup(timeout=5000) as opened:
                deck.keyboard.press("s")
            return opened.value
    raise AssertionError("S opens no window")


def talk(deck: Page, address: str) -> SpeakerWindow:
    """Open a deck and the speaker's window beside it."""
    open_deck(deck, address)
    return press_s(deck)
