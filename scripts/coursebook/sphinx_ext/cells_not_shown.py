"""The cells of a chapter whose text its page or deck does not show, as data for who runs them.

Cells that run again for the reader need what ran before them in the build, also where an author
hid it. At the end of a chapter with cells stands::

    <script type="application/json" class="cb-cells-not-shown" data-cb-chapter="part/topic"
            data-cb-topic="topic">[{"cell": 0, "language": "bash", "source": "…"}]</script>
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from docutils import nodes

from coursebook.course.cells import CellSequence

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

HIDING = frozenset({"remove-input", "remove-cell"})
"""Tags by which the text of a cell is not in the page."""


class CellsNotShown(nodes.Invisible, nodes.Element):
    """The cells of a chapter that its page or deck does not show, as data."""


def setup_cells_not_shown(app: Sphinx) -> None:
    """Register the node; ``cells`` makes it."""
    app.add_node(CellsNotShown, html=(visit_cells_not_shown, None))


def cells_not_shown(sequence: CellSequence, shown: Iterable[int], docname: str) -> CellsNotShown:
    """Gather the cells whose text a rendering does not show.

    Args:
        sequence: All cells of the chapter in this rendering.
        shown: Numbers of the cells that stand in the page.
        docname: The chapter, as Sphinx names it.
    """
    in_page = frozenset(shown)
    node = CellsNotShown()
    node["chapter"], node["topic"] = docname, sequence.topic
    node["cells"] = [
        {"cell": number, "language": cell.language, "source": cell.source}
        | ({"needs": cell.needs} if cell.needs else {})
        for number, cell in enumerate(sequence.cells)
        if cell.runs and (number not in in_page or HIDING.intersection(cell.tags))
    ]
    return node


def visit_cells_not_shown(self: HTML5Translator, node: CellsNotShown) -> None:
    """Write the data; nothing in it can end the element."""
    data = json.dumps(node["cells"], ensure_ascii=False, separators=(",", ":"))
    data = data.replace("<", "\\u003c")
    self.body.append(
        '<script type="application/json" class="cb-cells-not-shown"'
        f' data-cb-chapter="{html.escape(node["chapter"])}"'
        f' data-cb-topic="{html.escape(node["topic"])}">{data}</script>\n'
    )
    raise nodes.SkipNode
