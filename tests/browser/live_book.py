"""A book whose cells run again in the browser, for tests of the reader's side of a cell.

The engine behind the cells is a double (``engine_double.js``): it does what a cell's own text says.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route

from books import Book
from browser.cells_of_page import CellsOfPage
from browser.complaints import complaints_of
from coursebook.live import vendor

DOUBLE = Path(__file__).parent / "engine_double.js"

HEAD = "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n"


def cell(source: str, *tags: str, language: str = "bash") -> str:
    """Write a cell."""
    listed = f":tags: [{', '.join(tags)}]\n" if tags else ""
    return f"```{{code-cell}} {language}\n{listed}{source}\n```\n\n"


def rich(**output: object) -> str:
    """Write the line by which the double gives an output."""
    return f"# rich {json.dumps({'output_type': 'display_data', **output})}"


def raw(text: str) -> str:
    """Write the line by which the double prints any text."""
    return f"# raw {json.dumps(text)}"


FRAMED = """\
<b id=word>table</b><script>
const tell = (what) => { try { return String(what()); } catch (error) { return error.name; } };
document.body.dataset.page = tell(() => parent.document.title);
document.body.dataset.storage = tell(() => localStorage.length);
document.body.dataset.cookie = tell(() => document.cookie);
parent.postMessage(JSON.stringify({ method: "slide", args: [0] }), "*");
fetch("/index.html").catch(() => { document.body.dataset.fetched = "no"; });
</script>""".replace("\n", " ")

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><script>1</script></svg>"

OUTPUT = [
    cell("echo from the book\n# err a complaint"),
    cell(
        "\n".join((raw("<b>no markup</b> \33[1;31mred\33[0m\n10%"), "# sleep 50", raw("\r99%\n")))
    ),
    cell("# flood 9000"),
    cell(rich(data={"text/html": FRAMED}), language="python"),
    cell(rich(data={"image/svg+xml": SVG, "text/plain": "a square"}), language="python"),
    cell(
        rich(data={"text/plain": "one"}, transient={"display_id": "d"})
        + "\n# sleep 60\n"
        + rich(data={"text/plain": "two"}, transient={"display_id": "d"}, update=True)
        + "\necho kept",
    ),
    cell(f"# err first\n{rich(output_type='clear_output', wait=False)}\necho second"),
    cell(
        rich(
            output_type="error",
            ename="ValueError",
            evalue="no",
            traceback=["Traceback:", "ValueError: no"],
        )
        + "\n# exit 1\nprint(1)",
        language="python",
    ),
    cell("echo it fails\n# exit 3\nfalse", "raises-exception"),
    cell("# end too-much"),
    cell("# end died"),
]

ORDER = [
    cell("hidden=1\n# echo a set-up cell", "remove-cell"),
    cell("echo slow\n# sleep 700"),
    cell("echo last one"),
    cell("echo endless\n# forever"),
    cell("echo asks\n# wait\n# wait"),
    cell("# exit 2\ntrue"),
    cell("echo skipped", "skip-execution"),
    cell("echo quiet", "hide-output"),
    cell("echo folded", "hide-cell"),
    cell("echo no code", "remove-input"),
]

PYTHON = [
    cell("# activate /home/learner/python/.venv/bin/python"),
    cell("print('book')", language="python"),
    cell("# activate"),
]

NEEDS = [
    "```{code-cell} bash\n:tags: [local]\n:needs: 2 GB of memory; try it at home\n"
    "echo heavy\n```\n\n",
    cell("echo light"),
]

TROUBLE = [
    cell("# trouble reset Linux has no memory left.\necho half"),
    cell("# throw reload A part of Linux could not be loaded."),
    cell("echo all is well"),
    cell("# trouble again The line was cut."),
    cell("# trouble null A new room stands."),
    cell("echo half\n# trouble null One more word."),
]

LONG = "# Long cells\n\n## Long\n\n" + cell("\n".join(f"echo line {n}" for n in range(1, 26)))

DECK = (
    "# Cells on slides\n\n## First\n\n"
    + cell("echo one\n# flood 200")
    + cell("echo two")
    + "### Asks\n\n"
    + cell("# wait")
    + "## Full\n\nWords.\n\n"
    + "\n\n".join(f"Paragraph {number} of a slide that is full." for number in range(1, 7))
    + "\n\n"
    + cell("true\n# flood 60")
)


@pytest.fixture(scope="session")
def live_book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The book, built and published with all that its pages load."""
    vendor.build(lambda message: None)
    book = Book(tmp_path_factory.mktemp("live") / "a-book")
    for name, title, cells in (
        ("output", "Outputs", OUTPUT),
        ("order", "Order", ORDER),
        ("python", "Interpreters", PYTHON),
        ("trouble", "Trouble", TROUBLE),
        ("needs", "Needs", NEEDS),
    ):
        book.chapter(name, f"{HEAD}# {title}\n\n" + "Some words.\n\n".join(cells))
    book.chapter("deck", HEAD + DECK)
    book.chapter("long", f"{HEAD}{LONG}## After\n\nThe end.\n")
    return book.build()


@pytest.fixture
def visit(page: Page, live_book: Book, serve: Callable[[Path], str]) -> Callable[[str], Visitor]:
    """Open pages of the book with the double in the place of all engines."""
    return Visitor(page, serve(live_book.tree.site)).open


class Visitor(CellsOfPage):
    """Somebody who reads a page and presses its buttons.

    Attributes:
        page: What he sees.
        base: The root of the site.
    """

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.complaints = complaints_of(page)
        page.route("**/engines/choice.js", self._answer)

    @staticmethod
    def _answer(route: Route) -> None:
        route.fulfill(path=DOUBLE, content_type="text/javascript")

    def open(self, address: str, **settings: object) -> Visitor:
        """Go to a page; settings are globals of the double, such as ``cbSteps``."""
        for name, value in settings.items():
            self.page.add_init_script(f"globalThis.{name} = {json.dumps(value)}")
        self.page.goto(self.base + address)
        if address.startswith("slides/"):
            self.page.wait_for_function("() => globalThis.Reveal?.isReady()")
        return self

    def state(self, number: int) -> Locator:
        """The words in its toolbar."""
        return self.cell(number).locator(".cb-bar-state")

    def told(self, *names: str) -> list[Any]:
        """What the double was told, of these kinds."""
        told: list[Any] = self.page.evaluate("globalThis.cbEngine?.told ?? []")
        return [words for words in told if not names or words[0] in names]
