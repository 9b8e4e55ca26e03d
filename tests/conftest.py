"""What all tests share: a book to write, and a browser to look at it with."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from books import Book
from coursebook import browser as chromium
from coursebook.agreement.hosting import host
from coursebook.machine import make
from coursebook.paths import REPOSITORY, Tree


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty book with a front page."""
    return Book(tmp_path / "a-book")


BUILDER: list[subprocess.Popen[bytes]] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what needs the machine come last: it is being built meanwhile."""
    items.sort(key=needs_machine)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start to build the machine, which takes minutes, beside the tests that do without."""
    tree = Tree(REPOSITORY)
    wanted = any(map(needs_machine, session.items)) and not session.config.option.collectonly
    if wanted and make.standing(tree) is None:
        BUILDER.append(
            subprocess.Popen(
                [sys.executable, "-m", "coursebook", "machine", "build"],
                cwd=REPOSITORY,
                env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )


def pytest_sessionfinish() -> None:
    """Leave no builder behind where the tests ended before it."""
    for builder in BUILDER:
        if builder.poll() is None:
            os.killpg(builder.pid, signal.SIGTERM)
            builder.wait()


def needs_machine(item: pytest.Item) -> bool:
    """Tell whether a test uses the machine."""
    return "machine_folder" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def machine_folder() -> Path:
    """The machine of this book, as a site offers it; built if it does not stand yet."""
    for builder in BUILDER:
        builder.wait()
    # Finds what was built beside the tests, or says here why it could not be.
    return make.build(Tree(REPOSITORY), lambda line: None)


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
