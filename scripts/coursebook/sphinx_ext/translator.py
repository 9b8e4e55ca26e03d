"""The site's HTML where Sphinx's own would not do: headings, wide tables, folded admonitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import admonitionlabels
from sphinx.writers.html5 import HTML5Translator

from coursebook.sphinx_ext.direction import Directed
from coursebook.sphinx_ext.page_blocks import BLOCK, with_id
from coursebook.sphinx_ext.table_corners import TableCorners
from coursebook.sphinx_ext.whole_words import WholeWords

if TYPE_CHECKING:
    from docutils.nodes import Element

CHAPTER_PART = "<!--cb-part-->"
"""Stands above a chapter's title until the page is written, when its part is known."""

CHAPTER_ACTIONS = "<!--cb-actions-->"
"""Stands below a chapter's title until the page is written."""

SECTION_SLIDES = '<!--cb-slides "{anchor}"-->'
"""Stands beside a heading until the page is written, when the deck's addresses are known.

The section is named as ``counterpart`` names it: by its last id, which is the author's own label.
"""

FOLDED = frozenset({"dropdown", "toggle"})
"""Classes by which an author asks for an admonition that the reader opens."""


class SiteTranslator(Directed, TableCorners, WholeWords, HTML5Translator):
    """Writes a chapter's doctree as the site wants it.

    A chapter's title becomes::

        <header class="cb-chapter"><!--cb-part--><h1>…</h1><!--cb-actions--></header>

    A section's heading keeps its anchor and gets a place for the link to its slide. A table stands
    in a box of its own that scrolls, so that the page never does.
    """

    def dispatch_visit(self, node: nodes.Node) -> None:
        """Visit a node, and give what stands in a section its address."""
        at = len(self.body)
        try:
            super().dispatch_visit(node)
        finally:
            # What is written as a whole, such as code, ends in an exception.
            if isinstance(node, nodes.Element) and BLOCK in node:
                self.body[at:] = [with_id("".join(self.body[at:]), node[BLOCK])]

    def visit_title(self, node: Element) -> None:
        """Open the header of the chapter at its title."""
        if self._is_chapter_title(node):
            self.body.append(f'<header class="cb-chapter">{CHAPTER_PART}')
        if isinstance(node.parent, nodes.Admonition) and self._is_folded(node.parent):
            self.body.append(self.starttag(node, "summary", "", CLASS="admonition-title"))
            self.context.append("</summary>\n")
            return
        super().visit_title(node)

    def depart_title(self, node: Element) -> None:
        """Close the header of the chapter after its title."""
        if isinstance(node.parent, nodes.Admonition) and self._is_folded(node.parent):
            self.body.append(self.context.pop())
            return
        super().depart_title(node)
        if self._is_chapter_title(node):
            self.body.append(f"{CHAPTER_ACTIONS}</header>\n")

    def add_permalink_ref(self, node: Element, title: str) -> None:
        """Add the heading's anchor, and the place for the link to its slide."""
        if not isinstance(node, nodes.section):
            return
        if not node["ids"] or self.section_level == 1:
            return
        anchor = node["ids"][0]
        self.body.append(
            f'<a class="cb-anchor" href="#{anchor}"><span class="cb-hidden">Link to this section'
            "</span></a>"
        )
        if self.section_level in (2, 3):
            self.body.append(SECTION_SLIDES.format(anchor=node["ids"][-1]))

    def visit_table(self, node: Element) -> None:
        """Open the box that scrolls."""
        self.body.append('<div class="cb-wide">')
        super().visit_table(node)

    def depart_table(self, node: Element) -> None:
        """Close the box that scrolls."""
        super().depart_table(node)
        self.body.append("</div>\n")

    def visit_admonition(self, node: Element, name: str = "") -> None:
        """Open an admonition; one with the class ``dropdown`` is a ``<details>``."""
        if not self._is_folded(node):
            super().visit_admonition(node, name)
            return
        opened: dict[str, Any] = {"open": ""} if "toggle-shown" in node["classes"] else {}
        self.body.append(
            self.starttag(node, "details", CLASS=f"admonition {name}".rstrip(), **opened)
        )
        if name:
            node.insert(0, nodes.title(name, admonitionlabels[name]))

    def depart_admonition(self, node: Element | None = None) -> None:
        """Close an admonition."""
        folded = node is not None and self._is_folded(node)
        self.body.append("</details>\n" if folded else "</div>\n")

    def _is_chapter_title(self, node: Element) -> bool:
        """Tell the first heading of a page from everything below and after it."""
        section = node.parent
        return (
            isinstance(section, nodes.section)
            and isinstance(section.parent, nodes.document)
            and section.parent.next_node(nodes.section) is section
        )

    @staticmethod
    def _is_folded(node: object) -> bool:
        return isinstance(node, nodes.Element) and bool(FOLDED.intersection(node["classes"]))
