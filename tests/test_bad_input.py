"""Every mistake that an author can make is told at its line, all of a kind in one run.

One book holds one mistake in each chapter, so that each row also proves that it hides no other.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from books import Book
from commands import type_in

CELLS = "---\nfile_format: mystnb\nkernelspec:\n  name: bash\n---\n"


@dataclass(frozen=True)
class Mistake:
    """A chapter with a mistake, and what its author must be told."""

    name: str
    text: str | bytes
    line: int
    code: str
    says: str
    hint: str = ""


SOURCE = [
    Mistake("unclosed-if", "# T\n\n{% if slide %}\nx\n", 3, "unclosed-if", "", "endif"),
    Mistake("stray-endif", "# T\n\nx\n\n{% endif %}\n", 5, "stray-tag", "endif"),
    Mistake("stray-else", "# T\n\n{% else %}\n", 3, "stray-tag", "else"),
    Mistake("flag", "# T\n\n{% if sldie %}x{% endif %}\n", 3, "unknown-flag", "sldie", "`slide`"),
    Mistake("tag", "# T\n\n{% for a in b %}x{% endfor %}\n", 3, "unknown-tag", "for"),
    Mistake("filter", "# T\n\n{% if slide|upper %}x{% endif %}\n", 3, "bad-condition", ""),
    Mistake(
        "above",
        "{% if slide %}\n---\na: 1\n---\n{% endif %}\n# T\n",
        1,
        "conditional-above-front-matter",
        "",
    ),
    Mistake(
        "minutes",
        "---\na: 1\nminutes: three quarters\n---\n# T\n",
        3,
        "bad-minutes",
        "`three quarters`",
        "`minutes: 45`",
    ),
    Mistake(
        "minutes-of-one",
        "---\nminutes:\n  total: 45\n  one: soon\n---\n# T\n\n## One\n",
        4,
        "bad-minutes",
        "`one`",
        "my-section: 10",
    ),
    Mistake("no-minutes", "---\nminutes: 0\n---\n# T\n", 2, "bad-minutes", "above 0"),
    Mistake("list", "---\nminutes: [1, 2]\n---\n# T\n", 2, "bad-minutes", "a list"),
    Mistake("yes", "---\nminutes: yes\n---\n# T\n", 2, "bad-minutes", "number above 0"),
    Mistake(
        "too-many-minutes",
        "---\nminutes:\n  one: 40\n  two: 20\n  total: 45\n---\n# T\n\n## One\n\n## Two\n",
        5,
        "bad-minutes",
        "60 minutes",
        "total: 60",
    ),
    Mistake("include", "# T\n\n```{include} missing.md\n```\n", 3, "missing-include", "missing.md"),
    Mistake("loop", "# T\n\n```{include} loop.md\n```\n", 3, "include-loop", "loop.md"),
    Mistake("latin", "# T\n\nCaf\xe9\n".encode("latin-1"), 3, "", "UTF-8"),
    Mistake("empty", "", 0, "empty-chapter", ""),
    Mistake("untitled", "Only text.\n", 1, "no-title", ""),
    Mistake(
        "kernel",
        CELLS.replace("bash", "bahs") + "# T\n\n```{code-cell}\ntrue\n```\n",
        4,
        "unknown-language",
        "bahs",
        "bash",
    ),
    Mistake(
        "nested",
        CELLS + "# T\n\n:::{note}\n```{code-cell} bash\ntrue\n```\n:::\n",
        9,
        "nested-cell",
        "",
    ),
    Mistake("no-kernel", "# T\n\n```{code-cell} bash\ntrue\n```\n", 3, "no-kernel", ""),
]

RENDERED = [
    Mistake(
        "page-link",
        "# T\n\n[a](nowhere.md)\n",
        3,
        "myst.xref_missing",
        "nowhere.md",
        "from the chapter",
    ),
    Mistake(
        "heading",
        "# T\n\nA.\n\n[a](#no-such-heading)\n",
        5,
        "myst.xref_missing",
        "heading",
        "(…)=",
    ),
    Mistake(
        "image",
        "# T\n\n![A plot](plot.png)\n",
        3,
        "image.not_readable",
        "plot.png",
        "from the chapter",
    ),
    Mistake(
        "download",
        "# T\n\n{download}`x <no.csv>`\n",
        3,
        "download.not_readable",
        "not readable: book/no.csv",
        "from the chapter",
    ),
    Mistake("picture", "# T\n\n```{image} a.png\n:alt: A\n```\n", 3, "image.not_readable", "a.png"),
    Mistake(
        "figure",
        "# T\n\n- x\n\n  ```{figure} b.png\n  :alt: A\n  Text\n  ```\n",
        5,
        "image.not_readable",
        "b.png",
    ),
    Mistake(
        "minutes-of-none",
        "---\nminutes:\n  scond: 5\n---\n# T\n\n## First\n\n## Second\n",
        3,
        "bad-minutes",
        "scond",
        "did you mean `second`?",
    ),
    Mistake("term", "# T\n\n{term}`nothing`\n", 3, "unknown-term", "nothing", "{glossary}"),
    Mistake("directive", "# T\n\n```{nonsense}\n```\n", 3, "", "nonsense"),
    Mistake("role", "# T\n\n{nonsense}`x`\n", 3, "", "nonsense"),
    Mistake("value", "# T\n\n{{ no_such_value }}\n", 3, "", "no_such_value", "backticks"),
    Mistake(
        "anchor", "# T\n\n[a](index.md#there)\n", 3, "myst.xref_missing", "there", "(my-label)="
    ),
    Mistake(
        "fences",
        "# T\n\n::::{tab-item} A\ntext\n::::\n",
        3,
        "design.tab",
        "tab-set",
        "more colons",
    ),
    Mistake(
        "options",
        "# T\n\n::::{note}\n:class: tip\n:::{tip}\ntext\n:::\n::::\n",
        3,
        "myst.directive_option",
        "option",
        "blank line",
    ),
]

RUN = [
    Mistake("fails", "true\nfalse", 8, "cell-failed", ""),
    Mistake("floods", "head -c 100000000 /dev/zero | tr '\\0' 'x'", 8, "cell-output", "200 kB"),
    Mistake("network", "exec 3<>/dev/tcp/192.0.2.1/80", 8, "cell-failed", "nreachable", "network"),
    Mistake("writes", "echo x > /usr/mine", 8, "cell-failed", "", "/home/learner"),
    Mistake("endless", ":timeout: 1\nsleep 60", 8, "cell-timeout", "1"),
    Mistake("not-failing", ":tags: [raises-exception]\ntrue", 8, "cell-did-not-fail", ""),
    Mistake("kills", "kill -9 $$", 8, "cell-ended", ""),
]


def told(book: Book) -> str:
    """Build as an author does, and return what stands in his window."""
    answer = type_in("build", book.root)
    assert answer.returncode == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    return answer.stderr


def assert_told(text: str, mistake: Mistake) -> None:
    """The window names place, code, what is wrong and what to type."""
    place = (
        f"book/{mistake.name}.md:{mistake.line}: " if mistake.line else f"book/{mistake.name}.md"
    )
    blocks = [block for block in text.replace("\n    ", "\0").split("\n") if place in block]
    wanted = (mistake.says, mistake.hint, f"[{mistake.code}" if mistake.code else "")
    assert any(all(part in block for part in wanted) for block in blocks), text[:20_000]
    assert len(text) < 20_000


@pytest.fixture(scope="module")
def source_mistakes(tmp_path_factory: pytest.TempPathFactory) -> str:
    book = Book(tmp_path_factory.mktemp("source") / "a-book")
    for mistake in SOURCE:
        book.chapter(mistake.name, mistake.text)
    return told(book)


@pytest.fixture(scope="module")
def rendered_mistakes(tmp_path_factory: pytest.TempPathFactory) -> str:
    book = Book(tmp_path_factory.mktemp("rendered") / "a-book")
    for mistake in RENDERED:
        book.chapter(mistake.name, mistake.text)
    return told(book)


@pytest.fixture(scope="module")
def run_mistakes(tmp_path_factory: pytest.TempPathFactory) -> str:
    book = Book(tmp_path_factory.mktemp("run") / "a-book")
    for mistake in RUN:
        cell = f"```{{code-cell}} bash\n{mistake.text!s}\n```\n"
        book.chapter(mistake.name, f"{CELLS}# T\n\n{cell}")
    return told(book)


@pytest.mark.parametrize("mistake", SOURCE, ids=lambda mistake: mistake.name)
def test_a_mistake_in_the_source(source_mistakes: str, mistake: Mistake) -> None:
    assert_told(source_mistakes, mistake)


@pytest.mark.parametrize("mistake", RENDERED, ids=lambda mistake: mistake.name)
def test_a_mistake_that_shows_while_rendering(rendered_mistakes: str, mistake: Mistake) -> None:
    assert_told(rendered_mistakes, mistake)


@pytest.mark.parametrize("mistake", RUN, ids=lambda mistake: mistake.name)
def test_a_mistake_in_a_cell(run_mistakes: str, mistake: Mistake) -> None:
    assert_told(run_mistakes, mistake)


def test_a_chapter_that_does_not_exist_is_told_at_its_line_of_the_order(book: Book) -> None:
    book.chapters = ["missing"]
    book.write_toc()
    assert "_toc.yml:6: " in (text := told(book))
    assert "[missing-chapter]" in text


def test_a_chapter_that_is_in_no_order_is_told_with_the_line_to_add(book: Book) -> None:
    book.write("book/forgotten.md", "# Forgotten\n")
    text = told(book)
    assert "book/forgotten.md: " in text
    assert "- file: book/forgotten" in text


def test_one_label_in_two_chapters_is_told_at_both(book: Book) -> None:
    book.chapter("one", "# One\n\n(same)=\n## Here\n\nText.\n")
    book.chapter("two", "# Two\n\n(same)=\n## There\n\nText.\n")
    answer = type_in("check", book.root)
    assert answer.returncode == 1
    assert "book/one.md:3" in answer.stderr
    assert "book/two.md:3" in answer.stderr


def test_windows_line_ends_change_nothing(book: Book) -> None:
    text = "# Title\n\n{% if slide %}\nShort.\n{% else %}\nLong.\n{% endif %}\n\n## More\n\nText.\n"
    book.chapter("unix", text)
    book.chapter("windows", text.replace("\n", "\r\n").encode())
    book.build()
    for rendering in (book.page, book.deck):
        unix, windows = rendering("unix"), rendering("windows")
        assert ("Short." in windows.get_text()) == (rendering == book.deck)
        assert windows.find("h1").get_text() == unix.find("h1").get_text()  # type: ignore[union-attr]
        assert "Long." in (book.page("windows")).get_text()


@pytest.mark.parametrize(("flag", "other"), [("page", "deck"), ("slide", "page")])
def test_a_chapter_for_one_rendering_still_has_both(book: Book, flag: str, other: str) -> None:
    body = "## Section\n\nThe only text.\n"
    book.chapter("half", f"# Half\n\n{{% if {flag} %}}\n{body}{{% endif %}}\n")
    book.build()
    shown = getattr(book, other)("half")
    assert "The only text." in shown.get_text()


@pytest.mark.parametrize(
    ("text", "line", "code", "says"),
    [
        ('{"cells": [],\n<<<<<<< HEAD\n', 2, "bad-notebook", "JupyterLab"),
        ('{"cells": []}', 1, "bad-notebook", "`nbformat`"),
        (
            '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [\n{"cell_type": '
            '"markdown",\n"metadata": {}, "source": ["# T\\n",\n"{% if page %}x{% endif %}"]}]}',
            4,
            "conditional-in-notebook",
            "cell 1",
        ),
    ],
)
def test_a_mistake_in_a_notebook(book: Book, text: str, line: int, code: str, says: str) -> None:
    book.chapters.append("saved")
    book.write_toc()
    book.write("book/saved.ipynb", text)
    (problem,) = book.problems()
    assert (problem.path, problem.line, problem.code) == ("book/saved.ipynb", line, code)
    assert says in f"{problem.message} {problem.hint}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: [a\nauthor: b\n", 2),
        ("", 1),
        ("title: T\nparse: 5\n", 2),
        ("title: T\nexecute:\n  timeout: 3\n  execute_notebooks: never\n", 4),
    ],
)
def test_a_mistake_in_the_settings(book: Book, text: str, line: int) -> None:
    book.write("_config.yml", text)
    (problem,) = book.problems()
    assert (problem.path, problem.line, problem.code) == ("_config.yml", line, "bad-config")
    assert problem.hint


def test_markup_that_makes_a_library_raise_is_told_at_its_place(book: Book) -> None:
    tabs = "::::{tab-set}\n:sync-group: x\n:::{tab-item} A\na\n:::\n::::\n"
    book.chapter("tabs", f"# Tabs\n\n{tabs}")
    text = told(book)
    assert "book/tabs.md:3: " in text
    assert "[failed-markup]" in text
