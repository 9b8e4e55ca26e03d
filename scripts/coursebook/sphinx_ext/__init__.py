"""The Sphinx extension: one file for each thing that an author writes or a reader meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursebook.sphinx_ext.cells import setup_cells
from coursebook.sphinx_ext.conditionals import setup_conditionals
from coursebook.sphinx_ext.removed import setup_removed
from coursebook.sphinx_ext.unfinished import setup_unfinished

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything, in the order in which the events fire."""
    app.add_config_value("cb_rendering", "pages", "env", frozenset({str}))
    app.add_config_value("cb_root", "", "", frozenset({str}))
    app.setup_extension("sphinx_revealjs")
    setup_removed(app)  # env-get-outdated: chapters that are gone leave the output
    setup_unfinished(app)  # env-get-outdated: chapters with problems are read again
    setup_conditionals(app)  # source-read, include-read: what this rendering holds
    setup_cells(app)  # source-read, later: outputs of cells that ran before; doctree-read
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
