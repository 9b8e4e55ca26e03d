"""A reader runs the cells of the course in his tab, from a host that knows nothing of us."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.decks import open_deck
from browser.live_site import (
    FIRST_SECONDS,
    SECONDS,
    Watch,
    press_run,
    rewrite,
    run_all,
)
from browser.promises import (
    PYTHON_SEES,
    REFUSED_BY_PIP,
    TAMPERING,
    assert_activation_changes_which_python,
    assert_moved_environment_is_broken,
    assert_tampered_wheel_is_refused,
)
from coursebook.agreement.hosting import Host
from coursebook.paths import SLIDES

pytestmark = [pytest.mark.browser, pytest.mark.patient]


@pytest.fixture
def reader(browser: Browser, live_host: Host) -> Iterator[Page]:
    """A page whose every request and complaint is watched; there must be nothing to tell."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    watch = Watch(context, live_host.address)
    yield context.new_page()
    context.close()
    assert watch.wrong == []


def test_a_reader_activates_moves_and_breaks_an_environment_and_runs_python_by_another(
    reader: Page, live_host: Host
) -> None:
    reader.goto(f"{live_host.address}foundations/activation.html")
    printed = run_all(reader)
    assert_activation_changes_which_python(printed)

    # The same machine on the next page: what bash made there, Python sees here.
    reader.goto(f"{live_host.address}practice/limits.html")
    python = reader.locator(".cell[data-cb-language=python]").first
    rewrite(python, PYTHON_SEES)
    assert "home = /usr/local/bin" in press_run(python, FIRST_SECONDS)

    # The first cell makes it, the third moves it; the second copies it, which takes long.
    bash = reader.locator(".cell[data-cb-language=bash]")
    press_run(bash.nth(0))
    assert_moved_environment_is_broken(press_run(bash.nth(2)))

    # Python itself can be the activated environment's.
    rewrite(bash.nth(0), "uv venv -q mine && source mine/bin/activate")
    press_run(bash.nth(0))
    rewrite(python, "import sys; print(sys.prefix)")
    assert press_run(python) == "/usr/local\n"
    line = python.locator(".cb-interpreter")
    expect(line).to_have_text("python3 of the machine · use mine’s")
    line.get_by_role("button").click()
    expect(line).to_have_text("Python of mine · use the machine’s", timeout=SECONDS * 1000)
    assert press_run(python) == "/home/learner/limits/mine\n"
    line.get_by_role("button").click()
    expect(line).to_contain_text("python3 of the machine", timeout=SECONDS * 1000)
    assert press_run(python) == "/usr/local\n"


def test_the_real_uv_refuses_a_wheel_that_was_tampered_with(reader: Page, live_host: Host) -> None:
    reader.goto(f"{live_host.address}practice/locks.html")
    printed = run_all(reader, only=re.compile(f"{TAMPERING}|{REFUSED_BY_PIP}"))
    assert_tampered_wheel_is_refused(printed)


def test_the_same_cells_run_on_the_slides_which_do_not_turn(reader: Page, live_host: Host) -> None:
    open_deck(reader, f"{live_host.address}{SLIDES}/foundations/activation.html")
    printed: list[str] = []
    for slide in reader.evaluate("Reveal.getSlides().map((slide) => Reveal.getIndices(slide))"):
        reader.evaluate("({ h, v }) => Reveal.slide(h, v)", slide)
        for cell in reader.locator("section.present:not(.stack) .cell[data-cb-cell]").all():
            printed.append(press_run(cell, SECONDS if printed else FIRST_SECONDS))
            now = reader.evaluate("Reveal.getIndices()")
            assert (now["h"], now["v"]) == (slide["h"], slide["v"])
    assert_activation_changes_which_python(printed)
