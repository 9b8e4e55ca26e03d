"""A table, made of texts or of nodes that stand within a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docutils import nodes

Cell = str | nodes.Node


def table(heads: Sequence[str], body: Sequence[Sequence[Cell]], **options: Any) -> nodes.table:
    """Make a table.

    Args:
        heads: What stands above the columns.
        body: The rows, each with as many cells.
        options: Attributes of the table, such as ``classes``.
    """

    def entry(cell: Cell) -> nodes.entry:
        inner = nodes.Text(cell) if isinstance(cell, str) else cell
        return nodes.entry("", nodes.paragraph("", "", inner))

    def row(cells: Sequence[Cell]) -> nodes.row:
        return nodes.row("", *map(entry, cells))

    group = nodes.tgroup("", cols=len(heads))
    group += [nodes.colspec(colwidth=1) for _ in heads]
    group += nodes.thead("", row(heads))
    group += nodes.tbody("", *map(row, body))
    return nodes.table("", group, **options)
