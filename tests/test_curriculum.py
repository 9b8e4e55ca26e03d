"""What a course promises to teach is compared with the marks of its chapters."""

from __future__ import annotations

import pytest

from books import Book
from coursebook import steps
from coursebook.course.book import read_book
from coursebook.course.curriculum.items import read_curriculum
from coursebook.course.rules import check_book
from coursebook.paths import REPOSITORY, Tree
from coursebook.problems import CourseError

ITEMS = """\
[C01]
title = "One"
[C01.items]
S0-01 = { kind = "concept", words = "first" }
S0-02 = { kind = "demo", words = "second" }

[C02]
title = "Two"
[C02.items]
S0-03 = { kind = "table", words = "third" }
"""

CHAPTER = """\
---
curriculum: C01
file_format: mystnb
kernelspec:
  name: bash
---
# One

## Idea

% covers: S0-01
Text.

### Shown

```{code-cell} bash
echo one
```

## More

> % covers: S0-02, S0-03
> Text.

```bash
% covers: in code, this is none
```
"""


@pytest.fixture
def course(book: Book) -> Book:
    """A book of one chapter, which promises three items."""
    book.write("book/_curriculum.toml", ITEMS)
    book.chapter("a", CHAPTER)
    return book


def told(book: Book) -> list[tuple[str, int, str]]:
    return [
        (problem.path, problem.line, problem.code) for problem in check_book(read_book(book.tree))
    ]


def test_a_chapter_that_teaches_what_it_owes_is_told_nothing(course: Book) -> None:
    assert told(course) == []
    text, notes = steps.coverage(read_book(course.tree), whole=False)
    assert text == "2 of 3 items have a home, 1 with a cell; 1 chapter is not written yet"
    assert notes == []


def test_the_table_names_section_and_cell_of_each_item(course: Book) -> None:
    lines = steps.coverage(read_book(course.tree), whole=True)[0].splitlines()
    assert lines[0] == "C01 One: book/a.md"
    assert lines[1].split() == ["S0-01", "book/a.md:11", "Idea", "cell", "in", "line", "16"]
    assert lines[2].split() == ["S0-02", "book/a.md:22", "More", "–"]
    assert "C02 Two: not written yet" in lines


def test_an_item_without_a_home_fails_at_the_line_that_owes_it(course: Book) -> None:
    course.chapter("a", CHAPTER.replace("S0-01", "S0-02"))
    (problem,) = check_book(read_book(course.tree))
    assert (problem.path, problem.line, problem.code) == ("book/a.md", 2, "item-without-home")
    assert "`S0-01`: first" in problem.message
    assert "`% covers: S0-01`" in problem.hint


def test_a_mark_on_a_slide_alone_is_no_home(course: Book) -> None:
    hidden = CHAPTER.replace(
        "% covers: S0-01\nText.", "{% if slide %}\n% covers: S0-01\nx\n{% endif %}\nText."
    )
    course.chapter("a", hidden)
    assert told(course) == [("book/a.md", 2, "item-without-home")]


def test_a_mark_in_an_included_file_counts_and_is_told_there(course: Book) -> None:
    course.write("book/_part.md", "% covers: S0-01\nText.\n\n% covers: S0-99\n")
    course.chapter("a", CHAPTER.replace("% covers: S0-01", "```{include} _part.md\n```\n"))
    assert told(course) == [("book/_part.md", 4, "unknown-item")]


def test_several_marks_of_an_item_are_fine_and_the_first_is_its_home(course: Book) -> None:
    course.chapter("a", CHAPTER + "\n## Again\n\n% covers: S0-01\nText.\n")
    course.chapter("b", "# B\n\n% covers: S0-01\nText.\n")
    assert told(course) == []
    assert "S0-01  book/a.md:11  Idea" in steps.coverage(read_book(course.tree), whole=True)[0]


def test_an_unknown_item_is_told_with_the_nearest_one(course: Book) -> None:
    course.chapter("a", CHAPTER + "\n% covers: S0-010\n% covers:\n")
    first, second = check_book(read_book(course.tree))
    assert (first.line, first.code) == (29, "unknown-item")
    assert "did you mean `S0-01`?" in first.hint
    assert (second.line, second.code) == (30, "unknown-item")


def test_a_chapter_is_one_of_the_curriculum_and_the_only_one(course: Book) -> None:
    course.chapter("b", "---\ncurriculum: C01\n---\n# B\n")
    course.chapter("c", "---\nkey: 1\ncurriculum: C03\n---\n# C\n")
    problems = check_book(read_book(course.tree))
    assert [(one.path, one.line, one.code) for one in problems] == [
        ("book/b.md", 2, "bad-curriculum"),
        ("book/c.md", 3, "bad-curriculum"),
    ]
    assert "book/a.md is the chapter `C01` already" in problems[0].message
    assert "did you mean" in problems[1].hint


def test_a_chapter_whose_cells_show_nothing_it_teaches_is_noted(course: Book) -> None:
    cell = "```{code-cell} bash\necho one\n```\n"
    course.chapter("a", CHAPTER.replace(cell, "") + "\n## Apart\n\n" + cell)
    assert told(course) == []
    (note,) = steps.coverage(read_book(course.tree), whole=False)[1]
    assert (note.path, note.line, note.code) == ("book/a.md", 2, "no-item-shown")


def test_a_mark_in_a_book_without_a_curriculum_is_told(book: Book) -> None:
    book.chapter("a", "# A\n\n% covers: S0-01\nText.\n")
    (problem,) = check_book(read_book(book.tree))
    assert (problem.line, problem.code) == (3, "unknown-item")
    assert "book/_curriculum.toml" in problem.hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[C01]\ntitle = \n", 2),
        ("[C01]\n", 1),
        ('[C01]\ntitle = "x"\n[C01.items]\nA = { kind = "x" }\n', 4),
        ('[C01]\ntitle = "x"\n[C01.items]\nA = 1\n', 4),
        (ITEMS + "S0-01 = { kind = 'a', words = 'b' }\n", 11),
    ],
)
def test_a_bad_list_of_items_is_told_at_its_line(book: Book, text: str, line: int) -> None:
    book.write("book/_curriculum.toml", text)
    with pytest.raises(CourseError) as caught:
        read_curriculum(book.tree)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("book/_curriculum.toml", line)


def test_the_course_promises_165_items_and_each_has_one_chapter() -> None:
    curriculum = read_curriculum(Tree(REPOSITORY))
    assert len(curriculum.items) == 165
    assert len(curriculum.titles) == 19
