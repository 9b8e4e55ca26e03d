"""From a saved chapter to what a reader sees: ``serve``, and a real browser with page and deck."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from coursebook import browser
from coursebook.bench.books import topic
from coursebook.paths import ENGINE, SLIDES, Tree

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 60
"""Seconds after which something must have gone wrong."""


@contextlib.contextmanager
def serving(root: Path) -> Iterator[tuple[str, str]]:
    """Run ``serve`` as its author does, and yield two things after the first build.

    These are its address, and the query that opens the local engine to who adds it once.

    Raises:
        RuntimeError: It ended, or its first build did not.
    """
    command = [sys.executable, "-m", "coursebook", "serve", "--root", str(root)]
    variables = {**os.environ, "PYTHONPATH": str(ENGINE.parent), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "--no-open", "--no-machine", "--port", "0"],
        env=variables,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        stuck = threading.Timer(10 * PATIENCE, process.kill)
        stuck.start()
        assert process.stderr
        address = opens = ""
        try:
            for line in process.stderr:
                if found := re.match(r"serving (\S+/)(\S+)", line):
                    address, opens = found[1], found[2]
                if line.startswith("built in"):
                    break
            else:
                raise RuntimeError("serve ended before its first build")
            # Nobody reads on; a full pipe would stop it.
            reader = threading.Thread(target=process.stderr.read)
            reader.start()
            yield address, opens
        finally:
            stuck.cancel()
            os.killpg(process.pid, signal.SIGINT)
            process.wait()
            reader.join()


def saved_and_seen(root: Path, chapters: int, times: int = 5) -> dict[str, float]:
    """Measure from the moment of saving until page and deck both show it.

    Args:
        root: A generated book that was built.
        chapters: How many chapters it has.
        times: How often each edit is made.

    Returns:
        The median in seconds for ``text`` (a paragraph changes) and ``title`` (the list of
        chapters and all that quotes it change too).
    """
    from playwright.sync_api import sync_playwright

    chapter = Tree(root).book / f"{topic(chapters // 2)}.md"
    original = chapter.read_text(encoding="utf-8")
    heading = original.splitlines()[1]
    taken: dict[str, list[float]] = {"text": [], "title": []}
    with serving(root) as (address, _), sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser.require(), args=list(browser.ARGUMENTS)
        )
        page, deck = launched.new_page(), launched.new_page()
        page.goto(f"{address}{topic(chapters // 2)}.html")
        deck.goto(f"{address}{SLIDES}/{topic(chapters // 2)}.html")

        def save(text: str, mark: str) -> float:
            started = time.perf_counter()
            chapter.write_text(text, encoding="utf-8")
            for window in (page, deck):
                wait_for(window, mark)
            return time.perf_counter() - started

        for number in range(times + 1):
            mark = f"Saved {number} times."
            seconds = save(f"{original}\n{mark}\n", mark)
            # The first one also warms the browser up.
            if number:
                taken["text"].append(seconds)
        for number in range(times):
            mark = f"renamed {number}"
            seconds = save(original.replace(heading, f"{heading} {mark}", 1), mark)
            taken["title"].append(seconds)
        launched.close()
    return {name: statistics.median(values) for name, values in taken.items()}


def wait_for(window: Page, mark: str) -> None:
    """Wait until a page shows some text; it may reload meanwhile."""
    window.wait_for_function(
        "mark => document.body?.textContent.includes(mark)",
        arg=mark,
        polling=20,
        timeout=PATIENCE * 1000,
    )
