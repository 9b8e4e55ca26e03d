"""Whether the slides of a chapter are made from its headings, because nobody wrote any.

A chapter whose two renderings hold the same, and which has more running text than a slide can
show, was written to be read. Its deck then shows what stands out: see ``sphinx_ext.from_headings``.
A chapter of few words and lists is good on a slide as it stands, and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from coursebook.course.conditionals import attempt, flags_for
from coursebook.course.front_matter import front_matter_end
from coursebook.course.markdown_lines import Fences, Kind

LONG = 300
"""Characters of running text below one heading from which nobody reads them off a wall."""

_DIRECTIVES = ("fragments", "revealjs-break", "revealjs-section", "revealjs-vertical")
"""Directives of who has decided what a slide shows."""

_TAGS = re.compile(r"\s*:?tags:.*\b(?:slide-only|page-only)\b")
_CLASSES = re.compile(r"\{[^{}]*\.fragments?\b[^{}]*\}|:class:.*\bfragments?\b")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_NO_PROSE = re.compile(r"\s|[-*+>|%:({!<\[]|\d+[.)]\s")
"""How a block begins that is no paragraph: lists, quotes, tables, labels, attributes, images."""


def slides_from_headings(text: str, included: Iterable[str] = ()) -> bool:
    """Tell whether a chapter leaves its slides to us.

    Args:
        text: The chapter's source.
        included: The sources of the Markdown that it includes.
    """
    parts = (text, *included)
    return any(map(has_long_prose, parts)) and not any(map(decides_slides, parts))


def decides_slides(text: str) -> bool:
    """Tell whether an author says anywhere what a slide shows, or what it does not."""
    if "{%" in text:
        slides, pages = (attempt(text, flags_for(name), "").text for name in ("slides", "pages"))
        if slides != pages:
            return True
    fences = Fences()
    for line in text.split("\n"):
        kind = fences.feed(line)
        if kind is Kind.OPENING and fences.stack[-1].directive in _DIRECTIVES:
            return True
        if kind is Kind.TEXT and _CLASSES.search(line):
            return True
        if kind is Kind.VERBATIM and _TAGS.match(line):
            return True
    return False


def has_long_prose(text: str) -> bool:
    """Tell whether one section has more running text than fits on a slide."""
    fences = Fences()
    length = 0
    prose = above = False
    for line in text.split("\n")[front_matter_end(text) :]:
        if fences.feed(line) is not Kind.TEXT or fences.stack or not line.strip():
            above = False
            continue
        if _HEADING.match(line):
            length = 0
            above = False
            continue
        # A block is what its first line is.
        prose = prose if above else _NO_PROSE.match(line) is None
        above = True
        if prose:
            length += len(line.strip()) + 1
            if length > LONG:
                return True
    return False
