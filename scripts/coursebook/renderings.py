"""The two renderings of a book, and where each of them works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coursebook.paths import Tree


@dataclass(frozen=True)
class Rendering:
    """One of the two forms of the book.

    Attributes:
        name: The value of the flag ``build`` in conditionals.
        builder: The Sphinx builder that makes it.
    """

    name: str
    builder: str


SITE = Rendering("pages", "html")
DECK = Rendering("slides", "revealjs")
RENDERINGS = (SITE, DECK)


def output(tree: Tree, rendering: Rendering) -> Path:
    """Return where a rendering writes while it works."""
    return tree.work / rendering.name / "output"
