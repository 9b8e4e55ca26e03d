"""What counts as a cell, in which language, and what an author is told when it is none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from myst_nb.core.read import read_myst_markdown_notebook

from coursebook.course.cell import Cell, list_options
from coursebook.course.cells import CellSequence, read_cells
from coursebook.problems import CourseError, Problem

HEAD = "---\nfile_format: mystnb\nkernelspec:\n  name: bash\n---\n# Title\n\n"
"""Seven lines; what follows begins on the eighth."""


def cells(body: str, head: str = HEAD) -> tuple[Cell, ...]:
    return read_cells(head + body, "book/part/topic.md").cells


def problems(body: str, head: str = HEAD) -> tuple[Problem, ...]:
    with pytest.raises(CourseError) as caught:
        cells(body, head)
    return caught.value.problems


def test_a_cell_has_the_language_of_its_fence_or_else_of_its_chapter() -> None:
    found = cells("```{code-cell} python\n1\n```\n\n```{code-cell}\necho\n```\n")
    assert [cell.language for cell in found] == ["python", "bash"]


@pytest.mark.parametrize(
    ("name", "language"),
    [("python3", "python"), ("ipython3", "python"), ("sh", "bash"), ("console", "bash")],
)
def test_well_known_names_of_a_language_are_understood(name: str, language: str) -> None:
    (cell,) = cells(f"```{{code-cell}} {name}\nx\n```\n")
    assert cell.language == language


def test_a_cell_knows_its_line_tags_limit_and_masks() -> None:
    body = (
        "Text.\n\n```{code-cell} bash\n:tags: [raises-exception, hide-output]\n:timeout: 2.5\n"
        ":mask: '[0-9]+ kB'\n\nls\nfalse\n```\n"
    )
    tags = ("raises-exception", "hide-output")
    expected = Cell("bash", "ls\nfalse", tags, 10, 2.5, ("[0-9]+ kB",))
    assert cells(body) == (expected,)


def test_options_may_be_written_as_a_block_and_fences_as_tildes() -> None:
    body = "~~~{code-cell}\n---\ntags: [page-only]\nmask: ['a+', b]\n---\nls\n~~~\n"
    (cell,) = cells(body)
    assert (cell.tags, cell.masks, cell.source) == (("page-only",), ("a+", "b"), "ls")


def test_our_cells_are_the_cells_of_myst_nb() -> None:
    body = (
        "```{code-cell} python\n1\n```\n\n````{note}\n```{code-block} bash\nls\n```\n````\n\n"
        "```bash\nls\n```\n\n+++ {}\n\n```{code-cell}\n\nls\n\n```\n"
    )
    notebook = read_myst_markdown_notebook(HEAD + body)
    theirs = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells(body)] == theirs == ["1", "ls\n"]


def test_a_chapter_without_cells_needs_no_front_matter() -> None:
    assert read_cells("# Title\n\n```bash\nls\n```\n", "a.md") == CellSequence("a.md", ())


def test_the_work_folder_is_named_after_the_chapter() -> None:
    assert CellSequence("book/practice/locks.md", ()).topic == "locks"


def test_an_unknown_language_is_told_at_the_cell_with_the_likely_one() -> None:
    (problem,) = problems("```{code-cell} pyhton\n1\n```\n")
    assert (problem.path, problem.line, problem.code) == (
        "book/part/topic.md",
        8,
        "unknown-language",
    )
    assert problem.hint == "did you mean `python`?"


def test_an_unknown_kernel_in_the_front_matter_is_told() -> None:
    (problem,) = problems("```{code-cell}\n1\n```\n", HEAD.replace("bash", "julia-1.9"))
    assert problem.code == "unknown-language"
    assert "the front matter's kernel `julia-1.9`" in problem.message
    assert "bash, python" in problem.hint


@pytest.mark.parametrize(
    "head",
    [
        "# A\n# Title\n\n\n\n\n\n",
        "---\ntitle: x\n---\n# Title\n\n\n\n",
        "---\nkernelspec:\n  name: bash\n---\n# Title\n\n\n",
    ],
)
def test_a_cell_without_notebook_front_matter_is_told_what_to_type(head: str) -> None:
    (problem,) = problems("```{code-cell} bash\nls\n```\n", head)
    assert (problem.line, problem.code) == (8, "no-kernel")
    assert "file_format: mystnb" in problem.hint


def test_a_cell_that_names_no_language_needs_a_kernel() -> None:
    (problem,) = problems("```{code-cell}\nls\n```\n", "---\nfile_format: mystnb\n---\n\n\n\n\n")
    assert (problem.line, problem.code) == (8, "no-kernel")


@pytest.mark.parametrize(
    ("body", "line", "inside"),
    [
        ("- item\n\n  ```{code-cell} bash\n  ls\n  ```\n", 10, "a list item"),
        ("> ```{code-cell} bash\n> ls\n> ```\n", 8, "a blockquote"),
        ("````{note}\nText.\n\n```{code-cell} bash\nls\n```\n````\n", 11, "`{note}`"),
        (":::{note}\n```{code-cell} bash\nls\n```\n:::\n", 9, "`{note}`"),
        (
            "::::{grid} 2\n:gutter: 2\n\n:::{grid-item-card} A\n```{code-cell} bash\nls\n"
            "```\n:::\n::::\n",
            12,
            "`{grid-item-card}`",
        ),
        (":::{code-cell} bash\nls\n:::\n", 8, "a fence of colons"),
    ],
)
def test_a_nested_cell_is_told_at_its_line(body: str, line: int, inside: str) -> None:
    (problem,) = problems(body)
    assert (problem.line, problem.code) == (line, "nested-cell")
    assert inside in problem.message


def test_a_cell_that_is_only_shown_as_an_example_is_no_mistake() -> None:
    assert cells("````{code-block} markdown\n```{code-cell} bash\nls\n```\n````\n") == ()
    assert cells("````markdown\n```{code-cell} bash\nls\n```\n````\n") == ()


@pytest.mark.parametrize("value", ["soon", "0", "-3", "true", "[1]"])
def test_a_time_limit_is_a_positive_number(value: str) -> None:
    (problem,) = problems(f"```{{code-cell}} bash\n:timeout: {value}\nls\n```\n")
    assert (problem.line, problem.code) == (8, "bad-timeout")


@pytest.mark.parametrize("value", ["'('", "3", "[a, 1]"])
def test_a_mask_is_a_regular_expression(value: str) -> None:
    (problem,) = problems(f"```{{code-cell}} bash\n:mask: {value}\nls\n```\n")
    assert (problem.line, problem.code) == (8, "bad-mask")


def test_a_cell_that_the_tab_cannot_run_says_what_it_needs() -> None:
    (cell,) = cells(
        "```{code-cell} bash\n---\ntags: [local]\nneeds: 2 GB of memory;\n  run it at home\n"
        "---\nls\n```\n"
    )
    assert (cell.local, cell.needs) == (True, "2 GB of memory; run it at home")


def test_a_cell_may_say_why_the_tab_prints_something_else() -> None:
    (cell,) = cells("```{code-cell} bash\n:differs: the tab has 32 bits\nuname -m\n```\n")
    assert (cell.local, cell.differs) == (False, "the tab has 32 bits")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (":tags: [local]", "does not say what it needs"),
        (":needs: a graphics card", "not tagged `local`"),
        (":tags: [local]\n:needs: ''", "in words"),
        (":tags: [local]\n:needs: 3", "in words"),
        (":tags: [local]\n:needs:", "in words"),
    ],
)
def test_the_tag_local_and_its_reason_need_each_other(options: str, told: str) -> None:
    (problem,) = problems(f"```{{code-cell}} bash\n{options}\nls\n```\n")
    assert (problem.line, problem.code) == (8, "bad-needs")
    assert told in problem.message
    assert ":needs:" in problem.hint


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (":differs: ''", "in words"),
        (":differs: [32]", "in words"),
        (":differs: so it is\n:tags: [skip-execution]", "no output"),
        (":differs: so it is\n:tags: [local]\n:needs: a graphics card", "never run in the tab"),
    ],
)
def test_outputs_can_differ_only_where_there_are_two(options: str, told: str) -> None:
    (problem,) = problems(f"```{{code-cell}} bash\n{options}\nls\n```\n")
    assert (problem.line, problem.code) == (8, "bad-differs")
    assert told in problem.message


def test_what_is_said_about_the_tab_does_not_decide_what_the_build_prints() -> None:
    plain = Cell("bash", "ls", ("hide-output",))
    said = replace(plain, differs="the tab has 32 bits")
    elsewhere = replace(plain, tags=("hide-output", "local"), needs="a graphics card")
    assert list_options(plain) == list_options(said) == list_options(elsewhere)


def test_tags_without_brackets_are_told_at_their_line() -> None:
    (problem,) = problems("```{code-cell} bash\n:tags: raises-exception\nls\n```\n")
    assert (problem.line, problem.code) == (9, "bad-tags")
    assert problem.hint == "write `:tags: [raises-exception]`"


def test_a_misspelt_tag_or_option_is_told_with_the_likely_one() -> None:
    found = problems("```{code-cell} bash\n:tags: [raise-exception, mine]\n:timout: 3\nls\n```\n")
    assert {(one.code, one.hint) for one in found} == {
        ("unknown-tag", "did you mean `raises-exception`?"),
        ("unknown-option", "did you mean `timeout`?"),
    }


def test_options_that_are_not_yaml_are_told_at_the_cell() -> None:
    (problem,) = problems("```{code-cell} bash\n---\ntags: [a\n---\nls\n```\n")
    assert (problem.line, problem.code) == (8, "unreadable-cell")


def test_all_mistakes_of_a_chapter_are_told_together() -> None:
    body = "```{code-cell} rust\n1\n```\n\n- ```{code-cell} bash\n  ls\n  ```\n"
    assert [one.line for one in problems(body)] == [8, 12]
