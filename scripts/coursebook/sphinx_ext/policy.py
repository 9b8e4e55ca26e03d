"""What a page may load and run, said by the page itself: a Content-Security-Policy in its head.

A host that knows nothing of us sends no headers; a ``<meta>`` element holds anywhere. Nothing is
allowed that the site does not do. Two lines are wider than one would wish:

- ``style-src-attr 'unsafe-inline'``: sphinx-design sets the columns of its grids by ``style``
  attributes, drawings and our list of decks theirs, and xterm.js the colours of a character. Such
  an attribute can load nothing, because images and fonts are our own.
- ``'wasm-unsafe-eval'``: compiling WebAssembly, which is the processor of the Linux in the tab. It
  allows no ``eval`` of JavaScript.

Style elements are named by their hashes: those of drawings, and of rich output that the build
stored.

Source: https://www.w3.org/TR/CSP3/
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DIRECTIVES = {
    "default-src": ("'none'",),
    "script-src": ("'self'", "'wasm-unsafe-eval'"),
    "style-src": ("'self'",),
    "style-src-attr": ("'unsafe-inline'",),
    "img-src": ("'self'", "data:"),
    "media-src": ("'self'",),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "worker-src": ("'self'",),
    "frame-src": ("'self'",),
    "manifest-src": ("'self'",),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
}

STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL)


def policy(**more: Iterable[str]) -> str:
    """Write the policy.

    Args:
        more: What else a directive allows; ``script_src`` for ``script-src``.
    """
    return "; ".join(
        " ".join((name, *sources, *more.get(name.replace("-", "_"), ())))
        for name, sources in DIRECTIVES.items()
    )


def hashed(text: str) -> str:
    """Name the text of an element by its hash, as a directive does."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def styles_in(body: str) -> set[str]:
    """Name all style elements of a page; within a drawing, a browser reads ``&gt;`` as ``>``."""
    return {hashed(one) for text in STYLE.findall(body) for one in (text, html.unescape(text))}


def name_policy(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give the template the policy of its page."""
    styles = styles_in(context.get("body", ""))
    context["cb_policy"] = policy(style_src=sorted(styles))


def setup_policy(app: Sphinx) -> None:
    """Register the event."""
    app.connect("html-page-context", name_policy)
