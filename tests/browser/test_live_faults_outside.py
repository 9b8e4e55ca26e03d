"""What may go wrong around the machine, as a reader meets it: host, storage, tab, time."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from books import Book
from browser.fault_reader import BASH, OTHER, PYTHON, WAIT, Reader, enter
from browser.machine_site import hosted
from coursebook import browser as chromium
from coursebook.publish import publish

pytestmark = pytest.mark.browser

HOUR = 3600
"""Seconds."""

SLEEPER = f"""
const now = performance.now.bind(performance);
const date = Date.now;
const slept = {{ tab: 0, computer: 0 }};
performance.now = () => now() + slept.tab;
Date.now = () => date() + slept.tab + slept.computer;
new BroadcastChannel("sleep").onmessage = ({{ data }}) => {{ slept[data] += {HOUR} * 1000; }};
"""
"""Below the machine's worker: one word on a channel, and an hour has passed for it. While the
computer sleeps, some browsers' count of time stands still."""

FORBIDDEN = """
const refuse = () => { throw new DOMException("not here", "SecurityError"); };
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(globalThis, name, { get: refuse });
}
"""
NO_FILES = """
navigator.storage.getDirectory = async () => { throw new DOMException("no", "SecurityError"); };
"""


@pytest.fixture(scope="module")
def site(faulty_book: Book, machine_folder: Path) -> Path:
    """The book with a whole machine, published."""
    publish(faulty_book.build().tree, machine_folder)
    return faulty_book.tree.site


@contextlib.contextmanager
def visit(browser: Browser, site: Path, before: str = "", **faults: Any) -> Iterator[Reader]:
    """Open the page in a profile of its own; ``before`` is what its browser does first."""
    with hosted(site, **faults) as address:
        profile = browser.new_context(viewport={"width": 1280, "height": 900})
        if before:
            profile.add_init_script(before)
        try:
            yield enter(profile, "machine", address)
        finally:
            profile.close()


def manifest(site: Path) -> dict[str, Any]:
    """Return the list of the machine's files."""
    [file] = site.glob("machine/*/manifest.json")
    parts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["parts"]
    return parts


def test_a_missing_part_is_told_of_and_a_reload_mends_it(browser: Browser, site: Path) -> None:
    missing = {Path(manifest(site)["state"]["file"]).name}
    with visit(browser, site, missing=missing) as reader:
        reader.button(BASH).click()
        said = re.compile(r"^A part of the machine is missing on the server \(\S+\)\.")
        expect(reader.note(BASH)).to_have_text(said, timeout=WAIT)
        expect(reader.button(BASH)).to_have_text("Run")
        missing.clear()
        with reader.page.expect_navigation():
            reader.note(BASH).get_by_role("button").click()
        reader.goes_on()


def test_a_missing_pack_is_told_of_and_stop_is_the_button(browser: Browser, site: Path) -> None:
    missing: set[str] = set()
    with visit(browser, site, missing=missing) as reader:
        reader.goes_on()
        missing |= {Path(pack["file"]).name for pack in manifest(site)["packs"]}
        reader.begin(BASH, "cat /usr/local/lib/python3*/turtle.py | wc -l")
        expect(reader.bar).to_contain_text("is missing on the server", timeout=WAIT)
        expect(reader.bar).to_contain_text("What runs now waits for it; Stop works.")
        expect(reader.bar.locator(".cb-machine-remedy button")).to_have_count(0)
        reader.button(BASH).click()
        missing.clear()
        reader.ended(BASH)
        reader.goes_on()


@pytest.mark.parametrize("types", ["text/plain", "application/octet-stream"])
def test_a_host_that_calls_everything_wrong_runs_cells(
    browser: Browser, site: Path, types: str
) -> None:
    with visit(browser, site, types=types) as reader:
        reader.run(BASH, "echo works")
        expect(reader.output(BASH)).to_contain_text("works")


def test_where_nothing_may_be_kept_cells_run_and_it_is_said(browser: Browser, site: Path) -> None:
    with visit(browser, site, FORBIDDEN, appended={"worker.js": NO_FILES}) as reader:
        complaints: list[str] = []
        reader.page.on("pageerror", lambda error: complaints.append(str(error)))
        reader.goes_on()
        expect(reader.bar).to_contain_text("This browser keeps nothing for this page")
        reader.choose(BASH, "Reset the machine")
        expect(reader.bar).to_have_attribute("data-cb-machine", "ready", timeout=WAIT)
        reader.goes_on()
        assert complaints == []


def test_a_full_disk_is_told_of_also_after_a_reload(browser: Browser, site: Path) -> None:
    with visit(browser, site) as reader:
        reader.run(BASH, "kept=5")
        reader.keep()
        reader.page.reload()
        reader.run(BASH, "echo kept $kept")
        expect(reader.output(BASH)).to_contain_text("kept 5")
        quota = {"origin": reader.page.evaluate("location.origin"), "quotaSize": 100_000}
        session = reader.page.context.new_cdp_session(reader.page)
        session.send("Storage.overrideQuotaForOrigin", quota)
        reader.run(PYTHON, "large = bytes(range(256)) * 40000")
        expect(reader.bar).to_contain_text("There is no room to keep", timeout=WAIT)
        reader.goes_on()


def test_a_second_tab_has_its_own_machine_and_harms_none(browser: Browser, site: Path) -> None:
    with visit(browser, site) as one:
        one.run(BASH, "echo first >~/whose")
        two = enter(one.page.context, "machine", one.address.removesuffix("faults.html"))
        two.run(BASH, "cat ~/whose; echo second >~/whose")
        expect(two.output(BASH)).to_contain_text("No such file")
        one.run(OTHER, "cat ~/whose")
        expect(one.output(OTHER)).to_contain_text("first")
        two.page.close()
        one.goes_on()


@pytest.mark.parametrize("frozen", [True, False])
def test_back_finds_the_state_and_a_terminal_that_answers(
    browser: Browser, site: Path, frozen: bool
) -> None:
    """Browsers freeze pages that are left, and thaw them; Playwright's own choice is not to."""
    left_out = ["--disable-back-forward-cache"] if frozen else []
    launched = browser.browser_type.launch(
        executable_path=chromium.require(),
        args=list(chromium.ARGUMENTS),
        ignore_default_args=left_out,
    )
    try:
        with visit(launched, site) as reader:
            reader.run(BASH, "kept=5")
            reader.page.evaluate("globalThis.wasHere = true")
            reader.page.locator(".cb-neighbours a, a[href$='index.html']").first.click()
            reader.page.wait_for_url("**/index.html")
            # A page that comes back from the cold is not loaded, for which `go_back` would wait.
            reader.page.evaluate("history.back()")
            reader.page.wait_for_url("**/faults.html", wait_until="commit")
            assert reader.page.evaluate("globalThis.wasHere === true") is frozen
            reader.choose(BASH, "Open a terminal")
            screen = reader.page.locator(".xterm-accessibility")
            expect(screen).to_contain_text("$", timeout=WAIT)
            reader.page.keyboard.type("echo $((6 * 7))\n")
            expect(screen).to_contain_text("42", timeout=WAIT)
            reader.page.get_by_role("button", name="Close the terminal").click()
            reader.run(OTHER, "echo kept $kept")
            expect(reader.output(OTHER)).to_contain_text("kept 5")
    finally:
        launched.close()


def test_a_tab_that_slept_for_an_hour_goes_on_and_knows_the_time(
    browser: Browser, site: Path
) -> None:
    with visit(browser, site, appended={"worker.js": SLEEPER}) as reader:
        reader.goes_on()
        reader.begin(BASH, "kept=5; echo kept; sleep 100000")
        expect(reader.output(BASH)).to_have_text("kept")
        session = reader.page.context.new_cdp_session(reader.page)
        reader.page.evaluate("new BroadcastChannel('sleep').postMessage('tab')")
        session.send("Page.setWebLifecycleState", {"state": "frozen"})
        session.send("Page.setWebLifecycleState", {"state": "active"})
        reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        reader.button(BASH).click()
        reader.ended(BASH)
        expect(reader.foot(BASH)).to_have_text("stopped")
        reader.run(OTHER, "echo $kept $(date +%s)")
        kept, clock = reader.output(OTHER).inner_text().split()
        now = reader.page.evaluate("Date.now() / 1000")
        assert kept == "5"
        assert abs(int(clock) - HOUR - now) < 60


def test_a_computer_that_slept_before_the_readers_eyes_knows_the_time(
    browser: Browser, site: Path
) -> None:
    with visit(browser, site, appended={"worker.js": SLEEPER}) as reader:
        reader.goes_on()
        reader.page.evaluate("new BroadcastChannel('sleep').postMessage('computer')")
        reader.run(OTHER, "date +%s")
        clock = int(reader.output(OTHER).inner_text())
        assert abs(clock - HOUR - reader.page.evaluate("Date.now() / 1000")) < 60
