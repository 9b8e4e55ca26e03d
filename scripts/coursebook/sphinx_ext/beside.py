"""``{beside}``: a figure beside the text that speaks about it.

:::{beside} ../figures/three-days.svg
:alt: The wish drifts first, the pin later, the lock never.
:side: right
:width: 60

The text, which may hold a list or code.
:::

The figure stands on the left, or on the right by ``side``, and takes ``width`` per cent of the
room, half of it without. On a phone it stands above the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from coursebook.sphinx_ext.columns import ColumnsNode
from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NARROWEST, WIDEST = 20, 80
"""Per cent that a figure may take."""


class Beside(SlideBlock):
    """Makes columns: one holds the figure, the other one the text."""

    option_spec: ClassVar = {
        "alt": directives.unchanged,
        "side": directives.unchanged_required,
        "width": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Put figure and text beside each other."""
        example = "write `:::{beside} figure.svg`, `:alt:` with what it shows, and the text below"
        if not self.argument:
            self.tell("`{beside}` names no figure", example)
            return self.parse_into(nodes.container()).children
        if not self.content:
            self.tell("`{beside}` has no text that the figure could stand beside", example)
        image = nodes.image(uri=directives.uri(self.argument), alt=self.options.get("alt", ""))
        self.set_source_info(image)
        figure = nodes.figure("", image)
        self.set_source_info(figure)
        drawing = nodes.container("", figure, classes=["cb-column", "cb-drawing"])
        text = self.parse_into(nodes.container(classes=["cb-column"]))
        width = self.width()
        holder = ColumnsNode(classes=["cb-beside"])
        self.set_source_info(holder)
        if self.side() == "left":
            holder += [drawing, text]
            holder["widths"] = [width, 100 - width]
        else:
            holder += [text, drawing]
            holder["widths"] = [100 - width, width]
        return [holder]

    def side(self) -> str:
        """Read on which side the figure stands."""
        side: str = self.options.get("side", "left").strip()
        if side in ("left", "right"):
            return side
        self.tell(f"`{side}` is no side", "write `:side: left` or `:side: right`")
        return "left"

    def width(self) -> int:
        """Read how much of the room the figure takes."""
        text = self.options.get("width", "50").strip().removesuffix("%").strip()
        if text.isdigit() and NARROWEST <= int(text) <= WIDEST:
            return int(text)
        hint = f"write per cent, from {NARROWEST} to {WIDEST}: `:width: 60`"
        self.tell(f"a figure cannot take `{self.options['width']}` of the room", hint)
        return 50

    def tell(self, message: str, hint: str) -> None:
        """Say what is wrong with the directive."""
        warning(self.place, message, hint, code="bad-beside")


def setup_beside(app: Sphinx) -> None:
    """Register the directive; its node is that of ``{columns}``."""
    app.add_directive("beside", Beside)
