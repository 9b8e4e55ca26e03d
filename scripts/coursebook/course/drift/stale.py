"""Slides that changed while their notes did not, as git remembers it.

For each section with text of its own for slides and for notes: the last change of its notes is
looked up, and the slides as they were then are compared with those of today. Only words count.
What stands in both renderings is the same in both, and cannot drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from coursebook.course.chapter import Chapter, render_chapter
from coursebook.course.drift.history import Commit, History
from coursebook.course.drift.sections import Both, Side, read_side
from coursebook.course.facts import Place
from coursebook.course.front_matter import front_matter_end
from coursebook.problems import Problem

_WORD = re.compile(r"\w+")

Words = tuple[str, ...]


@dataclass
class Watched:
    """A section on its way back through history.

    Attributes:
        place: File and line of its heading.
        title: Its heading's text.
        slides: Words of its slides today that the notes do not show.
        notes: Words of its notes today that the slides do not show.
        differs: Whether its slides were others than today, in what was seen so far.
        changed: The commit that made them what they are; None if nobody committed that.
        since: The commit that made its notes what they are.
        then: Words of its slides in that commit.
    """

    place: tuple[str, int]
    title: str
    slides: Words
    notes: Words
    differs: bool = False
    changed: Commit | None = None
    since: Commit | None = None
    then: Words = field(default=())


def find(chapter: Chapter, both: Both, history: History) -> Iterator[Problem]:
    """Go back through the texts of a chapter until all its notes have been others.

    Args:
        chapter: The chapter.
        both: What it shows today; with included files, whose history is not followed.
        history: The book's.
    """
    path = chapter.entry.path
    today = own_words(read_text(chapter.text, path))
    open_ones = [
        Watched(section.place, section.heading.title, *today[section.heading.title.casefold()])
        for section in both.pages.sections
        if section.place[0] == path and all(today.get(section.heading.title.casefold(), ()))
    ]
    settled: list[Watched] = []
    newer: Commit | None = None
    for commit, text in history.versions(path) if open_ones else ():
        before = own_words(read_text(text, path))
        for one in list(open_ones):
            slides, notes = before.get(one.title.casefold(), ((), ()))
            if notes != one.notes:
                open_ones.remove(one)
                settled.append(one)
                continue
            if slides != one.slides and not one.differs:
                one.differs, one.changed = True, newer
            one.since, one.then = commit, slides
        if not open_ones:
            break
        newer = commit
    for one in (*settled, *open_ones):
        if one.since and one.then and one.then != one.slides:
            when = f"in {one.changed}" if one.changed else "since the last commit"
            yield Problem(
                one.place[0],
                one.place[1],
                "notes-older-than-slides",
                f"the slides of `{one.title}` changed {when}, its notes last in {one.since}",
                "see whether the notes still say the same",
            )


def read_text(text: str, path: str) -> Both:
    """Read a chapter's own lines in both renderings, without what it includes."""

    def side(rendering: str) -> Side:
        rendered, _ = render_chapter(text, rendering, path)
        head = front_matter_end(rendered.text)
        lines = zip(rendered.text.split("\n"), rendered.lines, strict=True)
        places = [Place(line, path, number) for line, number in lines]
        return read_side(places[head:], rendering)

    return Both(side("slides"), side("pages"))


def own_words(both: Both) -> dict[str, tuple[Words, Words]]:
    """Return for each title the words that its slides show alone, and those of its notes alone.

    Two sections of one title cannot be told apart in another version, and are left out.
    """
    slides, notes = _alone(both.slides, both.pages), _alone(both.pages, both.slides)
    return {title: (slides.get(title, ()), words) for title, words in notes.items()}


def _alone(here: Side, there: Side) -> dict[str, Words]:
    found: dict[str, Words] = {}
    twice: set[str] = set()
    for section in here.sections:
        title = section.heading.title.casefold()
        twice |= {title} & found.keys()
        found[title] = tuple(
            word
            for line in section.lines
            if (line.place.path, line.place.line) not in there.lines
            for word in _WORD.findall(line.place.text.casefold())
        )
    return {title: words for title, words in found.items() if title not in twice}
