"""The words of code in a line: they stay whole, for ``--locked`` must not become ``-`` ``-locked``.

docutils puts each word into ``<span class="pre">``, which ``code.css`` does not let break; here
those that are too long for that are marked::

    <code …><span class="pre">pip</span> <span class="pre">install</span></code>
    <code …><span class="pre cb-breakable">/home/learner/notebooks/project/bin/python</span></code>
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes

LONG_WORD = 28
"""Characters that fit into a line of the narrowest box, an answer to choose on a phone."""

BEGIN = '<span class="pre">'
END = "</span>"


class WholeWords:
    """Mixed into a translator: marks the words of code that may be broken."""

    body: list[str]

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802 - the library calls it so
        """Write a text."""
        above: Any = super()
        at = len(self.body)
        above.visit_Text(node)
        self.body[at:] = [breakable(part) for part in self.body[at:]]


def breakable(part: str) -> str:
    """Mark one word, if it is one, and long."""
    if not (part.startswith(BEGIN) and part.endswith(END)):
        return part
    word = html.unescape(part[len(BEGIN) : -len(END)])
    return part if len(word) <= LONG_WORD else part.replace("pre", "pre cb-breakable", 1)
