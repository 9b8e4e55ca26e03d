"""What an author is told about slides that hold too much, by `check` and a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import Book
from browser.full_slides import TALL, WAYS, Told, read, type_splits
from commands import type_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book that has a full slide of each kind."""
    book = Book(tmp_path_factory.mktemp("full") / "a-book")
    book.write("book/tall.svg", TALL)
    for way, (body, _) in WAYS.items():
        book.chapter(way, f"# About {way}\n\n## Full of {way}\n\n{body}\n## Last of {way}\n\nEnd.\n")
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
    assert one.line > 5 and one.splits


def test_what_is_met_in_one_tab_or_at_a_step_says_so(told: list[Told]) -> None:
    messages = {one.path: one.message for one in told}
    assert "with the tab “Long”: what the tabs hold does not fit" in messages["book/tab.md"]
    assert "at a step: this item does not fit" in messages["book/fragment.md"]
    assert "covers the footer" in messages["book/text.md"]


def test_what_is_proposed_passes_when_it_is_typed(full: Book, told: list[Told]) -> None:
    type_splits(full, told)
    answer = type_in("check", full.root)
    assert answer.returncode == 0, answer.stderr
    assert "slides measured in" in answer.stderr
    code = (full.root / "book/code.md").read_text()
    assert code.count(":name: places") == 1 and "line 30" in code
