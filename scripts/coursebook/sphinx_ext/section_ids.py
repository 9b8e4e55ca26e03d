"""Addresses that do not depend on what else a rendering shows.

docutils numbers what it cannot name (``id1`` for a second "Summary", or for a title without Latin
letters) in the order of appearance, and the two renderings of a chapter do not show the same. Such
a section is named after its title, and after the one it stands in::

    ## Locks
    ### Summary     summary
    ## Hashes
    ### Summary     id1  →  hashes-summary
    ## 概要          id2  →  概要

A label of the author's own, ``(my-label)=``, always wins; see ``counterpart.section_id``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

NUMBERED = re.compile(r"id\d+")


class NameSections(SphinxTransform):
    """Renames sections that docutils only numbered."""

    default_priority = 250  # before targets hand their names to sections (260)

    def apply(self, **kwargs: object) -> None:
        """Go through the sections in reading order, outer ones first."""
        renamed: dict[str, str] = {}
        for section in self.document.findall(nodes.section):
            old = next((name for name in section["ids"] if NUMBERED.fullmatch(name)), None)
            if old is None:
                continue
            self.document.ids.pop(old, None)
            new = self.free_name(section)
            section["ids"] = [new if name == old else name for name in section["ids"]]
            self.document.ids[new] = section
            renamed[old] = new
        if not renamed:
            return
        for name, value in list(self.document.nameids.items()):
            if value in renamed:
                self.document.nameids[name] = renamed[value]
        metadata = self.env.metadata[self.env.docname]
        for known in (metadata, vars(self.document)):
            # MyST's own list of headings, for links such as `[text](#summary)`.
            slugs = known.get("myst_slugs")
            if slugs:
                known["myst_slugs"] = {
                    slug: (line, renamed.get(name, name), title)
                    for slug, (line, name, title) in slugs.items()
                }

    def free_name(self, section: nodes.section) -> str:
        """Make a name of titles, from the inside out, until nothing else has it."""
        name = ""
        node: nodes.Element | None = section
        while isinstance(node, nodes.section):
            name = f"{slug(node)}-{name}".strip("-") or "section"
            if name not in self.document.ids:
                return name
            node = node.parent
        number = 2
        while f"{name}-{number}" in self.document.ids:
            number += 1
        return f"{name}-{number}"


def slug(section: nodes.section) -> str:
    """Write a title as a name; HTML allows all letters, not only those of English."""
    title = section.next_node(nodes.title)
    text = title.astext() if title is not None else ""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-_")


def setup_section_ids(app: Sphinx) -> None:
    """Register the step."""
    app.add_transform(NameSections)
