"""The real book with its machine, as a site, for tests that press Run in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page

from books import copy_real_book
from commands import type_in
from coursebook.agreement.hosting import Host, host
from coursebook.paths import REPOSITORY, Tree

FIRST_SECONDS = 240.0
"""How long the first cell may take, with the start of the machine."""

SECONDS = 240.0
"""How long any other may take."""


@pytest.fixture(scope="session")
def live_site(machine_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the real book with its machine, apart from what other tests build without one."""
    root = tmp_path_factory.mktemp("live") / "a-book"
    copy_real_book(root)
    made, tree = Tree(REPOSITORY), Tree(root)
    tree.build.mkdir()
    tree.machine.symlink_to(made.machine)
    made.cells.mkdir(exist_ok=True)
    tree.cells.symlink_to(made.cells)
    answer = type_in("build", root, machine=True)
    assert answer.returncode == 0, answer.stderr
    return tree.site


@pytest.fixture(scope="module")
def live_host(live_site: Path) -> Iterator[Host]:
    """Host it below a folder, for one module of tests: each has an origin that knows no other."""
    with host(live_site) as found:
        yield found


class Watch:
    """Notes what no page of ours may do: ask another host, complain, break its own policy."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.wrong: list[str] = []
        host = urlsplit(site).netloc

        def asked(address: str) -> None:
            parts = urlsplit(address)
            if parts.scheme not in ("data", "blob") and parts.netloc != host:
                self.wrong.append(f"asked {address}")

        context.on("request", lambda request: asked(request.url))
        context.on(
            "console",
            lambda message: (
                self.wrong.append(f"{message.type}: {message.text}")
                if message.type in ("error", "warning")
                else None
            ),
        )
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))


def press_run(cell: Locator, seconds: float = SECONDS) -> str:
    """Press the Run button of a cell, wait until it has ended, and return what it printed."""
    cell.locator(".cb-run").click()
    ended = cell.and_(cell.page.locator("[data-cb-state=done], [data-cb-state=failed]"))
    ended.wait_for(timeout=seconds * 1000)
    # What is not on the screen has no inner text.
    return cell.locator(".cb-result-body").text_content() or ""


def run_all(page: Page, only: re.Pattern[str] | None = None) -> list[str]:
    """Press Run on the cells of a page, one after the other; on all, or those with some text."""
    cells = page.locator(".cell[data-cb-cell]").all()
    if only:
        sources = [cell.locator(".cell_input").text_content() or "" for cell in cells]
        cells = [cell for cell, source in zip(cells, sources, strict=True) if only.search(source)]
    assert cells
    first = press_run(cells[0], FIRST_SECONDS)
    return [first, *(press_run(cell) for cell in cells[1:])]


def rewrite(cell: Locator, source: str) -> None:
    """Click into a cell's code and write another text, as a reader does."""
    field = cell.locator("[contenteditable=true]").first
    if field.count():
        field.click()
    else:
        cell.locator(".cell_input pre").click()
        field.wait_for()
    field.press("Control+a")
    cell.page.keyboard.insert_text(source)
