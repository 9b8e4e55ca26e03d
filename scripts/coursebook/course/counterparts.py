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
from collections.abc import Callable, Sequence
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
    r'(?P<address>[^"]*)"'
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
    lines = {(one.source, one.line): one.id for one in reversed(there) if one.line}
    names = {name: one.id for one in there for name in (*one.names, one.id)}
    place = next((n for n, one in enumerate(here) if section in (one.id, *one.names)), -1)
    while place >= 0:
        one = here[place]
        found = lines.get((one.source, one.line)) or names.get(one.id)
        if found:
            return found
        place = one.parent
    return ""


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
    docname: str, section: str, address: Callable[[str, str], str], classes: str = ""
) -> str:
    """Write the start of a link to the other rendering, up to where more attributes may follow.

    The address is the first guess, in the form that ``LINK`` finds and ``correct`` replaces.

    Args:
        docname: The chapter.
        section: Id of the section that the link belongs to; empty for the top.
        address: ``to_page`` or ``to_deck``.
        classes: Further classes of the link.
    """
    first = html.escape(address(docname, section))
    return (
        f'<a class="{f"{classes} cb-counterpart".strip()}"'
        f' data-cb-section="{html.escape(section)}" href="{first}"'
    )


def correct(
    text: str,
    docname: str,
    here: Sequence[Section],
    there: Sequence[Section],
    address: Callable[[str, str], str],
) -> str:
    """Correct all links of a page or deck to the other rendering.

    Args:
        text: HTML.
        docname: The chapter.
        here: Sections of this rendering of it.
        there: Sections of the other one.
        address: ``to_page`` or ``to_deck``.
    """

    def replace(found: re.Match[str]) -> str:
        goal = counterpart(html.unescape(found["section"]), here, there)
        return f'{found["start"]}{html.escape(address(docname, goal))}"'

    return LINK.sub(replace, text)
