"""What all tests share: a book to write, and a browser to look at it with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from books import Book
from coursebook import browser as chromium
from coursebook.agreement.hosting import host

pytest_plugins = ["machine_builder"]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty book with a front page."""
    return Book(tmp_path / "a-book")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One real headless Chromium for all tests; where there is none, the test fails."""
    path = chromium.require()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page: 1280 × 720, nothing stored, light."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme="light")
    yield context.new_page()
    context.close()


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve folders for the length of a test."""
    with contextlib.ExitStack() as stack:
        yield lambda folder: stack.enter_context(host(folder, sub_path="/")).address
