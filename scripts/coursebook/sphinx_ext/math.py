"""Formulas as MathML, made at build time: browsers draw it, and nothing is loaded for it.

MathML Core is drawn by all current browsers (https://www.w3.org/TR/mathml-core/).
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

RENDERER = "cb_mathml"
logger = logging.getLogger(__name__)


def setup_math(app: Sphinx) -> None:
    """Register the renderer and choose it."""
    app.add_html_math_renderer(RENDERER, (visit_inline, None), (visit_block, None))
    app.connect("config-inited", choose_renderer, priority=100)


def choose_renderer(app: Sphinx, config: Any) -> None:
    """Take the renderer of ours, unless an author chose one."""
    if config.html_math_renderer in (None, "mathjax"):
        config.html_math_renderer = RENDERER


def mathml(text: str, display: str, node: nodes.Node) -> str:
    """Turn LaTeX into MathML; what cannot be turned is a warning and stays as it was typed.

    Args:
        text: LaTeX without its delimiters.
        display: ``inline`` or ``block``.
        node: Where it stands.
    """
    from latex2mathml import exceptions
    from latex2mathml.converter import convert

    # The library has no common base for what it tells an author.
    mistakes = tuple(
        kind
        for kind in vars(exceptions).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    )
    try:
        made: str = convert(text, display=display)
    except mistakes as error:
        logger.warning(
            "this formula cannot be read: %s (%s)\n    hint: check braces, \\left and \\right",
            text,
            type(error).__name__,
            location=nearest_with_line(node),
            type="coursebook",
            subtype="bad-formula",
        )
        return f"<code>{html.escape(text)}</code>"
    return made


def nearest_with_line(node: nodes.Node) -> nodes.Node:
    """Return the node or the first one around it whose line is known."""
    while not node.line and node.parent is not None:
        node = node.parent
    return node


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    self.body.append(mathml(node.astext(), "inline", node))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number if it has a label."""
    anchor = f' id="{html.escape(node["ids"][0])}"' if node["ids"] else ""
    number = f'<span class="cb-number">({node["number"]})</span>' if node.get("number") else ""
    self.body.append(
        f'<div class="cb-math cb-wide"{anchor}>'
        f"{mathml(node.astext(), 'block', node)}{number}</div>\n"
    )
    raise nodes.SkipNode
