"""The Sphinx extension: one file for each thing that an author writes or a reader meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursebook.sphinx_ext.figure_numbers import setup_figure_numbers
from coursebook.sphinx_ext.lean_builders import setup_lean_builders
from coursebook.sphinx_ext.navigation import setup_navigation
from coursebook.sphinx_ext.unfinished import setup_unfinished

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything, in the order in which the events fire."""
    app.add_config_value("cb_rendering", "pages", "env", frozenset({str}))
    app.add_config_value("cb_root", "", "", frozenset({str}))
    app.setup_extension("sphinx_revealjs")
    setup_lean_builders(app)  # builder-inited: who writes the pages
    setup_unfinished(app)  # env-get-outdated: chapters with problems are read again
    setup_figure_numbers(app)  # doctree-read, env-get-updated
    setup_navigation(app)  # html-page-context; build-finished: the pages that were not written
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
