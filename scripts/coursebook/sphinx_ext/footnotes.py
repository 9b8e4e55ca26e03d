"""Footnotes stand at the foot of the slide that mentions them first.

MyST collects all footnotes at the end of a chapter; on the page that is their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform

from coursebook.sphinx_ext.slides import DEEPEST, level

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class FootnotesToSlides(SphinxTransform):
    """Moves each footnote to the end of what its slide shows."""

    default_priority = 860  # after docutils has numbered them (620) and MyST has sorted them

    def apply(self, **kwargs: object) -> None:
        """Move them in the deck only."""
        if self.config.cb_rendering != "slides":
            return
        first: dict[str, nodes.footnote_reference] = {}
        for reference in self.document.findall(nodes.footnote_reference):
            first.setdefault(reference.get("refid", ""), reference)
        for footnote in list(self.document.findall(nodes.footnote)):
            used = next((first[name] for name in footnote["ids"] if name in first), None)
            if used is None:
                continue
            section: nodes.Element | None = used.parent
            while section is not None and not (
                isinstance(section, nodes.section) and level(section) <= DEEPEST
            ):
                section = section.parent
            if section is None:
                continue
            footnote.parent.remove(footnote)
            below = section.first_child_matching_class(nodes.section)
            section.insert(len(section.children) if below is None else below, footnote)


def setup_footnotes(app: Sphinx) -> None:
    """Register the step."""
    app.add_transform(FootnotesToSlides)
