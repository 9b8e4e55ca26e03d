"""Slides of a chapter that was written to be read: what stands out below each heading.

Kept are the first sentence, the first list, the first figure, and everything that is no running
text: cells with their outputs, code, tables, formulas, admonitions, grids and tabs::

    ## Locks                                        Locks
    A lockfile keeps wish and fact apart. You …      │ A lockfile keeps wish and fact apart.
    ![Three days](days.svg)                          │ [figure]
    Standing still for ever is not the goal …        │

What does not fit goes on on a new slide. The rest stays in the doctree without being shown, so that
figures have the numbers of the page, and every link leads to the slide where its goal would stand.

Which chapters these are is told in ``coursebook.course.slide_text``.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx_revealjs.nodes import revealjs_break

from coursebook.sphinx_ext import heights
from coursebook.sphinx_ext.conditionals import FROM_HEADINGS
from coursebook.sphinx_ext.heights import BODY, GAP
from coursebook.sphinx_ext.long_code import FEWEST, READ, setting_of
from coursebook.sphinx_ext.sentences import shorten
from coursebook.sphinx_ext.slides import DEEPEST, level

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

LISTS = (
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.definition_list,
    nodes.field_list,
    nodes.option_list,
)

ASIDE = (nodes.sidebar, nodes.topic, nodes.transition, nodes.line_block)
"""What stands beside the text of a page, or divides it."""

BRIEF_QUOTE = 280
"""Characters of a quotation that a slide still shows."""

ROWS = 9
"""Rows of a table that a slide shows."""

OUTPUT = 8
"""Lines of an output that share a slide with what stands above it; what is left shows more."""


class LeftOut(nodes.Invisible, nodes.Element):
    """What the page shows and the slide does not; numbers and links need it."""


def visit_left_out(translator: HTML5Translator, node: LeftOut) -> None:
    """Write the goals of links alone."""
    for element in node.findall(nodes.Element):
        names: list[str] = element.get("ids", [])
        for name in names:
            translator.body.append(f'<span id="{html.escape(name)}"></span>')
    raise nodes.SkipNode


def choose(app: Sphinx, doctree: nodes.document) -> None:
    """Choose what the slides of a chapter show (event ``doctree-read``)."""
    if app.config.cb_rendering != "slides" or not app.env.temp_data.get(FROM_HEADINGS):
        return
    for section in list(doctree.findall(nodes.section)):
        choose_of_section(section)
    _leave_out_footnotes(doctree)


def choose_of_section(section: nodes.section) -> None:
    """Choose what a section shows, deeper sections apart."""
    seen: set[str] = set()
    for child in list(section.children):
        kind = _kind(child)
        if kind == "none":
            continue
        if kind in ("text", "list", "figure") and kind in seen:
            _leave_out(child)
            continue
        seen.add(kind)
        if kind in ("aside", "long"):
            _leave_out(child)
        elif isinstance(child, nodes.Element):
            _shorten(child)


def _kind(node: nodes.Node) -> str:
    """Say what counts for a block: ``none`` is no block, and ``shown`` always stays."""
    if not isinstance(node, nodes.Element) or isinstance(
        node, nodes.title | nodes.section | nodes.Invisible | nodes.target | nodes.footnote
    ):
        return "none"
    if isinstance(node, nodes.figure | nodes.image) or heights.is_picture(node):
        return "figure"
    if isinstance(node, nodes.paragraph):
        return "text"
    if isinstance(node, LISTS):
        return "list"
    if isinstance(node, ASIDE):
        return "aside"
    if isinstance(node, nodes.block_quote) and len(node.astext()) > BRIEF_QUOTE:
        return "long"
    return "shown"


def _shorten(node: nodes.Element) -> None:
    """Keep the first sentence of a text, of every item of a list, and within a box."""
    if isinstance(node, nodes.paragraph):
        rest = shorten(node)
        if rest is not None:
            node.parent.insert(node.parent.index(node) + 1, LeftOut("", rest))
    elif isinstance(node, LISTS):
        for kind in (nodes.list_item, nodes.definition, nodes.field_body):
            for item in node.findall(kind):
                _shorten_blocks(item)
    elif isinstance(node, nodes.Admonition):
        _shorten_blocks(node)
    elif isinstance(node, nodes.figure):
        for caption in node.findall(nodes.caption):
            rest = shorten(caption)
            if rest is not None:
                node += LeftOut("", rest)
    elif isinstance(node, nodes.table):
        for body in node.findall(nodes.tbody):
            more = len(body.children) - ROWS
            if more > 1:
                _leave_out_all(body.children[ROWS:])
                words = f"… {more} more rows in the notes"
                note = nodes.paragraph(words, words, classes=["cb-more-rows"])
                node.parent.insert(node.parent.index(node) + 1, note)


def _shorten_blocks(holder: nodes.Element) -> None:
    """Keep the first sentence of a box or an item, and all that is no running text."""
    first = True
    for child in list(holder.children):
        if not isinstance(child, nodes.paragraph) or heights.is_picture(child):
            continue
        if first:
            _shorten(child)
        else:
            _leave_out(child)
        first = False


def _leave_out(node: nodes.Node) -> None:
    parent = node.parent
    place = parent.index(node)
    parent.remove(node)
    hidden = LeftOut()
    hidden += node
    parent.insert(place, hidden)


def _leave_out_all(several: Iterable[nodes.Node]) -> None:
    for node in list(several):
        _leave_out(node)


def _leave_out_footnotes(doctree: nodes.document) -> None:
    """Leave out footnotes that no slide mentions any more."""
    mentioned = {
        reference.get("refid")
        for reference in doctree.findall(nodes.footnote_reference)
        if not _is_left_out(reference)
    }
    for footnote in list(doctree.findall(nodes.footnote)):
        if not mentioned.intersection(footnote["ids"]) and not _is_left_out(footnote):
            _leave_out(footnote)


def _is_left_out(node: nodes.Node | None) -> bool:
    while node is not None:
        if isinstance(node, LeftOut):
            return True
        node = node.parent
    return False


def go_on(app: Sphinx, doctree: nodes.document) -> None:
    """Begin a new slide before what does not fit (event ``doctree-read``)."""
    if app.config.cb_rendering != "slides" or not app.env.temp_data.get(FROM_HEADINGS):
        return
    for section in list(doctree.findall(nodes.section)):
        if level(section) <= DEEPEST:
            _go_on_with(section)


def _go_on_with(section: nodes.section) -> None:
    heading = heights.title(section.next_node(nodes.title))
    setting = setting_of(child for child in section.children if not _begins_slide(child))
    room = BODY - heading
    taken = 0.0
    above: nodes.Element | None = None
    opening, alone = level(section) == 1, True
    for block, parent in list(_blocks(section)):
        if isinstance(block, revealjs_break):
            taken, above, alone = 0.0, None, True
            continue
        needed = heights.height(block, setting, most=OUTPUT)
        if not needed:
            continue
        if alone and taken + needed > room:
            # A sentence shall not stand alone: rather less of the output.
            needed = heights.height(block, setting, most=FEWEST)
        # The title slide says one thing: what more there is stands on the next.
        full = taken + needed > room or (opening and not isinstance(block, nodes.paragraph))
        opening = False if full else opening
        if full and taken and above is not None:
            _break_before(block, parent)
            taken, alone = 0.0, True
        taken += needed + GAP
        above = block
        alone = alone and isinstance(block, nodes.paragraph)


def _begins_slide(node: nodes.Node) -> bool:
    return isinstance(node, nodes.section) and level(node) <= DEEPEST


def _blocks(section: nodes.Element) -> Iterable[tuple[nodes.Element, nodes.Element]]:
    """Yield the blocks of a slide and where they stand; titles of deeper sections are blocks."""
    for child in list(section.children):
        if not isinstance(child, nodes.Element) or _begins_slide(child):
            continue
        if isinstance(child, nodes.section):
            yield from _blocks(child)
        elif not isinstance(child, nodes.title) or level(section) > DEEPEST:
            yield child, section


def _break_before(block: nodes.Element, parent: nodes.Element) -> None:
    """Put a break above a block; a heading takes its whole section with it."""
    if isinstance(block, nodes.title):
        block, parent = parent, parent.parent
    made = revealjs_break()
    made.source, made.line = block.source, block.line
    parent.insert(parent.index(block), made)


def setup_from_headings(app: Sphinx) -> None:
    """Register the node, and the events before and after long code is divided."""
    app.add_node(LeftOut, html=(visit_left_out, None), revealjs=(visit_left_out, None))
    app.connect("doctree-read", choose, READ - 10)
    app.connect("doctree-read", go_on, READ + 10)
