"""Joining both renderings: every link between page and deck leads to something that exists.

Runs after both are rendered, on their output; see ``coursebook.course.counterparts`` for why.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from coursebook.course.counterparts import (
    Section,
    add_turns,
    correct,
    deck_address,
    page_address,
    to_deck,
    to_page,
)
from coursebook.course.same_place import PageBlock, SamePlaces
from coursebook.course.slide_list import SLIDES_FILE, Slide, read_slides
from coursebook.paths import SLIDES, Tree
from coursebook.renderings import DECK, SITE, Rendering, output

SECTIONS = "sections.json"
BLOCKS = "blocks.json"
JOINED = "joined.json"


def sections_file(place: Path) -> Path:
    """Return where a rendering lists its sections.

    Args:
        place: Where the rendering writes its output.
    """
    return place.parent / SECTIONS


def read_sections(tree: Tree, rendering: Rendering) -> dict[str, list[Section]]:
    """Return what a rendering wrote when it was done: chapter → its sections in reading order."""
    path = sections_file(output(tree, rendering))
    data = json.loads(path.read_text(encoding="utf-8"))
    return {
        docname: [
            Section(name, line, source, parent, tuple(names))
            for name, line, source, parent, names in rows
        ]
        for docname, rows in data.items()
    }


def read_blocks(tree: Tree) -> dict[str, list[PageBlock]]:
    """Return what stands in the sections of each page, as the site wrote it when it was done."""
    path = output(tree, SITE).parent / BLOCKS
    data = json.loads(path.read_text(encoding="utf-8"))
    return {docname: [PageBlock(*row) for row in rows] for docname, rows in data.items()}


def join(tree: Tree) -> None:
    """Correct the links of all chapters that were written since the last time.

    Files are replaced only where a link was wrong; doing it twice changes nothing.
    """
    pages, decks = read_sections(tree, SITE), read_sections(tree, DECK)
    blocks = read_blocks(tree)
    slides = read_slides(output(tree, DECK).parent / SLIDES_FILE)
    memory = tree.work / JOINED
    seen = json.loads(memory.read_text(encoding="utf-8")) if memory.exists() else {}
    now: dict[str, list[int]] = {}
    for docname in sorted(set(pages) & set(decks)):
        page = output(tree, SITE) / page_address(docname)
        deck = output(tree, DECK) / deck_address(docname).removeprefix(f"{SLIDES}/")
        if not (page.exists() and deck.exists()):
            continue
        if seen.get(docname) != _times(page, deck):
            text = _read(page)
            # What was written without an element has no id that a link could lead to.
            there = [block for block in blocks.get(docname, ()) if f'id="{block.id}"' in text]
            shown = [_below_book(tree, slide) for slide in slides.get(docname, ())]
            same = SamePlaces(pages[docname], there, decks[docname], shown)
            text = correct(add_turns(text, docname, {}), docname, same.slide, to_deck)
            _replace(page, add_turns(text, docname, same.turns()))
            _replace(deck, correct(_read(deck), docname, same.notes, to_page, same.steps))
        now[docname] = _times(page, deck)
    memory.write_text(json.dumps(now), encoding="utf-8")


def _below_book(tree: Tree, slide: Slide) -> Slide:
    """Name the files of a slide as sections and paragraphs are named: below the book's folder."""
    top = f"{tree.relative(tree.book)}/"
    blocks = (replace(block, source=block.source.removeprefix(top)) for block in slide.blocks)
    return replace(slide, source=slide.source.removeprefix(top), blocks=tuple(blocks))


def _times(*files: Path) -> list[int]:
    return [file.stat().st_mtime_ns for file in files]


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _replace(file: Path, text: str) -> None:
    if text != _read(file):
        file.write_text(text, encoding="utf-8")
