"""The line that says where something can be read: an address, or Markdown with a link.

``https://github.com/pypa/pip/issues/11664`` is shown as ``pypa/pip#11664``, other addresses by host
and path. The words around the link are the author's when he writes Markdown.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from docutils import nodes

from coursebook.sphinx_ext.slide_block import SlideBlock

_ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?")
_ISSUE = re.compile(r"/([\w.-]+/[\w.-]+)/(?:issues|pull|discussions)/(\d+)/?$")
_LINK = re.compile(r"\]\(https?://[^\s)]+\)|<https?://[^\s>]+>")

LONGEST = 48
"""Characters of an address that are shown."""


def has_link(text: str) -> bool:
    """Tell whether a source leads somewhere."""
    return bool(_ADDRESS.fullmatch(text.strip()) or _LINK.search(text))


def short(address: str) -> str:
    """Return what is shown of an address."""
    parts = urlsplit(address)
    issue = _ISSUE.match(parts.path)
    if parts.hostname == "github.com" and issue:
        return f"{issue[1]}#{issue[2]}"
    shown = f"{(parts.hostname or '').removeprefix('www.')}{parts.path}".rstrip("/")
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def source_line(directive: SlideBlock, words: str, text: str) -> nodes.paragraph:
    """Make the paragraph that names a source.

    Args:
        directive: Where it stands.
        words: What is said before the source.
        text: The source: an address or Markdown.
    """
    line = nodes.paragraph(classes=["cb-source"])
    line += nodes.Text(words)
    address = _ADDRESS.fullmatch(text.strip())
    if address:
        line += nodes.reference("", short(address[1]), refuri=address[1], internal=False)
        directive.set_source_info(line)
    else:
        directive.words(text, line)
    return line
