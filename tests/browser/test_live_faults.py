"""What may go wrong with a cell, as a reader meets it on a page: real cells in both real engines.

Each row of faults ends alike: the page says in one sentence what happened, one button mends what
can be mended, and the next cell runs.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from books import Book
from browser.fault_reader import BASH, OTHER, PYTHON, WAIT, Reader, enter
from coursebook.agreement.hosting import host
from coursebook.publish import publish
from serving_books import serve

pytestmark = pytest.mark.browser

DIED = "ended; a new one is ready, without what was set in the old one"
TOO_MUCH = "output truncated: it printed more than a page can hold, and was stopped"
LONG = {
    BASH: "count=0\n" + "count=$((count + 1))  # a line\n" * 4998 + "echo $count",
    PYTHON: "count = 0\n" + "count += 1  # a line\n" * 4998 + "print(count)",
}


@pytest.fixture(scope="module", params=["machine", "local"])
def entrance(
    request: pytest.FixtureRequest, faulty_book: Book, machine_folder: Path
) -> Iterator[tuple[str, str]]:
    """Name of an engine, and the address by which somebody gets it."""
    engine: str = request.param
    if engine == "machine":
        publish(faulty_book.build().tree, machine_folder)
        with host(faulty_book.tree.site) as found:
            yield engine, found.address
    else:
        with serve(faulty_book) as running:
            yield engine, running.address


@pytest.fixture(scope="module")
def kept() -> list[Reader]:
    """The page that tests share: it must outlive them all."""
    return []


@pytest.fixture
def reader(entrance: tuple[str, str], browser: Browser, kept: list[Reader]) -> Iterator[Reader]:
    """A page that runs cells, as the test before left it, unless that failed."""
    engine, address = entrance
    with contextlib.suppress(IndexError, AssertionError):
        if kept[0].engine == engine:
            kept[0].goes_on()
            yield kept[0]
            return
    for broken in kept:
        broken.page.context.close()
    profile = browser.new_context(viewport={"width": 1280, "height": 900})
    kept[:] = [enter(profile, engine, address)]
    kept[0].goes_on()
    yield kept[0]


@pytest.mark.parametrize(
    ("cell", "source", "after"),
    [
        (BASH, "kept=1; echo begun; while true; do :; done", "echo kept $kept"),
        (PYTHON, "kept = 1\nprint('begun')\nwhile True: pass", "print('kept', kept)"),
    ],
)
def test_an_endless_loop_is_stopped_and_what_it_set_stays(
    reader: Reader, cell: int, source: str, after: str
) -> None:
    reader.begin(cell, source)
    expect(reader.output(cell)).to_contain_text("begun", timeout=WAIT)
    reader.button(cell).click()
    reader.ended(cell)
    expect(reader.foot(cell)).to_have_text("stopped")
    reader.run(cell, after)
    expect(reader.output(cell)).to_contain_text("kept 1")
    reader.goes_on()


def test_what_ignores_stop_ends_with_its_shell_and_that_is_said(reader: Reader) -> None:
    reader.run(BASH, "kept=1")
    reader.begin(OTHER, "trap '' INT; echo deaf; while true; do :; done")
    expect(reader.output(OTHER)).to_contain_text("deaf", timeout=WAIT)
    reader.button(OTHER).click()
    reader.ended(OTHER)
    expect(reader.foot(OTHER)).to_have_text(f"bash {DIED} Run all above")
    reader.foot(OTHER).get_by_role("button").click()
    reader.ended(PYTHON)
    reader.run(OTHER, "echo kept $kept")
    expect(reader.output(OTHER)).to_contain_text("kept 1")
    reader.goes_on()


def test_a_fork_bomb_is_stopped(reader: Reader) -> None:
    reader.begin(BASH, "bomb() { bomb | bomb & }; bomb; sleep 1000")
    reader.page.wait_for_timeout(1000)
    reader.button(BASH).click()
    reader.ended(BASH)
    expect(reader.foot(BASH)).to_contain_text(re.compile(f"stopped|{DIED}"))
    reader.goes_on()


def test_a_fork_bomb_that_outlived_its_cell_ends_with_a_restart(reader: Reader) -> None:
    reader.run(BASH, "bomb() { bomb | bomb & }; bomb")
    reader.page.wait_for_timeout(1000)
    reader.choose(BASH, "Restart bash")
    reader.goes_on()


def test_after_an_emptied_home_cells_run_in_new_interpreters_too_and_reset_fills_it(
    reader: Reader,
) -> None:
    reader.run(BASH, "rm -rf ~")
    expect(reader.output(BASH)).to_contain_text("Permission denied")
    expect(reader.foot(BASH)).to_contain_text("exit status 1")
    reader.goes_on()
    reader.run(BASH, "exit")
    reader.run(PYTHON, "exit()")
    reader.goes_on()
    reader.run(OTHER, "pwd")
    expect(reader.output(OTHER)).to_contain_text("/home/learner/faults")
    reader.choose(BASH, f"Reset the {reader.noun}")
    expect(reader.bar).to_contain_text("ready", timeout=WAIT)
    reader.run(OTHER, "ls -d ~/index")
    expect(reader.output(OTHER)).to_contain_text("/home/learner/index")
    reader.goes_on()


@pytest.mark.parametrize(
    ("cell", "language", "source"),
    [
        (OTHER, "bash", "exit 3"),
        (OTHER, "bash", "exec false"),
        (OTHER, "bash", "kill -9 $$"),
        (PYTHON, "python", "exit()"),
        (PYTHON, "python", "import os; os.kill(os.getpid(), 9)"),
    ],
)
def test_an_interpreter_that_ended_is_told_of_and_followed_by_the_next(
    reader: Reader, cell: int, language: str, source: str
) -> None:
    reader.run(BASH, "kept=1")
    reader.run(cell, source)
    expect(reader.foot(cell)).to_contain_text(f"{language} {DIED}")
    # There is something to run again only where a cell of the same language stands above.
    again = reader.foot(cell).get_by_role("button", name="Run all above")
    expect(again).to_have_count(1 if cell == OTHER else 0)
    reader.goes_on()


def test_a_disk_that_was_filled_is_told_of_and_reset_empties_it(reader: Reader) -> None:
    reader.run(BASH, "cd; head -c 1G /dev/zero >large")
    expect(reader.output(BASH)).to_contain_text(re.compile("No space left|File too large"))
    expect(reader.foot(BASH)).to_contain_text("exit status 1")
    reader.goes_on()
    reader.choose(BASH, f"Reset the {reader.noun}")
    expect(reader.bar).to_contain_text("ready", timeout=WAIT)
    reader.run(OTHER, "echo room again >~/small; cat ~/small; ls ~/large")
    expect(reader.output(OTHER)).to_contain_text("room again")
    expect(reader.output(OTHER)).to_contain_text("No such file")
    reader.goes_on()


@pytest.mark.parametrize(
    ("cell", "source"), [(BASH, "yes | head -c 100M"), (PYTHON, "while True: print('x' * 70)")]
)
def test_a_flood_is_cut_off_and_that_is_said(reader: Reader, cell: int, source: str) -> None:
    reader.run(cell, source)
    expect(reader.foot(cell)).to_have_text(TOO_MUCH)
    box = reader.output(cell).bounding_box()
    assert box and box["height"] < 600
    reader.goes_on()


@pytest.mark.parametrize(
    ("cell", "entry", "source"),
    [
        (BASH, "Restart bash", "exec >&- 2>&-; echo lost"),
        (PYTHON, "Restart Python", "import sys; sys.stdout.close(); print('lost')"),
    ],
)
def test_a_closed_stdout_ends_with_its_cell_or_with_its_interpreter(
    reader: Reader, cell: int, entry: str, source: str
) -> None:
    reader.run(cell, source)
    expect(reader.output(cell)).not_to_have_text(re.compile("^lost"))
    reader.choose(cell, entry)
    reader.goes_on()


def test_control_characters_and_bytes_that_are_no_text_stay_in_their_box(reader: Reader) -> None:
    reader.run(BASH, r"printf 'a\x00b\x07\x1b[2J\x1b]0;title\x07\x1b[31mred\x1b[0m \xff\xfe\n'")
    expect(reader.output(BASH)).to_have_text(re.compile(r"^abred \ufffd+\s*$"))
    expect(reader.output(BASH).locator(".cb-ink-1")).to_have_text("red")
    expect(reader.page).to_have_title(re.compile("Faults"))
    reader.goes_on()


@pytest.mark.parametrize(
    ("cell", "source", "said"),
    [
        (BASH, "echo 'open", "unexpected EOF"),
        (BASH, "cat <<END\nopen", "delimited by end-of-file"),
        (PYTHON, "print('''open", "incomplete input"),
    ],
)
def test_what_was_not_closed_is_told_of_and_ends(
    reader: Reader, cell: int, source: str, said: str
) -> None:
    reader.run(cell, source)
    expect(reader.output(cell)).to_contain_text(said)
    reader.goes_on()


@pytest.mark.parametrize("cell", [BASH, PYTHON])
def test_five_thousand_lines_can_be_pasted_and_run(reader: Reader, cell: int) -> None:
    reader.run(cell, LONG[cell])
    expect(reader.output(cell)).to_contain_text("4998")
    reader.write(cell, "")
    reader.goes_on()


def test_ten_presses_are_one_run(reader: Reader) -> None:
    reader.run(OTHER, "rm -f ~/times")
    reader.write(BASH, "echo once >>~/times; sleep 1; wc -l <~/times")
    reader.button(BASH).click(click_count=10)
    reader.ended(BASH)
    expect(reader.output(BASH)).to_have_text(re.compile(r"^\s*1\s*$"))
    reader.goes_on()


def test_two_cells_at_once_run_one_after_the_other(reader: Reader) -> None:
    reader.write(OTHER, "date +%s%N >~/second; cat ~/second")
    reader.begin(BASH, "sleep 4; date +%s%N >~/first; rm -f ~/second")
    reader.button(OTHER).click()
    expect(reader.cell(OTHER).locator(".cb-bar-state")).to_contain_text("waits its turn")
    reader.ended(OTHER)
    reader.run(BASH, "(( $(<~/first) < $(<~/second) )) && echo in order")
    expect(reader.output(BASH)).to_contain_text("in order")
    reader.goes_on()


def test_reset_while_a_cell_runs_cuts_it_short_and_says_so(reader: Reader) -> None:
    reader.begin(BASH, "touch ~/left; sleep 1000")
    reader.choose(BASH, f"Reset the {reader.noun}")
    reader.ended(BASH)
    expect(reader.foot(BASH)).to_have_text("cut short: what ran it went away")
    expect(reader.bar).to_contain_text("ready", timeout=WAIT)
    reader.run(OTHER, "ls ~/left")
    expect(reader.output(OTHER)).to_contain_text("No such file")
    reader.goes_on()


def test_a_reload_while_the_state_comes_back_loses_nothing(reader: Reader) -> None:
    reader.run(BASH, "kept=5")
    reader.keep()
    for wait in (0, 300):
        reader.page.reload()
        reader.button(OTHER).click()
        reader.page.wait_for_timeout(wait)
    reader.page.reload()
    reader.run(OTHER, "echo kept $kept")
    expect(reader.output(OTHER)).to_contain_text("kept 5")
    reader.goes_on()
