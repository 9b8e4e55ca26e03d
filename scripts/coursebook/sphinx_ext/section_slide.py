"""``{section-slide}``: a slide that opens a section, with its title set large.

## Locks
:::{section-slide}
What must be written down so that tomorrow equals today?
:::

What else the section holds stands on the next slide. On the page the words, if there are any, are a
lead above the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx_revealjs.nodes import revealjs_break

from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.slides import OPENS, SHORT, content
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class SectionSlideNode(nodes.General, nodes.Element):
    """What the opening slide says; ``OpenSections`` takes it out."""


class SectionSlide(SlideBlock):
    """Marks the section; the slide is made when the chapter is whole."""

    optional_arguments = 0
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Hold the words."""
        return [self.parse_into(SectionSlideNode())]


class OpenSections(SphinxTransform):
    """Makes opening slides in the deck, and leads on the page."""

    default_priority = 690

    def apply(self, **kwargs: object) -> None:
        """Go through the chapter once."""
        for node in list(self.document.findall(SectionSlideNode)):
            section = node.parent
            place = f"{node.source}:{node.line}"
            words = list(node.children)
            misplaced = not isinstance(section, nodes.section) or content(section)[0] is not node
            if misplaced:
                hint = "move it right below the heading of the section that it opens"
                message = "`{section-slide}` stands in the middle of something"
                warning(place, message, hint, code="bad-section-slide")
            elif len(node.astext()) > SHORT or not all(
                isinstance(child, nodes.paragraph) for child in words
            ):
                hint = "put what is more than a sentence or two below the directive"
                message = "`{section-slide}` holds more than a few words"
                warning(place, message, hint, code="bad-section-slide")
            for child in words:
                if isinstance(child, nodes.Element):
                    child["classes"].append("cb-lead")
            at = section.index(node)
            more = not misplaced and len(content(section)) > 1
            section.remove(node)
            section.insert(at, words)
            if self.config.cb_rendering == "slides" and not misplaced:
                section[OPENS] = True
                if more:
                    made = revealjs_break()
                    made.source, made.line = node.source, node.line
                    section.insert(at + len(words), made)


def setup_section_slide(app: Sphinx) -> None:
    """Register the directive and the step that serves it."""
    app.add_directive("section-slide", SectionSlide)
    app.add_transform(OpenSections)
