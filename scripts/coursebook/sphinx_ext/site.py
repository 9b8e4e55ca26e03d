"""The site: its theme, what its pages load, and what stands around a chapter's text.

The theme is our own and inherits nothing. sphinx-book-theme was tried first: nine tenths of a page
were its icon font, its scripts and its styles, and none of that was read by anybody.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst.directives.body import Sidebar
from sphinx import addnodes

from coursebook.course.counterparts import TO_SLIDES, counterpart_start, to_deck
from coursebook.paths import FRONTEND, TEMPLATES
from coursebook.sphinx_ext.translator import (
    CHAPTER_ACTIONS,
    CHAPTER_PART,
    SECTION_SLIDES,
    SiteTranslator,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

STYLES = (
    "tokens.css",
    "code.css",
    "site.css",
    "navigation.css",
    "content.css",
    "boxes.css",
    "cells.css",
    "search.css",
    "checks.css",
)
"""What every page of the site is drawn with, in this order."""

DESIGN = "sphinx-design.min.css"
"""sphinx-design's own styles; only pages with grids, cards, tabs or badges load them."""

CHECKS = ("checks.css", "checks.js")
"""What only pages with questions load."""

UNUSED = re.compile(
    r"(^|/)(pygments\.css|mystnb\.([0-9a-f]+\.)?css|design-tabs\.js"
    r"|documentation_options\.js|doctools\.js|sphinx_highlight\.js)$"
)
"""What libraries add to every page, and what our own styles and modules do instead."""

ICONS = {
    "slides": '<path d="M2 3h12v8H2zM8 11v3M5 14h6"/>',
    "download": '<path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11"/>',
}


class Margin(Sidebar):
    """``{margin}``: an aside in the margin of the page; its title may be left out."""

    required_arguments = 0
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the aside."""
        titled = bool(self.arguments)
        if not titled:
            self.arguments = [""]
        made: list[nodes.Node] = super().run()  # type: ignore[no-untyped-call]
        for aside in made:
            if isinstance(aside, nodes.sidebar):
                aside["classes"].append("margin")
                if not titled:
                    aside.pop(0)
        return made


def setup_site(app: Sphinx) -> None:
    """Register the theme and its events, in the order in which they fire."""
    app.add_directive("margin", Margin)
    if app.config.cb_rendering != "pages":
        return
    app.add_html_theme("coursebook", str(TEMPLATES / "site"))
    app.set_translator("html", SiteTranslator)
    app.connect("config-inited", choose_theme, priority=100)
    app.connect("builder-inited", name_assets)
    app.connect("html-collect-pages", lambda app: [("search", {}, "search.html")])
    app.connect("html-page-context", complete_page, priority=400)
    app.connect("html-page-context", drop_unused_assets, priority=950)
    app.connect("build-finished", remove_unused_files, priority=950)


def choose_theme(app: Sphinx, config: Config) -> None:
    """Take the theme of ours, and keep what an author set for the old one where it has a place."""
    options = config.html_theme_options or {}
    config.html_theme = "coursebook"
    config.html_theme_options = {}
    config.html_context = {
        **config.html_context,
        "cb_footer": options.get("extra_footer", ""),
        "cb_author": config.author if config.author not in ("", "unknown") else "",
    }
    # Search is ours: Sphinx's index stems words and forgets what code looks like.
    config.html_use_index = False
    config.html_domain_indices = False
    config.html_permalinks = True
    # A link around a picture has no words; who wants it larger can zoom.
    config.html_scaled_image_link = False


def name_assets(app: Sphinx) -> None:
    """Name the files that pages load; Sphinx copies the folders they stand in."""
    builder: Any = app.builder
    builder.search = False
    folders = ("shared", "site", "widgets")
    app.config.html_static_path += [str(FRONTEND / folder) for folder in folders]
    for position, name in enumerate(STYLES):
        app.add_css_file(name, priority=600 + position)
    app.add_css_file("print.css", priority=700, media="print")
    app.add_js_file("site.js", type="module")
    app.add_js_file("checks.js", type="module")


def complete_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Fill the places around and in the text that depend on the whole book."""
    context["cb_description"] = app.env.metadata.get(pagename, {}).get("cb_description", "")
    if doctree is None:
        return
    context["cb_outline"] = outline(context.get("toc", ""))
    body = context["body"]
    part = html.escape(parts(app).get(pagename, ""))
    body = body.replace(CHAPTER_PART, f'<p class="cb-part">{part}</p>' if part else "", 1)
    body = body.replace(CHAPTER_ACTIONS, actions(app, pagename, context), 1)

    def slides_of_section(found: re.Match[str]) -> str:
        start = counterpart_start(pagename, html.unescape(found[1]), to_deck, "cb-to-slides")
        return f"{start}{TO_SLIDES}"

    pattern = re.escape(SECTION_SLIDES).replace(r"\{anchor\}", '([^"]*)')
    context["body"] = re.sub(pattern, slides_of_section, body)


def actions(app: Sphinx, pagename: str, context: dict[str, Any]) -> str:
    """Write the links below a chapter's title: its slides and its notebook."""
    links = [_action("slides", counterpart_start(pagename, "", to_deck, "cb-button"), "Slides")]
    if context.get("cb_notebook"):
        address = f"{pagename.rpartition('/')[2]}.ipynb"
        start = f'<a class="cb-button" href="{html.escape(address)}" download'
        links.append(_action("download", start, "Notebook"))
    return f'<p class="cb-actions">{"".join(links)}</p>'


def _action(icon: str, start: str, text: str) -> str:
    drawing = (
        '<svg class="cb-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"'
        f' focusable="false">{ICONS[icon]}</svg>'
    )
    return f"{start}>{drawing}{text}</a>"


def outline(toc: str) -> str:
    """Return the page's own sections from Sphinx's table of contents, without its title.

    ``<ul><li><a href="#">Title</a><ul>…</ul></li></ul>`` becomes the inner ``<ul>…</ul>``.
    """
    start = toc.find("<ul>", toc.find("<ul>") + 1)
    end = toc.rfind("</ul>", 0, toc.rfind("</ul>"))
    inner = toc[start : end + len("</ul>")] if 0 < start < end else ""
    return inner if "<a " in inner else ""


def parts(app: Sphinx) -> dict[str, str]:
    """Map each chapter to the caption of its part."""
    found: dict[str, str] = {}
    env = app.env

    def take(name: str, caption: str) -> None:
        if name not in found:
            found[name] = caption
            for child in env.toctree_includes.get(name, []):
                take(child, caption)

    root = env.tocs.get(app.config.root_doc)
    for tree in root.findall(addnodes.toctree) if root is not None else ():
        for name in tree["includefiles"]:
            take(name, tree.get("caption") or "")
    return found


def drop_unused_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Take away what libraries add to every page and this page does not need."""
    body = context.get("body", "")
    design = ' class="sd-' in body or " sd-" in body
    checks = "cb-check-kind" in body or "cb-timer" in body or "cb-answer" in body

    def needed(asset: Any) -> bool:
        name = str(asset.filename or "")
        if name.endswith(DESIGN):
            return design
        if name.endswith(CHECKS):
            return checks
        return bool(name) and "://" not in name and not UNUSED.search(name)

    context["css_files"] = [asset for asset in context["css_files"] if needed(asset)]
    context["script_files"] = [asset for asset in context["script_files"] if needed(asset)]


def remove_unused_files(app: Sphinx, error: Exception | None) -> None:
    """Delete from the output what no page loads."""
    if error is not None:
        return
    static = Path(app.outdir, "_static")
    for file in static.glob("*") if static.is_dir() else ():
        if UNUSED.search(file.name):
            file.unlink()
