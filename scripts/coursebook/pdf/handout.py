"""A handout: the page of a chapter, with the slides of each section above its text.

## One                    <section id="one"><h2>One</h2>
                          <div class="cb-strip">slide, slide, code of the section</div>
Notes …                   <p>Notes …</p></section>
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from coursebook.counterparts import read_sections
from coursebook.paths import Tree
from coursebook.pdf import codes
from coursebook.pdf.book import paper_content
from coursebook.pdf.chapters import Chapter
from coursebook.pdf.deck import Slide
from coursebook.pdf.facts import BookFacts
from coursebook.pdf.links import Links
from coursebook.pdf.sheets import fill, language, ours, places, style_sheets
from coursebook.pdf.stamping import MARK
from coursebook.problems import CourseError, Problem
from coursebook.renderings import SITE

CODE = "long-qr-target"

EMPTY = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 9'%3E"
    "%3Cpath d='M0 0h16v9H0z' fill='%23fff'/%3E%3C/svg%3E"
)
"""Keeps the place of a slide. It draws something: Chromium tells ears of nothing that is unseen."""


@dataclass(frozen=True)
class Handout:
    """A handout, ready to be printed.

    Attributes:
        html: The document.
        title: The chapter's.
        lost: Links that lead nowhere on paper.
    """

    html: str
    title: str
    lost: list[str]


@dataclass(frozen=True)
class Target:
    """What a code leads to: its address, what is written beside it, and what ears are told."""

    address: str
    text: str
    picture: str


def handout_document(
    tree: Tree, chapter: Chapter, slides: Sequence[Slide], facts: BookFacts
) -> Handout:
    """Put the handout of a chapter together.

    Args:
        tree: The book, rendered.
        chapter: The chapter.
        slides: Those of its deck.
        facts: About the book.

    Raises:
        CourseError: Addresses are too long for a code.
    """
    page = chapter.page(tree)
    content = paper_content(page, chapter)
    content["id"] = "top"
    here = places([content], chapter.page_address, "top")
    links = Links(facts.base, here)
    links.rewrite(content, chapter.page_address)
    maker = _Codes(tree, chapter, links)
    shown = _by_section(content, slides)
    for section in content.find_all("section"):
        mine = shown.get(id(section), [])
        targets = maker.targets(section, shown=bool(mine)) if facts.base else []
        if mine or targets:
            _insert(section, mine, targets, len(slides))
    if maker.problems:
        raise CourseError(maker.problems)
    heading = content.find("h1")
    title = " ".join(heading.get_text().split()) if isinstance(heading, Tag) else facts.title
    html = fill(
        "handout.html",
        language=language(page),
        facts=facts,
        title=title,
        address=links.published(chapter.page_address) if facts.base else "",
        styles=[
            *style_sheets(page, chapter.page_address),
            *ours("code.css", "paper.css", "handout.css"),
        ],
        content=content,
    )
    return Handout(html, title, links.lost)


def _by_section(content: Tag, slides: Sequence[Slide]) -> Mapping[int, list[tuple[int, Slide]]]:
    """Sort slides by the section of the page that has their notes.

    One whose section has no notes stays behind the slide before it.
    """
    found: dict[int, list[tuple[int, Slide]]] = {}
    sections = content.find_all("section")
    order = {id(section): place for place, section in enumerate(sections)}
    reached = 0
    for number, slide in enumerate(slides):
        target = content.find(id=slide.section) if slide.section else None
        if target is not None and target.name != "section":
            target = target.find_parent("section")
        reached = max(reached, order.get(id(target), 0))
        found.setdefault(id(sections[reached]), []).append((number, slide))
    return found


class _Codes:
    """Makes the codes of a chapter, and remembers what is too long for one."""

    def __init__(self, tree: Tree, chapter: Chapter, links: Links) -> None:
        self.chapter, self.links = chapter, links
        self.problems: list[Problem] = []
        # By its own label a section is known longer than by its title.
        self.places = {
            name: (section.id, tree.relative(tree.book / section.source), section.line)
            for section in read_sections(tree, SITE).get(chapter.docname, [])
            for name in (section.id, *section.names)
        }

    def targets(self, section: Tag, *, shown: bool) -> list[Target]:
        """Return the codes of a section: of itself, and of its first cell that can be run.

        Args:
            section: The section.
            shown: It has slides; without, only a cell is worth a code.
        """
        name = str(section.get("id", ""))
        name, path, line = self.places.get(name, (name, self.chapter.path, 0))
        found = self._target(name, "This section", path, line) if shown else []
        cells = section.select(".cell[data-cb-cell]:not([data-cb-needs])")
        own = [cell for cell in cells if cell.find_parent("section") is section]
        if own and own[0].get("id"):
            line = int(str(own[0].get("data-cb-line") or line))
            found += self._target(str(own[0]["id"]), "Run it", path, line)
        return found

    def _target(self, name: str, text: str, path: str, line: int) -> list[Target]:
        address = self.links.published(self.chapter.page_address, name)
        try:
            return [Target(address, text, codes.picture(address))]
        except codes.TooLongError as error:
            self.problems.append(
                Problem(
                    path,
                    line,
                    CODE,
                    f"the address of this place has {error.length} characters, and a code on "
                    f"paper holds {error.limit}: {address[:60]}…",
                    "write a short label above the heading, such as `(short)=`, or publish at a "
                    "shorter address",
                )
            )
            return []


def _insert(
    section: Tag, slides: Sequence[tuple[int, Slide]], targets: Sequence[Target], total: int
) -> None:
    """Put slides and codes below the heading of a section."""
    strip = fill(
        "strip.html",
        slides=[
            {"mark": f"{MARK}{number}", "number": number + 1, "text": words(slide.element)}
            for number, slide in slides
        ],
        targets=targets,
        total=total,
        empty=EMPTY,
    )
    heading = section.find(["h1", "h2", "h3", "h4", "h5", "h6"], recursive=False)
    place = heading or section.find("header", recursive=False)
    made = BeautifulSoup(strip, "html.parser")
    if isinstance(place, Tag):
        place.insert_after(made)
    else:
        section.insert(0, made)


def words(slide: Tag) -> str:
    """Return what a slide says, for who cannot see it."""
    body = slide.select_one(".cb-body")
    return " ".join((body or slide).get_text(" ").split())
