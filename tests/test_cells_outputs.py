"""Outputs as readers get them: settled, masked, and shown in both renderings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from myst_nb import sphinx_ as myst_nb_sphinx

import room_parts
from books import Book
from coursebook.execute import made_with, normalise

CHAPTER = """\
---
file_format: mystnb
kernelspec:
  name: bash
---
# Title

{% if slide %}
## On a slide
{% else %}
## In the notes
{% endif %}

```{code-cell} bash
echo "<b>$USER</b>"
```

```{code-cell} python
:tags: [page-only]
import sys
sys.version_info >= (3, 11)
```

Text between them.

```{code-cell}
:tags: [slide-only, raises-exception]
echo for slides; false
```

```{code-cell} python
:tags: [remove-input]
%timeit
print("magic")
```

```{code-cell} python
:tags: [hide-output, local]
:needs: the "big" computer & you
%lsmagic?
len("a")
```
"""


def clean(text: str, *masks: str) -> str:
    return normalise.cleaner(masks, [("/home/builder/course", "/usr/local")])(text)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("<function f at 0x7f3c0a1b2c40>", "<function f at 0x…>"),
        ("Resolved 3 packages in 12ms", "Resolved 3 packages in …"),
        ("Prepared 1 package in 1m 02s\n", "Prepared 1 package in …\n"),
        ("Built in 1.25s.", "Built in …."),
        ("[1] 4711\n", "[1] …\n"),
        ("real\t0m0.012s\nuser\t0m0.001s", "real\t…\nuser\t…"),
        ("1.79 μs ± 12.3 ns per loop (mean ± std. dev. of 7 runs, 1 loop each)\n", "… per loop\n"),
        (
            "CPU times: user 3 μs, sys: 1 μs, total: 4 μs\nWall time: 5.7 µs",
            "CPU times: …\nWall time: …",
        ),
        ("/tmp/tmpab12_d34/x /tmp/tmp.Ab12Cd34Ef", "/tmp/tmp…/x /tmp/tmp…"),
        ("/tmp/pip-install-ab12cd34/x", "/tmp/pip-install-…/x"),
        ("\x1b[31mred\x1b[0m \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "red link"),
        ("0%\r50%\r100%\ndone\n", "100%\ndone\n"),
        ("line\r\n", "line\n"),
        ("/home/builder/course/bin/python", "/usr/local/bin/python"),
        ("<ipython-input-3-0123456789ab>", "Cell In[3]"),
    ],
)
def test_what_would_differ_next_time_is_masked(written: str, published: str) -> None:
    assert clean(written) == published


@pytest.mark.parametrize(
    "text", ["0x1f", "in 3 steps", "[1] one", "install in 2 steps", "/tmp/template", "a\tb\n\n"]
)
def test_what_stays_the_same_is_left_alone(text: str) -> None:
    assert clean(text) == text


def test_an_author_masks_the_rest() -> None:
    assert clean("12 kB of 3 MB", r"\d+ [kM]B") == "… of …"


def test_names_of_the_building_machine_are_replaced_as_words_alone() -> None:
    names = [("vm", "room"), ("anna", "learner")]
    text = normalise.cleaner((), (), names)("anna@vm: llvm, vm-2, hannah, savannah")
    assert text == "learner@room: llvm, vm-2, hannah, savannah"


def test_an_output_that_is_cleared_is_gone() -> None:
    def stream(text: str) -> dict[str, Any]:
        return {"output_type": "stream", "name": "stdout", "text": text}

    now = {"output_type": "clear_output", "wait": False}
    later = {"output_type": "clear_output", "wait": True}
    for outputs, left in (
        ([stream("a"), now, stream("b")], ["b"]),
        ([stream("a"), later], ["a"]),
        ([stream("a"), later, stream("b")], ["b"]),
        ([stream("a"), stream("b")], ["ab"]),
    ):
        told = normalise.normalise(outputs, clean)
        assert [one["text"] for one in told] == left


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    made = Book(tmp_path_factory.mktemp("cells") / "a-book")
    room_parts.lend(made.tree.cells)
    made.chapter("part/one", CHAPTER)
    return made.build()


def attributes(soup: Any) -> list[tuple[str, str, str, str]]:
    return [
        tuple(cell[f"data-cb-{name}"] for name in ("cell", "language", "line", "status"))
        for cell in soup.select("div.cell")
    ]


def test_cells_carry_their_place_language_line_and_status(book: Book) -> None:
    assert attributes(book.page("part/one")) == [
        ("0", "bash", "14", "0"),
        ("1", "python", "18", "0"),
        ("3", "python", "31", "0"),
        ("4", "python", "37", "0"),
    ]
    assert attributes(book.deck("part/one")) == [
        ("0", "bash", "14", "0"),
        ("2", "bash", "26", "1"),
        ("3", "python", "31", "0"),
        ("4", "python", "37", "0"),
    ]


def test_a_cell_that_the_tab_cannot_run_tells_the_page_what_it_needs(book: Book) -> None:
    for soup in (book.page("part/one"), book.deck("part/one")):
        cells = soup.select("div.cell")
        needs = {cell["data-cb-cell"]: cell.get("data-cb-needs") for cell in cells}
        assert needs.pop("4") == 'the "big" computer & you'
        assert set(needs.values()) == {None}


def test_one_cell_in_html_reads_so(book: Book) -> None:
    """The live cells and the stylesheets lean on it."""
    cell = book.page("part/one").select_one("div.cell")
    assert cell
    assert cell["class"] == ["cell", "docutils", "container"]
    source, output = cell.find_all("div", recursive=False)
    assert source["class"] == ["cell_input", "docutils", "container"]
    assert [pre.get_text() for pre in source.select("pre")] == ['echo "<b>$USER</b>"\n']
    assert output["class"] == ["cell_output", "docutils", "container"]
    assert [pre.get_text() for pre in output.select("div.output pre")] == ["<b>learner</b>\n"]


def test_outputs_stand_below_their_cells_in_both_renderings(book: Book) -> None:
    page, deck = book.page("part/one").get_text(), book.deck("part/one").get_text()
    assert "<b>learner</b>" in page
    assert "<b>learner</b>" in deck
    assert "True" in page
    assert "for slides\n" in deck


def test_a_cell_for_one_rendering_is_not_in_the_other(book: Book) -> None:
    page, deck = (
        [cell.get_text() for cell in soup.select("div.cell")]
        for soup in (book.page("part/one"), book.deck("part/one"))
    )
    assert any("version_info" in cell for cell in page)
    assert not any("version_info" in cell for cell in deck)
    assert not any("for slides" in cell for cell in page)


def test_each_cell_is_coloured_as_its_own_language(book: Book) -> None:
    page = book.page("part/one")
    colours = [block["class"][0] for block in page.select("div.cell > .cell_input > div")]
    assert colours == ["highlight-bash", "highlight-python", "highlight-ipython3"]


def test_a_page_says_with_what_its_outputs_were_made(book: Book) -> None:
    (line,) = book.page("part/one").select(".cb-made-with")
    made = made_with()
    assert line.get_text() == (
        f"Outputs made with Python {made['python']}, uv {made['uv']} and bash {made['bash']} "
        f"on {made['system']}."
    )
    assert not book.deck("part/one").select(".cb-made-with")
    assert not book.page("index").select(".cb-made-with")


def test_cells_that_both_renderings_hold_ran_once(book: Book) -> None:
    assert len(list(book.tree.cells.glob("*.json"))) == 1


def test_changed_cells_change_both_renderings(tmp_path: Path) -> None:
    made = Book(tmp_path / "a-book")
    room_parts.lend(made.tree.cells)
    made.write("book/_index/packages.toml", '[tiny."1.0"]\nfiles."tiny.py" = ""\n')
    head = "---\nfile_format: mystnb\nkernelspec:\n  name: bash\n---\n# Title\n\n"
    made.chapter("part/one", head + "```{code-cell}\nls ~/index/wheelhouse\n```\n").touch()
    assert "tiny-1.0-py3" in made.build().page("part/one").get_text()
    # The chapter's own file stays as it is; what its cells find does not.
    made.write("book/_index/packages.toml", '[tiny."1.1"]\nfiles."tiny.py" = ""\n')
    assert "tiny-1.1-py3" in made.build().page("part/one").get_text()
    assert "tiny-1.1-py3" in made.deck("part/one").get_text()


def test_a_failing_cell_fails_the_build_at_its_line(tmp_path: Path) -> None:
    made = Book(tmp_path / "a-book")
    room_parts.lend(made.tree.cells)
    head = "---\nfile_format: mystnb\nkernelspec:\n  name: bash\n---\n# Title\n\n"
    made.chapter(
        "part/one", head + "{% if page %}\nText.\n{% endif %}\n```{code-cell}\nfalse\n```\n"
    )
    (problem,) = made.problems()
    assert (problem.path, problem.line, problem.code) == ("book/part/one.md", 11, "cell-failed")


def test_myst_nb_takes_our_client_by_the_name_that_we_replace() -> None:
    """Pins the one seam by which outputs come in; an upgrade of MyST-NB fails here first."""
    import inspect

    from myst_nb.core import render
    from myst_nb.core.execute import create_client

    assert "with create_client(" in inspect.getsource(myst_nb_sphinx.Parser.parse)
    assert list(inspect.signature(create_client).parameters) == [
        "notebook",
        "source",
        "nb_config",
        "logger",
        "read_fmt",
    ]
    assert "nb_client.code_cell_outputs(" in inspect.getsource(render.MditRenderMixin)
