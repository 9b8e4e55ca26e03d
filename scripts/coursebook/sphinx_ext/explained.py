"""Where a chapter explains a term of the glossary: where it sets the term in bold.

``A **wheel** is …`` below a heading leads the entry *wheel* of the index to that section.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

from coursebook.sphinx_ext.kept import ChapterCollector, kept
from coursebook.sphinx_ext.term_links import pattern

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LONGEST = 40
"""Characters of a bold text that may be a term; what is longer is a sentence."""

ARTICLE = re.compile(r"(?:a|an|the)\s+", re.IGNORECASE)

Bold = tuple[str, str]
"""A text in bold without its article, and the id of the section it stands in."""


def places(environment: BuildEnvironment, name: str) -> list[tuple[str, str]]:
    """Find the sections that explain a term.

    Args:
        environment: What all chapters were read into.
        name: The term, as the glossary has it.

    Returns:
        Pages and ids, in the order of the pages' names; of each page the first.
    """
    wanted = re.compile(pattern(name))
    found = []
    for docname, bold in sorted(_kept(environment).items()):
        sections = (section for text, section in bold if wanted.fullmatch(text))
        if section := next(sections, None):
            found.append((docname, section))
    return found


def read_bold(doctree: nodes.document) -> list[Bold]:
    """List what a chapter sets in bold."""
    found = []
    for node in doctree.findall(nodes.strong):
        text = ARTICLE.sub("", " ".join(node.astext().split()), count=1)
        section = node.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        if section is not None and text and len(text) <= LONGEST:
            found.append((text, str(section["ids"][0])))
    return found


class BoldCollector(ChapterCollector):
    """Keeps the bold texts of every chapter, as long as the chapter stands."""

    key = "cb_bold"

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Read a page; the front page explains nothing."""
        docname = app.env.docname
        is_page = app.config.cb_rendering == "pages" and docname != app.config.root_doc
        if is_page and (bold := read_bold(doctree)):
            _kept(app.env)[docname] = bold


def _kept(environment: BuildEnvironment) -> dict[str, list[Bold]]:
    return kept(environment, BoldCollector.key)


def setup_explained(app: Sphinx) -> None:
    """Register the collector."""
    app.add_env_collector(BoldCollector)
