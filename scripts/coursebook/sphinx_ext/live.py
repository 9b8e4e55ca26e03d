"""Pages and decks with cells load one small module and its styles, from a folder they share.

The folder's name, and with it the address of every file in it, is a hash of what it holds: see
``coursebook.live.files``. Pages without cells load nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coursebook.live.licences import PAGE
from coursebook.renderings import DECK, SITE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CELL = "data-cb-cell="
"""Stands in the HTML of every cell that ran, see ``cells.py``."""


def name_live_folder(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give the template the folder's address, relative to the page; empty without cells."""
    context["cb_live"] = ""
    if app.config.cb_rendering == SITE.name:
        context["cb_licences"] = context["pathto"](PAGE)
    if CELL in context.get("body", ""):
        # Decks are rendered as a site of their own, and published below the other one.
        up = "../" if app.config.cb_rendering == DECK.name else ""
        context["cb_live"] = context["pathto"](f"{up}{app.config.cb_live}/", 1)


def add_page_of_licences(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Let the site have the frame of the page that ``coursebook.live.licences`` completes."""
    return [(PAGE, {}, "licences.html")] if app.config.cb_rendering == SITE.name else []


def setup_live(app: Sphinx) -> None:
    """Register the events."""
    # Pages are written again, not read, when the files change.
    app.add_config_value("cb_live", "", "html", frozenset({str}))
    app.connect("html-collect-pages", add_page_of_licences)
    app.connect("html-page-context", name_live_folder)
