"""The block of YAML between two lines of ``---`` with which a chapter may begin."""

from __future__ import annotations

import re

import yaml

_KEY = re.compile(r"[A-Za-z_][\w-]*:(\s|$)")
_YAML_LINE = re.compile(r"[A-Za-z_][\w-]*:(\s|$)|[ \t]+\S|- |#|$")


def front_matter_end(text: str) -> int:
    """Return the line of the closing ``---``, counted from 1; 0 without front matter.

    MyST wants the opening ``---`` in the first line (MyST-Parser 3, "Frontmatter").
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 2):
        if line.rstrip() in ("---", "..."):
            return number
    return 0


def front_matter_entry(text: str, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    """Find a key and its value; lines count from 0 in the line below the first ``---``.

    Args:
        text: A chapter.
        key: One at the left margin.

    Returns:
        None where there is none, or where the YAML is wrong: that is told by who reads all of it.
    """
    end = front_matter_end(text)
    if not end or key not in text:
        return None
    try:
        top = yaml.compose("\n".join(text.split("\n")[1 : end - 1]), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    if not isinstance(top, yaml.MappingNode):
        return None
    return next((entry for entry in top.value if entry[0].value == key), None)


def front_matter_value(text: str, key: str) -> yaml.Node | None:
    """Find the value of a key; see ``front_matter_entry``."""
    entry = front_matter_entry(text, key)
    return None if entry is None else entry[1]


def hidden_front_matter(text: str, stretches: list[tuple[int, int]]) -> bool:
    """Tell whether only the given stretches of text keep a block of YAML from being first.

    Args:
        text: A chapter.
        stretches: Offsets ``(start, end)`` of its tags, in order.
    """
    position = 0
    for start, end in stretches:
        if text[position:start].strip():
            break
        position = end
    rest = text[position:].lstrip()
    block = rest.split("\n")[1 : front_matter_end(rest) - 1]
    return position > 0 and any(map(_KEY.match, block)) and all(map(_YAML_LINE.match, block))
