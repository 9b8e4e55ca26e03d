"""``{commands}``: one task, and the command for it in several tools, side by side.

:::{commands}
venv: `python3 -m venv .venv`
uv: `uv venv`
conda: `conda create --name shop python=3.13` (https://docs.conda.io/…/create.html)
:::

A line without an address claims that the command ran when the book was built: it must stand, as a
line, in a cell of the chapter. All others name the page of the manual that they are from. It
becomes a table of tool, command, and where that is from; in a deck, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes

from coursebook.sphinx_ext.ran import bare, lines_that_ran
from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.tables import table
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CODE = "bad-commands"
LINE = re.compile(
    r"(?P<tool>[^:`]+):\s*(?P<fence>`+)\s?(?P<command>.+?)\s?(?P=fence)"
    r"(?:\s+\((?P<manual>https?://[^\s()]+)\))?\s*$"
)
HINT = "write `tool: `command``, and behind it `(https://…)` if it did not run here"


class Commands(SlideBlock):
    """Makes the table, and compares it with what ran."""

    optional_arguments = 0
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Make it."""
        rows: list[tuple[nodes.Node, ...]] = []
        last = ""
        for number, line in enumerate(self.content):
            place = self.place_of(number)
            found = LINE.match(line.strip())
            if found:
                tool = found["tool"].strip()
                rows.append(self.row("" if tool == last else tool, found, place))
                last = tool
            elif line.strip():
                warning(place, "this line is no tool with a command", HINT, code=CODE)
        if not rows:
            warning(self.place, "`{commands}` holds no command", HINT, code=CODE)
            return []
        made = table(("Tool", "Command", "From"), rows, classes=["cb-commands"])
        self.set_source_info(made)
        return [made]

    def row(self, tool: str, found: re.Match[str], place: str) -> tuple[nodes.Node, ...]:
        """Make the cells of a row; a command that is said to have run must have."""
        command, manual = found["command"], found["manual"]
        if manual:
            origin: nodes.Node = nodes.reference("", "manual", refuri=manual, internal=False)
        else:
            origin = nodes.inline("", "ran here", classes=["cb-ran"])
            if bare(command) not in lines_that_ran(self.env):
                hint = "write it into a cell, or name the page of the manual behind it"
                warning(place, f"`{command}` ran in no cell of this chapter", hint, code=CODE)
        shown = nodes.literal("", command)
        return nodes.Text(tool), shown, origin


def setup_commands(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("commands", Commands)
