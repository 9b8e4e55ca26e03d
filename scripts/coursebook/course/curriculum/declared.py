"""Which chapter of the curriculum a file is: ``curriculum: C05`` in its front matter."""

from __future__ import annotations

import re

import yaml

from coursebook.course.front_matter import front_matter_end

KEY = "curriculum"


def read_declared(text: str) -> tuple[str, int]:
    """Return what a chapter's front matter says, and on which line; nothing if it says nothing.

    Args:
        text: A chapter's source.
    """
    end = front_matter_end(text)
    lines = text.split("\n")[1 : end - 1] if end else []
    at = next((number for number, line in enumerate(lines, 2) if re.match(f"{KEY}:", line)), 0)
    if not at:
        return "", 0
    try:
        found = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError:
        return "", 0  # told as a problem of the front matter
    value = found.get(KEY) if isinstance(found, dict) else None
    return ("" if value is None else str(value)), at
