"""The tools that cells can use: groups of ``pyproject.toml``, by the names that authors write.

=================  ==========================================  ===================================
group              an author writes                            it is installed
=================  ==========================================  ===================================
``tool-NAME``      ``tools: [NAME]`` in the front matter       by the first build that runs a cell
                                                               of such a chapter
``full-NAME``      ``:stored: NAME`` at a cell                 by ``build --full`` alone
=================  ==========================================  ===================================
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from coursebook.course.front_matter import front_matter_value
from coursebook.course.spelling import did_you_mean
from coursebook.paths import PROJECT
from coursebook.problems import Problem

KEY = "tools"
"""The key of the front matter that names tools."""

TOOL, FULL = "tool-", "full-"
"""What names of groups begin with."""

HINT = "write `tools: [ruff, mypy]`"


@functools.cache
def groups() -> Mapping[str, tuple[str, ...]]:
    """Return the requirements of each group for cells, by the whole name of the group."""
    every: dict[str, Any] = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["dependency-groups"]
    return {
        name: tuple(requirements)
        for name, requirements in every.items()
        if name.startswith((TOOL, FULL))
    }


def names(kind: str) -> list[str]:
    """List what authors can write.

    Args:
        kind: ``TOOL`` or ``FULL``.
    """
    return [name.removeprefix(kind) for name in groups() if name.startswith(kind)]


def read_tools(text: str) -> tuple[str, ...]:
    """Return the tools that a chapter names, sorted; those that are wrong are left out.

    Args:
        text: A chapter's source.
    """
    known = names(TOOL)
    return tuple(
        sorted(
            {node.value for node in _named(front_matter_value(text, KEY)) if node.value in known}
        )
    )


def tools_problems(text: str, path: str) -> list[Problem]:
    """Tell what is wrong with the tools of a chapter, each at its line.

    Args:
        text: A chapter's source, whose front matter is YAML.
        path: The chapter's name for problems.
    """
    node = front_matter_value(text, KEY)
    if node is None:
        return []
    nodes = list(_named(node))
    if not isinstance(node, yaml.SequenceNode) or len(nodes) < len(node.value):
        return [Problem(path, node.start_mark.line + 2, "bad-tools", "tools are a list", HINT)]
    return [
        unknown_tool(one.value, TOOL, path, one.start_mark.line + 2)
        for one in nodes
        if one.value not in names(TOOL)
    ]


def unknown_tool(name: str, kind: str, path: str, line: int) -> Problem:
    """Explain that a word names no tool of a kind, and what to write instead.

    Args:
        name: What the author wrote.
        kind: What he may name there, ``TOOL`` or ``FULL``.
        path: The chapter's name for problems.
        line: Where he wrote it.
    """
    if kind == TOOL and name in names(FULL):
        message = f"`{name}` is installed by `build --full` alone"
        hint = f"take it out of `tools:`, and write `:stored: {name}` at the cells that need it"
    elif kind == FULL and name in names(TOOL):
        message = f"`{name}` is installed by every build, so nothing of it must be stored"
        hint = f"write `tools: [{name}]` in the front matter, and no `:stored:`"
    else:
        message = f"there is no group `{kind}{name}` in pyproject.toml"
        hint = did_you_mean(name, names(kind))
    return Problem(path, line, "unknown-tool", message, hint)


def _named(node: yaml.Node | None) -> Iterable[yaml.ScalarNode]:
    if isinstance(node, yaml.SequenceNode):
        yield from (one for one in node.value if isinstance(one, yaml.ScalarNode))
