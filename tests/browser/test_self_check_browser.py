"""Questions in a real browser: answered by mouse and keys, kept, printed, and shown on slides."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from books import Book
from browser import axe
from browser.decks import open_deck, overflowing_slides
from browser.live_book import Visitor
from coursebook.agreement.hosting import host
from coursebook.live import vendor
from self_check_book import TASK, self_check_book

UNSOLVED = TASK.replace("Make a file", "Never done").replace(
    "[ -f here.txt ] ||", '# raw "There is no here.txt.\\n"\n# exit 1\n[ -f here.txt ] ||'
)
"""For the double of an engine its check always fails; for the build's own bash it is as it was."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    vendor.build(lambda message: None)
    return self_check_book(
        tmp_path_factory.mktemp("checks") / "a-book", f"### Unsolved\n\n{UNSOLVED}"
    )


@pytest.fixture(scope="module")
def address(book: Book) -> Iterator[str]:
    with host(book.tree.site, sub_path="/") as site:
        yield site.address


Asked = Callable[[str], Locator]


@pytest.fixture
def visitor(page: Page, address: str) -> Iterator[Visitor]:
    """The page of the questions, with the double in the place of all engines."""
    visitor = Visitor(page, address).open("checks.html")
    yield visitor
    assert visitor.complaints == []


@pytest.fixture
def asked(visitor: Visitor) -> Asked:
    """Find a question by its kind; the first of several."""
    return lambda kind: visitor.page.locator(f".cb-check[data-cb-check={kind}]").first


def said(question: Locator) -> Locator:
    return question.locator(".cb-said-here")


def press(question: Locator, name: str = "Check") -> None:
    question.get_by_role("button", name=name, exact=True).click()


def test_a_wrong_answer_says_why_and_the_right_one_is_kept(asked: Asked, page: Page) -> None:
    choice = asked("choice")
    press(choice)
    expect(said(choice)).to_have_text("Choose an answer first.")
    choice.get_by_role("radio", name="a pin").check()
    press(choice)
    expect(choice).to_have_attribute("data-cb-verdict", "wrong")
    expect(choice.locator(".cb-why:visible")).to_have_text("It compares versions only.")
    choice.get_by_text("a hash").click()
    expect(choice.locator(".cb-why:visible")).to_have_count(0)
    press(choice)
    expect(said(choice)).to_have_text("Right.")
    page.reload()
    expect(choice).to_have_attribute("data-cb-verdict", "right")
    expect(choice.get_by_role("radio", name="a hash")).to_be_checked()
    expect(page.locator(".cb-progress")).to_contain_text("1 of 8 done")
    page.get_by_role("button", name="Start over").click()
    expect(choice.get_by_role("radio", name="a hash")).not_to_be_checked()
    expect(choice).not_to_have_attribute("data-cb-verdict", "right")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_question_is_answered_by_the_keyboard_alone(asked: Asked, page: Page) -> None:
    choice = asked("choice")
    group = choice.get_by_role("group", name="Which of these notices an altered file?")
    expect(group).to_be_visible()
    group.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said(choice)).to_have_text("Right.")


def test_all_right_answers_must_be_found_where_several_are(visitor: Visitor) -> None:
    choice = visitor.page.locator(".cb-check[data-cb-several]")
    choice.get_by_role("checkbox", name="a pin").check()
    press(choice)
    expect(said(choice)).to_have_text("Right so far; 1 more is right, too.")
    choice.get_by_role("checkbox", name="a lock").check()
    press(choice)
    expect(said(choice)).to_have_text("Right.")


def test_things_are_put_in_order_by_keys_and_ears_hear_where_they_are(
    asked: Asked, page: Page
) -> None:
    ordering = asked("ordering")
    names = ["resolve", "download", "check"]
    press(ordering)
    expect(ordering).to_have_attribute("data-cb-verdict", "wrong")
    for name in names:
        for _ in names[1:]:
            button = ordering.get_by_role("button", name=f"Move down: {name}")
            if button.is_enabled():
                button.focus()
                page.keyboard.press("Enter")
    expect(ordering.locator(".cb-things .cb-choice-text")).to_have_text(names)
    expect(ordering.locator(".cb-unseen[role=status]")).to_have_text("check: 3 of 3")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move up: check"
    press(ordering)
    expect(said(ordering)).to_have_text("Right.")


def test_things_are_dragged_into_order(asked: Asked) -> None:
    items = asked("ordering").locator(".cb-things > li")
    last = items.nth(2).locator(".cb-choice-text").inner_text()
    items.nth(2).drag_to(items.nth(0), target_position={"x": 20, "y": 3})
    expect(items.nth(0).locator(".cb-choice-text")).to_have_text(last)


def test_pairs_are_chosen_from_lists(asked: Asked) -> None:
    matching = asked("matching")
    matching.get_by_label("one version").select_option("a marker")
    matching.get_by_label("the same bytes").select_option("a hash")
    press(matching)
    expect(said(matching)).to_have_text("1 of 2 pairs is right.")
    matching.get_by_label("one version").select_option("a pin")
    press(matching)
    expect(said(matching)).to_have_text("Right.")


def test_an_output_is_covered_until_it_was_predicted(asked: Asked, visitor: Visitor) -> None:
    predict = asked("predict")
    output = visitor.cell(0).locator(".cell_output")
    foot = "cell => getComputedStyle(cell, '::after').content"
    expect(output).to_be_hidden()
    assert visitor.cell(0).evaluate(foot) == "none"
    predict.get_by_role("radio", name="41").check()
    press(predict)
    expect(output).to_be_hidden()
    predict.get_by_role("radio", name="42").check()
    press(predict)
    expect(output).to_be_visible()
    expect(output).to_contain_text("42")
    assert "exit status" in visitor.cell(0).evaluate(foot)


def test_who_looks_at_the_answer_sees_the_output_and_so_does_who_asks(visitor: Visitor) -> None:
    predictions = visitor.page.locator(".cb-check[data-cb-check=predict]")
    predictions.nth(0).get_by_text("Answer", exact=True).click()
    expect(visitor.cell(0).locator(".cell_output")).to_be_visible()
    visitor.page.get_by_role("button", name="Show the output").last.click()
    expect(visitor.cell(1).locator(".cell_output")).to_be_visible()


def test_a_prediction_can_be_typed(visitor: Visitor) -> None:
    typed = visitor.page.locator(".cb-check[data-cb-typed]")
    field = typed.get_by_label("What it prints")
    field.fill("43")
    field.press("Enter")
    expect(said(typed)).to_have_text("It prints something else.")
    field.fill(" 42 ")
    field.press("Enter")
    expect(said(typed)).to_have_text("Right.")


def test_hints_come_one_at_a_time_and_the_solution_last(asked: Asked) -> None:
    task = asked("task")
    hints, solution = task.locator(".cb-hint"), task.locator(".cb-answer")
    expect(hints.nth(0)).to_be_hidden()
    expect(solution).to_be_hidden()
    press(task, "Hint 1 of 2")
    expect(hints.nth(0)).to_contain_text("Use echo.")
    expect(hints.nth(1)).to_be_hidden()
    press(task, "Hint 2 of 2")
    expect(solution).to_be_hidden()
    press(task, "Show a solution")
    expect(solution.locator("pre")).to_have_text("echo done > here.txt")
    expect(task.locator(".cb-more-help")).to_be_hidden()


def test_a_task_is_prepared_once_and_checked_after_what_was_typed_ran(visitor: Visitor) -> None:
    task = visitor.page.locator(".cb-task").first
    press(task)
    expect(task.locator(".cb-task-said")).to_have_text("Done. That is right.")
    expect(task.locator(".cb-answer")).to_be_visible()
    press(task)
    expect(task.locator(".cb-task-said")).to_have_text("Done. That is right.")
    requests = [words[1] for words in visitor.told("run")]
    setups = [one for one in requests if "before.txt" in one["source"]]
    assert len(setups) == 1
    assert {(one["chapter"], one["topic"]) for one in requests} == {
        ("checks/make-a-file", "make-a-file")
    }
    assert [one["source"] for one in requests].count("# Type here") == 1
    expect(visitor.page.locator(".cb-progress")).to_contain_text("1 of 8 done")


def test_paper_keeps_nothing_back(visitor: Visitor, page: Page) -> None:
    page.emulate_media(media="print")
    for fold in page.locator(".cb-check > details").all():
        expect(fold.locator(":scope > :not(summary)").first).to_be_visible()
    for right in page.locator(".cb-pairs-right > li, .cell_output").all():
        expect(right).to_be_visible()
    expect(page.locator(".cb-check button:visible, .cb-cloth:visible")).to_have_count(0)


def test_what_a_check_misses_is_told(visitor: Visitor) -> None:
    task = visitor.page.locator(".cb-task").last
    press(task)
    expect(task.locator(".cb-task-said")).to_have_text("There is no here.txt.")
    expect(task).to_have_attribute("data-cb-verdict", "wrong")
    expect(task.locator(".cb-answer")).to_be_hidden()


def test_a_task_begins_anew_when_it_is_asked_to(visitor: Visitor) -> None:
    task = visitor.page.locator(".cb-task").first
    press(task)
    expect(task.locator(".cb-task-said")).to_have_text("Done. That is right.")
    visitor.choose(2, "Begin the task anew")
    visitor.page.wait_for_function(
        "() => globalThis.cbEngine.told.filter(([word, request]) => "
        "word === 'run' && request.source.includes('before.txt')).length === 2"
    )


def test_where_nothing_can_be_kept_questions_work_all_the_same(page: Page, address: str) -> None:
    page.add_init_script(
        "for (const name of ['getItem', 'setItem', 'removeItem'])"
        " Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError'); };"
    )
    page.goto(f"{address}checks.html")
    choice = page.locator(".cb-check").first
    choice.get_by_role("radio", name="a hash").check()
    press(choice)
    expect(said(choice)).to_have_text("Right.")


def test_without_javascript_and_on_paper_all_can_be_read(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    with contextlib.closing(context):
        page = context.new_page()
        page.goto(f"{address}checks.html")
        choice = page.locator(".cb-check").first
        expect(choice.locator(".cb-choices > li")).to_have_text(["a pin", "a hash", "a marker"])
        expect(choice.get_by_text("B is right.")).to_be_hidden()
        choice.get_by_text("Answer", exact=True).click()
        expect(choice.get_by_text("B is right.")).to_be_visible()
        expect(page.locator(".cb-check button:visible, .cb-check input")).to_have_count(0)
        expect(page.locator(".cell_output").first).to_be_visible()
        page.emulate_media(media="print")
        for fold in page.locator(".cb-check > details").all():
            expect(fold.locator(":scope > :not(summary)").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_a_form_is_seen_and_heard_by_all(
    width: int, scheme: str, visitor: Visitor, page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    choice = page.locator(".cb-check").first
    choice.get_by_role("radio", name="a pin").check()
    press(choice)
    press(page.locator(".cb-check[data-cb-check=ordering]"))
    for fold in page.locator(".cb-answer:visible, .cb-follow-up").all():
        fold.locator("summary").click()
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_clock_is_started_stopped_and_set_back_by_the_reader(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(f"{address}checks.html")
    clock = page.locator(".cb-timer")
    time = clock.get_by_role("timer")
    expect(time).to_have_text("0:30")
    page.clock.run_for(5000)
    expect(time).to_have_text("0:30")
    press(clock, "Start")
    page.clock.run_for(12_000)
    expect(time).to_have_text("0:18")
    press(clock, "Pause")
    page.clock.run_for(5000)
    expect(time).to_have_text("0:18")
    press(clock, "Go on")
    page.clock.run_for(9000)
    expect(clock.get_by_role("status")).to_have_text("10 seconds left")
    page.clock.run_for(10_000)
    expect(clock.get_by_role("status")).to_have_text("Time is up")
    press(clock, "Again")
    expect(time).to_have_text("0:30")


def test_a_slide_shows_the_answer_as_its_next_step_or_by_a_click(page: Page, address: str) -> None:
    open_deck(page, f"{address}slides/checks.html#/choices")
    slide = page.locator("section.present:not(.stack)")
    fold = slide.locator(".cb-answer")
    expect(fold.get_by_text("It compares")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(fold.get_by_text("It compares")).to_be_visible()
    expect(slide).to_have_id("choices")
    page.keyboard.press("ArrowLeft")
    expect(fold.get_by_text("It compares")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.get_by_text("It compares")).to_be_visible()
    page.keyboard.press("Space")
    expect(slide).to_have_id("more-choices")


def test_the_speaker_sees_an_answer_before_the_room_does(page: Page, address: str) -> None:
    open_deck(page, f"{address}slides/checks.html?receiver=current#/choices")
    expect(page.locator("#choices .cb-answer")).to_have_attribute("open", "")
    expect(page.locator("#choices .cb-answer")).to_have_class("cb-answer cb-not-shown-yet")


def test_no_question_sticks_out_of_its_slide(page: Page, address: str) -> None:
    open_deck(page, f"{address}slides/checks.html")
    assert overflowing_slides(page) == []
