"""``{quotation}``: words of somebody, with the name.

:::{quotation} Grace Hopper, 1976
The most dangerous phrase is “We have always done it this way.”
:::

The name is Markdown, and may hold a link to the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes

from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Quotation(SlideBlock):
    """Makes a block quotation with an attribution."""

    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Make it."""
        if not self.argument:
            hint = "write the name behind the directive: `:::{quotation} Grace Hopper, 1976`"
            warning(
                self.place, "this quotation does not say whose it is", hint, code="bad-quotation"
            )
        if not self.content:
            hint = "write the words below the first line"
            warning(self.place, "this quotation has no words", hint, code="bad-quotation")
        quote = self.parse_into(nodes.block_quote(classes=["cb-quotation"]))
        if self.argument:
            quote += self.words(self.argument, nodes.attribution())
        return [quote]


def setup_quotation(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("quotation", Quotation)
