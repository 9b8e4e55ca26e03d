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
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.writers.html5 import HTML5Translator
from sphinx_revealjs.nodes import revealjs_break, revealjs_section
from sphinx_revealjs.writers import RevealjsSlideTranslator, build_attributes_str

from coursebook.sphinx_ext.counterpart import notes_link, section_id
from coursebook.sphinx_ext.speaker_notes import speaker_notes

if TYPE_CHECKING:
    from sphinx.builders.html import StandaloneHTMLBuilder

DEEPEST = 3
"""Sections below this level stay on the slide of their parent."""

SHORT = 260
"""Characters of text up to which a slide with nothing but text is set as an opener."""

MUCH, MUCH_IN_COLUMNS = 820, 520
"""Characters of text from which a slide is set one step smaller; columns waste more room."""

WIDE = 72
"""Columns of code that fit at the usual size."""

ATTRIBUTES = "cb_attributes"
"""Of a section's node: further attributes of its slide, by name."""

UNSEEN = (
    nodes.title, nodes.section, nodes.target, nodes.comment, nodes.Invisible,
    toctree, speaker_notes, revealjs_section,
)  # fmt: skip


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


def content(section: nodes.Element) -> list[nodes.Node]:
    """Return what a section shows on its own slide, its title apart."""
    return [child for child in section.children if not _is_unseen(child)]


def _is_unseen(node: nodes.Node) -> bool:
    if isinstance(node, UNSEEN):
        return True
    # Jupyter Book and sphinx-external-toc wrap hidden tables of contents.
    return "toctree-wrapper" in getattr(node, "attributes", {}).get("classes", ())


def is_opener(section: nodes.Element) -> bool:
    """Tell whether a slide opens a chapter or a section: a title, and at most a few words."""
    shown = content(section)
    if level(section) == 1:
        few = all(isinstance(node, nodes.paragraph) for node in shown)
        return few and sum(len(node.astext()) for node in shown) <= SHORT
    return not shown


def has_verticals(section: nodes.Element) -> bool:
    """Tell whether further slides stand below the slide of a second-level section."""
    return any(start is not section for start in starts(section))


def own_text(section: nodes.Element) -> tuple[int, int]:
    """Measure what a section shows on its own slide.

    Returns:
        Characters of running text, and the length of the longest line of code.
    """
    characters = columns = 0
    for node in content(section):
        for text in node.findall(nodes.Text):
            block = text.parent
            while block is not None and not isinstance(block, nodes.TextElement | nodes.section):
                block = block.parent
            if isinstance(block, nodes.raw):
                continue  # a drawing
            if isinstance(block, nodes.literal_block):
                columns = max(columns, *map(len, text.astext().splitlines() or [""]))
            else:
                characters += len(text.astext())
    return characters, columns


def sizes(section: nodes.Element) -> list[str]:
    """Name the smaller sizes that a slide needs to hold what it has.

    Code of up to 80 columns fits at 22 px; a slide with much text is set one step smaller, and no
    more than one: what does not fit then must be split by its author.
    """
    characters, columns = own_text(section)
    grid = any(
        "sd-container-fluid" in getattr(n, "attributes", {}).get("classes", ())
        for n in content(section)
    )
    classes = []
    if characters > (MUCH_IN_COLUMNS if grid else MUCH):
        classes.append("cb-dense")
    if columns > WIDE:
        classes.append("cb-wide-code")
    return classes


class SlideTranslator(RevealjsSlideTranslator):  # type: ignore[misc]
    """Writes slides; everything that is not a section is written as on a page."""

    builder: StandaloneHTMLBuilder

    def __init__(self, document: nodes.document, builder: StandaloneHTMLBuilder) -> None:
        super().__init__(document, builder)
        self.total = sum(1 for _ in starts(document))
        self.number = 0
        self.slide: nodes.Element | None = None
        self.slides_of: dict[str, int] = {}
        self.footer = ""
        self.stacked = False

    def visit_section(self, node: nodes.section) -> None:
        """Begin a slide, or a part of one."""
        self.section_level += 1
        if self.section_level > DEEPEST:
            self.body.append(self.starttag(node, "div", CLASS="cb-part"))
            return
        self.close_slide()
        if self.section_level < DEEPEST:
            self.close_stack()
            # The title slide stands alone: sections below it go on to its right.
            below = self.section_level == 2 and has_verticals(node)
            breaks = any(isinstance(child, revealjs_break) for child in node.children)
            if below or breaks:
                self.body.append("<section>\n")
                self.stacked = True
        self.open_slide(node)

    def depart_section(self, node: nodes.section) -> None:
        """End a part of a slide; slides end where the next begins, or with the chapter."""
        self.section_level -= 1
        if self.section_level >= DEEPEST:
            self.body.append("</div>\n")
        elif self.section_level == 0:
            self.close_slide()
            self.close_stack()

    def open_slide(self, node: nodes.Element) -> None:
        """Write the start of a slide, up to where its content goes."""
        self.number += 1
        self.slide = node
        again = isinstance(node, revealjs_break)
        section = node.parent if again else node
        identity = section_id(section)
        options = node if again else next(iter(_own(section, revealjs_section)), None)
        attributes = build_attributes_str(options, self.builder) if options is not None else ""
        classes = ["cb-slide"]
        if not again and is_opener(section):
            classes.append("cb-opener")
        if not again and level(section) == 1:
            classes.append("cb-title")
        if not again:
            classes += sizes(section)
        classes += [name for name in section.get("classes", []) if not name.endswith("_ignore")]
        own = identity
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
        if not again:
            for other in section.get("ids", []):
                if other != identity:
                    self.body.append(f'<span id="{html.escape(other)}"></span>\n')
            if level(section) == 1 and is_opener(section):
                self.body.append(self.eyebrow(section))
        self.footer = (
            '</div>\n<footer class="cb-foot">'
            f"{notes_link(self.builder.current_docname, identity)}"
            f'<span class="cb-number" aria-hidden="true">{self.number} / {self.total}</span>'
            "</footer>\n</section>\n"
        )

    def eyebrow(self, section: nodes.Element) -> str:
        """Return what stands above a title: the name of the book, if the title is another."""
        book = str(self.config.html_title or self.config.project)
        if any(title.astext() == book for title in _own(section, nodes.title)):
            return ""
        return f'<p class="cb-eyebrow">{html.escape(book)}</p>\n'

    def close_slide(self) -> None:
        """Write the end of the slide that is open, if one is."""
        if self.slide is not None:
            self.body.append(self.footer)
            self.slide = None

    def close_stack(self) -> None:
        """Write the end of a group of vertical slides, if one is open."""
        if self.stacked:
            self.body.append("</section>\n")
            self.stacked = False

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        """Mark code at build time, as on a page; sphinx-revealjs leaves it to JavaScript."""
        HTML5Translator.visit_literal_block(self, node)

    def depart_literal_block(self, node: nodes.literal_block) -> None:
        """End a block that is not marked, such as a parsed literal."""
        HTML5Translator.depart_literal_block(self, node)


def visit_break(translator: SlideTranslator, node: revealjs_break) -> None:
    """Go on with the same section on a new slide, under the same title unless told otherwise."""
    translator.close_slide()
    translator.open_slide(node)
    title = next(iter(_own(node.parent, nodes.title)), None)
    if title is not None and "notitle" not in node:
        title.walkabout(translator)
    raise nodes.SkipNode


def _own(node: nodes.Element, kind: type[Any]) -> list[Any]:
    return [child for child in node.children if isinstance(child, kind)]
