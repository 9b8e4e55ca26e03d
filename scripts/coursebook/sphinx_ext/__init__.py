"""The Sphinx extension: one file for each thing that an author writes or a reader meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursebook.sphinx_ext.download import setup_download
from coursebook.sphinx_ext.math import setup_math
from coursebook.sphinx_ext.search import setup_search
from coursebook.sphinx_ext.site import setup_site
from coursebook.sphinx_ext.unfinished import setup_unfinished

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything, in the order in which the events fire."""
    app.add_config_value("cb_rendering", "pages", "env", frozenset({str}))
    app.add_config_value("cb_root", "", "", frozenset({str}))
    app.setup_extension("sphinx_revealjs")
    setup_unfinished(app)  # env-get-outdated: chapters with problems are read again
    setup_math(app)  # config-inited; formulas while writing
    setup_search(app)  # doctree-read, build-finished: the words of every section
    setup_download(app)  # doctree-resolved: the chapter as a notebook
    setup_site(app)  # config-inited … build-finished: theme, assets, what stands around the text
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
