"""How much room on a slide a block takes, as well as that can be known before a browser draws it.

Sizes are logical pixels and follow ``frontend/deck/deck.css``. The true measure is taken by
``check`` in a browser; these decide beforehand where code goes on on a new slide, and how much of
an output is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from docutils import nodes

from coursebook.sphinx_ext.speaker_notes import speaker_notes

BODY = 592.0
"""Height between the margins of a slide, its footer left out."""

WIDTH = 1120.0
GAP = 21.0

CODE_PADDING, OUTPUT_PADDING = 33.0, 21.0
BESIDE_OUTPUT = 8.0
MORE = 38.0
"""The button below a clipped output."""

ROW = 56.0
"""A row of a table that a cell has made."""

FIGURE = 250.0
"""What a figure needs at least; it takes what is left."""

LETTER = 0.52
"""Width of a letter of running text, in its own height."""

MIME_ORDER = ("image/svg+xml", "text/html", "image/png", "image/jpeg", "text/markdown")
"""Forms of an output that are no plain text."""


@dataclass(frozen=True)
class Setting:
    """How text is set at a place.

    Attributes:
        size: Of running text.
        width: Of the place.
        code: Height of a line of code.
        columns: Characters that a line of code holds at full width.
    """

    size: float = 30.0
    width: float = WIDTH
    code: float = 34.08
    columns: int = 73

    def lines(self, characters: int, size: float = 0.0) -> int:
        """Return how many lines a text takes."""
        return max(1, math.ceil(characters * (size or self.size) * LETTER / self.width))

    def code_lines(self, text: str) -> int:
        """Return how many lines code takes; long ones go on in the next."""
        columns = max(8, int(self.columns * self.width / WIDTH))
        return sum(max(1, math.ceil(len(line) / columns)) for line in text.rstrip("\n").split("\n"))


USUAL = Setting()
WIDE_CODE = Setting(code=31.24, columns=80)


def title(node: nodes.Node | None, setting: Setting = USUAL) -> float:
    """Return the height of a slide's heading."""
    if node is None:
        return 0.0
    return 52.9 * setting.lines(len(node.astext()), 46.0) + 10.1 + GAP


def total(blocks: Iterable[nodes.Node], setting: Setting = USUAL) -> float:
    """Return the height of blocks below each other."""
    heights = [height(block, setting) for block in blocks]
    shown = [one for one in heights if one]
    return sum(shown) + GAP * max(0, len(shown) - 1)


def height(node: nodes.Node, setting: Setting = USUAL, most: int = 0) -> float:
    """Return the height of one block; 0 for what shows nothing.

    Args:
        node: The block.
        setting: How text is set there.
        most: How many lines of an output count; 0 for all.
    """
    if isinstance(node, nodes.Invisible | nodes.target | nodes.comment | nodes.system_message):
        return 0.0
    if isinstance(node, speaker_notes):
        return 0.0
    if not isinstance(node, nodes.Element):
        return 0.0
    if node.get("nb_element") == "cell_code":
        return _cell(node, setting, most)
    if isinstance(node, nodes.literal_block | nodes.doctest_block):
        return _code(node, setting)
    if isinstance(node, nodes.figure):
        caption = node.next_node(nodes.caption)
        lines = 0 if caption is None else setting.lines(len(caption.astext()), 24.0)
        return FIGURE + 33.0 * lines
    if isinstance(node, nodes.image) or is_picture(node):
        return FIGURE
    if isinstance(node, nodes.bullet_list | nodes.enumerated_list | nodes.definition_list):
        return _list(node, setting)
    if isinstance(node, nodes.table):
        return _table(node, setting)
    if isinstance(node, nodes.Admonition | nodes.topic | nodes.sidebar):
        inner = replace(setting, width=setting.width - 58)
        return 74.0 + sum(height(child, inner) + 9 for child in node.children if _is_block(child))
    if isinstance(node, nodes.math_block):
        return 90.0
    if isinstance(node, nodes.raw):
        rows: int = node.get("cb_shown", 0)
        return ROW * rows + MORE if rows else ROW * max(1, node.astext().count("<tr"))
    if "sd-row" in node.get("classes", ()):
        return _grid(node, setting)
    if isinstance(node, nodes.TextElement):
        line = 1.42 * setting.size
        return line * setting.lines(len(node.astext())) if node.astext().strip() else 0.0
    inner = replace(setting, width=setting.width - 40) if "sd-card" in node["classes"] else setting
    padding = 44.0 if "sd-card-body" in node["classes"] else 0.0
    return padding + total(node.children, inner)


def is_picture(node: nodes.Node) -> bool:
    """Tell whether a paragraph holds nothing but one image."""
    return (
        isinstance(node, nodes.paragraph)
        and len(node.children) == 1
        and isinstance(node.children[0], nodes.image)
    )


def outputs(cell: nodes.Element) -> list[nodes.literal_block]:
    """Return the outputs of a cell that show as text."""
    shown = map(_shown, _output(cell))
    return [node for node in shown if isinstance(node, nodes.literal_block)]


def tables(cell: nodes.Element) -> list[nodes.raw]:
    """Return the outputs of a cell that show as tables in HTML."""
    shown = map(_shown, _output(cell))
    return [node for node in shown if isinstance(node, nodes.raw) and "<tr" in node.astext()]


def output_lines(block: nodes.Element, setting: Setting = USUAL) -> int:
    """Return how many lines of a text output are shown."""
    lines: int = block.get("cb_shown", 0) or setting.code_lines(block.astext())
    return lines


def _output(cell: nodes.Element) -> list[nodes.Node]:
    if cell.get("hide_mode") in ("all", "output", "input+output"):
        return []
    for child in cell.children:
        if isinstance(child, nodes.Element) and child.get("nb_element") == "cell_code_output":
            return list(child.children)
    return []


def _shown(node: nodes.Node) -> nodes.Node:
    """Pick the form of a rich output that the deck shows, as MyST-NB does later."""
    if not isinstance(node, nodes.Element) or node.get("nb_element") != "mime_bundle":
        return node
    forms = {child.get("mime_type"): child for child in node.children}  # type: ignore[attr-defined]
    chosen = next((forms[kind] for kind in MIME_ORDER if kind in forms), None)
    holder = chosen or forms.get("text/plain")
    return holder.children[0] if holder is not None and holder.children else node


def source(cell: nodes.Element) -> nodes.Element | None:
    """Return the code of a cell as it shows; None where it is folded or taken out."""
    if cell.get("hide_mode") in ("all", "input", "input+output"):
        return None
    for child in cell.children:
        if isinstance(child, nodes.Element) and child.get("nb_element") == "cell_code_source":
            return child.next_node(nodes.literal_block)
    return None


def _cell(cell: nodes.Element, setting: Setting, most: int) -> float:
    code = source(cell)
    found = 50.0 * (cell.get("hide_mode", "").count("+") + bool(cell.get("hide_mode")))
    if code is not None:
        found += _code(code, setting)
    parts = 0.0
    for child in _output(cell):
        node = _shown(child)
        if isinstance(node, nodes.literal_block):
            lines = output_lines(node, setting)
            parts += OUTPUT_PADDING + setting.code * (min(lines, most) if most else lines) + 4
            parts += MORE if node.get("cb_shown") else 0
        else:
            parts += height(node, setting) if isinstance(node, nodes.raw) else FIGURE
    return found + (BESIDE_OUTPUT + parts - 4 if parts else 0)


def _code(block: nodes.Element, setting: Setting) -> float:
    lines = block.astext().rstrip("\n").split("\n")
    first, last = block.get("cb_part", (1, len(lines)))
    lines = lines[first - 1 : last][: block.get("cb_shown") or len(lines)]
    more = MORE if block.get("cb_shown") else 0
    return CODE_PADDING + setting.code * setting.code_lines("\n".join(lines)) + more


def _list(node: nodes.Element, setting: Setting) -> float:
    inner = replace(setting, width=setting.width - 41)
    found = 0.0
    for item in node.children:
        parts = [child for child in item.children if _is_block(child)]
        found += sum(height(part, inner) for part in parts) + 10.8
    return found - 10.8 if found else 0.0


def _table(node: nodes.Element, setting: Setting) -> float:
    found = 0.0
    for row in node.findall(nodes.row):
        cells = list(row.findall(nodes.entry))
        column = replace(setting, width=setting.width / max(1, len(cells)) - 27)
        found += 20.4 + 35.6 * max(
            (column.lines(len(cell.astext()), 27.0) for cell in cells), default=1
        )
    return found


def _grid(row: nodes.Element, setting: Setting) -> float:
    """Return the height of a row of sphinx-design, whose columns may go on in more lines."""
    columns = 1
    names: list[str] = row.get("classes", [])
    for name in names:
        if name.startswith("sd-row-cols-") and name[-1].isdigit():
            columns = max(columns, int(name[-1]))
    inner = replace(setting, width=setting.width / columns - 24, size=26.0)
    heights = [height(cell, inner) for cell in row.children]
    rows = [max(heights[at : at + columns]) for at in range(0, len(heights), columns)]
    return sum(rows) + 24.0 * max(0, len(rows) - 1)


def _is_block(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and not isinstance(node, nodes.title)
