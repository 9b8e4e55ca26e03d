"""The slides of a book as the deck was rendered, each with the lines that it was written in.

The deck rendering writes them to a side file (``sphinx_ext/slide_lines.py``); who measures or
compares slides reads them here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

SLIDES_FILE = "slides.json"
"""Name of the side file, beside the output of the rendering."""

Kind = Literal[
    "frame", "title", "notes", "text", "list", "definitions", "table", "grid", "tabs", "code",
    "cell", "figure", "box", "part", "item", "tab", "other",
]  # fmt: skip
"""What a block is. A frame stands above the title, such as the name of the book. Items are what
lists, tables and grids are made of."""

FRAME: Kind = "frame"


@dataclass(frozen=True)
class Part:
    """What a block is made of: an item, row or cell of a grid, a tab, or what a box holds.

    Attributes:
        kind: What it is.
        line: Its first line, in the file of its block.
        characters: Of running text.
        columns: Length of the longest line of code.
        rows: Lines of the longest block of code, outputs apart.
        lines: Of code that is shown whole.
        parts: What it is made of itself.
    """

    kind: Kind
    line: int
    characters: int
    columns: int
    rows: int
    lines: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Block:
    """What stands on a slide and not within something else.

    Attributes:
        kind: What it is.
        source: File that it is written in, from the root of the book.
        line: Its first line there; of a directive, the line that opens it.
        elements: How many children of the slide's body it has become.
        characters: Of running text.
        columns: Length of the longest line of code.
        rows: Lines of the longest block of code, outputs apart.
        parts: What it is made of, if it can be divided so.
        lines: Of code that is shown whole.
    """

    kind: Kind
    source: str
    line: int
    elements: int
    characters: int
    columns: int
    rows: int
    parts: tuple[Part, ...]
    lines: int


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes:
        id: Its address in the deck.
        section: Id of the section it belongs to; a section goes on over several slides by breaks.
        title: As text.
        source: File that it begins in, from the root of the book.
        line: Line of its heading or break.
        blocks: What stands on it, in order.
    """

    id: str
    section: str
    title: str
    source: str
    line: int
    blocks: tuple[Block, ...]


def read_slides(file: Path) -> dict[str, list[Slide]]:
    """Return the slides of every chapter, in order.

    Args:
        file: ``slides.json``.
    """
    data = json.loads(file.read_text(encoding="utf-8"))
    return {docname: [_slide(row) for row in rows] for docname, rows in data.items()}


def _slide(row: dict[str, Any]) -> Slide:
    return Slide(**{**row, "blocks": tuple(_block(block) for block in row["blocks"])})


def _block(row: dict[str, Any]) -> Block:
    return Block(**{**row, "parts": tuple(map(_part, row["parts"]))})


def _part(row: list[Any]) -> Part:
    kind, line, characters, columns, rows, lines, parts = row
    return Part(kind, line, characters, columns, rows, lines, tuple(map(_part, parts)))
