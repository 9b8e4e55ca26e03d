"""What the source of a book is told before anything is built."""

from __future__ import annotations

import argparse
import contextlib

import pytest

from books import Book
from coursebook import steps
from coursebook.commands import check
from coursebook.course import book as reading
from coursebook.course.book import read_book
from coursebook.course.chapter import Chapter, flags_in_use, read_chapter
from coursebook.course.rules import RULES, check_book
from coursebook.course.toc import Entry
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

PATH = "book/a.md"


def told(book: Book, text: str | bytes) -> list[Problem]:
    """Write a chapter as the only one and check the book."""
    book.chapter("a", text)
    return check_book(read_book(book.tree))


def only(book: Book, text: str | bytes) -> Problem:
    (problem,) = told(book, text)
    return problem


def test_a_good_chapter_is_told_nothing(book: Book) -> None:
    text = (
        "---\nfile_format: mystnb\nkernelspec:\n  name: bash\n---\n(top)=\n# A\n\n"
        "{% if slide %}\n## One\n{% else %}\n## One\n\n### Two\n{% endif %}\n"
        "![a tree](tree.svg)\n\n```bash\n# not a heading\n![](x)\n{{ slide }}\n```\n"
        "`![](x)` and `{{ page }}` and ``` `{{ build }}` ```\n"
    )
    assert told(book, text) == []
    assert told(book, text.replace("\n", "\r\n")) == []
    assert told(book, "\ufeff" + text) == []


# The file itself


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"# A\n\ncaf\xe9\n", 3),
        (b"\xef\xbb\xbf# A\r\n\xff\r\n", 2),
        ("# A\n".encode("utf-16"), 1),
    ],
)
def test_a_chapter_that_is_not_utf_8_is_told_the_line_of_the_byte(
    book: Book, data: bytes, line: int
) -> None:
    problem = only(book, data)
    assert (problem.path, problem.line, problem.code) == (PATH, line, "not-utf-8")
    assert "UTF-8" in problem.hint


@pytest.mark.parametrize("text", ["", "\n \n\t\n", "\ufeff"])
def test_an_empty_chapter_is_told(book: Book, text: str) -> None:
    problem = only(book, text)
    assert (problem.path, problem.line, problem.code) == (PATH, 1, "empty-chapter")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("text only\n", 1),
        ("---\na: 1\n---\n## A\n", 4),
        ("```bash\n# A\n```\n", 1),
        ("{% if slide %}\n# A\n{% endif %}\ntext\n", 1),
    ],
)
def test_a_chapter_without_title_is_told(book: Book, text: str, line: int) -> None:
    problem = only(book, text)
    assert (problem.path, problem.line, problem.code) == (PATH, line, "no-title")


def test_a_title_may_be_underlined_or_differ_between_renderings(book: Book) -> None:
    assert told(book, "A title\n=======\n\ntext\n") == []
    assert told(book, "{% if slide %}\n# A\n{% else %}\n# B\n{% endif %}\ntext\n") == []


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("---\na: 1\nb: [\n---\n", 4),
        ("---\na: b: c\n---\n", 2),
        ("---\n- a\n---\n", 2),
        ("---\na: 1\n", 1),
    ],
)
def test_front_matter_that_is_not_yaml_is_told_at_its_line(
    book: Book, head: str, line: int
) -> None:
    problem = only(book, head + "# A\n")
    assert problem.code == "bad-front-matter"
    assert abs(problem.line - line) <= 1


def test_mistakes_in_conditionals_of_chapter_and_include_are_told_once(book: Book) -> None:
    book.write("book/_part.md", "a\n{% if sldie %}\n{% endif %}\n")
    found = told(book, "# A\n\n```{include} _part.md\n```\n{% if slide %}\n")
    assert [(p.path, p.line, p.code) for p in found] == [
        ("book/_part.md", 2, "unknown-flag"),
        (PATH, 5, "unclosed-if"),
    ]


def test_a_missing_include_is_told_at_the_directive_with_the_nearest_name(book: Book) -> None:
    book.write("book/_parts.md", "text\n")
    problem = only(book, "# A\n\n```{include} _part.md\n```\n")
    assert (problem.path, problem.line, problem.code) == (PATH, 3, "missing-include")
    assert problem.hint == "did you mean `_parts.md`?"


def test_a_loop_of_includes_names_its_files(book: Book) -> None:
    book.write("book/_b.md", "b\n\n:::{include} _c.md\n:::\n")
    book.write("book/_c.md", "```{include} _b.md\n```\n")
    problem = only(book, "# A\n\n```{include} _b.md\n```\n")
    assert (problem.path, problem.line, problem.code) == ("book/_c.md", 1, "include-loop")
    assert "book/_b.md → book/_c.md → book/_b.md" in problem.message


def test_a_chapter_that_includes_itself_is_a_loop(book: Book) -> None:
    problem = only(book, "# A\n\n```{include} a.md\n```\n")
    assert (problem.path, problem.line, problem.code) == (PATH, 3, "include-loop")


def test_an_included_file_that_is_not_utf_8_is_told(book: Book) -> None:
    book.write("book/_b.md", b"one\n\xff\n")
    problem = only(book, "# A\n\n```{include} _b.md\n```\n")
    assert (problem.path, problem.line, problem.code) == ("book/_b.md", 2, "not-utf-8")


# Renderings without text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# A\n\n{% if page %}\ntext\n{% endif %}\n", "no-slide-text"),
        ("# A\n\n{% if slide %}\ntext\n{% endif %}\n", "no-notes"),
        ("---\na: 1\n---\n# A\n% comment\n{% if build == 'pages' %}x{% endif %}", "no-slide-text"),
        ("# A\n\n{% if page %}\ntext\n{% endif %}\nmore\n", ""),
        ("# A\n\ntext\n", ""),
        ("# A\n", ""),
        ("# A\n{% if slide %}\n{% endif %}\n", ""),
    ],
)
def test_a_chapter_without_text_for_one_rendering_falls_back_and_says_so(
    book: Book, text: str, code: str
) -> None:
    assert told(book, text) == []  # a note, not a mistake
    chapter = read_chapter(book.tree, Entry("book/a", PATH, 1))
    assert [note.code for note in chapter.notes] == ([code] if code else [])
    assert (flags_in_use(text, "slides")["build"] == "pages") is (code == "no-slide-text")


# Rules


def test_every_rule_has_a_code_of_its_own_and_says_what_it_asks() -> None:
    assert len({rule.CODE for rule in RULES}) == len(RULES)
    for rule in RULES:
        summary = (rule.__doc__ or "").split("\n")[0]
        assert summary.endswith(".")
        assert rule.CODE.replace("-", "_") == rule.__name__.rpartition(".")[2]


def test_a_repeated_label_names_both_places(book: Book) -> None:
    book.chapter("b", "# B\n\n```{note}\n:name: Same Name\nx\n```\n")
    first, second = told(book, "# A\n\n(same  name)=\n## One\n")
    assert (first.path, first.line, first.code) == (PATH, 3, "repeated-label")
    assert "book/b.md:3" in first.message
    assert (second.path, second.line) == ("book/b.md", 3)
    assert f"{PATH}:3" in second.message


def test_a_label_in_both_arms_is_not_repeated(book: Book) -> None:
    text = "# A\n{% if slide %}\n(x)=\n## One\n{% else %}\n(x)=\n## Two\n{% endif %}\n"
    assert told(book, text) == []


def test_a_label_in_a_file_that_two_chapters_include_is_repeated(book: Book) -> None:
    book.write("book/_part.md", "(x)=\ntext\n")
    book.chapter("b", "# B\n\n```{include} _part.md\n```\n")
    found = told(book, "# A\n\n```{include} _part.md\n```\n")
    assert {(p.path, p.line, p.code) for p in found} == {("book/_part.md", 1, "repeated-label")}


@pytest.mark.parametrize(
    ("image", "fine"),
    [
        ("![](a.svg)", False),
        ("![ ](a.svg)", False),
        ("[![](a.svg)](b.md)", False),
        ("![][ref]", False),
        ('<img src="a.svg">', False),
        ("```{image} a.svg\n:width: 50%\n```", False),
        (":::{figure} a.svg\nA caption\n:::", False),
        ("![a [tree]](a.svg)", True),
        ('<img src="a.svg" alt="">', True),
        ("```{image} a.svg\n:alt: a tree\n```", True),
        (":::{figure} a.svg\n:alt: a tree\nA caption\n:::", True),
    ],
)
def test_an_image_without_words_is_told_at_its_line(book: Book, image: str, fine: bool) -> None:
    found = told(book, f"# A\n\n{image}\n")
    assert [(p.line, p.code) for p in found] == ([] if fine else [(3, "image-without-text")])


@pytest.mark.parametrize(
    ("levels", "line"),
    [("1 2 3 2 4", 5), ("1 2 4", 3), ("1 4", 2), ("1 3 5", 3), ("1 3 4 2 3", 0), ("1 2 3 1 2", 0)],
)
def test_a_heading_that_leaves_a_level_out_is_told(book: Book, levels: str, line: int) -> None:
    lines = [f"{'#' * int(level)} Heading {n}" for n, level in enumerate(levels.split())]
    found = told(book, "\n".join(lines) + "\n")
    assert [(p.line, p.code) for p in found] == ([(line, "heading-jump")] if line else [])


def test_a_heading_is_looked_at_in_both_renderings(book: Book) -> None:
    text = "# A\n\n{% if page %}\n## B\n{% endif %}\n\n#### C\n\n### D\n"
    assert {(p.line, p.code) for p in told(book, text)} == {(7, "heading-jump")}


def test_a_repeated_heading_is_told_unless_it_has_a_label(book: Book) -> None:
    problem = only(book, "# A\n\n## Try it\n\n## Why\n\n## Try It\n")
    assert (problem.line, problem.code) == (7, "repeated-heading")
    assert "line 3" in problem.message
    assert told(book, "# A\n\n## Try it\n\n## Why\n\n(again)=\n\n## Try it\n") == []


def test_a_printed_flag_is_told_at_its_line(book: Book) -> None:
    problem = only(book, "# A\n\nThis is {{ build }}, ${{ page }}, {{ other }}.\n")
    assert (problem.line, problem.code) == (3, "printed-flag")
    assert "{% if build %}" in problem.hint


def test_rules_name_the_authors_line_below_dropped_rows(book: Book) -> None:
    text = "# A\n\n| a | b |\n|---|---|\n{% if slide %}\n| 1 | 2 |\n{% endif %}\n| ![](x) | 3 |\n"
    assert [p.line for p in told(book, text)] == [8]


def test_mistakes_of_the_outline_end_the_reading(book: Book) -> None:
    book.chapters.append("missing")
    book.write_toc()
    read = read_book(book.tree)
    assert not read.chapters
    assert [p.code for p in read.problems] == ["missing-chapter"]


def test_check_reads_a_book_once_for_cells_rules_notes_and_drift(
    book: Book, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slides = "{% if slide %}\n## Zebras\n\n- one\n- two\n{% endif %}\n"
    book.chapter("a", f"# A\n\n## One\n\nA page that has some words.\n\n{slides}")
    page = "{% if page %}\n```{code-cell} bash\n```\n\n#### Far below\n\nText.\n{% endif %}\n"
    book.chapter("b", f"# B\n\n{page}")
    read: list[str] = []

    def read_chapter_of(tree: Tree, entry: Entry) -> Chapter:
        read.append(entry.path)
        return read_chapter(tree, entry)

    monkeypatch.setattr(reading, "read_chapter", read_chapter_of)
    # A mistake in a cell ends the check before anything is rendered.
    monkeypatch.setattr(steps, "workers", lambda tree, **_: contextlib.nullcontext([]))
    with pytest.raises(CourseError) as told:
        check.main(argparse.Namespace(live=None, coverage=False), book.tree)
    assert {"no-kernel", "heading-jump"} <= {one.code for one in told.value.problems}
    printed = capsys.readouterr()
    assert "book/b.md:1: no text of this chapter is for slides" in printed.err
    assert "Zebras" in printed.out
    assert read == ["book/index.md", "book/a.md", "book/b.md"]
