"""What a page weighs: all that a browser loads before the reader does anything."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^;'"()]*?["'](?P<module>[^"']+)["']""", re.MULTILINE
)
"""A static import of an ES module; ``import(…)`` loads later, when something is clicked."""

STYLE_IMPORT = re.compile(r"""@import\s+(?:url\()?["']?(?P<address>[^"')\s;]+)""")


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes:
        address: From the root of the site.
        weight: Bytes of HTML, CSS and JavaScript, each file compressed by gzip.
        elsewhere: Addresses on other hosts that it loads.
    """

    address: str
    weight: int
    elsewhere: tuple[str, ...]


class Loads(HTMLParser):
    """Collects the addresses that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.code: list[str] = []
        self.other: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Take the addresses of one element."""
        found = {name: value or "" for name, value in attributes}
        if tag == "script" and "src" in found:
            self.code.append(found["src"])
        elif tag == "link":
            kinds = found.get("rel", "").split()
            if "stylesheet" in kinds or "modulepreload" in kinds:
                self.code.append(found.get("href", ""))
            elif "icon" in kinds or "preload" in kinds:
                self.other.append(found.get("href", ""))
        elif tag in ("img", "iframe", "source", "video", "audio") and "src" in found:
            self.other.append(found["src"])


def weigh(site: Path) -> list[Page]:
    """Weigh every page and deck of a built site, the heaviest first."""
    pages = [weigh_page(site, path) for path in sorted(site.rglob("*.html"))]
    return sorted(pages, key=lambda page: -page.weight)


def weigh_page(site: Path, path: Path) -> Page:
    """Weigh one page with the styles and scripts that it names, and those that these name."""
    data = path.read_bytes()
    loads = Loads()
    loads.feed(data.decode("utf-8"))
    elsewhere = [address for address in (*loads.code, *loads.other) if urlsplit(address).netloc]
    files: set[Path] = set()
    waiting = [target for target in _files(site, path, loads.code) if target.is_file()]
    while waiting:
        file = waiting.pop()
        if file in files:
            continue
        files.add(file)
        text = file.read_text(encoding="utf-8", errors="replace")
        pattern = STYLE_IMPORT if file.suffix == ".css" else IMPORT
        named = [found[1] for found in pattern.finditer(text)]
        elsewhere += [address for address in named if urlsplit(address).netloc]
        waiting += [target for target in _files(site, file, named) if target.is_file()]
    weight = sum(len(gzip.compress(one)) for one in (data, *(f.read_bytes() for f in files)))
    return Page(path.relative_to(site).as_posix(), weight, tuple(elsewhere))


def _files(site: Path, start: Path, addresses: list[str]) -> Iterator[Path]:
    for address in addresses:
        parts = urlsplit(address)
        if not parts.netloc and parts.scheme in ("", "file") and parts.path:
            place = unquote(parts.path)
            base = site if place.startswith("/") else start.parent
            yield Path(base, place.lstrip("/")).resolve()
