"""Text that is written from right to left, such as Hebrew and Arabic.

A block that begins with such a letter is set from the right, its marks and bars as well; within it
every paragraph follows its own first letter. A chapter without such letters is written as ever.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from docutils.nodes import Element

BOXES = (
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.definition_list,
    nodes.block_quote,
    nodes.Admonition,
    nodes.table,
)
"""Blocks with marks, bars or columns, which stand on the side where reading begins."""

STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
"""Directions of letters (Unicode Standard Annex 9, rule P2)."""


def first_direction(text: str) -> str:
    """Return the direction of the first letter that has one; empty without any."""
    for letter in text:
        found = STRONG.get(unicodedata.bidirectional(letter))
        if found:
            return found
    return ""


def has_right_to_left(text: str) -> bool:
    """Tell whether any letter is written from right to left."""
    return not text.isascii() and any(
        STRONG.get(unicodedata.bidirectional(letter)) == "rtl" for letter in text
    )


def _text(node: Any) -> str:
    return str(node.astext())


class Directed:
    """Mixed into a translator: writes ``dir`` where a block needs it."""

    document: nodes.document
    _needed: bool | None = None

    def starttag(
        self,
        node: Any,
        tagname: str,
        suffix: str = "\n",
        empty: bool = False,
        **attributes: Any,
    ) -> str:
        """Write the start of an element."""
        if isinstance(node, nodes.Element) and "dir" not in attributes:
            direction = self.direction(node, tagname)
            if direction:
                attributes["dir"] = direction
        written: str = super().starttag(node, tagname, suffix, empty, **attributes)  # type: ignore[misc]
        return written

    def direction(self, node: Element, tagname: str) -> str:
        """Say which direction an element needs; empty for none."""
        if self._needed is None:
            self._needed = has_right_to_left(self.document.astext())
        if not self._needed or isinstance(node, nodes.literal_block) or tagname == "a":
            return ""
        if isinstance(node, BOXES):
            return "rtl" if first_direction(_text(node)) == "rtl" else ""
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline):
            if has_right_to_left(node.astext()):
                return "auto"
            inside = node.parent
            while inside is not None and not isinstance(inside, nodes.section):
                if isinstance(inside, BOXES) and first_direction(_text(inside)) == "rtl":
                    return "auto"
                inside = inside.parent
        return ""
