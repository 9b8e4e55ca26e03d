"""Chapters that are notebooks: shown as they were saved, the same in both renderings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from coursebook.problems import Problem

_CONDITIONAL = re.compile(r"\{%-?\s*(?:if|elif|else|endif|raw|endraw)\b")


def notebook_problems(text: str, path: str) -> tuple[Problem, ...]:
    """See whether a notebook can be read, and whether it asks for what a notebook cannot have.

    Args:
        text: The file's text.
        path: Its name for problems.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        hint = "look for marks of a merge at that line, or save it again in JupyterLab"
        message = f"this is not a notebook: {error.msg}"
        return (Problem(path, error.lineno, "bad-notebook", message, hint),)
    # https://nbformat.readthedocs.io: version 3 has sheets; since version 4 there are cells alone.
    if not isinstance(found, dict) or not isinstance(found.get("nbformat"), int):
        hint = "save it in JupyterLab, or write the chapter as Markdown"
        message = "this is not a notebook: it does not say `nbformat`"
        return (Problem(path, 1, "bad-notebook", message, hint),)
    return tuple(_conditionals(found, text, path))


def _conditionals(notebook: dict[str, Any], text: str, path: str) -> Iterator[Problem]:
    lines = enumerate(text.split("\n"), 1)
    first = next((number for number, line in lines if _CONDITIONAL.search(line)), 1)
    for number, cell in enumerate(notebook.get("cells", ()), 1):
        source = cell.get("source", "")
        tag = _CONDITIONAL.search(source if isinstance(source, str) else "".join(source))
        if tag and cell.get("cell_type") == "markdown":
            message = f"cell {number} has a conditional, and a notebook cannot have one"
            hint = "write the chapter as Markdown, with `{code-cell}`"
            yield Problem(path, first, "conditional-in-notebook", message, hint)
            return
