"""The book's title, as ``_config.yml`` has it."""

from __future__ import annotations

import yaml

from coursebook.paths import Tree

UNTITLED = "Course"


def read_title(tree: Tree) -> str:
    """Return the title of a book whose settings were read without a problem.

    Args:
        tree: The book.
    """
    settings = yaml.safe_load(tree.config.read_text(encoding="utf-8"))
    return str(settings.get("title") or UNTITLED)
