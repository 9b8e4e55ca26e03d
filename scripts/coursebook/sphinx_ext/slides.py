"""Writing a chapter's doctree as slides.

``#`` is the title slide, ``##`` a horizontal slide, ``###`` a vertical one below it; deeper
headings stay on their slide::

    # Title                  <section class="cb-slide cb-opener" id="title">…</section>
    ## One                   <section>
                               <section class="cb-slide" id="one">…</section>
    ### Detail                 <section class="cb-slide" id="detail">…</section>
                             </section>
    ## Two                   <section class="cb-slide" id="two">…</section>

A slide that goes on with a section after a break is ``id="one--2"``, then ``id="one--3"``: what is
added to other sections leaves its address alone.

A slide is ``<div class="cb-body">`` and ``<footer class="cb-foot">`` with the link to its notes.
A chapter that goes from ``#`` straight to ``###`` gets horizontal slides: docutils nests sections
by order, not by the number of signs.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.writers.html5 import HTML5Translator
from sphinx_revealjs.nodes import revealjs_break, revealjs_section
from sphinx_revealjs.writers import RevealjsSlideTranslator, build_attributes_str

from coursebook.course.slide_sizes import Measure, size_classes, total
from coursebook.sphinx_ext.counterpart import notes_link, section_id
from coursebook.sphinx_ext.direction import Directed
from coursebook.sphinx_ext.fragments import STEP
from coursebook.sphinx_ext.lines_in_html import clipped, clipped_table, from_line, part, stepped
from coursebook.sphinx_ext.slide_lines import SlideLines
from coursebook.sphinx_ext.speaker_notes import speaker_notes
from coursebook.sphinx_ext.table_corners import TableCorners
from coursebook.sphinx_ext.whole_words import LONG_WORD, WholeWords

if TYPE_CHECKING:
    from sphinx.builders.html import StandaloneHTMLBuilder

DEEPEST = 3
"""Sections below this level stay on the slide of their parent."""

SHORT = 260
"""Characters of text up to which a slide with nothing but text is set as an opener."""

ATTRIBUTES = "cb_attributes"
"""Of a section's node: further attributes of its slide, by name."""

UNSEEN = (
    nodes.title, nodes.section, nodes.target, nodes.comment, nodes.Invisible,
    toctree, speaker_notes, revealjs_section,
)  # fmt: skip

STEP_CLASS = re.compile(rf'class="[^"]*\b{STEP}\b')
"""What a slide that is built up step by step has somewhere."""

OPENS = "cb_opens"
"""Attribute of a section whose own slide opens it, by ``{section-slide}``."""


def level(section: nodes.Node) -> int:
    """Return how deep a section is nested; 1 for the chapter itself."""
    found = 0
    node: nodes.Node | None = section
    while node is not None:
        found += isinstance(node, nodes.section)
        node = node.parent
    return found


def starts(document: nodes.Node) -> Iterator[nodes.Element]:
    """Yield what begins a slide, in order: sections that are not too deep, and breaks."""
    for node in document.findall(nodes.Element):
        if isinstance(node, revealjs_break) or (
            isinstance(node, nodes.section) and level(node) <= DEEPEST
        ):
            yield node


def content(start: nodes.Element) -> list[nodes.Node]:
    """Return what a slide shows, its title apart.

    Args:
        start: What begins it: a section, or a break within one.
    """
    return [child for child in own_nodes(start) if not is_unseen(child)]


def own_nodes(start: nodes.Element) -> list[nodes.Node]:
    """Return what stands between the start of a slide and the next one."""
    if isinstance(start, nodes.section):
        children = list(start.children)
    else:
        children = list(start.parent.children)[start.parent.index(start) + 1 :]
    ends = (i for i, child in enumerate(children) if isinstance(child, revealjs_break))
    return children[: next(ends, len(children))]


def is_unseen(node: nodes.Node) -> bool:
    """Tell whether a node is no content of its slide: titles, sections below, what is hidden."""
    if isinstance(node, UNSEEN):
        return True
    # Jupyter Book and sphinx-external-toc wrap hidden tables of contents.
    return "toctree-wrapper" in getattr(node, "attributes", {}).get("classes", ())


def is_opener(section: nodes.Element) -> bool:
    """Tell whether a slide opens a chapter or a section: a title, and at most a few words."""
    shown = content(section)
    if level(section) == 1 or section.get(OPENS):
        few = all(isinstance(node, nodes.paragraph) for node in shown)
        return few and sum(len(node.astext()) for node in shown) <= SHORT
    return not shown


def has_verticals(section: nodes.Element) -> bool:
    """Tell whether further slides stand below the slide of a second-level section."""
    return any(start is not section for start in starts(section))


def text_of(node: nodes.Node) -> Measure:
    """Measure what a block holds."""
    characters = columns = rows = 0
    for text in () if is_unseen(node) else node.findall(nodes.Text):
        block: nodes.Element | None = text.parent
        if _is_left_out(block):
            continue
        while block is not None and not isinstance(block, nodes.TextElement | nodes.section):
            block = block.parent
        if isinstance(block, nodes.raw):
            continue  # a drawing
        if isinstance(block, nodes.literal_block):
            lines = text.astext().splitlines() or [""]
            columns = max(columns, *map(len, lines))
            rows = max(rows, 0 if "output" in block["classes"] else len(lines))
        else:
            characters += len(text.astext())
    return Measure(characters, columns, rows)


def _is_left_out(node: nodes.Element | None) -> bool:
    while node is not None and not isinstance(node, nodes.section):
        if isinstance(node, nodes.Invisible):
            return True
        node = node.parent
    return False


def is_grid(node: nodes.Node) -> bool:
    """Tell whether a block is a grid of sphinx-design."""
    return "sd-container-fluid" in getattr(node, "attributes", {}).get("classes", ())


def sizes(start: nodes.Element) -> list[str]:
    """Name the smaller sizes that a slide needs, by what begins it."""
    shown = content(start)
    return size_classes(total(map(text_of, shown)), any(map(is_grid, shown)))


class SlideTranslator(Directed, TableCorners, WholeWords, RevealjsSlideTranslator):  # type: ignore[misc]
    """Writes slides; everything that is not a section is written as on a page."""

    builder: StandaloneHTMLBuilder

    def __init__(self, document: nodes.document, builder: StandaloneHTMLBuilder) -> None:
        super().__init__(document, builder)
        self.total = sum(1 for _ in starts(document))
        self.number = 0
        self.slide: nodes.Element | None = None
        self.slides_of: dict[str, int] = {}
        self.begun = ("", "", 0)
        self.stacked = False
        self.parts = 0
        self.lines = SlideLines(Path(self.config.cb_root), text_of)

    def dispatch_visit(self, node: nodes.Node) -> None:
        """Visit a node, and note what stands where on a slide."""
        self.lines.begin(node, len(self.body))
        super().dispatch_visit(node)

    def visit_section(self, node: nodes.section) -> None:
        """Begin a slide, or a part of one."""
        self.section_level += 1
        if self.section_level > DEEPEST:
            self.body.append(self.starttag(node, "div", CLASS="cb-part"))
            self.parts += 1
            return
        self.close_slide()
        if self.section_level < DEEPEST:
            self.close_stack()
            # The title slide stands alone: sections below it go on to its right.
            below = self.section_level == 2 and has_verticals(node)
            breaks = any(
                isinstance(start, revealjs_break) and slide_section(start) is node
                for start in starts(node)
            )
            if below or breaks:
                self.body.append("<section>\n")
                self.stacked = True
        self.open_slide(node)

    def depart_section(self, node: nodes.section) -> None:
        """End a part of a slide; slides end where the next begins, or with the chapter."""
        self.section_level -= 1
        if self.section_level >= DEEPEST:
            self.body.append("</div>\n")
            self.parts -= 1
        elif self.section_level == 0:
            self.close_slide()
            self.close_stack()
            noted = getattr(self.builder, "slide_lines", {})
            noted[self.builder.current_docname] = self.lines.slides

    def open_slide(self, node: nodes.Element) -> None:
        """Write the start of a slide, up to where its content goes."""
        self.number += 1
        self.slide = node
        again = isinstance(node, revealjs_break)
        section = slide_section(node) if again else node
        identity = section_id(section)
        options = node if again else next(iter(_own(section, revealjs_section)), None)
        attributes = build_attributes_str(options, self.builder) if options is not None else ""
        classes = ["cb-slide"]
        if not again and is_opener(section):
            classes.append("cb-opener")
        if not again and level(section) == 1:
            classes.append("cb-title")
        classes += sizes(node)
        given: list[str] = section.get("classes", [])
        classes += [name for name in given if not name.endswith("_ignore")]
        own: str = identity
        if again:
            self.slides_of[identity] = self.slides_of.get(identity, 1) + 1
            own = f"{identity}--{self.slides_of[identity]}"
        else:
            further: dict[str, object] = section.get(ATTRIBUTES, {})
            attributes += "".join(f' {key}="{html.escape(str(further[key]))}"' for key in further)
        self.body.append(
            f'<section class="{" ".join(classes)}" id="{html.escape(own)}" {attributes}>\n'
            '<div class="cb-body">\n'
        )
        self.lines.open_slide(node, section, own, len(self.body))
        if not again:
            names: list[str] = section.get("ids", [])
            for other in names:
                if other != identity:
                    self.body.append(f'<span id="{html.escape(other)}"></span>\n')
            if level(section) == 1 and is_opener(section):
                self.body.append(self.eyebrow(section))
        self.begun = (identity, own, len(self.body))

    def eyebrow(self, section: nodes.Element) -> str:
        """Return what stands above a title: the name of the book, if the title is another."""
        book = str(self.config.html_title or self.config.project)
        if any(title.astext() == book for title in _own(section, nodes.title)):
            return ""
        return f'<p class="cb-eyebrow">{html.escape(book)}</p>\n'

    def close_slide(self) -> None:
        """Write the end of the slide that is open, if one is."""
        if self.slide is not None:
            self.lines.close_slide(self.body)
            section, slide, begun = self.begun
            steps = STEP_CLASS.search("".join(self.body[begun:])) is not None
            self.body.append(
                '</div>\n<footer class="cb-foot">'
                f"{notes_link(self.builder.current_docname, section, slide, steps=steps)}"
                f'<span class="cb-number" aria-hidden="true">{self.number} / {self.total}</span>'
                "</footer>\n</section>\n"
            )
            self.slide = None

    def close_stack(self) -> None:
        """Write the end of a group of vertical slides, if one is open."""
        if self.stacked:
            self.body.append("</section>\n")
            self.stacked = False

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        """Mark code at build time, as on a page; sphinx-revealjs leaves it to JavaScript."""
        at = len(self.body)
        try:
            HTML5Translator.visit_literal_block(self, node)
        except nodes.SkipNode:
            self.body[at:] = [as_shown(node, "".join(self.body[at:]))]
            raise

    def depart_literal_block(self, node: nodes.literal_block) -> None:
        """End a block that is not marked, such as a parsed literal."""
        HTML5Translator.depart_literal_block(self, node)

    def visit_entry(self, node: nodes.Element) -> None:
        """Let a cell with an endless word break it; others keep their words whole."""
        if any(len(word) > LONG_WORD for word in node.astext().split()):
            node["classes"].append("cb-long-word")
        super().visit_entry(node)

    def visit_raw(self, node: nodes.raw) -> None:
        """Write HTML that a cell has made; a long table shows its first rows."""
        at = len(self.body)
        try:
            super().visit_raw(node)
        except nodes.SkipNode:
            if "cb_shown" in node:
                self.body[at:] = [clipped_table("".join(self.body[at:]), node["cb_shown"])]
            raise


def as_shown(block: nodes.Element, text: str) -> str:
    """Let a block of code show what its slide has room for, and its steps.

    Args:
        block: With ``cb_part``, the first and the last of its lines that stand on this slide;
            ``cb_whole``, if the other ones must stay in the document; ``cb_steps``; ``cb_shown``,
            how many lines of an output are shown.
        text: All of it, highlighted.
    """
    first, last = block.get("cb_part", (1, 0))
    if last and not block.get("cb_whole"):
        text, first = part(text, first, last), 1
    if "cb_steps" in block:
        return stepped(text, block["cb_steps"], first)
    if block.get("cb_shown"):
        return clipped(text, block["cb_shown"])
    return from_line(text, first) if first > 1 else text


def slide_section(node: nodes.Element) -> nodes.Element:
    """Return the section that a break goes on with; deeper ones have no slides of their own."""
    section = node.parent
    while isinstance(section.parent, nodes.section) and level(section) > DEEPEST:
        section = section.parent
    return section


def visit_break(translator: SlideTranslator, node: revealjs_break) -> None:
    """Go on with the same section on a new slide, under the same title unless told otherwise."""
    translator.body.append("</div>\n" * translator.parts)
    translator.close_slide()
    translator.open_slide(node)
    translator.body.append('<div class="cb-part">\n' * translator.parts)
    section = node.parent
    title = next(iter(_own(section, nodes.title)), None)
    if title is not None and "notitle" not in node:
        again = title.deepcopy()
        again.parent = section
        # Behind a slide that only opens, this is the first one.
        number = (1 if is_opener(section) else 2) + sum(
            isinstance(child, revealjs_break) for child in section.children[: section.index(node)]
        )
        if number > 1:
            words = f'<span class="cb-again"> ({number})</span>'
            again += nodes.raw("", words, format="html")
        again.walkabout(translator)
    raise nodes.SkipNode


def _own(node: nodes.Element, kind: type[Any]) -> list[Any]:
    return [child for child in node.children if isinstance(child, kind)]
