"""Addresses of paragraphs: a slide leads to what the page says there, not only to its section.

Whatever stands in a section of a page and in nothing else gets an id of its section and of its own
text, which stays when other paragraphs come or go::

    <p id="locks--3f2a1">A lock names every wheel by its hash.</p>

Ids that something has already, such as a cell or a labelled figure, are left. ``blocks.json``
beside the output lists them with their lines; ``coursebook.course.same_place`` tells what for.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from coursebook.sphinx_ext.counterpart import section_id
from coursebook.sphinx_ext.kept import ChapterCollector, kept
from coursebook.sphinx_ext.written_at import WrittenAt

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

BLOCK = "cb_block"
"""Attribute of a node: the id that its element shall have."""

BLOCKS_FILE = "blocks.json"

UNSEEN = (nodes.title, nodes.section, nodes.target, nodes.comment, nodes.Invisible)

DIGITS = 5
"""Hexadecimal digits of an id: a million texts are enough for one section."""

FIRST_TAG = re.compile(r"\s*<[a-z][a-z0-9]*(?=[\s>])(?![^>]*\sid=)")
"""The first element of a block, up to its attributes, if it has no id of its own."""

Row = tuple[str, str, str, int]


class BlockCollector(ChapterCollector):
    """Names the blocks of every page, and keeps the list as long as the chapter stands."""

    key = "cb_blocks"

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Name the blocks of a chapter that was read."""
        _blocks(app.env)[app.env.docname] = list(named(doctree, WrittenAt(Path(app.srcdir))))


def named(doctree: nodes.document, written: WrittenAt) -> Iterator[Row]:
    """Name the blocks of a chapter, and yield id, id of the section, file and line of each.

    Args:
        doctree: The chapter; its nodes get their ids.
        written: Finds lines.
    """
    taken = set(doctree.ids)
    for section in doctree.findall(nodes.section):
        home = section_id(section)
        place = (written.name(section.source or ""), section.line or 0)
        for block in section.children if home else ():
            if not isinstance(block, nodes.Element) or isinstance(block, UNSEEN):
                continue
            place = written.place(block, *place)
            ids: list[str] = block["ids"]
            if not ids:
                block[BLOCK] = _free(f"{home}--{_digest(block)}", taken)
            yield (ids[0] if ids else block[BLOCK], home, *place)


def _digest(block: nodes.Element) -> str:
    pictures = (str(image["uri"]) for image in block.findall(nodes.image))
    text = " ".join((block.astext(), *pictures))
    return f"{zlib.crc32(text.encode()):08x}"[:DIGITS]


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free


def with_id(text: str, name: str) -> str:
    """Give the first element of a piece of HTML an id, if it has none."""
    return FIRST_TAG.sub(rf'\g<0> id="{name}"', text, count=1) if FIRST_TAG.match(text) else text


def _blocks(env: BuildEnvironment) -> dict[str, list[Row]]:
    return kept(env, BlockCollector.key)


def write_blocks(app: Sphinx, exception: Exception | None) -> None:
    """Write the list of all pages when a build has ended well."""
    if exception is None:
        text = json.dumps(dict(sorted(_blocks(app.env).items())))
        Path(app.outdir).parent.joinpath(BLOCKS_FILE).write_text(text, encoding="utf-8")


def setup_page_blocks(app: Sphinx) -> None:
    """Register the collector, and what is done at the end; the page's translator does the rest."""
    if app.config.cb_rendering == "pages":
        app.add_env_collector(BlockCollector)
        app.connect("build-finished", write_blocks)
