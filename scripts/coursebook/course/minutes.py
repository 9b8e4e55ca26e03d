"""The time that a chapter has when it is presented: ``minutes`` in its front matter.

A number is for the whole chapter; a mapping gives single sections theirs, by their ids::

    minutes: 45
    minutes: {total: 45, before-activation: 5, activated: 10}

Without ``total``, the sections named make it up. What is left of it is for the other sections.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from coursebook.course.front_matter import front_matter_value
from coursebook.problems import Problem

KEY = "minutes"
TOTAL = "total"

HINT = "write `minutes: 45`, or `minutes: {total: 45, my-section: 10}` with ids of sections"


@dataclass(frozen=True)
class Minutes:
    """The time of a chapter.

    Attributes:
        total: Minutes for the whole chapter.
        sections: Minutes by the id of the section.
        line: Line on which its value begins.
        lines: Line of each section's minutes, by its id.
    """

    total: float
    sections: Mapping[str, float] = field(default_factory=dict)
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def rest(self) -> float:
        """Minutes for the sections that are not named."""
        return max(0.0, self.total - sum(self.sections.values()))


def read_minutes(text: str) -> Minutes | None:
    """Read the time of a chapter; None where there is none, or where it is not written right.

    Args:
        text: A chapter's source.
    """
    node = front_matter_value(text, KEY)
    if node is None or any(_problems(node, "")):
        return None
    line = node.start_mark.line + 2
    if not isinstance(node, yaml.MappingNode):
        return Minutes(_number(node), line=line)
    values = {key.value: _number(value) for key, value in node.value}
    lines = {key.value: key.start_mark.line + 2 for key, _ in node.value}
    sections = {name: value for name, value in values.items() if name != TOTAL}
    return Minutes(values.get(TOTAL, sum(sections.values())), sections, line, lines)


def minutes_problems(text: str, path: str) -> list[Problem]:
    """Tell what is wrong with the time of a chapter, each at its line.

    Args:
        text: A chapter's source, whose front matter is YAML.
        path: The chapter's name for problems.
    """
    node = front_matter_value(text, KEY)
    return [] if node is None else list(_problems(node, path))


def _problems(node: yaml.Node, path: str) -> Iterator[Problem]:
    if not isinstance(node, yaml.MappingNode):
        yield from _not_a_time(node, "`minutes`", path)
        return
    if not node.value:
        line = node.start_mark.line + 2
        yield Problem(path, line, "bad-minutes", "`minutes` names no section", HINT)
    wrong = [
        problem
        for key, value in node.value
        for problem in _not_a_time(value, f"`minutes` of `{key.value}`", path)
    ]
    yield from wrong
    total = next((value for key, value in node.value if key.value == TOTAL), None)
    if wrong or total is None:
        return
    parts = sum(_number(value) for key, value in node.value if key.value != TOTAL)
    if parts > _number(total):
        message = f"the sections have {parts:g} minutes, and the chapter has {_number(total):g}"
        hint = f"write `total: {parts:g}`, or give the sections less"
        yield Problem(path, total.start_mark.line + 2, "bad-minutes", message, hint)


def _not_a_time(node: yaml.Node, what: str, path: str) -> Iterator[Problem]:
    """Tell if a value is no number above 0; a day is more than anybody listens."""
    if 0 < _number(node) <= 24 * 60:
        return
    shown = f"`{node.value}`" if isinstance(node, yaml.ScalarNode) else "a list or a mapping"
    message = f"{what} must be a number above 0, and is {shown}"
    yield Problem(path, node.start_mark.line + 2, "bad-minutes", message, HINT)


def _number(node: yaml.Node) -> float:
    """Return the number that a value is; not a number for anything else."""
    value = yaml.SafeLoader("").construct_object(node) if _is_number(node) else math.nan
    return float(value)


def _is_number(node: yaml.Node) -> bool:
    return node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
