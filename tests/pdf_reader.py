"""Reading a PDF as its readers do: text, links, and what is said to ears."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader


def bare(text: str) -> str:
    """Take all white space out of a text: where lines break on paper is nobody's choice."""
    return re.sub(r"[\s\u200b\xad]+", "", text)


@dataclass(frozen=True)
class Link:
    """A link: its page, counted from 0, and an address or the page it leads to."""

    page: int
    address: str = ""
    leads_to: int | None = None


class Paper:
    """A PDF.

    Args:
        source: Its file.
    """

    def __init__(self, source: Path) -> None:
        self.path = source
        self.reader = PdfReader(source)

    @cached_property
    def texts(self) -> list[str]:
        """The text of each page."""
        return [page.extract_text() for page in self.reader.pages]

    @cached_property
    def text(self) -> str:
        """All text, without white space."""
        return bare("".join(self.texts))

    def page_of(self, text: str) -> int:
        """Return the only page that has a text, counted from 0."""
        [page] = [number for number, own in enumerate(self.texts) if bare(text) in bare(own)]
        return page

    def links(self) -> Iterator[Link]:
        """Yield all links; one that leads nowhere has neither address nor page."""
        for number, page in enumerate(self.reader.pages):
            for annotation in page.get("/Annots", ()):
                link = annotation.get_object()
                assert link["/Subtype"] == "/Link"
                action = link.get("/A", {}).get_object() if "/A" in link else {}
                if "/URI" in action:
                    yield Link(number, address=str(action["/URI"]))
                else:
                    place = link.get("/Dest", action.get("/D"))
                    yield Link(number, leads_to=self._page(place))

    def _page(self, place: Any) -> int | None:
        if isinstance(place, str):
            named = self.reader.named_destinations.get(place)
            return None if named is None else self.reader.get_destination_page_number(named)
        target = place[0].get_object()
        numbers = [n for n, page in enumerate(self.reader.pages) if page.get_object() == target]
        return numbers[0] if numbers else None

    def bookmarks(self) -> list[tuple[int, str, int]]:
        """Return the outline: depth, title, page from 0."""

        def walk(items: list[Any], depth: int) -> Iterator[tuple[int, str, int]]:
            for item in items:
                if isinstance(item, list):
                    yield from walk(item, depth + 1)
                else:
                    page = self.reader.get_destination_page_number(item)
                    assert page is not None
                    yield depth, str(item.title), page

        return list(walk(self.reader.outline, 0))

    def fonts(self) -> Iterator[Any]:
        """Yield the description of every font that a page, or a picture of a slide, is set in."""
        for page in self.reader.pages:
            for resources in _resources(page):
                for font in resources.get("/Font", {}).values():
                    for below in font.get_object().get("/DescendantFonts", [font]):
                        yield below.get_object()["/FontDescriptor"].get_object()

    def alternatives(self) -> list[str]:
        """Return what ears are told instead of pictures, in order."""
        found: list[str] = []

        def walk(node: Any) -> None:
            node = node.get_object() if hasattr(node, "get_object") else node
            if isinstance(node, list):
                for child in node:
                    walk(child)
            elif isinstance(node, dict):
                if node.get("/S") == "/Figure":
                    found.append(str(node.get("/Alt", "")))
                walk(node.get("/K", []))

        walk(self.reader.root_object["/StructTreeRoot"])
        return found

    def slides_on(self, page: int) -> int:
        """Count the pictures of slides on a page."""
        resources: Any = self.reader.pages[page]["/Resources"]
        forms = resources.get("/XObject", {})
        return sum(name.startswith("/CbSlide") for name in forms)

    def outside(self, page: int) -> list[str]:
        """Return the text of a page that stands beyond its edges."""
        box = self.reader.pages[page].mediabox
        found: list[str] = []

        def look(text: str, matrix: list[float], own: list[float], *rest: Any) -> None:
            # Place of the text in its own coordinates, and of those on the page.
            x = own[4] * matrix[0] + own[5] * matrix[2] + matrix[4]
            y = own[4] * matrix[1] + own[5] * matrix[3] + matrix[5]
            within = 0 <= x <= float(box.width) and 0 <= y <= float(box.height)
            if text.strip() and not within:
                found.append(text)

        self.reader.pages[page].extract_text(visitor_text=look)
        return found


def _resources(page: PageObject) -> Iterator[Any]:
    own: Any = page["/Resources"].get_object()
    yield own
    for form in own.get("/XObject", {}).values():
        if form.get_object().get("/Subtype") == "/Form":
            yield form.get_object()["/Resources"].get_object()
