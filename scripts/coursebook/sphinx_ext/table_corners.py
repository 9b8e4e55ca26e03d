"""The empty corner of a table, above its first column: a cell, and not the heading of anything.

A screen reader announces a heading that says nothing for each cell below it; see the rule
``empty-table-header`` of axe-core, and "Using th" in the Web Accessibility Tutorials of the W3C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from docutils.nodes import Element


class TableCorners:
    """Mixed into a translator: writes ``<td>`` where a row of headings has an empty one."""

    body: list[str]
    context: list[str]

    def visit_entry(self, node: Element) -> None:
        """Open a cell."""
        above: Any = super()
        above.visit_entry(node)
        heads = isinstance(node.parent.parent, nodes.thead)
        if heads and not node.astext().strip() and not any(node.findall(nodes.image)):
            self.body[-1] = self.body[-1].replace("<th", "<td", 1)
            self.context[-1] = self.context[-1].replace("</th>", "</td>")
