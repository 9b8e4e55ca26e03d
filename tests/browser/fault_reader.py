"""Somebody who writes into the cells of a page what may go wrong, whatever engine runs them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from books import Book
from browser.cells_of_page import CellsOfPage
from coursebook.live import vendor

WAIT = 120_000
"""Milliseconds that a state is waited for; never a measure of speed."""

CHAPTER = """\
---
file_format: mystnb
kernelspec: {name: bash}
---
# Faults

```{code-cell} bash
true
```

```{code-cell} python
None
```

```{code-cell} bash
true  # another
```
"""
BASH, PYTHON, OTHER = range(3)
"""Cells of the page."""

PASTE = """(field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = { clipboardData, bubbles: true, cancelable: true };
    field.dispatchEvent(new ClipboardEvent("paste", paste));
}"""
"""A paste as a browser hands it over; the clipboard itself is everybody's."""


KEEP = """async (address) => {
    const { choose } = await import(new URL("engines/choice.js", address));
    const { engine } = await choose();
    if (engine.name === "machine") await engine.call("flush");
}"""
"""Asks the engine of the page, however long it takes; a link waits three seconds at most."""


@dataclass
class Reader(CellsOfPage):
    """Somebody who writes into the cells of a page and presses its buttons.

    Attributes:
        page: What he sees.
        address: The page's, as it can be opened again.
        engine: What runs his cells: `machine` or `local`.
    """

    page: Page
    address: str
    engine: str

    @property
    def bar(self) -> Locator:
        """The bar at the foot of the window."""
        return self.page.locator(".cb-machine")

    @property
    def noun(self) -> str:
        """What the page calls that which holds the files."""
        return {"machine": "machine", "local": "clean room"}[self.engine]

    def foot(self, number: int) -> Locator:
        """Where it is said how the cell ended."""
        return self.cell(number).locator(".cb-result-foot")

    def note(self, number: int) -> Locator:
        """Where it is said why the cell did not run."""
        return self.cell(number).locator(".cb-note")

    def write(self, number: int, source: str) -> None:
        """Click into a cell's code and paste another text."""
        field = self.cell(number).locator("[contenteditable=true]")
        if field.count():
            field.click()
        else:
            self.cell(number).locator(".cell_input pre").click()
            field.wait_for()
        self.page.keyboard.press("Control+a")
        field.evaluate(PASTE, source)

    def begin(self, number: int, source: str) -> None:
        """Run a text in a cell, and wait until it does."""
        self.write(number, source)
        self.button(number).click()
        expect(self.button(number)).to_have_text("Stop", timeout=WAIT)

    def ended(self, number: int) -> None:
        """Wait for a cell's end."""
        ended = re.compile("done|failed")
        expect(self.cell(number)).to_have_attribute("data-cb-state", ended, timeout=WAIT)
        expect(self.button(number)).to_have_text("Run")

    def run(self, number: int, source: str) -> None:
        """Run a text in a cell to its end."""
        self.write(number, source)
        self.button(number).click()
        self.ended(number)

    def keep(self) -> None:
        """Wait until what ran here is kept for the next page."""
        script = self.page.locator("script[src$='start.js']").evaluate("script => script.src")
        self.page.evaluate(KEEP, script)

    def goes_on(self) -> None:
        """Run one more cell of each language, and look at what they print."""
        self.run(OTHER, "echo the shell goes on")
        expect(self.output(OTHER)).to_contain_text("the shell goes on")
        self.run(PYTHON, "print('Python goes on')")
        expect(self.output(PYTHON)).to_contain_text("Python goes on")


def enter(profile: BrowserContext, engine: str, address: str) -> Reader:
    """Open the page of the cells by the address of the site, as a reader does."""
    page = profile.new_page()
    page.goto(address)
    page.get_by_role("link", name="Faults").first.click()
    page.wait_for_url("**/faults.html")
    return Reader(page, page.url, engine)


@pytest.fixture(scope="session")
def faulty_book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book with one chapter of cells; it is not built yet."""
    vendor.build(lambda message: None)
    book = Book(tmp_path_factory.mktemp("faults") / "a-book")
    book.chapter("faults", CHAPTER)
    return book
