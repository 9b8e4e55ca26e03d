"""Prints a deck of plain reveal.js to PDF, as its manual tells; arguments: address, file."""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from coursebook import browser


def main(address: str, file: str) -> None:
    """Open the deck's print view, and print it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.require(), args=list(browser.ARGUMENTS)
        )
        page = launched.new_page()
        page.goto(address)
        page.wait_for_function("() => document.querySelectorAll('.pdf-page').length > 0")
        page.pdf(path=file, prefer_css_page_size=True, print_background=True)
        launched.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
