"""The cells of a page, as whoever looks at it finds and presses them."""

from __future__ import annotations

import contextlib

from playwright.sync_api import Locator, Page, TimeoutError


class CellsOfPage:
    """Finds what belongs to a cell.

    Attributes:
        page: The page with the cells.
    """

    page: Page

    def cell(self, number: int) -> Locator:
        """A cell by its place among those of the page."""
        return self.page.locator(".cell[data-cb-live]").nth(number)

    def button(self, number: int) -> Locator:
        """Its one button: Run, Cancel or Stop."""
        return self.cell(number).locator(".cb-run")

    def output(self, number: int) -> Locator:
        """What it printed for this reader."""
        return self.cell(number).locator(".cb-result-body")

    def choose(self, number: int, entry: str) -> None:
        """Take an entry of a cell's menu."""
        more = self.cell(number).locator(".cb-more")
        item = self.page.get_by_role("menuitem", name=entry)
        self.cell(number).hover()
        more.click()
        # What a cell says at its end may move the page, and a menu closes then: open it again.
        with contextlib.suppress(TimeoutError):
            item.wait_for(timeout=3000)
        if not item.is_visible():
            self.cell(number).hover()
            more.click()
        item.click()
