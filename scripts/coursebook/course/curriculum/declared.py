"""Which chapter of the curriculum a file is: ``curriculum: C05`` in its front matter."""

from __future__ import annotations

import yaml

from coursebook.course.front_matter import front_matter_value

KEY = "curriculum"


def read_declared(text: str) -> tuple[str, int]:
    """Return what a chapter's front matter says, and on which line; nothing if it says nothing.

    Args:
        text: A chapter's source.
    """
    node = front_matter_value(text, KEY)
    if node is None:
        return "", 0
    value = node.value if isinstance(node, yaml.ScalarNode) else ""
    return value, node.start_mark.line + 2
