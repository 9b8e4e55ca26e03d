"""What goes wrong on slides is told at its line, all of it in one run."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from books import Book
from coursebook.course.book import read_book
from coursebook.course.rules import check_book
from coursebook.problems import Problem

CELLS = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
TWO = ":::{column}\nx\n:::\n:::{column}\ny\n:::\n"
LONG_CELL = "```{code-cell} python\n" + "x = 1\n" * 200 + "```\n"


@dataclass(frozen=True)
class Mistake:
    """A chapter with a mistake, and what its author must be told."""

    name: str
    text: str
    line: int
    code: str
    says: str = ""
    hint: str = ""


RENDERED = [
    Mistake(
        "cell-of-200-lines",
        f"{CELLS}# T\n\n## A\n\n{LONG_CELL}\n{{% if slide %}}\n- x\n{{% endif %}}\n",
        10,
        "long-code",
        "200 lines",
        "page-only",
    ),
    Mistake(
        "block-of-90-lines",
        "# T\n\n## A\n\n```python\n" + "x = 1\n" * 90 + "```\n",
        5,
        "long-code",
        "90 lines",
        "{% if page %}",
    ),
    Mistake(
        "steps-beyond",
        "# T\n\n## A\n\n```{code-block} python\n:emphasize-steps: 1|7\n\nx = 1\n```\n",
        5,
        "bad-steps",
        "lines 1 to 1",
        "1-3|5|all",
    ),
    Mistake(
        "fragment-in-a-table",
        "# T\n\n## A\n\n| a | b |\n|---|---|\n| [x]{.fragment} | y |\n",
        7,
        "bad-fragments",
        "cells",
        "around the table",
    ),
    Mistake("no-fragments", "# T\n\n## A\n\n:::{fragments}\n:::\n", 5, "bad-fragments", "nothing"),
    Mistake(
        "nothing-after-a-break",
        "# T\n\n## A\n\nx\n\n```{revealjs-break}\n```\n\n## B\n\ny\n",
        7,
        "empty-slide",
        "shows nothing",
        "take the break out",
    ),
    Mistake(
        "one-column",
        "# T\n\n## A\n\n:::{columns}\n:::{column}\nx\n:::\n",
        5,
        "bad-columns",
        "1 column,",
        "one colon more",
    ),
    Mistake(
        "text-outside-of-columns",
        f"# T\n\n## A\n\n::::{{columns}}\n\n{TWO}\nlost\n::::\n",
        14,
        "bad-columns",
        "in none of its columns",
    ),
    Mistake(
        "widths",
        f"# T\n\n## A\n\n::::{{columns}}\n:widths: 2\n\n{TWO}::::\n",
        5,
        "bad-columns",
        "`2`",
        ":widths: 2 1",
    ),
    Mistake(
        "misspelt-option",
        f"# T\n\n## A\n\n::::{{columns}}\n:width: 2 1\n\n{TWO}::::\n",
        5,
        "myst.directive_option",
        "width",
        "`widths` instead of `width`",
    ),
    Mistake(
        "misspelt-directive",
        "# T\n\n## A\n\n:::{big-nubmer} 7\nx\n:::\n",
        5,
        "myst.directive_unknown",
        "big-nubmer",
        "`{big-number}`",
    ),
    Mistake(
        "no-number", "# T\n\n## A\n\n:::{big-number}\nx\n:::\n", 5, "bad-big-number", "", "79 %"
    ),
    Mistake(
        "long-number",
        "# T\n\n## A\n\n:::{big-number} 12 thousand millions\nx\n:::\n",
        5,
        "bad-big-number",
        "too long",
    ),
    Mistake(
        "nobodys-words", "# T\n\n## A\n\n:::{quotation}\nx\n:::\n", 5, "bad-quotation", "whose"
    ),
    Mistake(
        "no-words", "# T\n\n## A\n\n:::{quotation} Somebody\n:::\n", 5, "bad-quotation", "no words"
    ),
    Mistake(
        "no-question", "# T\n\n## A\n\n:::{question}\n:::\n", 5, "bad-question", "asks nothing"
    ),
    Mistake("no-figure", "# T\n\n## A\n\n:::{beside}\nx\n:::\n", 5, "bad-beside", "no figure"),
    Mistake(
        "side",
        "# T\n\n## A\n\n:::{beside} a.svg\n:alt: A\n:side: up\n\nx\n:::\n",
        5,
        "bad-beside",
        "`up`",
        ":side: right",
    ),
    Mistake(
        "width",
        "# T\n\n## A\n\n:::{beside} a.svg\n:alt: A\n:width: 200\n\nx\n:::\n",
        5,
        "bad-beside",
        "`200`",
        "20 to 80",
    ),
    Mistake(
        "section-slide-too-late",
        "# T\n\n## A\n\nx\n\n:::{section-slide}\ny\n:::\n",
        7,
        "bad-section-slide",
        "in the middle",
        "below the heading",
    ),
    Mistake(
        "section-slide-too-full",
        "# T\n\n## A\n\n:::{section-slide}\n- a list\n:::\n",
        5,
        "bad-section-slide",
        "more than a few words",
    ),
]

SOURCE = [
    Mistake(
        "slides-without-heading",
        "{% if slide %}\nwords\n{% endif %}\n\n# T\n\ntext\n",
        2,
        "text-above-title",
        "no slide shows it",
        "`# T`",
    ),
    Mistake(
        "two-slides-of-one-title",
        "# T\n\n## A\n\nx\n\n{% if slide %}\n## A\n\ny\n{% endif %}\n",
        8,
        "repeated-heading",
        "line 3",
        "(my-section)=",
    ),
    Mistake(
        "a-title-and-nothing-else",
        "# T\n\n## A\n\n{% if page %}\ntext\n{% endif %}\n\n## B\n\nx\n",
        3,
        "empty-slide",
        "`A` shows its title alone",
        "{% if slide %}",
    ),
    Mistake(
        "a-title-and-cells-for-the-page",
        f"{CELLS}# T\n\nx\n\n### A\n\n```{{code-cell}} python\n:tags: [page-only]\n1\n```\n",
        10,
        "empty-slide",
        "`A` shows",
    ),
]

FINE = {
    "a-part": "# T\n\n## A\n\n### B\n\nx\n",
    "nothing-anywhere": "# T\n\nx\n\n## A\n\n## B\n\nx\n",
    "for-the-page-alone": "# T\n\nx\n\n{% if page %}\n## A\n\ntext\n{% endif %}\n",
    "a-list-of-steps": "# T\n\n## A\n\n{.fragments}\n- a\n- b\n",
    "rows-of-a-table": "# T\n\n## A\n\n:::{fragments}\n| a |\n|---|\n| x |\n:::\n",
    "labels-first": "---\na: 1\n---\n\n% a comment\n(label)=\n# T\n\nx\n",
    "notes-of-a-speaker": "# T\n\n```{speaker}\nx\n```\n\ny\n",
}


def text_of(found: list[Problem]) -> str:
    return "\n".join(map(str, found))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    """What one build tells about all mistakes, and about what is fine."""
    book = Book(tmp_path_factory.mktemp("mistakes") / "a-book")
    book.write("book/a.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    for mistake in RENDERED:
        book.chapter(mistake.name, mistake.text)
    for name, text in FINE.items():
        book.chapter(name, text)
    return book.problems()


@pytest.fixture(scope="module")
def ruled(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    """What the rules tell about all mistakes, and about what is fine."""
    book = Book(tmp_path_factory.mktemp("rules") / "a-book")
    for mistake in SOURCE:
        book.chapter(mistake.name, mistake.text)
    for name, text in FINE.items():
        book.chapter(name, text)
    return check_book(read_book(book.tree))


def is_told(mistake: Mistake, found: list[Problem]) -> None:
    mine = [one for one in found if one.path == f"book/{mistake.name}.md"]
    assert len(mine) == 1, text_of(mine) or text_of(found)
    assert (mine[0].line, mine[0].code) == (mistake.line, mistake.code), mine[0]
    assert mistake.says in mine[0].message
    assert mine[0].hint
    assert mistake.hint in mine[0].hint


@pytest.mark.parametrize("mistake", RENDERED, ids=lambda mistake: mistake.name)
def test_a_mistake_on_a_slide_is_told_at_its_line(
    rendered: list[Problem], mistake: Mistake
) -> None:
    is_told(mistake, rendered)


@pytest.mark.parametrize("mistake", SOURCE, ids=lambda mistake: mistake.name)
def test_a_mistake_in_the_text_of_slides_is_told_by_a_rule(
    ruled: list[Problem], mistake: Mistake
) -> None:
    is_told(mistake, ruled)


@pytest.mark.parametrize("name", FINE)
def test_what_is_meant_is_not_called_a_mistake(
    rendered: list[Problem], ruled: list[Problem], name: str
) -> None:
    found = [one for one in (*rendered, *ruled) if one.path == f"book/{name}.md"]
    assert found == []


def test_wrong_steps_of_a_cell_are_told_before_it_runs(book: Book) -> None:
    book.chapter("a", f"{CELLS}# T\n\n```{{code-cell}} python\n:emphasize-steps: 3-1\n1\n```\n")
    (problem,) = book.problems()
    assert (problem.path, problem.line, problem.code) == ("book/a.md", 8, "bad-steps")
