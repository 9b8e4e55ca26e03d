"""The same as in Chromium, in the Firefox that readers have."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from browser.firefox import Firefox, firefox
from browser.live_site import FIRST_SECONDS, SECONDS
from browser.promises import (
    PYTHON_SEES,
    TAMPERING,
    assert_activation_changes_which_python,
    assert_moved_environment_is_broken,
    assert_uv_refuses_the_tampered_wheel,
)
from coursebook.agreement.hosting import Host
from coursebook.paths import SLIDES

pytestmark = [pytest.mark.browser, pytest.mark.patient]

CELLS = ".cell[data-cb-cell]"
SHOWN = f"section.present:not(.stack) {CELLS}"
CONTROL = "\ue009"


@pytest.fixture
def fox(live_host: Host) -> Iterator[Firefox]:
    """A Firefox that must ask no other host, and have nothing to complain about."""
    with firefox() as started:
        started.size(1280, 720)
        yield started
        asked = [one for one in started.requests if one.startswith(("http", "ws"))]
        assert [one for one in asked if not one.startswith(live_host.address)] == []
        assert started.complaints == []


def press_run(fox: Firefox, place: int, cells: str = CELLS, seconds: float = SECONDS) -> str:
    """Press the Run button of one of some cells, and return what it printed."""
    cell = f"document.querySelectorAll({cells!r})[{place}]"
    fox.click(f"{cell}.querySelector('.cb-run')")
    fox.wait_for(f"['done', 'failed'].includes({cell}.dataset.cbState)", seconds)
    printed: str = fox.evaluate(f"{cell}.querySelector('.cb-result-body').textContent")
    return printed


def sources(fox: Firefox, cells: str = CELLS) -> list[str]:
    """Return what stands in some cells."""
    found: list[str] = fox.evaluate(
        f"[...document.querySelectorAll({cells!r})]"
        ".map((cell) => cell.querySelector('.cell_input').textContent)"
    )
    assert found
    return found


def rewrite(fox: Firefox, cells: str, source: str) -> None:
    """Click into the code of the first of some cells, and write another text."""
    fox.click(f"document.querySelector({cells!r}).querySelector('.cell_input pre')")
    # The editor stands in a shadow tree.
    fox.wait_for("document.activeElement.shadowRoot?.activeElement?.isContentEditable")
    fox.press(CONTROL, "a")
    for letter in source:
        fox.press(letter)


def test_a_reader_activates_moves_and_breaks_an_environment(fox: Firefox, live_host: Host) -> None:
    fox.go(f"{live_host.address}foundations/activation.html")
    places = range(len(sources(fox)))
    printed = [press_run(fox, place, seconds=FIRST_SECONDS) for place in places]
    assert_activation_changes_which_python(printed)

    # A link waits until the machine's state is kept for the next page.
    fox.click("document.querySelector('nav a[href$=\"practice/limits.html\"]')")
    fox.wait_for(
        "location.pathname.endsWith('practice/limits.html') && document.readyState === 'complete'"
    )
    python = f"{CELLS}[data-cb-language=python]"
    rewrite(fox, python, PYTHON_SEES)
    assert "home = /usr/local/bin" in press_run(fox, 0, python, FIRST_SECONDS)
    bash = f"{CELLS}[data-cb-language=bash]"
    # Chromium makes it as the chapter does, with pip, which takes long.
    rewrite(fox, bash, "uv venv -q old; uv pip install -q -p old app-a")
    press_run(fox, 0, bash)
    assert_moved_environment_is_broken(press_run(fox, 2, bash))


def test_a_wheel_that_was_tampered_with_is_refused(fox: Firefox, live_host: Host) -> None:
    fox.go(f"{live_host.address}practice/locks.html")
    printed = [
        press_run(fox, place, seconds=FIRST_SECONDS)
        for place, source in enumerate(sources(fox))
        if re.search(TAMPERING, source)
    ]
    assert_uv_refuses_the_tampered_wheel(printed)


def test_the_same_cells_run_on_the_slides(fox: Firefox, live_host: Host) -> None:
    fox.go(f"{live_host.address}{SLIDES}/foundations/activation.html")
    fox.wait_for("window.Reveal?.isReady()")
    printed: list[str] = []
    for slide in fox.evaluate("Reveal.getSlides().map((slide) => Reveal.getIndices(slide))"):
        fox.evaluate(f"Reveal.slide({slide['h']}, {slide.get('v', 0)})")
        number = fox.evaluate(f"document.querySelectorAll({SHOWN!r}).length")
        for place in range(number):
            printed.append(press_run(fox, place, SHOWN, FIRST_SECONDS))
            assert fox.evaluate("Reveal.getIndices()") == slide
    assert_activation_changes_which_python(printed)
