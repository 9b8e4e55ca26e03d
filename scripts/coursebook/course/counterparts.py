"""Which section of one rendering belongs to which of the other, and how they are linked.

The same chapter is rendered twice, and neither rendering knows the sections of the other: a heading
may stand in one only. Each rendering therefore lists its sections while it reads, writes its links
with a first guess (the same id), and ``coursebook.counterparts`` corrects the guesses when both are
done. A link is then never dead, and works without JavaScript.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from coursebook.paths import SLIDES

INDEX = "index"
FRONT_DECK = "opening"
"""Deck of a chapter named ``index``: the index of decks stands at ``slides/index.html``."""

SPEAKER_VIEW = "speaker"
"""Page of the speaker view, beside the decks."""

LINK = re.compile(
    r'(?P<start><a class="[^"]*\bcb-counterpart\b[^"]*"'
    r' data-cb-section="(?P<section>[^"]*)" href=")'
    r'(?P<address>[^"]*)"(?: data-cb-places="(?P<places>[^"]*)")?'
)
"""How a link to the other rendering is written; see ``counterpart_start``."""


@dataclass(frozen=True)
class Section:
    """A heading of one rendering.

    Attributes:
        id: Where links lead: the author's own label, or else the id made from the title.
        line: Line of the heading in ``source``, the same in both renderings; 0 if unknown.
        source: File that the heading stands in (a chapter may include others).
        parent: Place of the enclosing section in the chapter's list, -1 for none.
        names: All ids that lead here.
    """

    id: str
    line: int
    source: str
    parent: int
    names: tuple[str, ...] = ()


def counterpart(section: str, here: Sequence[Section], there: Sequence[Section]) -> str:
    """Find what belongs to a section of one rendering in the other.

    The same heading (file and line) is the best answer, then one with the same id (written
    separately for slide and page), then the same for the enclosing section, and so on outwards.

    Args:
        section: Id of the section.
        here: Sections of the rendering it stands in, in reading order.
        there: Sections of the other rendering.

    Returns:
        Id of the section there; empty for the top of the chapter.
    """
    place = next((n for n, one in enumerate(here) if section in (one.id, *one.names)), -1)
    while place >= 0:
        one = here[place]
        if found := same_heading(one, there):
            return found
        place = one.parent
    return ""


def same_heading(section: Section, there: Sequence[Section]) -> str:
    """Return the id of the same heading in the other rendering; empty if it is not there."""
    lines = (
        one.id
        for one in there
        if one.line and (one.source, one.line) == (section.source, section.line)
    )
    names = (one.id for one in reversed(there) if section.id in (one.id, *one.names))
    return next(lines, "") or next(names, "")


def deck_name(docname: str) -> str:
    """Name the deck of a chapter, from the folder of all decks, without an ending."""
    return {INDEX: FRONT_DECK, SPEAKER_VIEW: f"{SPEAKER_VIEW}-slides"}.get(docname, docname)


def deck_address(docname: str) -> str:
    """Return where the deck of a chapter stands, from the root of the site."""
    return f"{SLIDES}/{deck_name(docname)}.html"


def page_address(docname: str) -> str:
    """Return where the page of a chapter stands, from the root of the site."""
    return f"{docname}.html"


def to_page(docname: str, section: str) -> str:
    """Write the address of a section's page as seen from its deck."""
    place = relative(deck_address(docname), page_address(docname))
    return f"{place}#{section}" if section else place


def to_deck(docname: str, section: str) -> str:
    """Write the address of a section's slide as seen from its page."""
    place = relative(page_address(docname), deck_address(docname))
    return f"{place}#/{section}" if section else place


def relative(start: str, target: str) -> str:
    """Write an address as seen from another one; both from the root of the site."""
    return posixpath.relpath(target, posixpath.dirname(start) or ".")


def counterpart_start(
    docname: str,
    section: str,
    address: Callable[[str, str], str],
    classes: str = "",
    name: str = "",
) -> str:
    """Write the start of a link to the other rendering, up to where more attributes may follow.

    The address is the first guess, in the form that ``LINK`` finds and ``correct`` replaces.

    Args:
        docname: The chapter.
        section: Id of the section that the link belongs to; empty for the top.
        address: ``to_page`` or ``to_deck``.
        classes: Further classes of the link.
        name: What ``correct`` knows the place by, if not by the section: a slide that goes on.
    """
    first = html.escape(address(docname, section))
    return (
        f'<a class="{f"{classes} cb-counterpart".strip()}"'
        f' data-cb-section="{html.escape(name or section)}" href="{first}"'
    )


def correct(
    text: str,
    docname: str,
    goal: Callable[[str], str],
    address: Callable[[str, str], str],
    places: Callable[[str], str] = lambda section: "",
) -> str:
    """Correct all links of a page or deck to the other rendering.

    Args:
        text: HTML.
        docname: The chapter.
        goal: Returns the id in the other rendering that belongs to a section or slide of this one.
        address: ``to_page`` or ``to_deck``.
        places: Returns what a link says of the parts of its slide, if it says something of them.
    """

    def replace(found: re.Match[str]) -> str:
        name = html.unescape(found["section"])
        link = f'{found["start"]}{html.escape(address(docname, goal(name)))}"'
        if found["places"] is None:
            return link
        return f'{link} data-cb-places="{html.escape(places(name))}"'

    return LINK.sub(replace, text)


TO_SLIDES = ' title="P">slides<span class="cb-hidden"> of this section</span></a>'
"""How the link from a heading to its slide goes on behind its address."""

FROM_HERE = ' title="P">slides<span class="cb-hidden"> from here on</span></a>'
"""The same of a link at a paragraph."""

TURN = "cb-turn-here"
"""Class of a link that stands above a paragraph at which another slide begins."""

TURN_LINK = re.compile(rf'<a class="[^"]*\b{TURN}\b[^>]*>.*?</a>\n')

HEADING_ABOVE = re.compile(r'</h[1-6]>\s*(?:<span id="[^"]*"></span>\s*)*\Z')
"""What stands above the first paragraph of a section."""


def add_turns(text: str, docname: str, turns: Mapping[str, str]) -> str:
    """Let the paragraphs of a page at which another slide begins have their link to it.

    Args:
        text: HTML of the page; such links that it has already are replaced.
        docname: The chapter.
        turns: Id of the paragraph → id of the slide.
    """
    text = TURN_LINK.sub("", text)
    for block, slide in turns.items():
        link = f"{counterpart_start(docname, slide, to_deck, f'cb-to-slides {TURN}')}{FROM_HERE}\n"
        first = re.compile(rf'<[a-z][a-z0-9]*(?: [^<>]*)? id="{re.escape(html.escape(block))}"')
        found = first.search(text)
        # A heading has such a link of its own.
        if found and not HEADING_ABOVE.search(text, 0, found.start()):
            text = f"{text[: found.start()]}{link}{text[found.start() :]}"
    return text
