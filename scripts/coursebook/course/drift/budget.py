"""The chapter's time against its number of slides, and against what there is to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from coursebook.course.chapter import Chapter
from coursebook.course.drift.coverage import DEEPEST
from coursebook.course.drift.sections import Both, Section
from coursebook.course.front_matter import front_matter_end
from coursebook.problems import Problem

WORDS_A_MINUTE = 238
"""Adults who read non-fiction in English in silence.

Source: Brysbaert, "How many words do we read per minute?", Journal of Memory and Language, 2019.
"""

_KEY = re.compile(r"minutes\s*:")
_WORD = re.compile(r"\w[\w'’.-]*")


@dataclass(frozen=True)
class Budget:
    """What the front matter's ``minutes:`` says.

    Attributes:
        line: Its line.
        total: Minutes of the chapter; None where only sections have some.
        sections: Minutes by name of a section.
    """

    line: int
    total: float | None
    sections: dict[str, float]


def read_budget(chapter: Chapter) -> Budget | None:
    """Read ``minutes: 45``, or ``minutes: {my-section: 5, total: 45}``.

    What is no number is a mistake that the chapter's problems tell, and no budget here.
    """
    end = front_matter_end(chapter.text)
    lines = chapter.text.split("\n")[1 : max(1, end - 1)]
    line = next((number for number, text in enumerate(lines, 2) if _KEY.match(text)), 0)
    if not line:
        return None
    minutes = (yaml.safe_load("\n".join(lines)) or {}).get("minutes")
    if not isinstance(minutes, dict):
        minutes = {"total": minutes}
    numbers = {str(name): float(value) for name, value in minutes.items() if _is_number(value)}
    total = numbers.pop("total", None)
    return Budget(line, total or sum(numbers.values()) or None, numbers)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def find(chapter: Chapter, both: Both) -> list[Problem]:
    """Compare minutes with slides and words; of the chapter, and of each section that has some."""
    budget = read_budget(chapter)
    if budget is None:
        return []
    found: list[Problem] = []
    if budget.total is not None:
        place = (chapter.entry.path, budget.line)
        slides, pages = both.slides.sections, both.pages.sections
        found += _compare(place, "the chapter", budget.total, slides, pages)
    for name, minutes in budget.sections.items():
        named = [
            [one for one in side.sections if name in one.names]
            for side in (both.slides, both.pages)
        ]
        on_slides, on_pages = named
        if not on_slides and not on_pages:
            continue
        first = (on_slides or on_pages)[0]
        found += _compare(
            first.place,
            f"the section `{first.heading.title}`",
            minutes,
            [one for start in on_slides[:1] for one in both.slides.below(start)],
            [one for start in on_pages[:1] for one in both.pages.below(start)],
        )
    return found


def _compare(
    place: tuple[str, int],
    what: str,
    minutes: float,
    slides: Iterable[Section],
    pages: Iterable[Section],
) -> Iterator[Problem]:
    count = sum((one.depth <= DEEPEST) + one.breaks for one in slides)
    if count > minutes:
        yield Problem(
            place[0],
            place[1],
            "more-slides-than-minutes",
            f"{what} has {count} slides for {minutes:g} minutes: more than one a minute",
            "show less, or give it more minutes",
        )
    words = sum(len(_WORD.findall(line.place.text)) for one in pages for line in one.lines)
    reading = words / WORDS_A_MINUTE
    if reading > minutes:
        yield Problem(
            place[0],
            place[1],
            "more-to-read-than-minutes",
            f"{what} takes {reading:.0f} minutes to read ({words} words), and has {minutes:g}",
            "tell less than the notes say, shorten them, or give it more minutes",
        )
