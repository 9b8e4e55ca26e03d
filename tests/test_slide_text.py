"""What decides about slides before anything is rendered: steps, sentences, and who wrote slides."""

from __future__ import annotations

from itertools import pairwise

import pytest
from docutils import nodes

from books import Book
from coursebook.course.chapter import read_chapter
from coursebook.course.line_steps import StepsError, read_steps, spoken, within
from coursebook.course.slide_text import LONG, slides_from_headings
from coursebook.course.toc import Entry
from coursebook.library_hints import OURS, hint_for
from coursebook.sphinx_ext.heights import USUAL
from coursebook.sphinx_ext.long_code import divide
from coursebook.sphinx_ext.sentences import first_sentence, shorten

PROSE = "A sentence of an ordinary length, as books have it. " * 8
LIST = "".join(f"- an item of a list, the number {number}\n" for number in range(20))


# Steps


def test_steps_are_lines_ranges_and_all() -> None:
    assert read_steps("1-3|5|all", 6) == (((1, 3),), ((5, 5),), ((1, 6),))
    assert read_steps("1, 4-5 | 2", 6) == (((1, 1), (4, 5)), ((2, 2),))
    assert read_steps(3, 3) == (((3, 3),),)
    assert spoken(((1, 1), (4, 5))) == "line 1 and lines 4 to 5"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1-9", "lines 1 to 6"),
        ("0", "lines 1 to 6"),
        ("5-3", "ends before it begins"),
        ("1||2", "empty"),
        ("one", "neither"),
        ("", "names no lines"),
        (None, "names no lines"),
        (True, "names no lines"),
    ],
)
def test_steps_that_make_no_sense_say_why(text: object, says: str) -> None:
    with pytest.raises(StepsError, match=says):
        read_steps(text, 6)


def test_a_part_keeps_the_steps_that_it_shows_and_counts_from_its_first_line() -> None:
    steps = read_steps("1-3|12|all|8-14", 20)
    assert within(steps, 1, 10) == (((1, 3),), ((1, 10),), ((8, 10),))
    assert within(steps, 11, 20) == (((2, 2),), ((1, 10),), ((1, 4),))


# Long code


def test_code_is_divided_at_blank_lines_and_no_line_is_lost() -> None:
    lines = [("" if number % 7 == 6 else f"line {number}") for number in range(40)]
    parts = divide(lines, 0, 500, 0, USUAL)
    kept = [line for first, last in parts for line in lines[first - 1 : last]]
    assert [line for line in kept if line] == [line for line in lines if line]
    assert len(parts) == 4
    for (_, last), (first, _) in pairwise(parts):
        assert first == last + 2, "the blank line between two parts"


def test_the_last_part_leaves_room_for_the_output() -> None:
    lines = [f"line {number}" for number in range(13)]
    assert len(divide(lines, 0, 500, 0, USUAL)) == 1
    assert divide(lines, 0, 500, 200, USUAL)[-1][0] > 1


# Sentences


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("Only one", "Only one"),
        ("See fig. 2, e.g. this one. Then go on.", "See fig. 2, e.g. this one."),
        ("Python 3.13 is new. It has a REPL.", "Python 3.13 is new."),
        ("“Is it so?” Nobody knows.", "“Is it so?”"),
        ("D. Knuth wrote it. He did.", "D. Knuth wrote it."),
        ("Start it with -P. Then look.", "Start it with -P."),
        ("It costs 3 kr. and more. So what.", "It costs 3 kr. and more."),
    ],
)
def test_the_first_sentence_ends_where_a_reader_ends_it(text: str, first: str) -> None:
    assert text[: first_sentence(text)] == first


def test_a_paragraph_is_cut_within_its_markup() -> None:
    paragraph = nodes.paragraph()
    paragraph += nodes.Text("One line\n")
    paragraph += nodes.strong(
        "", "", nodes.Text("and much more than a label. Then"), nodes.literal("", "code")
    )
    paragraph += nodes.Text("\n")
    paragraph += nodes.Text("the end")
    rest = shorten(paragraph)
    assert paragraph.astext() == "One line\nand much more than a label."
    assert rest is not None and rest.astext() == " Thencode\nthe end"
    assert isinstance(paragraph.children[1], nodes.strong)
    assert shorten(paragraph) is None


# Who wrote slides


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (f"# T\n\n{PROSE}\n", True),
        (f"# T\n\n{LIST}\n", False),
        (f"# T\n\n{PROSE[: LONG // 2]}\n\n## A\n\n{PROSE[: LONG // 2]}\n", False),
        (f"# T\n\n{PROSE}\n\n{{% if slide %}}\nx\n{{% endif %}}\n", False),
        (f"# T\n\n{PROSE}\n\n{{% raw %}}{{% if slide %}}{{% endraw %}}\n", True),
        (f"# T\n\n{PROSE}\n\n```{{revealjs-break}}\n```\n", False),
        (f"# T\n\n{PROSE}\n\n{{.fragments}}\n- a\n", False),
        (f"# T\n\n{PROSE}\n\n```{{code-cell}} bash\n:tags: [page-only]\ntrue\n```\n", False),
        (f"# T\n\n{PROSE}\n\n```{{speaker}}\nAsk.\n```\n", True),
        (f"# T\n\n```\n{PROSE}\n```\n", False),
    ],
)
def test_slides_are_ours_where_an_author_wrote_prose_and_decided_nothing(
    text: str, ours: bool
) -> None:
    assert slides_from_headings(text) is ours


def test_an_included_file_counts_as_the_chapter_does(book: Book) -> None:
    path = "book/a.md"
    book.chapter("a", "# A\n\n```{include} _b.md\n```\n")
    for included, told in ((PROSE, ["no-slide-text"]), (PROSE + "\n\n{.fragment}\nx\n", [])):
        book.write("book/_b.md", included)
        chapter = read_chapter(book.tree, Entry("book/a", path, 1))
        assert [note.code for note in chapter.notes] == told


# Hints


def test_a_misspelt_option_or_directive_is_told_with_the_right_one() -> None:
    options = "'columns': Unknown option keys: ['width'] (allowed: ['widths'])"
    assert hint_for("myst.directive_option", options) == "write `widths` instead of `width`"
    far = "'columns': Unknown option keys: ['zzz'] (allowed: ['widths'])"
    assert hint_for("myst.directive_option", far) == "it has the options `widths`"
    for name in OURS:
        said = hint_for("myst.directive_unknown", f"Unknown directive type: '{name}x'")
        assert f"`{{{name}}}`" in said
