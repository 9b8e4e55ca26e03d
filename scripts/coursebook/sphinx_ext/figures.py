"""Figures that follow the scheme: an SVG of ours is written into the page, not linked.

An ``<img>`` sees nothing of the page's colours. A local ``.svg`` that names one of them
(``var(--cb-…)``), or an image with the class ``cb-inline``, becomes::

    <svg class="cb-figure" role="img" aria-label="Three layers" viewBox="0 0 640 260" …>

in both renderings, also within ``{figure}``. What is written is made of a list of harmless elements
and attributes; anything else in the file is a problem at its line. Names within the file get a
prefix, so that two figures on a page do not meet.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from coursebook.sphinx_ext.svg import SVG, Drawing, SvgError, read_drawing

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)

MARK = "cb-inline"
COLOUR = "var(--cb-"


class InlineFigures(SphinxPostTransform):
    """Replaces images by the drawings themselves before any builder copies their files."""

    default_priority = 5  # before Sphinx picks and copies images (10, 100)
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Go through the images of a chapter."""
        for number, image in enumerate(list(self.document.findall(nodes.image)), start=1):
            path = self.local_svg(image)
            if path is None:
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
            if COLOUR not in text and MARK not in image["classes"]:
                continue
            try:
                drawing = read_drawing(text, prefix=f"cb-figure-{number}-")
            except SvgError as problem:
                for line, code, message, hint in problem.found:
                    warn(f"{message}\n    hint: {hint}", f"{path}:{line}", code)
                continue
            name = image.get("alt") or drawing.title
            if not name:
                warn(
                    "this figure says nothing to who cannot see it"
                    "\n    hint: write what it shows: `![…](figure.svg)`, `:alt: …` of `{figure}`, "
                    "or <title> in the file",
                    place(image),
                    "figure-without-text",
                )
                continue
            raw = nodes.raw("", written(drawing, image, name), format="html")
            raw.source, raw.line = image.source, image.line
            # For who cannot draw it: the file, and what it shows.
            raw["cb_figure"], raw["alt"] = image["uri"], name
            image.replace_self(raw)

    def local_svg(self, image: nodes.image) -> Path | None:
        """Return the file of an image if it is an SVG of the book."""
        uri = image["uri"]
        if not uri.endswith(".svg") or "://" in uri:
            return None
        # Sphinx has made the address relative to the top of the book while reading.
        path = Path(self.env.srcdir, uri)
        return path if path.is_file() else None


def written(drawing: Drawing, image: nodes.image, name: str) -> str:
    """Write a drawing with the size that the author gave it.

    Args:
        drawing: What was read.
        image: The node it stands for.
        name: What it shows, in words.
    """
    styles = []
    if drawing.width:
        styles.append(f"max-width: {drawing.width:g}px")
    if image.get("width"):
        width = str(image["width"])
        styles.append(f"width: {width if not width.isdigit() else width + 'px'}")
    classes = ["cb-figure", *(c for c in image["classes"] if c != MARK)]
    if image.get("align"):
        classes.append(f"align-{image['align']}")
    style = f' style="{html.escape("; ".join(styles))}"' if styles else ""
    return (
        f'<svg xmlns="{SVG}" class="{html.escape(" ".join(classes))}" role="img"'
        f' aria-label="{html.escape(name)}"{drawing.attributes}{style}>{drawing.body}</svg>'
    )


def place(image: nodes.image) -> str:
    """Return ``path:line`` of an image; MyST gives a line to the paragraph that it stands in."""
    node: nodes.Element | None = image
    while node is not None and not node.line:
        node = node.parent
    found = node or image
    return f"{found.source or image.source}:{found.line or 0}"


def warn(message: str, location: str, code: str) -> None:
    """Tell an author; see ``coursebook.warning_stream``."""
    logger.warning(message, location=location, type="coursebook", subtype=code)


def setup_figures(app: Sphinx) -> None:
    """Register the step."""
    app.add_post_transform(InlineFigures)
