"""A browser whose profile lives on a disk, so that a second start finds what the first one kept."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from coursebook import browser
from coursebook.bench.live_book import STAMP

if TYPE_CHECKING:
    from playwright.sync_api import Page

IN_PAGE = (Path(__file__).with_name("in_page.js")).read_text(encoding="utf-8")

WAIT = 180_000.0
"""Milliseconds that anything may take."""


@contextlib.contextmanager
def opened(profile: Path) -> Iterator[Page]:
    """Start a browser with a profile and yield its one tab.

    Args:
        profile: A folder; a fresh one gives a browser that has never seen anything.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=browser.require(),
            args=list(browser.ARGUMENTS),
            viewport={"width": 1280, "height": 720},
        )
        context.set_default_timeout(WAIT)
        try:
            yield context.pages[0]
        finally:
            context.close()


def clock(page: Page, name: str, argument: Any) -> float:
    """Let a function of ``in_page.js`` measure something in the page.

    The text of the module goes in as an expression, which no policy of the page forbids.
    """
    functions = IN_PAGE.replace("export const ", "const ")
    script = f"async (argument) => {{ {functions}\nreturn {name}(argument); }}"
    return float(page.evaluate(script, argument))


def run(page: Page, cell: int) -> float:
    """Press Run of a cell and return milliseconds to its output; it has then ended."""
    took = clock(page, "runCell", [cell, STAMP, WAIT])
    settled(page, cell, "done")
    return took


def start(page: Page, cell: int) -> None:
    """Press Run of a cell that does not end."""
    page.locator(f"{selector(cell)} .cb-run").click()
    settled(page, cell, "running")


def settled(page: Page, cell: int, state: str) -> None:
    """Wait until a cell is in a state."""
    page.wait_for_selector(f'{selector(cell)}[data-cb-state="{state}"]')


def selector(cell: int) -> str:
    """Name a cell of the page."""
    return f'.cell[data-cb-cell="{cell}"]'


class TabMemory(NamedTuple):
    """Bytes that the process of a tab holds.

    Attributes:
        shared_too: With the pages that other processes hold as well, most of all the browser's own
            program, of which a tab uses 100 MB (Linux's resident set size).
        own: What would be free without this tab. It is what Chromium's own task manager tells of a
            tab, the "private memory footprint".
            Source: https://chromium.googlesource.com/chromium/src/+/main/docs/memory/key_concepts.md
        most: The most that it ever held, with what is shared.
    """

    shared_too: int
    own: int
    most: int


def tab_memory(profile: Path) -> TabMemory:
    """Measure a tab. A browser has several processes for pages; the largest is the tab's."""
    import psutil

    found = [TabMemory(0, 0, 0)]
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if f"--user-data-dir={profile}" not in command or any("--type=" in one for one in command):
            continue
        for child in process.children(recursive=True):
            with contextlib.suppress(psutil.Error, OSError):
                if "--type=renderer" in child.cmdline():
                    told = child.memory_full_info()
                    found.append(TabMemory(told.rss, told.uss, most_ever(child.pid)))
    return max(found)


def most_ever(process: int) -> int:
    """Return the most memory that a process ever held, in bytes; Linux alone tells."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
