"""What every rendering process imports, once, before processes are made of it."""

import importlib

for _name in (
    "jupyter_book.config",
    "myst_nb.sphinx_ext",
    "sphinx.application",
    "sphinx.builders.html",
    "sphinx_design",
    "sphinx_external_toc",
    "sphinx_revealjs",
):
    importlib.import_module(_name)
