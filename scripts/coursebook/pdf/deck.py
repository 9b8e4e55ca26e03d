"""A deck on paper: one sheet of 1280 × 720 for each slide, or for each of its steps.

A slide of a deck becomes::

    <div class="cb-sheet">
      <section class="cb-slide" id="one">…</section>
    </div>
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from coursebook.pdf.chapters import Chapter
from coursebook.pdf.code_lines import split_code
from coursebook.pdf.facts import BookFacts
from coursebook.pdf.links import Links
from coursebook.pdf.sheets import (
    clean,
    drop_ids,
    fill,
    from_root,
    language,
    ours,
    places,
    root_addresses,
    style_sheets,
)

STEP = "fragment"

LOOK_HERE = "cb-step"
"""A step in code that is explained line by line: it tells ears what is lit."""

STEPPED = "cb-stepped"
"""Code with such steps; a module of the deck lights its lines."""

NOT_ON_SLIDE = ("cb-above", "cb-rest")
"""Lines that an earlier slide has, and the rest of an output that a slide clips."""

SHOW_ALL = "cb-show-all"
"""The button that opens a clipped output; on paper it tells how much there is."""

BACKGROUNDS = {
    "data-background-color": "background-color: {}",
    "data-background-gradient": "background-image: {}",
    "data-background-image": 'background: url("{}") center / cover no-repeat',
}
"""What an author may say of a slide's background, and how a style says it."""


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes:
        id: Its id in the deck, by which it is addressed.
        title: What its heading says; of a slide without one, that of the slide before.
        level: Level of its heading, 1 to 3.
        section: Id of the section of the page that its notes stand in; empty for the whole page.
        element: The slide itself.
        sheets: How many sheets show it.
    """

    id: str
    title: str
    level: int
    section: str
    element: Tag
    sheets: int = 1


def read_slides(deck: BeautifulSoup) -> list[Slide]:
    """Name the slides of a deck, in order."""
    found: list[Slide] = []
    title, level = "", 1
    for element in deck.select(".slides section.cb-slide"):
        heading = element.find(["h1", "h2", "h3"])
        if isinstance(heading, Tag):
            title, level = " ".join(heading.get_text().split()), int(heading.name[1])
        link = element.select_one(".cb-foot a.cb-counterpart")
        section = str(link["href"]).partition("#")[2] if link else ""
        found.append(Slide(str(element["id"]), title, level, section, element))
    return found


@dataclass(frozen=True)
class DeckDocument:
    """A deck, ready to be printed.

    Attributes:
        html: The document.
        slides: Its slides, each with the number of its sheets.
        lost: Links that lead nowhere on paper.
    """

    html: str
    slides: list[Slide]
    lost: list[str]


def deck_document(
    chapter: Chapter,
    deck: BeautifulSoup,
    facts: BookFacts,
    *,
    steps: bool = False,
    only: str = "",
) -> DeckDocument:
    """Put a deck together for paper.

    Args:
        chapter: Whose deck it is.
        deck: As it was rendered; it is taken apart.
        facts: About the book.
        steps: Show every step of a slide on a sheet of its own, or all at once.
        only: Id of the one slide to print; empty for all.
    """
    slides = read_slides(deck)
    if only:
        slides = [slide for slide in slides if slide.id == only]
    inside = places([slide.element for slide in slides], chapter.deck_address, slides[0].id)
    links = Links(facts.base, inside)
    shown: list[Slide] = []
    sheets: list[Tag] = []
    for slide in slides:
        prepare(slide.element, chapter.deck_address, links)
        pages = list(stepped(slide.element)) if steps else [merged(slide.element)]
        sheets += pages
        shown.append(
            Slide(slide.id, slide.title, slide.level, slide.section, slide.element, len(pages))
        )
    html = fill(
        "deck.html",
        language=language(deck),
        title=f"{shown[0].title} · {facts.title}" if facts.title else shown[0].title,
        styles=style_sheets(deck, chapter.deck_address) + ours("code.css", "slides.css"),
        sheets=sheets,
        merged=not steps,
        lit=steps and any(slide.element.find(class_=STEPPED) for slide in slides),
    )
    return DeckDocument(html, shown, links.lost)


def prepare(slide: Tag, address: str, links: Links) -> None:
    """Make a slide ready for paper, in place."""
    for element in slide.find_all(class_=NOT_ON_SLIDE):
        element.decompose()
    for button in slide.find_all("button", class_=SHOW_ALL):
        button.name = "p"
        del button["type"]
    clean(slide)
    root_addresses(slide, address)
    if not links.base:
        for link in slide.select(".cb-foot a.cb-counterpart"):
            link.decompose()
    links.rewrite(slide, address)
    split_code(slide)
    styles = [str(slide["style"])] if slide.get("style") else []
    for name, style in BACKGROUNDS.items():
        if value := str(slide.get(name) or ""):
            if name == "data-background-image":
                value = from_root(value, address).replace('"', "%22")
            styles.append(style.format(value))
    if styles:
        slide["style"] = "; ".join(styles)


def merged(slide: Tag) -> Tag:
    """Show all steps of a slide at once."""
    for step in slide.find_all(class_=LOOK_HERE):
        step.decompose()
    for step in slide.select(f".{STEP}"):
        add_classes(step, "visible")
    return slide


def add_classes(element: Tag, *names: str) -> None:
    """Give an element further classes."""
    element["class"] = " ".join([*map(str, element.get_attribute_list("class")), *names])


def stepped(slide: Tag) -> Iterator[Tag]:
    """Yield a slide once for each of its steps, as it is seen when one after the other appears.

    Only the first has ids.
    """
    groups = step_groups(slide)
    for shown in range(len(groups) + 1):
        sheet = copy.copy(slide)
        elements = sheet.select(f".{STEP}")
        for number, group in enumerate(groups[:shown], 1):
            for place in group:
                current = ["current-fragment"] if number == shown else []
                add_classes(elements[place], "visible", *current)
        if shown:
            drop_ids(sheet)
        yield sheet


def step_groups(slide: Tag) -> list[list[int]]:
    """Return which steps appear together, in order, as reveal.js sorts them.

    Those with an index come first, equal ones together; the others follow one by one.
    Source: ``js/controllers/fragments.js`` of reveal.js 5, ``sort``.
    """
    ordered: Mapping[int, list[int]] = {}
    single: list[list[int]] = []
    for place, element in enumerate(slide.select(f".{STEP}")):
        index = str(element.get("data-fragment-index", ""))
        if re.fullmatch(r"-?\d+", index):
            ordered = {**ordered, int(index): [*ordered.get(int(index), []), place]}
        else:
            single.append([place])
    return [ordered[index] for index in sorted(ordered)] + single
