"""``{columns}``: two or three columns beside each other, one below the other on a phone.

::::{columns}
:widths: 2 1

:::{column}
What stands on the left.
:::
:::{column}
What stands on the right.
:::
::::

``widths`` says how wide the columns are in relation to each other; without it they are equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

MOST = 3
CLOSE = "give the outer fence one colon more than the `:::{column}` within it"


class ColumnsNode(nodes.General, nodes.Element):
    """Columns beside each other, each a container of the class ``cb-column``."""


class Columns(SlideBlock):
    """Holds the columns, and nothing else."""

    option_spec: ClassVar = {"widths": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Make the columns."""
        holder = self.parse_into(ColumnsNode())
        for child in list(holder.children):
            if isinstance(child, nodes.Element) and "cb-column" in child.get("classes", ()):
                continue
            holder.remove(child)
            if not isinstance(child, nodes.comment | nodes.target):
                line = getattr(child, "line", None)
                warning(
                    f"{self.get_source_info()[0]}:{line or self.get_source_info()[1]}",
                    "this stands in `{columns}`, and in none of its columns",
                    f"put it into a `:::{{column}}`, and {CLOSE}",
                    code="bad-columns",
                )
        count = len(holder.children)
        if not 2 <= count <= MOST:
            warning(
                self.place,
                f"`{{columns}}` has {count or 'no'} column{'s' if count != 1 else ''}, not 2 or 3",
                CLOSE if count < 2 else "put the others into `{columns}` of their own",
                code="bad-columns",
            )
        holder["widths"] = self.widths(count)
        return [holder]

    def widths(self, count: int) -> list[int]:
        """Read the option; empty for columns of one width."""
        text = self.options.get("widths", "")
        if not text:
            return []
        parts = text.replace(":", " ").split()
        if len(parts) == count and all(part.isdigit() and int(part) > 0 for part in parts):
            return [int(part) for part in parts]
        warning(
            self.place,
            f"`{text}` is not one width for each of {count} columns",
            "write whole numbers: `:widths: 2 1`",
            code="bad-columns",
        )
        return []


class Column(SlideBlock):
    """One column; ``Columns`` looks at where it stands."""

    optional_arguments = 0
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Make a column."""
        return [self.parse_into(nodes.container(classes=["cb-column"]))]


def visit_columns(translator: HTML5Translator, node: ColumnsNode) -> None:
    """Open the columns."""
    more: dict[str, Any] = {}
    if node["widths"]:
        more["style"] = f"--cb-tracks: {' '.join(f'{width}fr' for width in node['widths'])}"
    translator.body.append(translator.starttag(node, "div", CLASS="cb-columns", **more))


def depart_columns(translator: HTML5Translator, node: ColumnsNode) -> None:
    """Close them."""
    translator.body.append("</div>\n")


def setup_columns(app: Sphinx) -> None:
    """Register both directives."""
    app.add_node(
        ColumnsNode,
        html=(visit_columns, depart_columns),
        revealjs=(visit_columns, depart_columns),
    )
    app.add_directive("columns", Columns)
    app.add_directive("column", Column)
