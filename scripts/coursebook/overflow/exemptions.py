"""Slides that may hold too much, because their author says why.

In the front matter of a chapter, by the id of a section; the reason is for people::

    ---
    overflow:
      the-whole-table: it is shown to be found too large
    ---
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from coursebook.course.front_matter import front_matter_entry
from coursebook.course.spelling import did_you_mean
from coursebook.problems import Problem

KEY = "overflow"


@dataclass(frozen=True)
class Exemption:
    """One section whose slides may hold too much, and the line that says so."""

    section: str
    line: int


def read_exemptions(
    path: str, text: str, sections: Iterable[str]
) -> tuple[list[Exemption], list[Problem]]:
    """Read the exemptions of a chapter, and see what is wrong with them.

    Args:
        path: The chapter's file, from the root of the book.
        text: Its source.
        sections: The ids of its sections that begin a slide.
    """
    entry = front_matter_entry(text, KEY)
    if entry is None:
        return [], []
    name, value = entry
    if not isinstance(value, yaml.MappingNode):
        message = "`overflow` does not say which section may hold too much"
        hint = "write the id of a section and the reason: `overflow: {my-section: why it must}`"
        return [], [Problem(path, name.start_mark.line + 2, "bad-overflow", message, hint)]
    known = list(dict.fromkeys(sections))
    found, problems = [], []
    for key, reason in value.value:
        section, line = str(key.value), key.start_mark.line + 2
        if section not in known:
            message = f"no slide of this chapter belongs to a section `{section}`"
            problem = Problem(path, line, "bad-overflow", message, did_you_mean(section, known))
        elif not isinstance(reason, yaml.ScalarNode) or len(str(reason.value).split()) < 2:
            message = f"`{section}` has no reason to hold too much"
            hint = f"write why, in a few words: `{section}: the table is shown as a whole`"
            problem = Problem(path, line, "bad-overflow", message, hint)
        else:
            found.append(Exemption(section, line))
            continue
        problems.append(problem)
    return found, problems


def not_needed(path: str, exemption: Exemption) -> Problem:
    """Say that a section is exempt, and all of its slides fit."""
    message = f"the slides of `{exemption.section}` fit, and need no exemption any more"
    hint = "take this line out"
    return Problem(path, exemption.line, "overflow-not-needed", message, hint)
