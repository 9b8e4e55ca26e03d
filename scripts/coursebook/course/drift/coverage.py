"""Sections that have slides and no notes, or notes and no slides."""

from __future__ import annotations

from collections.abc import Iterator

from coursebook.course.drift.sections import Both, Section, Side
from coursebook.problems import Problem

DEEPEST = 3
"""A heading below this level stays on the slide of its parent."""


def find(both: Both) -> list[Problem]:
    """Compare the sections of both sides; of nested ones, the outermost is named."""
    return [
        *(
            Problem(
                section.place[0],
                section.place[1],
                "section-without-notes",
                f"the section `{section.heading.title}` has slides and no notes",
                "write its notes, inside `{% if page %}` or outside of all",
            )
            for section in _alone(both.slides, both.pages)
        ),
        *(
            Problem(
                section.place[0],
                section.place[1],
                "section-without-slides",
                f"the section `{section.heading.title}` has notes and no slides",
                "nothing, if it is for readers alone; or write its slides",
            )
            for section in _alone(both.pages, both.slides)
            if section.depth <= DEEPEST
        ),
    ]


def _alone(here: Side, there: Side) -> Iterator[Section]:
    """Yield the sections of one side to which the other has nothing to say."""
    told: list[Section] = []
    for section in here.sections:
        if section.depth == 1 or section.parent in told:
            if section.parent in told:
                told.append(section)
            continue
        other = there.match(section)
        if not any(one.lines for one in here.below(section)):
            continue
        if other is None or not any(one.lines for one in there.below(other)):
            told.append(section)
            yield section
