"""The links of a book that lead out of it, each with every line on which its author wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursebook.course.book import Book
from coursebook.course.facts import INLINE_CODE, Place
from coursebook.course.markdown_lines import Fences, Kind
from coursebook.course.source import read_source
from coursebook.paths import Tree

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|]+")
_BEHIND = ".,;:!?*_"
_PAIRS = {")": "(", "]": "["}


def external_links(tree: Tree, book: Book) -> dict[str, list[Place]]:
    """Find all of them: in the text of both renderings, in options, and in the settings.

    What stands in code is no link.

    Args:
        tree: The book.
        book: Its chapters.

    Returns:
        The places by the address, in the order in which one reads.
    """
    found: dict[str, dict[Place, None]] = {}
    for place in _lines(tree, book):
        for address in addresses(place.text):
            found.setdefault(address, {})[place] = None
    return {address: list(places) for address, places in found.items()}


def _lines(tree: Tree, book: Book) -> Iterator[Place]:
    """Yield every line that may hold a link, inline code taken out."""
    for chapter, facts in book.renderings():
        rendering = next(name for name, known in chapter.facts.items() if known is facts)
        fences = Fences()
        for place in chapter.places(rendering):
            if fences.feed(place.text) is not Kind.VERBATIM and "://" in place.text:
                yield Place(INLINE_CODE.sub("", place.text), place.path, place.line)
    name = tree.relative(tree.config)
    if tree.config.is_file():
        for number, line in enumerate(read_source(tree.config, name).split("\n"), 1):
            if not line.lstrip().startswith("#"):
                yield Place(line, name, number)


def addresses(text: str) -> Iterator[str]:
    """Find the addresses in a line: without what ends the sentence or closes the link."""
    for found in _ADDRESS.finditer(text):
        address = found[0]
        while address:
            last = address[-1]
            closes = last in _PAIRS and address.count(last) > address.count(_PAIRS[last])
            if not closes and last not in _BEHIND:
                break
            address = address[:-1]
        # A link of Markdown ends at its own bracket, whatever stands behind it.
        for close, opening in _PAIRS.items():
            depth = 0
            for at, letter in enumerate(address):
                depth += (letter == opening) - (letter == close)
                if depth < 0:
                    address = address[:at]
                    break
        yield address
