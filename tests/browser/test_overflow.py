"""What an author is told about slides that hold too much, by `check` and a real browser."""

from __future__ import annotations

import os
import signal

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from books import Book
from browser.full_slides import (
    ALLOWED,
    CELLS,
    DRAWN,
    EXEMPT,
    INCLUDING,
    NOTES,
    ODD,
    PARAGRAPHS,
    TALL,
    WAYS,
    Told,
    read,
    type_splits,
)
from browser.test_serve import WAIT, serve_of
from commands import start, type_in
from coursebook.course.slide_list import Slide
from coursebook.overflow import tab
from coursebook.overflow.gate import check_slides

pytestmark = pytest.mark.browser


def fill(book: Book) -> None:
    """Give a book a chapter for each way to fill a slide."""
    book.write("book/tall.svg", TALL)
    for way, (body, _) in WAYS.items():
        first, last = f"## Full of {way}\n\n{body}", f"## Last of {way}\n\nEnd."
        head = CELLS if "{code-cell}" in body else ""
        book.chapter(way, f"{head}# About {way}\n\n{first}\n{last}\n{NOTES}")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book that has a full slide of each kind, and others that do not fit in other ways."""
    book = Book(tmp_path_factory.mktemp("full") / "a-book")
    fill(book)
    book.write("book/word.svg", DRAWN)
    book.write("book/shared/part.md", PARAGRAPHS)
    slides = [f"## Slide of {way}\n\n{body}" for way, (body, *_) in ODD.items()]
    book.chapter("odd", "# Odd\n\n" + "\n".join(slides) + NOTES)
    book.chapter("allowed", f"# Allowed\n\n## All of it\n\n{ALLOWED}{NOTES}")
    book.chapter("exempt", EXEMPT + NOTES)
    book.chapter("including", f"{INCLUDING}{NOTES}")
    return book


@pytest.fixture(scope="module")
def told(full: Book) -> list[Told]:
    """What the first check tells."""
    answer = type_in("check", full.root)
    assert answer.returncode == 1, answer.stderr
    return read(answer.stderr)


@pytest.mark.parametrize("way", WAYS)
def test_a_full_slide_is_told_at_the_line_of_what_does_not_fit(
    full: Book, told: list[Told], way: str
) -> None:
    [one] = [one for one in told if one.path == f"book/{way}.md"]
    assert one.code == "slide-overflow"
    assert f"the slide “Full of {way}” is " in one.message and "px too high" in one.message
    text = (full.root / one.path).read_text().split("\n")
    assert text[one.line - 1].startswith(WAYS[way][1]), text[one.line - 1]
    assert one.line >= 5 and one.splits


def test_what_is_met_in_one_tab_or_at_a_step_says_so(told: list[Told]) -> None:
    messages = {one.path: one.message for one in told}
    assert "with the tab “Long”: what the tabs hold does not fit" in messages["book/tab.md"]
    assert "at a step: this item does not fit" in messages["book/fragment.md"]
    assert "covers the footer" in messages["book/text.md"]


def test_what_is_proposed_passes_when_it_is_typed(book: Book, told: list[Told]) -> None:
    fill(book)
    type_splits(book, [one for one in told if one.path.removesuffix(".md")[5:] in WAYS])
    answer = type_in("check", book.root)
    assert answer.returncode == 0, answer.stderr
    assert "slides measured in" in answer.stderr
    code = (book.root / "book/code.md").read_text()
    assert code.count(":name: places") == 1 and code.count("line 12") == 2
    # What is cut in two is begun again as it was: its title, its options, and the other tabs.
    written = {way: (book.root / f"book/{way}.md").read_text() for way in WAYS}
    assert written["long-tab"].count(":::{tab-item} Long\n:sync: long") == 2
    assert written["long-tab"].count("::::{tab-set}") == 3
    assert written["box"].count(":::{note}") == 3 and written["box"].count(":name: noted") == 1
    assert written["dropdown"].count(":::{dropdown} Why?\n:open:") == 2
    assert written["card"].count(":::{grid-item-card} Long") == 2
    assert written["cell"].count("```{code-cell} python") == 3
    halves = written["cell"].split("```{revealjs-break}")
    assert ["def written" in one for one in halves] == ["return HTML" in one for one in halves]


@pytest.mark.parametrize("way", ODD)
def test_whatever_an_audience_cannot_see_is_told_by_its_name(told: list[Told], way: str) -> None:
    _, code, words = ODD[way]
    [one] = [one for one in told if f"“Slide of {way}”" in one.message]
    assert (one.path, one.code) == ("book/odd.md", code)
    assert words in one.message
    assert one.hint or one.splits


def test_what_is_cut_or_small_on_purpose_is_allowed(told: list[Told]) -> None:
    assert [one for one in told if one.path == "book/allowed.md"] == []


def test_a_full_slide_is_told_in_the_file_that_was_included(told: list[Told]) -> None:
    [one] = [one for one in told if "“Part”" in one.message]
    assert one.path == "book/shared/part.md"
    assert one.line == one.splits[0][0] > 5


def test_an_exemption_needs_a_reason_and_a_slide_that_is_too_full(told: list[Told]) -> None:
    found = {one.line: one for one in told if one.path == "book/exempt.md"}
    assert {line: one.code for line, one in found.items()} == {
        4: "overflow-not-needed",
        5: "bad-overflow",
        6: "bad-overflow",
    }
    assert "did you mean `full`?" in found[5].hint
    assert "`last` has no reason" in found[6].message


def test_without_a_chromium_it_is_told_what_to_install(book: Book) -> None:
    answer = type_in("check", book.root, CHROMIUM=str(book.root / "none"))
    assert answer.returncode == 3
    assert "the slides cannot be measured: there is no Chromium" in answer.stderr
    assert "sudo apt-get install chromium" in answer.stderr
    assert "Traceback" not in answer.stderr


def browsers(parent: int | None = None) -> set[psutil.Process]:
    """Name the browsers that a process has started, this one by default, without their helpers."""
    found = set()
    for process in psutil.Process(parent).children(recursive=True):
        try:
            words = process.cmdline()
        except psutil.Error:
            continue  # it ended just now
        if "--headless" in words and not any(word.startswith("--type=") for word in words):
            found.add(process)
    return found


DEADLY = "# Deadly\n\n## One\n\nText.\n\n## Two\n\nText.\n\n## Three\n\nText.\n"


@pytest.fixture(scope="module")
def deadly(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book with a slide at which a test may do harm."""
    book = Book(tmp_path_factory.mktemp("deadly") / "a-book")
    book.chapter("deadly", DEADLY)
    return book.build()


@pytest.mark.parametrize("times", [1, 2])
def test_a_browser_that_dies_is_replaced_once_and_then_told_with_the_slide(
    deadly: Book, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # one browser, and no doubt which to kill
    others, killed = browsers(), [0]
    said: list[str] = []

    def kill(slide: Slide) -> None:
        if slide.title == "Two" and killed[0] < times:
            killed[0] += 1
            [process] = browsers() - others
            process.kill()
            process.wait()

    found = check_slides(deadly.tree, said.append, kill)
    assert killed == [times]
    if times == 1:
        assert found == []
        assert said[0].startswith("5 slides measured in ")
        return
    [one] = [one for one in found if one.path == "book/deadly.md"]
    assert (one.code, one.line) == ("slide-crash", 7)
    assert "died twice at the slide “Two”; it was not measured, nor the 1 after it" in one.message


HANG = 'document.addEventListener("slidechanged", () => { while (%s) performance.now(); });'


@pytest.mark.parametrize("times", [1, 2])
def test_a_slide_that_hangs_is_tried_once_more_in_a_new_browser_and_then_told(
    deadly: Book, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    monkeypatch.setattr("coursebook.overflow.browsers.LIMIT", 3.0)
    others = browsers()
    seen: list[psutil.Process] = []

    class Hanging(tab.DeckTab):
        """A tab whose page never comes back from the slide “Two”."""

        def __init__(self, browser: Browser, site: str) -> None:
            super().__init__(browser, site)
            seen.extend(browsers() - others - set(seen))
            if len(seen) <= times:
                on_two = "Reveal.getCurrentSlide().id === 'two'"
                self.page.add_init_script(HANG.replace("%s", on_two))

    monkeypatch.setattr("coursebook.overflow.browsers.DeckTab", Hanging)
    found = check_slides(deadly.tree, lambda message: None)
    assert len(seen) == times + 1, "the other chapter goes on in a new one, too"
    assert not any(process.is_running() for process in seen)
    if times == 1:
        assert found == []
        return
    [one] = [one for one in found if one.path == "book/deadly.md"]
    assert (one.code, one.line) == ("slide-hangs", 7)
    assert "no answer for 3 s, twice, at the slide “Two”; it was not measured" in one.message
    assert "nor the 1 after it" in one.message


def test_a_full_slide_has_a_red_edge_while_it_is_full(book: Book, page: Page) -> None:
    chapter = "# Edge\n\n## Part\n\n{}\n" + NOTES.replace("{", "{{").replace("}", "}}")
    book.chapter("edge", chapter.format(PARAGRAPHS))
    with serve_of(book) as running:
        running.wait_for(r"^built in ")
        page.goto(f"{running.address}slides/edge.html#/part")
        edge, label = page.locator("section.cb-over"), page.locator(".cb-over-label")
        expect(label).to_contain_text("px too high · book/edge.md:", timeout=WAIT)
        expect(edge).to_have_css("outline-color", "rgb(209, 36, 47)")
        book.write("book/edge.md", chapter.format("Short."))
        expect(page.get_by_text("Short.", exact=True)).to_be_visible(timeout=WAIT)
        expect(edge).to_have_count(0)
        book.write("book/edge.md", chapter.format(PARAGRAPHS))
        expect(edge).to_have_count(1, timeout=WAIT)
    published = [file.read_text() for file in book.tree.site.rglob("*.html")]
    assert not [text for text in published if "edge.js" in text or "measure.js" in text]


def test_ctrl_c_while_slides_are_measured_ends_the_check_without_a_traceback(book: Book) -> None:
    for number in range(8):
        book.chapter(f"chapter-{number}", "# Many\n\n" + f"## Slide\n\n{PARAGRAPHS}\n\n" * 20)
    with start("check", book.root) as process:
        while not browsers(process.pid):
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        printed = process.communicate(timeout=WAIT / 1000)[0]
    assert process.returncode == 130, printed
    assert printed.splitlines()[-1] == "stopped"
