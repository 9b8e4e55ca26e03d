"""Cells in the speaker's window: they run on the wall, and both windows show the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.live_book import Visitor
from browser.speaker import SpeakerWindow, press_s
from browser.test_live_cells_slides import slide

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]


@pytest.fixture
def wall(visit: Visit) -> Visitor:
    """The deck as everybody sees it, at its slide with two cells."""
    return slide(visit("slides/deck.html"), "first")


def cell(speaker: SpeakerWindow, number: int) -> Locator:
    return speaker.current.locator(".cell[data-cb-live]").nth(number)


def output(speaker: SpeakerWindow, number: int) -> Locator:
    return cell(speaker, number).locator(".cb-result-body")


def state(speaker: SpeakerWindow, number: int) -> Locator:
    return cell(speaker, number).locator(".cb-bar-state")


def button(speaker: SpeakerWindow, number: int) -> Locator:
    return cell(speaker, number).locator(".cb-run")


def test_what_the_speaker_runs_is_shown_on_the_wall_and_runs_there_alone(wall: Visitor) -> None:
    speaker = press_s(wall.page)
    button(speaker, 0).click()
    for place in (wall.output(0), output(speaker, 0)):
        expect(place).to_contain_text("line 200")
    for place in (wall.state(0), state(speaker, 0)):
        expect(place).to_contain_text("yours")
    assert [words[0] for words in wall.told("start", "run")] == ["start", "run"]
    assert not [one for one in speaker.page.frames if one.evaluate("'cbEngine' in globalThis")]
    assert speaker.complaints == wall.complaints == []


def test_what_runs_on_the_wall_streams_into_the_speakers_window_and_stops_from_there(
    wall: Visitor,
) -> None:
    speaker = press_s(wall.page)
    slide(wall, "asks")
    wall.button(2).click()
    asked = speaker.current.get_by_role("textbox", name="Input of bash cell 3")
    expect(asked).to_be_visible()
    expect(button(speaker, 2)).to_have_text("Stop")
    button(speaker, 2).click()
    for place in (wall.cell(2), cell(speaker, 2)):
        expect(place.locator(".cb-result-foot")).to_have_text("stopped")
    assert wall.told("interrupt") == [["interrupt"]]
    expect(asked).to_have_count(0)


def test_a_line_that_the_speaker_types_is_read_and_echoed_in_both(wall: Visitor) -> None:
    speaker = press_s(wall.page)
    slide(wall, "asks")
    expect(speaker.slide).to_have_id("asks")
    button(speaker, 2).click()
    asked = speaker.current.get_by_role("textbox", name="Input of bash cell 3")
    asked.fill("who is there")
    asked.press("Enter")
    for place in (wall.output(2), output(speaker, 2)):
        expect(place).to_have_text("who is there\nread: who is there\n", use_inner_text=False)
    expect(wall.page.locator("#asks")).to_have_class("cb-slide present")


def test_code_that_is_changed_in_one_window_changes_in_the_other_and_runs(wall: Visitor) -> None:
    speaker = press_s(wall.page)
    cell(speaker, 1).locator(".cell_input pre").click()
    field = cell(speaker, 1).locator(".cm-content")
    expect(field).to_be_focused()
    field.press("Control+a")
    speaker.page.keyboard.insert_text("echo of the speaker")
    expect(wall.cell(1).locator(".cell_input pre")).to_have_text("echo of the speaker\n")
    expect(wall.state(1)).to_contain_text("edited")
    field.press("Control+Enter")
    for place in (wall.output(1), output(speaker, 1)):
        expect(place).to_contain_text("of the speaker")
    wall.page.bring_to_front()
    wall.cell(1).locator(".cell_input pre").click()
    wall.cell(1).locator(".cm-content").press("Control+a")
    wall.page.keyboard.insert_text("echo of the hall")
    expect(field).to_have_text("echo of the hall")
    wall.cell(1).locator(".cm-content").press("Control+Enter")
    expect(output(speaker, 1)).to_contain_text("of the hall")


def test_a_speakers_window_that_comes_later_shows_what_ran_before(wall: Visitor) -> None:
    wall.button(0).click()
    expect(wall.state(0)).to_contain_text("yours")
    speaker = press_s(wall.page)
    expect(output(speaker, 0)).to_contain_text("line 200")
    expect(state(speaker, 0)).to_contain_text("yours")
    speaker.page.reload()
    expect(output(speaker, 0)).to_contain_text("line 200")
    wall.page.bring_to_front()
    wall.choose(0, "Bring back the book’s output")
    expect(output(speaker, 0)).to_be_hidden()


def test_the_machine_is_told_of_in_both_windows(wall: Visitor) -> None:
    speaker = press_s(wall.page)
    bars = [place.locator(".cb-machine") for place in (wall.page, speaker.current)]
    button(speaker, 1).click()
    for bar in bars:
        expect(bar).to_contain_text("1 cell ran here")
    speaker.page.reload()
    expect(bars[1]).to_contain_text("1 cell ran here")
    bars[1].hover()
    bars[1].get_by_role("button", name="More about the machine").click()
    speaker.current.get_by_role("menuitem", name="Restart bash").click()
    wall.page.wait_for_function("() => cbEngine.told.some(([word]) => word === 'restart')")


def test_the_terminal_is_shown_in_both_and_typed_into_from_either(wall: Visitor) -> None:
    speaker = press_s(wall.page)
    button(speaker, 1).click()
    expect(state(speaker, 1)).to_contain_text("yours")
    drawers = [
        place.get_by_role("region", name="Terminal") for place in (wall.page, speaker.current)
    ]
    speaker.current.locator(".cb-machine").hover()
    speaker.current.get_by_role("button", name="Terminal, opens a drawer").click()
    for drawer in drawers:
        expect(drawer.locator(".xterm-rows, .xterm-accessibility")).to_contain_text(
            ["learner@room"] * 2
        )
    expect(drawers[1].locator("textarea")).to_be_focused()
    speaker.page.keyboard.type("from here")
    expect(drawers[0].locator(".xterm-rows")).to_contain_text("from here")
    wall.page.bring_to_front()
    drawers[0].locator("textarea").focus()
    wall.page.keyboard.type(" and there")
    expect(drawers[1].locator(".xterm-rows")).to_contain_text("from here and there")
    # Of what a program asks the terminal, one of both answers.
    wall.page.evaluate("cbEngine.onBytes(new TextEncoder().encode('\\x1b[6n asked'))")
    expect(drawers[1].locator(".xterm-rows")).to_contain_text("asked")
    answers = [text for _, text in wall.told("terminal") if text.startswith("\x1b[")]
    assert len(answers) == 1
    speaker.page.reload()
    expect(drawers[1].locator(".xterm-rows")).to_contain_text("from here and there")
    speaker.current.get_by_role("button", name="Close the terminal").click()
    for drawer in drawers:
        expect(drawer).to_be_hidden()
    assert speaker.complaints == wall.complaints == []


def test_when_the_wall_is_gone_the_speaker_is_told_where_cells_run(
    wall: Visitor, page: Page
) -> None:
    speaker = press_s(page)
    button(speaker, 1).click()
    expect(output(speaker, 1)).to_contain_text("two")
    page.reload()
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    expect(output(speaker, 1)).to_be_hidden()
    button(speaker, 1).click()
    expect(wall.output(1)).to_contain_text("two")
    expect(output(speaker, 1)).to_contain_text("two")
    page.goto("about:blank")
    expect(speaker.part("projected")).to_have_text("No window shows the slides")
    button(speaker, 1).click()
    expect(cell(speaker, 1).locator(".cb-note")).to_contain_text("there the cells run")


def test_the_menu_of_a_cell_works_in_the_speakers_window(wall: Visitor) -> None:
    speaker = press_s(wall.page)
    cell(speaker, 1).hover()
    cell(speaker, 1).locator(".cb-more").click()
    speaker.current.get_by_role("menuitem", name="Run all above, then this").click()
    for number in (0, 1):
        expect(wall.state(number)).to_contain_text("yours")
        expect(state(speaker, number)).to_contain_text("yours")
    cell(speaker, 1).hover()
    cell(speaker, 1).locator(".cb-more").click()
    speaker.current.get_by_role("menuitem", name="Reset the machine").click()
    expect(cell(speaker, 1)).not_to_have_attribute("data-cb-ran", "")
    wall.page.wait_for_function("() => cbEngine.told.some(([word]) => word === 'reset')")
