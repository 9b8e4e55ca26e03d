"""``course.py new``: a chapter that builds, and one line in ``_toc.yml``."""

from __future__ import annotations

import pytest

from books import Book
from coursebook.commands.new import run
from coursebook.course.outline import read_outline
from coursebook.problems import CourseError, Problem

TOC = """\
# The order in which the book is read.
format: jb-book
root: book/index

parts:
  - caption: Basics      # first things first
    chapters:
      - file: book/basics/start   # keep me

  # the long part
  - caption: "Practice"
    chapters:
    - file: book/practice/locks
      sections:
      - file: book/practice/hashes

# the end
"""


@pytest.fixture
def shelf(book: Book) -> Book:
    for name in ("basics/start", "practice/locks", "practice/hashes"):
        book.write(f"book/{name}.md", f"# {name}\n")
    book.write("_toc.yml", TOC)
    return book


def toc(book: Book) -> str:
    return (book.root / "_toc.yml").read_bytes().decode()


def refused(book: Book, path: str, part: str | None = None) -> Problem:
    before = toc(book)
    with pytest.raises(CourseError) as raised:
        run(book.tree, path, part=part)
    assert toc(book) == before
    (problem,) = raised.value.problems
    return problem


def test_a_new_chapter_builds_as_it_stands(book: Book) -> None:
    run(book.tree, "practice/lock-files", title="Locks & keys")
    book.build()
    page, deck = book.page("practice/lock-files"), book.deck("practice/lock-files")
    assert "Locks & keys" in page.get_text()
    assert "One line for the wall" in deck.get_text()
    assert "One line for the wall" not in page.get_text()
    assert "whole sentences" in page.get_text()
    assert "echo" in page.get_text() and "{%" not in page.get_text()


def test_a_new_chapter_breaks_no_rule(shelf: Book) -> None:
    from coursebook.course.book import read_book
    from coursebook.course.rules import check_book

    run(shelf.tree, "practice/lock-files")
    assert check_book(read_book(shelf.tree)) == []
    text = (shelf.root / "book/practice/lock-files.md").read_text()
    assert "\n# Lock files\n" in text
    assert "{% if slide %}\n" in text and "\n{% endif %}\n" in text


def test_it_joins_the_chapters_of_its_folder_and_nothing_else_changes(shelf: Book) -> None:
    run(shelf.tree, "basics/path")
    line = "      - file: book/basics/start   # keep me\n"
    assert toc(shelf) == TOC.replace(line, line + "      - file: book/basics/path\n")


def test_it_goes_below_the_sections_of_the_last_chapter(shelf: Book) -> None:
    run(shelf.tree, "book/practice/salt.md")
    line = "      - file: book/practice/hashes\n"
    assert toc(shelf) == TOC.replace(line, line + "    - file: book/practice/salt\n")
    assert [entry.docname for entry in read_outline(shelf.tree)][-1] == "book/practice/salt"


def test_a_part_is_chosen_by_its_caption(shelf: Book) -> None:
    run(shelf.tree, "practice/salt", part="basics")
    assert "book/practice/salt" in toc(shelf).split("# the long part")[0]
    problem = refused(shelf, "practice/pepper", part="Practise")
    assert (problem.path, problem.code) == ("_toc.yml", "unknown-part")
    assert problem.hint == "did you mean `Practice`?"
    assert not (shelf.root / "book/practice/pepper.md").exists()


def test_a_folder_that_is_new_goes_into_the_last_part(shelf: Book) -> None:
    run(shelf.tree, "extras/salt")
    assert [e.docname for e in read_outline(shelf.tree).parts[-1].entries] == [
        "book/practice/locks",
        "book/extras/salt",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("format: jb-book\nroot: book/index\n", "chapters:\n  - file: book/a/b\n"),
        ("format: jb-book\nroot: book/index\nchapters:\n", "  - file: book/a/b\n"),
        ("format: jb-book\nroot: book/index", "\nchapters:\n  - file: book/a/b"),
        (
            "format: jb-book\nroot: book/index\nparts:\n- caption: A\n",
            "  chapters:\n    - file: book/a/b\n",
        ),
    ],
)
def test_it_begins_the_list_where_there_is_none(book: Book, before: str, after: str) -> None:
    book.write("_toc.yml", before)
    run(book.tree, "a/b")
    assert toc(book) == before + after
    assert [entry.docname for entry in read_outline(book.tree)] == ["book/index", "book/a/b"]


def test_windows_line_breaks_stay(shelf: Book) -> None:
    shelf.write("_toc.yml", TOC.replace("\n", "\r\n"))
    run(shelf.tree, "basics/path")
    assert toc(shelf).replace("\r\n", "").count("\n") == 0
    assert "- file: book/basics/path\r\n" in toc(shelf)


def test_a_reading_order_in_brackets_is_left_alone(shelf: Book) -> None:
    shelf.write(
        "_toc.yml",
        "format: jb-book\nroot: book/index\nchapters: [{file: book/basics/start}, "
        "{file: book/practice/locks}, {file: book/practice/hashes}]\n",
    )
    assert refused(shelf, "a/b").code == "toc-in-braces"
    assert not (shelf.root / "book/a").exists()


def test_an_existing_chapter_is_never_written_over(shelf: Book) -> None:
    problem = refused(shelf, "practice/locks")
    assert (problem.path, problem.code) == ("book/practice/locks.md", "chapter-exists")
    assert (shelf.root / "book/practice/locks.md").read_text() == "# practice/locks\n"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("practice/Lock Files", "write lock-files"),
        ("practice/lock_files", "write lock-files"),
        ("practice/LOCKS", "write locks"),
        ("practice/03-locks", "write locks"),
        ("practice/chapter-3-locks", "write locks"),
        ("practice/ch03_locks", "write locks"),
        ("02-practice/locks", "write practice"),
        ("practice/7", "write its-topic"),
        ("../secrets", "lower case"),
        ("practice/", "lower case"),
        ("/etc/locks", "lower case"),
        ("practice/-", "lower case"),
    ],
)
def test_a_bad_name_is_refused_with_a_better_one(shelf: Book, name: str, hint: str) -> None:
    problem = refused(shelf, name)
    assert problem.code == "bad-chapter-name"
    assert hint in problem.hint
    assert "number" in problem.message or "not a chapter's name" in problem.message


def test_a_broken_reading_order_is_told_first(shelf: Book) -> None:
    shelf.write("_toc.yml", TOC.replace("chapters", "chaptres", 1))
    assert refused(shelf, "a/b").code == "unknown-key"
    assert not (shelf.root / "book/a").exists()
