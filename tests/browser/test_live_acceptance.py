"""A reader runs the cells of the course in his tab, from a host that knows nothing of us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.decks import open_deck
from browser.firefox import Firefox, firefox
from browser.live_site import (
    FIRST_SECONDS,
    SECONDS,
    Watch,
    live_site,
    press_run,
    rewrite,
    run_all,
    which_lines,
)
from coursebook.agreement.hosting import Host, host
from coursebook.paths import SLIDES

pytestmark = pytest.mark.browser

BASE = "/usr/local/bin/python3"
ACTIVATED = "/home/learner/activation/.venv/bin/python3"
REFUSED = "Hash mismatch"


@pytest.fixture(scope="module")
def site(machine_folder: Path) -> Iterator[Host]:
    with host(live_site()) as found:
        yield found


@pytest.fixture
def reader(browser: Browser, site: Host) -> Iterator[Page]:
    """A page whose every request and complaint is watched; there must be nothing to tell."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    watch = Watch(context, site.address)
    yield context.new_page()
    context.close()
    assert watch.wrong == []


def test_a_reader_activates_moves_and_breaks_an_environment_in_his_tab(
    reader: Page, site: Host
) -> None:
    reader.goto(f"{site.address}foundations/activation.html")
    printed = run_all(reader)
    before, activated = printed[0], next(text for text in printed if "python3 is" in text)
    assert which_lines(before) == [BASE]
    assert which_lines(activated)[0] == ACTIVATED

    # The same machine on the next page: what bash made there, Python sees here.
    reader.goto(f"{site.address}practice/limits.html")
    python = reader.locator(".cell[data-cb-language=python]").first
    rewrite(python, "print(open('/home/learner/activation/.venv/pyvenv.cfg').read())")
    assert "home = /usr/local/bin" in press_run(python, FIRST_SECONDS)

    # Moved away, scripts still call the interpreter at its old place.
    moved = [press_run(cell) for cell in reader.locator(".cell[data-cb-language=bash]").all()[:3]]
    assert "cannot execute: required file not found" in moved[2]
    assert which_lines(moved[2])[-1] == BASE


def test_a_python_cell_can_be_run_by_the_environment_that_bash_activated(
    reader: Page, site: Host
) -> None:
    reader.goto(f"{site.address}practice/limits.html")
    bash = reader.locator(".cell[data-cb-language=bash]").first
    python = reader.locator(".cell[data-cb-language=python]").first
    rewrite(bash, "uv venv -q mine && source mine/bin/activate")
    press_run(bash, FIRST_SECONDS)
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


def test_the_real_uv_refuses_a_wheel_that_was_tampered_with(reader: Page, site: Host) -> None:
    reader.goto(f"{site.address}practice/locks.html")
    # Those of pip that do not matter for it are left to `check --live`: each takes long.
    printed = run_all(
        reader, leave_out=re.compile(r"pip --python \w+ (?!.*--require-hashes)", re.S)
    )
    assert "pip's exit status: 1" in printed[-2]
    assert REFUSED in printed[-1]
    assert "packages installed: 0" in printed[-1]


def test_the_same_cells_run_on_the_slides_which_do_not_turn(reader: Page, site: Host) -> None:
    open_deck(reader, f"{site.address}{SLIDES}/foundations/activation.html")
    printed: list[str] = []
    for slide in reader.evaluate("Reveal.getSlides().map((slide) => Reveal.getIndices(slide))"):
        reader.evaluate("({ h, v }) => Reveal.slide(h, v)", slide)
        for cell in reader.locator("section.present:not(.stack) .cell[data-cb-cell]").all():
            printed.append(press_run(cell, SECONDS if printed else FIRST_SECONDS))
            now = reader.evaluate("Reveal.getIndices()")
            assert (now["h"], now["v"]) == (slide["h"], slide["v"])
    assert which_lines(printed[0]) == [BASE]
    assert which_lines(next(text for text in printed if "python3 is" in text))[0] == ACTIVATED


@pytest.fixture
def fox() -> Iterator[Firefox]:
    with firefox() as started:
        started.size(1280, 720)
        yield started


def test_a_reader_activates_an_environment_in_firefox(
    fox: Firefox, site: Host, tmp_path: Path
) -> None:
    fox.go(f"{site.address}foundations/activation.html")
    number = fox.evaluate("document.querySelectorAll('.cell[data-cb-cell]').length")
    printed = []
    for place in range(number):
        cell = f"document.querySelectorAll('.cell[data-cb-cell]')[{place}]"
        fox.click(f"{cell}.querySelector('.cb-run')")
        ended = f"['done', 'failed'].includes({cell}.dataset.cbState)"
        fox.wait_for(ended, SECONDS if place else FIRST_SECONDS)
        printed.append(fox.evaluate(f"{cell}.querySelector('.cb-result-body').textContent"))
    assert which_lines(printed[0]) == [BASE]
    assert which_lines(next(text for text in printed if "python3 is" in text))[0] == ACTIVATED
    pages = [one for one in fox.requests if one.startswith(("http", "ws"))]
    assert [one for one in pages if not one.startswith(site.address)] == []
    assert fox.complaints == []
