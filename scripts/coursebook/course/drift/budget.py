"""The chapter's time against its number of slides, and against what there is to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from coursebook.course.chapter import Chapter
from coursebook.course.drift.coverage import DEEPEST
from coursebook.course.drift.sections import Both, Section
from coursebook.course.minutes import read_minutes
from coursebook.problems import Problem

WORDS_A_MINUTE = 238
"""Adults who read non-fiction in English in silence.

Source: Brysbaert, "How many words do we read per minute?", Journal of Memory and Language, 2019.
"""

_WORD = re.compile(r"\w[\w'’.-]*")


def find(chapter: Chapter, both: Both) -> list[Problem]:
    """Compare minutes with slides and words; of the chapter, and of each section that has some."""
    # What is written wrong is a mistake that the chapter's problems tell, and no budget here.
    budget = read_minutes(chapter.text)
    if budget is None:
        return []
    place = (chapter.entry.path, budget.line)
    slides, pages = both.slides.sections, both.pages.sections
    found = list(_compare(place, "the chapter", budget.total, slides, pages))
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
