"""What each section shows on its slides and in its notes, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from coursebook.course.chapter import Chapter
from coursebook.course.facts import Heading, Place, read_facts
from coursebook.course.markdown_lines import Fences, Kind

UNSEEN = frozenset(
    ("speaker", "toctree", "contents", "index", "fragments", "revealjs-slide", "revealjs-section")
)
"""Directives that show nothing by themselves."""

FOR_THE_SPEAKER = "speaker"
BREAK = "revealjs-break"

_UNSEEN_LINE = re.compile(r"\s*(?:$|\([^()]+\)=\s*$|%|<!--.*-->\s*$|\+\+\+)")
_OPTION = re.compile(r"\s*:[\w-]+:")
_HIDDEN_CELL = {
    "slides": re.compile(r"\b(?:page-only|remove-cell)\b"),
    "pages": re.compile(r"\b(?:slide-only|remove-cell)\b"),
}
_LABEL = re.compile(r"\s*\(([^()]+)\)=\s*$")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Shown:
    """A line that a reader sees; ``code`` where it stands in a block of code."""

    place: Place
    code: bool


@dataclass
class Section:
    """A heading and what stands below it, up to the next heading of whatever level.

    Attributes:
        heading: The heading.
        depth: How deep it is nested, 1 for the chapter itself.
        parent: The section around it.
        names: Its labels, and its title as an address.
        lines: What is seen below it.
        breaks: How many slides begin below it without a heading.
    """

    heading: Heading
    depth: int
    parent: Section | None
    names: frozenset[str]
    lines: list[Shown] = field(default_factory=list)
    breaks: int = 0

    @property
    def place(self) -> tuple[str, int]:
        """File and line of the heading."""
        return self.heading.place.path, self.heading.place.line


class Side:
    """One rendering of a chapter.

    Attributes:
        sections: In order; each has its subsections behind it.
    """

    def __init__(self, sections: Sequence[Section]) -> None:
        self.sections = tuple(sections)

    @cached_property
    def places(self) -> dict[tuple[str, int], Section]:
        """Sections by file and line."""
        return {section.place: section for section in self.sections}

    @cached_property
    def titles(self) -> dict[str, Section]:
        """Sections by what they are called; of two, the first."""
        return {section.heading.title.casefold(): section for section in reversed(self.sections)}

    @cached_property
    def lines(self) -> frozenset[tuple[str, int]]:
        """File and line of all that is seen."""
        return frozenset(
            (line.place.path, line.place.line)
            for section in self.sections
            for line in section.lines
        )

    def match(self, other: Section) -> Section | None:
        """Find the section that belongs to one of the other side."""
        return self.places.get(other.place) or self.titles.get(other.heading.title.casefold())

    def below(self, section: Section) -> Iterator[Section]:
        """Yield a section and all that stand in it."""
        start = self.sections.index(section)
        yield section
        for one in self.sections[start + 1 :]:
            if one.depth <= section.depth:
                return
            yield one


@dataclass(frozen=True)
class Both:
    """Both renderings of a chapter."""

    slides: Side
    pages: Side


def read_both(chapter: Chapter) -> Both:
    """Read both renderings of a chapter, with the files that it includes."""
    return Both(
        read_side(list(chapter.places("slides")), "slides"),
        read_side(list(chapter.places("pages")), "pages"),
    )


def read_side(places: Sequence[Place], rendering: str) -> Side:
    """Read the lines of one rendering.

    Args:
        places: All of them in order, front matter left out.
        rendering: ``"slides"`` or ``"pages"``.
    """
    headings = {heading.place: heading for heading in read_facts(places).headings}
    sections: list[Section] = []
    labels: list[str] = []
    for place, kind, directive in _seen(places, rendering):
        heading = headings.get(place)
        if heading:
            sections.append(_section(heading, sections, labels))
            labels = []
        elif label := (kind is Kind.TEXT and _LABEL.match(place.text)):
            labels.append(label[1])
        elif sections and directive == BREAK:
            sections[-1].breaks += 1
        elif sections and not (kind is Kind.TEXT and _UNSEEN_LINE.match(place.text)):
            sections[-1].lines.append(Shown(place, kind is Kind.VERBATIM))
    return Side(sections)


def _section(heading: Heading, before: Sequence[Section], labels: Iterable[str]) -> Section:
    around = before[-1] if before else None
    while around and around.heading.level >= heading.level:
        around = around.parent
    depth = around.depth + 1 if around else 1
    return Section(heading, depth, around, frozenset((*labels, address(heading.title))))


def address(title: str) -> str:
    """Write a title as Sphinx makes an address of it."""
    return "-".join(_WORD.findall(title.casefold().replace("_", "-")))


def _seen(places: Sequence[Place], rendering: str) -> Iterator[tuple[Place, Kind, str]]:
    """Yield the lines that show something, headings and labels, with the directive that opens."""
    fences = Fences()
    options_end, hidden = -1, False
    for number, place in enumerate(places):
        kind = fences.feed(place.text)
        names = [fence.directive for fence in fences.stack]
        if kind is Kind.OPENING:
            options = _options(places[number + 1 :]) if names[-1] else []
            options_end = number + len(options)
            is_cell = names[-1] == "code-cell"
            hidden = is_cell and any(map(_HIDDEN_CELL[rendering].search, options))
            if names[-1] and names[-1] not in UNSEEN and not is_cell:
                yield place, kind, names[-1]
        elif number <= options_end or kind is Kind.CLOSING or FOR_THE_SPEAKER in names:
            continue
        elif kind is not Kind.VERBATIM or (place.text.strip() and not hidden):
            yield place, kind, ""


def _options(places: Sequence[Place]) -> list[str]:
    """Return the lines with the options of a directive, which these lines follow.

    Either lines as `:tags: [page-only]`, or YAML between two lines of `---`.
    """
    found: list[str] = []
    in_block = bool(places) and places[0].text.strip() == "---"
    for place in places:
        if not in_block and not _OPTION.match(place.text):
            break
        found.append(place.text)
        if in_block and len(found) > 1 and place.text.strip() == "---":
            break
    return found
