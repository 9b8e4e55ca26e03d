"""The two builders without the work that grows with the number of chapters times itself.

Sphinx and the themes of Jupyter Book do for every page what is needed once for a book, or not at
all: they look up titles of neighbours, parents and the whole tree, and render every template once
only to learn whether it is empty. See also ``navigation`` and ``figure_numbers``.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder

from coursebook.sphinx_ext.whole_output import is_interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

THEMES = frozenset({"sphinx_book_theme", "pydata_sphinx_theme"})
"""Packages that Jupyter Book loads as extensions, whatever theme the book has."""


class LeanBuilder(StandaloneHTMLBuilder):
    """Writes pages without asking who their neighbours are; ``cb_neighbours`` knows."""

    # The general index would be written anew at every save, and lists nothing in a book of prose.
    use_index = False

    def prepare_writing(self, docnames: set[str]) -> None:
        """Leave out previous, next and parents: each costs a run of docutils per page.

        They would also go stale: a page is not written again when its neighbour's title changes.
        """
        super().prepare_writing(docnames)
        self.relations = {}
        self.globalcontext["rellinks"] = []

    def render_partial(self, node: nodes.Node | None) -> dict[str, str]:
        """Render a lone node; plain titles need no publisher."""
        if isinstance(node, nodes.title) and all(
            isinstance(child, nodes.Text) for child in node.children
        ):
            return {"fragment": "", "title": html.escape(node.astext(), quote=False)}
        return super().render_partial(node)

    def get_outdated_docs(self) -> Iterator[str]:
        """Name the pages to be written: all of them if the last run was interrupted."""
        if is_interrupted(self.app):
            return iter(sorted(self.env.found_docs))
        return super().get_outdated_docs()

    def copy_image_files(self) -> None:
        """Copy figures that are still shown: a builder of a long session remembers them all."""
        shown = self.env.images
        self.images = {path: shown[path][1] for path in self.images if path in shown}
        super().copy_image_files()

    def dump_inventory(self) -> None:
        """Write no list of objects for other projects: nobody reads it, and it holds a date."""


class SiteBuilder(LeanBuilder):
    """Writes the site."""

    name = "html"


def silence_themes(app: Sphinx) -> None:
    """Disconnect what themes do for each page, if the book's theme is another one.

    They are loaded for their directives. Their listeners would render each of their templates for
    every page.
    """
    if THEMES.intersection({app.config.html_theme}):
        return
    for listener in list(app.events.listeners.get("html-page-context", ())):
        if listener.handler.__module__.partition(".")[0] in THEMES:
            app.disconnect(listener.id)


def setup_lean_builders(app: Sphinx) -> None:
    """Put the lean builder in the place of Sphinx's; the deck's stands in ``deck``."""
    app.add_builder(SiteBuilder, override=True)
    app.connect("builder-inited", silence_themes)
