"""Links on paper: each leads to a place of the same PDF, or to the published site, or is none."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urljoin, urlsplit

from bs4 import Tag


@dataclass
class Links:
    """Where the links of one PDF lead.

    Attributes:
        base: Where the site is published; empty where nobody said.
        inside: What the PDF holds: address from the root of the site, with or without a
            fragment → id in the PDF.
        lost: Links that lead nowhere any more, because they go to another page and nobody said
            where that is published; their text stands.
    """

    base: str
    inside: Mapping[str, str]
    lost: list[str] = field(default_factory=list)

    def rewrite(self, content: Tag, address: str) -> None:
        """Correct all links of a piece of a page.

        Args:
            content: The piece; changed in place.
            address: Of the page it came from, from the root of the site.
        """
        for link in content.find_all("a"):
            target = link.get("href")
            if not isinstance(target, str):
                continue
            leads = self.target(target, address)
            if leads is None:
                self.lost.append(target)
                # A card's link is an area without words of its own.
                if "sd-hide-link-text" in link.get_attribute_list("class"):
                    link.decompose()
                else:
                    link.unwrap()
            else:
                link["href"] = leads

    def target(self, target: str, address: str) -> str | None:
        """Return where a link leads in the PDF.

        Args:
            target: What the link says.
            address: Of the page it stands on, from the root of the site.

        Returns:
            ``#id``, or an absolute address; None if it leads nowhere.
        """
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            return target
        place = address
        if parts.path:
            place = posixpath.normpath(posixpath.join(posixpath.dirname(address), parts.path))
        place = unquote(place)
        # Decks are addressed by `#/id`.
        fragment = unquote(parts.fragment).removeprefix("/")
        inside = self.inside.get(f"{place}#{fragment}") if fragment else None
        inside = inside or self.inside.get(place)
        if inside:
            return f"#{quote(inside)}"
        if not self.base:
            return None
        return self.published(place, parts.fragment)

    def published(self, place: str, fragment: str = "") -> str:
        """Write the published address of a file of the site.

        Args:
            place: The file, from the root of the site.
            fragment: What stands behind ``#``, as a link writes it.
        """
        address = urljoin(self.base, quote(place))
        return f"{address}#{fragment}" if fragment else address
