"""``{big-number}``: one number that is to be remembered, and what it counts.

:::{big-number} 79 %
of a default page was an icon font
:::
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes

from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LONGEST = 16
"""Characters that stand in one line of a slide at this size."""


class BigNumber(SlideBlock):
    """Makes a container of the number and what stands below it."""

    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Make it."""
        number = self.argument
        if not number:
            hint = "write it behind the name, `:::{big-number} 79 %`, and what it counts below"
            warning(self.place, "`{big-number}` has no number", hint, code="bad-big-number")
        elif len(number) > LONGEST:
            hint = f"write at most {LONGEST} characters there, and the rest below"
            message = f"`{number}` is too long to be set as a big number"
            warning(self.place, message, hint, code="bad-big-number")
        holder = nodes.container(classes=["cb-big"])
        holder += self.words(number, nodes.paragraph(classes=["cb-big-number"]))
        return [self.parse_into(holder)]


def setup_big_number(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("big-number", BigNumber)
