"""The deck: one for each chapter, and an index of them, made by our page template and styles.

Only what a deck uses is copied beside it: sphinx-revealjs alone would add 12 MB of themes, source
maps and loaders. Nothing is loaded from elsewhere.
"""

from __future__ import annotations

import re
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import sphinx_design.compiled
from docutils import nodes
from sphinx_revealjs.builders import RevealjsHTMLBuilder
from sphinx_revealjs.nodes import revealjs_break
from sphinx_revealjs.utils import get_revealjs_path

from coursebook.course.counterparts import INDEX, SPEAKER_VIEW, deck_name
from coursebook.course.outline import read_outline
from coursebook.paths import FRONTEND, TEMPLATES, Tree
from coursebook.sphinx_ext.lean_builders import LeanBuilder
from coursebook.sphinx_ext.lines_in_html import STEPPED
from coursebook.sphinx_ext.slides import SlideTranslator, starts, visit_break

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

DECKS = "cb-decks"
"""Inner name of the index of decks; chapters may be named anything else."""

SPEAKER = "cb-speaker"
"""Inner name of the page of the speaker view."""

THEME = "coursebook-deck"
REVEAL = get_revealjs_path()
DESIGN = Path(str(sphinx_design.compiled.__file__)).parent

MODULES = (
    "deck.js", "views.js", "attend.js", "say.js", "black.js", "swipe.js", "typing.js", "keys.js",
    "commands.js", "leaving.js", "speaker_pair.js", "speaker_window.js", "held_strokes.js",
    # What comes with the first use of it, or with a slide that needs it.
    "styles.js", "dialog.js", "sheet.js", "jump.js", "overview.js", "zoom.js", "pointer.js",
    "drawing.js", "drawing_tools.js", "ink.js", "steps.js", "show_all.js", "notes_place.js",
    "answers.js", "clocks.js", "projector.js", "speaker.js", "speaker_folds.js",
    "speaker_frames.js", "speaker_link.js", "speaker_notes.js", "speaker_time.js",
)  # fmt: skip
"""Our modules: first those that every deck loads."""

WIDGETS = ("checks.css", "clock.js", "elements.js")
"""What slides share with pages: how questions look, and their clocks."""

ASSETS: dict[str, Path] = {
    "tokens.css": FRONTEND / "shared" / "tokens.css",
    "code.css": FRONTEND / "shared" / "code.css",
    "scheme.js": FRONTEND / "shared" / "scheme.js",
    "deck.css": FRONTEND / "deck" / "deck.css",
    "blocks.css": FRONTEND / "deck" / "blocks.css",
    "document.css": FRONTEND / "deck" / "document.css",
    "decks.css": FRONTEND / "deck" / "decks.css",
    "tools.css": FRONTEND / "deck" / "tools.css",
    **{name: FRONTEND / "deck" / name for name in MODULES},
    **{name: FRONTEND / "widgets" / name for name in WIDGETS},
    "reveal.css": REVEAL / "dist" / "reveal.css",
    "reveal.esm.js": REVEAL / "dist" / "reveal.esm.js",
    "speaker.css": FRONTEND / "deck" / "speaker.css",
    "speaker_text.css": FRONTEND / "deck" / "speaker_text.css",
    "sphinx-design.css": DESIGN / "style.min.css",
    "design-tabs.js": DESIGN / "sd_tabs.js",
}
"""All files beside the decks: name in ``_static`` → where it comes from."""

MIME_TYPES = (
    "image/svg+xml",
    "text/html",
    "image/png",
    "image/jpeg",
    "text/markdown",
    "text/latex",
    "text/plain",
)
"""Forms of a cell's output that a slide can show, the best first; none needs a script."""

STYLE_ELEMENT = (
    b'let t=document.createElement("style");return t.type="text/css",e&&e.length>0&&'
    b"(t.styleSheet?t.styleSheet.cssText=e:t.appendChild(document.createTextNode(e))),"
    b"document.head.appendChild(t),t"
)
STYLE_SHEET = (
    b"let t=new CSSStyleSheet;return t.replaceSync(e),"
    b"document.adoptedStyleSheets=[...document.adoptedStyleSheets,t],t"
)
"""How reveal.js adds styles, and how it does here: see ``policy.py``."""

PART = re.compile(r'"\./([\w.]+\.(?:js|css))"')
"""How our modules name what they load."""

BREAKPOINT = re.compile(r"@media\s*\(min-width:\s*\d+px\)")


class DeckBuilder(RevealjsHTMLBuilder, LeanBuilder):  # type: ignore[misc]
    """Writes decks: addresses, assets and template are ours, the rest is sphinx-revealjs's."""

    name = "revealjs"
    default_translator_class: type[Any] = SlideTranslator

    def init(self) -> None:
        """Start, and take back the folder that sphinx-revealjs wants copied as a whole."""
        super().init()
        # A setting that differs from that of the last run makes Sphinx read every chapter anew.
        self.config.revealjs_static_path.clear()
        version = _version()
        self.assets = {name: _prepared(name, version) for name in ASSETS}
        self.slide_lines: dict[str, Any] = {}

    def get_theme_config(self) -> tuple[str, dict[str, Any]]:
        """Name our theme; it has no options."""
        return THEME, {}

    def get_outfilename(self, pagename: str) -> str:
        """Return the file of a deck."""
        return super().get_outfilename(_address(pagename))

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the address of a deck, from the top of all decks."""
        return quote(_address(docname)) + self.link_suffix

    def init_css_files(self) -> None:
        """Leave styles to our template: it names what it uses."""

    def init_js_files(self) -> None:
        """Leave scripts to our template."""

    def update_page_context(
        self, pagename: str, templatename: str, ctx: dict[str, Any], event_arg: Any
    ) -> None:
        """Tell the template what it links; extensions may add to the lists of names."""
        pathto = ctx["pathto"]

        def asset(name: str) -> str:
            version = f"{zlib.crc32(self.assets[name]):08x}"
            return f"{pathto(f'_static/{name}', 1)}?v={version}"

        body = ctx.get("body", "")
        tabs = ["design-tabs.js"] if "data-sync-id" in body else []
        steps = ["steps.js"] if STEPPED in body else []
        more = ["show_all.js"] if "cb-show-all" in body else []
        more += ["answers.js"] if "cb-shows-answer" in body else []
        more += ["clocks.js"] if "cb-timer" in body else []
        checks = ["checks.css"] if "cb-check-kind" in body or "cb-answer" in body else []
        design = ["sphinx-design.css"] if "sd-" in body else []
        ctx.update(
            cb_asset=asset,
            cb_index=pathto(DECKS),
            cb_head_scripts=["scheme.js", *tabs],
            cb_screen_styles=["reveal.css"],
            cb_styles=["tokens.css", *design, "code.css", "deck.css", "blocks.css", *checks],
            cb_modules=["deck.js", *steps, *more],
        )

    def copy_static_files(self) -> None:
        """Write the assets, each only when it changed."""
        for name, text in self.assets.items():
            target = Path(self.outdir, "_static", name)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_bytes() != text:
                target.write_bytes(text)


def _address(pagename: str) -> str:
    return {DECKS: INDEX, SPEAKER: SPEAKER_VIEW}.get(pagename) or deck_name(pagename)


def _prepared(name: str, version: str) -> bytes:
    """Read an asset; a slide is always 1280 wide, so styles for narrower windows must not hold.

    sphinx-design lays its grids out by the width of the window, but a deck is scaled as a whole.
    Reveal's view for printing writes style elements, which the deck's policy refuses. Modules name
    each other by the version of them all: a browser that kept some of the last build mixes nothing.
    """
    data = ASSETS[name].read_bytes()
    if name in MODULES or (name in WIDGETS and name.endswith(".js")):
        return PART.sub(rf'"./\1?v={version}"', data.decode()).encode()
    if name == "reveal.esm.js":
        if data.count(STYLE_ELEMENT) != 1:
            raise ValueError("this reveal.js makes its styles in another way")
        return data.replace(STYLE_ELEMENT, STYLE_SHEET)
    if name == "sphinx-design.css":
        return BREAKPOINT.sub("@media all", data.decode()).encode()
    return data


def _version() -> str:
    """Name the whole of the scripts, and of the styles that they load, by what they hold."""
    parts = (path.read_bytes() for name, path in ASSETS.items() if name.endswith((".js", ".css")))
    return f"{zlib.crc32(b''.join(parts)):08x}"


def count_slides(app: Sphinx, doctree: nodes.document) -> None:
    """Remember how many slides a chapter has, for the index."""
    app.env.metadata[app.env.docname]["cb_slides"] = sum(1 for _ in starts(doctree))


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Make the index of decks, in the order of the book, and the page of the speaker view."""
    if not isinstance(app.builder, DeckBuilder):
        return
    builder, env = app.builder, app.env
    outline = read_outline(Tree(Path(app.config.cb_root)))

    def chapters(entries: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
        for entry in entries:
            made = chapter(entry.path, depth)
            if made:
                yield made
            yield from chapters(entry.children, depth + 1)

    def chapter(path: str, depth: int = 0) -> dict[str, Any] | None:
        docname = env.path2doc(str(Path(app.config.cb_root, path)))
        if docname is None or docname not in env.titles:
            return None
        return {
            "title": env.titles[docname].astext(),
            "deck": builder.get_relative_uri(DECKS, docname),
            "page": f"../{quote(docname)}.html",
            "slides": env.metadata[docname].get("cb_slides", 1),
            "depth": depth,
        }

    parts = [
        {"caption": part.caption, "chapters": list(chapters(part.entries))}
        for part in outline.parts
    ]
    context = {
        "title": "Slides",
        "project": app.config.html_title or app.config.project,
        "cb_parts": parts,
        "cb_front": chapter(outline.root.path),
        "cb_site": "../index.html",
    }
    yield DECKS, context, "decks.html"
    yield SPEAKER, {"title": "Speaker view"}, "speaker.html"


def remove_foreign_files(app: Sphinx, exception: Exception | None) -> None:
    """Remove what other extensions put beside the decks for pages of a theme."""
    if isinstance(app.builder, DeckBuilder) and exception is None:
        for file in Path(app.outdir, "_static").iterdir():
            if file.name not in ASSETS:
                file.unlink()
        shutil.rmtree(Path(app.outdir, "_sphinx_design_static"), ignore_errors=True)


def page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give the deck the name of the book that its page has."""
    if isinstance(app.builder, DeckBuilder):
        context["project"] = app.config.html_title or app.config.project


def use_deck(app: Sphinx, config: Config) -> None:
    """Set what sphinx-revealjs reads from the configuration."""
    config.revealjs_html_theme = THEME
    config.revealjs_use_section_ids = True
    config.revealjs_use_index = False
    # Footnotes go to the slide that has them, and a line at the end would begin an empty section.
    config.myst_footnote_transition = False
    # MyST-NB knows the forms of output that a builder can show by its name, and not this one's.
    config.nb_mime_priority_overrides = [
        *config.nb_mime_priority_overrides,
        *((DeckBuilder.name, mime, place) for place, mime in enumerate(MIME_TYPES)),
    ]


def setup_deck(app: Sphinx) -> None:
    """Register the builder after sphinx-revealjs, whose place it takes."""
    app.setup_extension("sphinx_revealjs")
    app.add_builder(DeckBuilder, override=True)
    app.add_html_theme(THEME, str(TEMPLATES / "deck"))
    app.add_node(revealjs_break, override=True, html=(skip, None), revealjs=(visit_break, None))
    app.connect("config-inited", use_deck)
    app.connect("doctree-read", count_slides, priority=900)  # when long code is divided
    app.connect("html-page-context", page_context)
    app.connect("html-collect-pages", pages)
    app.connect("build-finished", remove_foreign_files, priority=900)


def skip(translator: nodes.NodeVisitor, node: nodes.Node) -> None:
    """Leave out what belongs on slides only."""
    raise nodes.SkipNode
