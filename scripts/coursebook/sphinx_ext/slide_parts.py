"""What the blocks of a slide are made of: where one could be divided, as ``check`` proposes it.

:::{note}              box ─┬─ text
Words.                      └─ list ─┬─ item
                                     └─ item
- item
- item
:::

``frontend/serve/parts.js`` takes what is shown apart in the same way.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes

from coursebook.course.slide_list import Kind
from coursebook.sphinx_ext import heights
from coursebook.sphinx_ext.cells import CellNode
from coursebook.sphinx_ext.fragments import steps
from coursebook.sphinx_ext.speaker_notes import speaker_notes

PICTURES = (nodes.image, nodes.raw)
"""What pictures are by now: drawings that follow the scheme were written into the page."""

KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (nodes.title, "title"),
    (speaker_notes, "notes"),
    (CellNode, "cell"),
    (nodes.bullet_list, "list"),
    (nodes.enumerated_list, "list"),
    (nodes.definition_list, "definitions"),
    (nodes.table, "table"),
    (nodes.literal_block, "code"),
    (nodes.figure, "figure"),
    (nodes.image, "figure"),
    (nodes.Admonition, "box"),
    (nodes.section, "part"),
    (nodes.paragraph, "text"),
    (nodes.list_item, "item"),
    (nodes.term, "item"),
    (nodes.row, "item"),
)
"""What a block is called, by the node that it is; the first that fits."""

CLASSES: dict[str, Kind] = {
    "sd-container-fluid": "grid",
    "sd-tab-set": "tabs",
    "sd-tab-content": "tab",
    "sd-col": "item",
    "sd-dropdown": "box",
    "sd-card": "box",
    "literal-block-wrapper": "code",
}
"""The same by class, for what libraries make of containers."""

INSIDE = ("sd-summary-content", "sd-card-body")
"""Where a box of sphinx-design has what it holds."""


def kind_of(node: nodes.Element) -> Kind:
    """Say what a block is, in the words of ``coursebook.course.slide_list``."""
    classes = node.get("classes", ())
    for name, kind in CLASSES.items():
        if name in classes:
            return kind
    if isinstance(node, nodes.paragraph) and all(isinstance(one, PICTURES) for one in node):
        return "figure"
    return next((name for kind, name in KINDS if isinstance(node, kind)), "other")


def lines_of_code(node: nodes.Element) -> int:
    """Count the lines of code of a block or cell that shows all of them."""
    kind = kind_of(node)
    if kind not in ("code", "cell"):
        return 0
    block = heights.source(node) if kind == "cell" else next(node.findall(nodes.literal_block))
    if block is None or (kind == "cell" and "cb_part" in block):
        return 0  # folded away, or divided already
    return block.astext().rstrip("\n").count("\n") + 1


def parts_of(node: nodes.Element) -> list[nodes.Element]:
    """Return what a block is made of, in order; nothing if it cannot be divided so."""
    kind = kind_of(node)
    if kind == "tabs":
        return [child for child in _elements(node) if kind_of(child) == "tab"]
    if kind == "definitions":
        return [part for part in steps(node) if isinstance(part, nodes.term)]
    if kind in ("list", "table", "grid"):
        return steps(node)
    if kind == "box":
        inside = (child for child in _elements(node) if set(INSIDE) & set(child["classes"]))
        return _shown(next(inside, node))
    return _shown(node) if kind == "tab" or "sd-col" in node.get("classes", ()) else []


def _shown(node: nodes.Element) -> list[nodes.Element]:
    """Return what a box holds below its title."""
    return [
        child
        for child in _elements(node)
        if not isinstance(child, nodes.Invisible | nodes.title)
        and "sd-card-title" not in child.get("classes", ())
    ]


def _elements(node: nodes.Element) -> list[nodes.Element]:
    return [child for child in node.children if isinstance(child, nodes.Element)]
