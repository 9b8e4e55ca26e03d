"""The first sentence of a paragraph that holds more than plain text."""

from __future__ import annotations

import re

from docutils import nodes

_END = re.compile(r"[.!?…][\"'”’»)\]]*(?=\s)")
LABEL, LABELLED = 32, 130
"""Characters of a sentence that is no more than a label, and of one together with the next."""

_SHORTENED = re.compile(
    r"(?<![\w-])(?:(?:e\.g|i\.e|cf|vs|etc|resp|approx|no|nos|vol|ch|sec|fig|figs|eq|ed|eds|pp?|al|dr|mr|mrs"
    r"|ms|prof|st|jr|sr|inc|ltd)|[A-Z])\.$",
    re.IGNORECASE,
)
"""Words that end with a point and no sentence, and initials."""


def first_sentence(text: str) -> int:
    """Return where the first sentence of a text ends; its whole length if it is the only one."""
    for found in _END.finditer(text):
        before, after = text[: found.end()], text[found.end() :].lstrip()
        # A sentence goes on in lower case: "see fig. 2", "it costs 3 kr. and".
        if _SHORTENED.search(before) or after[:1].islower():
            continue
        return found.end()
    return len(text)


def brief(text: str) -> int:
    """Return how much of a text a slide shows: a sentence, or a label and what it names."""
    end = first_sentence(text)
    if end < LABEL and end < len(text):
        longer = end + first_sentence(text[end:])
        return longer if longer <= LABELLED else end
    return end


def shorten(paragraph: nodes.Element) -> nodes.Element | None:
    """Cut a paragraph behind what a slide shows of it.

    Args:
        paragraph: Any element of running text; it is changed.

    Returns:
        What was cut off, as an element of the same kind; None if nothing was.
    """
    text = re.sub(r"\s", " ", paragraph.astext()).rstrip()
    end = brief(text)
    if end >= len(text):
        return None
    rest = paragraph.copy()
    rest["ids"], rest["names"] = [], []
    _cut(paragraph, rest, end)
    return rest


def _cut(node: nodes.Element, rest: nodes.Element, end: int) -> None:
    """Move everything behind a number of characters from one element to another."""
    # By place: two equal texts are equal nodes to docutils, such as two ends of lines.
    children = list(node.children)
    kept: list[nodes.Node] = []
    for child in children:
        length = len(child.astext())
        if end >= length and (end or not length):
            kept.append(child)
            end -= length
        elif not end:
            rest += child
        elif isinstance(child, nodes.Text):
            text = child.astext()
            kept.append(nodes.Text(text[:end]))
            rest += nodes.Text(text[end:])
            end = 0
        elif isinstance(child, nodes.Element):
            other = child.copy()
            other["ids"] = []
            _cut(child, other, end)
            kept.append(child)
            rest += other
            end = 0
    node.children = []
    node += kept
