"""The reading order: what ``_toc.yml`` may say, and what its author is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursebook.course.outline import Outline, read_outline
from coursebook.course.toc import ALL_LEVELS
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem


class Shelf:
    """Chapters on disk without any text worth reading."""

    def __init__(self, root: Path) -> None:
        self.tree = Tree(root)
        self.add("book/index.md", "book/basics/start.md", "book/practice/locks.md")

    def add(self, *names: str, text: str = "# T\n") -> None:
        for name in names:
            file = self.tree.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def read(self, toc: str) -> Outline:
        self.tree.toc.write_text(toc)
        return read_outline(self.tree)

    def problems(self, toc: str) -> list[Problem]:
        with pytest.raises(CourseError) as raised:
            self.read(toc)
        return list(raised.value.problems)

    def only(self, toc: str) -> Problem:
        (problem,) = self.problems(toc)
        return problem


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


HEAD = "format: jb-book\nroot: book/index\n"
PARTS = """\
format: jb-book
root: book/index
parts:
  # how it begins
  - caption: Basics
    chapters:
      - file: book/basics/start
  - caption: Practice
    chapters:
      - file: book/practice/locks.md
        title: Locks, in short
"""
BOTH = "chapters:\n- file: book/basics/start\n- file: book/practice/locks\n"


def test_parts_and_chapters_come_in_reading_order_with_their_lines(shelf: Shelf) -> None:
    outline = shelf.read(PARTS)
    assert [(entry.docname, entry.path, entry.line) for entry in outline] == [
        ("book/index", "book/index.md", 2),
        ("book/basics/start", "book/basics/start.md", 7),
        ("book/practice/locks", "book/practice/locks.md", 10),
    ]
    assert [part.caption for part in outline.parts] == ["Basics", "Practice"]
    assert outline.parts[1].entries[0].title == "Locks, in short"


def test_chapters_may_stand_without_parts(shelf: Shelf) -> None:
    outline = shelf.read(HEAD + BOTH)
    assert [part.caption for part in outline.parts] == [""]
    assert len(list(outline)) == 3


def test_sections_stand_below_their_chapter(shelf: Shelf) -> None:
    shelf.add("book/practice/hashes.md", "book/practice/salt.md")
    toc = HEAD + (
        "chapters:\n- file: book/basics/start\n- file: book/practice/locks\n  sections:\n"
        "  - file: book/practice/hashes\n    sections:\n    - file: book/practice/salt\n"
    )
    outline = shelf.read(toc)
    assert [entry.docname.rpartition("/")[2] for entry in outline] == [
        *("index", "start", "locks", "hashes", "salt")
    ]
    locks = outline.parts[0].entries[1]
    assert [child.docname for child in locks.children] == ["book/practice/hashes"]


def test_a_notebook_is_a_chapter_with_or_without_its_ending(shelf: Shelf) -> None:
    shelf.add("book/a.ipynb", "book/b.ipynb", text="{}")
    outline = shelf.read(HEAD + BOTH + "- file: book/a\n- file: book/b.ipynb\n")
    assert [(e.docname, e.path) for e in outline][3:] == [
        ("book/a", "book/a.ipynb"),
        ("book/b", "book/b.ipynb"),
    ]


def test_a_glob_stands_for_all_chapters_that_are_not_named_above(shelf: Shelf) -> None:
    shelf.add("book/practice/b.md", "book/practice/a.md")
    outline = shelf.read(
        HEAD + "chapters:\n- file: book/basics/start\n- file: book/practice/locks\n"
        "- glob: book/practice/*\n"
    )
    assert [entry.docname for entry in outline][2:] == [
        *("book/practice/locks", "book/practice/a", "book/practice/b")
    ]


def test_a_missing_file_is_told_with_the_nearest_name(shelf: Shelf) -> None:
    problem = shelf.problems(PARTS.replace("practice/locks.md", "practice/lokcs"))[0]
    assert (problem.path, problem.line, problem.code) == ("_toc.yml", 10, "missing-chapter")
    assert problem.hint == "did you mean `book/practice/locks`?"


def test_a_glob_leaves_out_what_begins_with_an_underscore(shelf: Shelf) -> None:
    shelf.add("book/practice/_part.md", "book/practice/_later/x.md", "book/basics/_note.md")
    toc = HEAD + "chapters:\n- glob: book/practice/**/*\n- glob: book/basics/*\n"
    assert [entry.docname for entry in shelf.read(toc)][1:] == [
        *("book/practice/locks", "book/basics/start")
    ]


@pytest.mark.parametrize(
    ("toc", "numbered"),
    [
        (HEAD + BOTH, [0]),
        (HEAD + "options:\n  numbered: true\n" + BOTH, [ALL_LEVELS]),
        (HEAD + "defaults: {numbered: 2}\n" + BOTH, [2]),
        (
            HEAD + "defaults: {numbered: true}\nparts:\n- numbered: false\n  chapters:\n"
            "  - file: book/basics/start\n- chapters:\n  - file: book/practice/locks\n",
            [0, ALL_LEVELS],
        ),
    ],
)
def test_chapters_are_numbered_as_in_jupyter_book(
    shelf: Shelf, toc: str, numbered: list[int]
) -> None:
    assert [part.numbered for part in shelf.read(toc).parts] == numbered


@pytest.mark.parametrize(
    ("toc", "line", "code", "hint"),
    [
        ("", 1, "empty-toc", "format: jb-book"),
        ("# nothing\n", 1, "empty-toc", "format: jb-book"),
        ("format: jb-book\nroot: [a\n", 3, "bad-toc", "indentation"),
        ("format: jb-book\n\troot: x\n", 2, "bad-toc", "tabs"),
        ("- a\n", 1, "bad-toc", "key: value"),
        (HEAD + "root: book/index\n" + BOTH, 3, "repeated-key", "delete"),
        ("root: book/index\n" + BOTH, 1, "toc-format", "format: jb-book"),
        ("format: jb-bok\nroot: book/index\n" + BOTH, 1, "toc-format", "format: jb-book"),
        ("format: jb-book\n" + BOTH, 1, "toc-without-root", "root: book/index"),
        (HEAD + "chaptres:\n- file: book/basics/start\n", 3, "unknown-key", "`chapters`"),
        (HEAD + "parts:\n- captoin: A\n  chapters: []\n", 4, "unknown-key", "`caption`"),
        (HEAD + "chapters:\n- flie: book/basics/start\n", 4, "unknown-key", "`file`"),
        (HEAD + "chapters:\n- book/basics/start\n", 4, "bad-toc", "file"),
        (HEAD + "chapters: book/basics/start\n", 3, "bad-toc", "- "),
        (HEAD + "chapters:\n- file: [a]\n", 4, "bad-toc", ""),
        (HEAD + "chapters:\n- url: https://a.example\n", 4, "toc-entry", "text"),
        (HEAD + "chapters:\n- title: A\n", 4, "toc-entry", "file"),
        (HEAD + BOTH + "- file: book\\practice\\a\n", 6, "bad-chapter-path", "book/practice/a"),
        (HEAD + BOTH + "- file: /book/a\n", 6, "bad-chapter-path", "`book/part/topic`"),
        (HEAD + BOTH + "- file: C:/a\n", 6, "bad-chapter-path", "`book/part/topic`"),
        (HEAD + BOTH + "- file: book/../../a\n", 6, "bad-chapter-path", "below `book/`"),
        (HEAD + BOTH + "- file: elsewhere/a\n", 6, "bad-chapter-path", "below `book/`"),
        (HEAD + BOTH + "- file: book/basics/start.md\n", 6, "repeated-chapter", "take one"),
        (HEAD + "options: {numberd: true}\n" + BOTH, 3, "unknown-key", "`numbered`"),
        (HEAD + "options: {numbered: yess}\n" + BOTH, 3, "bad-toc", "`true`"),
        (HEAD + BOTH + "- glob: book/nothing/*\n", 6, "missing-chapter", "folder"),
    ],
)
def test_each_mistake_is_told_at_its_line(
    shelf: Shelf, toc: str, line: int, code: str, hint: str
) -> None:
    found = shelf.problems(toc)
    first = next(problem for problem in found if problem.code == code)
    assert (first.path, first.line) == ("_toc.yml", line)
    assert hint in first.hint


def test_all_mistakes_come_together(shelf: Shelf) -> None:
    toc = HEAD + BOTH + "- file: book/x\n- file: book/basics/start\n"
    assert [(p.line, p.code) for p in shelf.problems(toc)] == [
        (6, "missing-chapter"),
        (7, "repeated-chapter"),
    ]


def test_a_book_without_reading_order_is_told_what_to_write(shelf: Shelf) -> None:
    with pytest.raises(CourseError) as raised:
        read_outline(shelf.tree)
    (problem,) = raised.value.problems
    assert (problem.path, problem.code) == ("_toc.yml", "no-toc")


def test_a_reading_order_that_is_not_utf_8_is_told_its_line(shelf: Shelf) -> None:
    shelf.tree.toc.write_bytes(b"format: jb-book\nroot: b\xe9\n")
    with pytest.raises(CourseError) as raised:
        read_outline(shelf.tree)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line, problem.code) == ("_toc.yml", 2, "not-utf-8")


def test_a_chapter_in_no_reading_order_is_named_with_the_line_to_add(shelf: Shelf) -> None:
    shelf.add("book/practice/lost.md")
    problem = shelf.only(PARTS)
    assert (problem.path, problem.code) == ("book/practice/lost.md", "unlisted-chapter")
    assert "- file: book/practice/lost`" in problem.hint


def test_included_and_private_files_need_no_place_in_the_reading_order(shelf: Shelf) -> None:
    shelf.add("book/_drafts/a.md", "book/practice/_b.md", "book/.hidden/c.md", "README.md")
    shelf.add("book/practice/part.md", text="```{include} deeper.md\n```\n")
    shelf.add("book/practice/deeper.md", "book/shown.md")
    shelf.add(
        "book/practice/locks.md",
        text="# L\n{% if page %}\n```{include} part.md\n```\n{% endif %}\n"
        "```{literalinclude} /shown.md\n```\n",
    )
    assert len(list(shelf.read(PARTS))) == 3


def test_windows_line_breaks_in_the_reading_order_are_fine(shelf: Shelf) -> None:
    shelf.tree.toc.write_bytes(PARTS.replace("\n", "\r\n").encode())
    assert len(list(read_outline(shelf.tree))) == 3
