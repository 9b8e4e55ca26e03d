"""Which paragraph of a page belongs to a slide, and which slide to a paragraph.

A section may go on over several slides, and a slide may begin in the middle of its section. Both
renderings keep the author's lines, so what stands on both sides has the same line, and what stands
on one side alone lies between two such lines::

    ## Locks                    page            slides
    {% if slide %}
    - three words                               locks
    {% else %}
    What a lock is.             #locks
    {% endif %}
    {revealjs-break}
    ![a lock](lock.svg)         #locks--3f2a1   locks--2

A slide leads to its first block, if the page has that, too; or else to what the page says first
from where the slide begins. Where nothing of the section stands above that, it leads to the
heading. A paragraph leads to the slide that began last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coursebook.course.counterparts import Section, counterpart, same_heading
from coursebook.course.slide_list import Block, Slide

DEEPEST = 3
"""Sections below this level have no slides of their own."""

NO_CONTENT = ("frame", "title", "notes")
"""Kinds of blocks that are nothing which a page could say in other words."""


@dataclass(frozen=True)
class PageBlock:
    """A paragraph, list, figure or cell of a page that stands in a section and in nothing else.

    Attributes:
        id: Where links lead.
        section: Id of its section.
        source: File that it is written in, as ``Section`` names it.
        line: Its first line there.
    """

    id: str
    section: str
    source: str
    line: int


class SamePlaces:
    """What belongs together in the two renderings of a chapter.

    Args:
        page: Sections of the page.
        blocks: What stands in them, in reading order.
        deck: Sections of the deck.
        slides: The slides in order; their sources named as those of the sections.
    """

    def __init__(
        self,
        page: Sequence[Section],
        blocks: Sequence[PageBlock],
        deck: Sequence[Section],
        slides: Sequence[Slide],
    ) -> None:
        self.page, self.blocks, self.deck, self.slides = page, blocks, deck, slides
        self.slide_of = {slide.id: slide for slide in slides}
        self.order = {slide.id: place for place, slide in enumerate(slides)}
        self.owners = {one.id: self._owner(one) for one in page}
        self.homes = {slide.id: counterpart(slide.section, deck, page) for slide in slides}

    def notes(self, slide: str) -> str:
        """Return the id of the page that a slide's link leads to; empty for its top."""
        found = self.slide_of.get(slide)
        if found is None:
            return counterpart(slide, self.deck, self.page)
        home = self.homes[slide]
        first = _first(found)
        if first is None:
            return home
        here = (first.source, first.line)
        if any((one.source, one.line) == here for one in self._near(home)):
            return self._paragraph(home, *here)
        before = [one for one in self.slides if one.section == found.section]
        before = before[: before.index(found)]
        if not before and found.section == self._twin(home):
            return home
        return self._paragraph(home, found.source, _start(found, before))

    def steps(self, slide: str) -> str:
        """Say where each part of a slide has its notes, if not all at one place.

        Returns:
            ``3:locks--3f2a1 5:locks--cell-1``: from the third child of the slide's body on, counted
            from 0, and from the fifth; empty if all of it leads to one place.
        """
        found = self.slide_of.get(slide)
        if found is None:
            return ""
        home = self.homes[slide]
        child = 0
        rows: list[tuple[int, str]] = []
        for block in found.blocks:
            if block.kind not in NO_CONTENT:
                goal = self._paragraph(home, block.source, block.line)
                if not rows or rows[-1][1] != goal:
                    rows.append((child, goal))
            child += block.elements
        return " ".join(f"{place}:{goal}" for place, goal in rows) if len(rows) > 1 else ""

    def slide(self, section: str) -> str:
        """Return the id of the slide that belongs to a section of the page; empty for the first."""
        own = next((one for one in self.page if section in (one.id, *one.names)), None)
        if own is None:
            return ""
        owner = self.owners[own.id]
        twin = self._twin(own.id)
        return twin if owner == own.id else self._slide_at(owner, own.source, own.line)

    def turns(self) -> Mapping[str, str]:
        """Return blocks of the page at which another slide of their section begins: id → slide."""
        levels = {one.id: level(self.page, place) for place, one in enumerate(self.page)}
        found: dict[str, str] = {}
        section, reached = None, -1
        for block in self.blocks:
            if block.section != section:
                section = block.section
                if levels.get(section, DEEPEST) <= DEEPEST:
                    reached = self.order.get(self.slide(section), 0)
            owner = self.owners.get(block.section, "")
            place = self.order.get(self._slide_at(owner, block.source, block.line), -1)
            if place > reached:
                found[block.id] = self.slides[place].id
                reached = place
        return found

    def _paragraph(self, home: str, source: str, line: int) -> str:
        """Find what stands first at or after a line, in the section that has a slide's notes."""
        near = list(self._near(home))
        at = (one for one in near if one.source == source and one.line >= line)
        found = next(at, None)
        return home if found is None or found is near[0] else found.id

    def _near(self, home: str) -> Iterator[PageBlock]:
        """Yield blocks of a section of the page, and of those in it that have no slides."""
        return (block for block in self.blocks if self.owners.get(block.section) == home)

    def _twin(self, section: str) -> str:
        """Return the section of the deck with the same heading as one of the page, if there is."""
        own = next((one for one in self.page if one.id == section), None)
        return same_heading(own, self.deck) if own else ""

    def _owner(self, own: Section) -> str:
        """Return the nearest section of the page, from one outwards, that has its own slide."""
        place = self.page.index(own)
        while place >= 0:
            one = self.page[place]
            twin = same_heading(one, self.deck)
            there = (level(self.deck, at) for at, two in enumerate(self.deck) if two.id == twin)
            if twin and next(there) <= DEEPEST:
                return one.id
            place = one.parent
        return ""

    def _slide_at(self, owner: str, source: str, line: int) -> str:
        """Return the slide that began last before a line, of those with notes in a section."""
        slides = [slide for slide in self.slides if self.homes[slide.id] == owner]
        found = slides[0].id if slides else self._twin(owner)
        for place, slide in enumerate(slides[1:], 1):
            before = [one for one in slides[:place] if one.section == slide.section]
            if slide.source == source and _start(slide, before) <= line:
                found = slide.id
        return found


def _first(slide: Slide) -> Block | None:
    """Return the first block of a slide that says something."""
    return next((one for one in slide.blocks if one.kind not in NO_CONTENT), None)


def _start(slide: Slide, before: Sequence[Slide]) -> int:
    """Return the line at which a slide begins.

    Args:
        slide: The slide.
        before: The other slides of its section that come before it.
    """
    first = _first(slide)
    if first is None or not before:
        return slide.line
    # A break that nobody wrote, above long code, has no line of its own.
    start = slide.line if slide.line > before[0].line else first.line
    # Long code that goes on from the slide before belongs to that one.
    place = (first.source, first.line)
    goes_on = any((one.source, one.line) == place for other in before for one in other.blocks)
    return max(start, first.line + 1) if goes_on else start


def level(sections: Sequence[Section], place: int) -> int:
    """Return how deep a section of a list is nested; 1 for the chapter itself."""
    found = 0
    while place >= 0:
        found, place = found + 1, sections[place].parent
    return found
