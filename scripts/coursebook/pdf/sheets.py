"""What paper has in common: pieces of rendered pages without what only a screen can do."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader, select_autoescape

from coursebook.paths import FRONTEND, TEMPLATES

OURS = ".paper"
"""Folder of the printed site, in which our own styles and scripts for paper stand."""

ASSETS = FRONTEND / "pdf"

SCREEN_ONLY = (
    "script, noscript, template, button, aside.notes, .toctree-wrapper, .sd-tab-set > input,"
    ".cb-anchor, .cb-to-slides, .cb-actions, .cb-copy, .cb-neighbours, .cb-cells-not-shown"
)
"""What has no sense on paper; a speaker's notes are for nobody else."""

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES / "pdf"),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["css"] = lambda text: css_string(text)


def fill(template: str, **values: Any) -> str:
    """Fill a template for paper."""
    return _environment.get_template(template).render(**values)


def css_string(text: str) -> str:
    """Write a text as a string of CSS; all that has a meaning there or in HTML is escaped."""
    plain = (
        letter if letter.isalnum() or letter == " " else rf"\{ord(letter):x} " for letter in text
    )
    return f'"{"".join(plain)}"'


def clean(content: Tag) -> None:
    """Take away what works on a screen only, and open what a reader of paper could not open."""
    for element in content.select(SCREEN_ONLY):
        element.decompose()
    for fold in content.find_all("details"):
        fold["open"] = ""
    for label in content.select(".sd-tab-set > label"):
        del label["for"]
    for box in content.select("input[type=checkbox]"):
        # Drawn as a control, it would be one that does nothing.
        box.replace_with("☑ " if box.has_attr("checked") else "☐ ")


def root_addresses(content: Tag, address: str) -> None:
    """Name pictures from the root of the site: pages from several folders become one document."""
    for element in content.find_all(["img", "source", "video", "audio"]):
        if source := str(element.get("src") or ""):
            element["src"] = from_root(source, address)


def from_root(source: str, address: str) -> str:
    """Write the address of a file from the root of the site.

    Args:
        source: As a page writes it.
        address: Of that page, from the root of the site.
    """
    if source.startswith("/") or urlsplit(source).scheme:
        return source
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(address), source))


def style_sheets(page: BeautifulSoup, address: str) -> list[str]:
    """Return the styles that a page is drawn with, from the root of the site, in order.

    Left out are those of cells that run, and of the deck as a document.
    """
    found = []
    for link in page.select('head > link[rel="stylesheet"]'):
        place = from_root(str(link["href"]).partition("?")[0], address)
        if not place.startswith("/live/") and not link.has_attr("data-cb-document"):
            found.append(place)
    return found


def ours(*names: str) -> list[str]:
    """Return addresses of our own styles for paper."""
    return [f"/{OURS}/{name}" for name in names]


def own_files() -> dict[str, Path]:
    """Return our own styles and scripts for paper: address → file."""
    return {f"{OURS}/{file.name}": file for file in sorted(ASSETS.iterdir())}


def language(page: BeautifulSoup) -> str:
    """Return the language that a page says it is written in."""
    return str(page.html.get("lang") or "en") if page.html else "en"


def drop_ids(content: Tag) -> None:
    """Take all ids off a copy; a drawing keeps its own, which it refers to."""
    for element in [content, *content.find_all(True)]:
        if not _in_drawing(element):
            del element["id"]


def _in_drawing(element: Tag) -> bool:
    return element.name != "svg" and element.find_parent("svg") is not None


ID_USERS = ("for", "aria-labelledby", "aria-describedby", "headers")


def prefix_ids(content: Tag, prefix: str) -> None:
    """Begin all ids with a name, so that several pages can stand in one document."""
    for element in [content, *content.find_all(True)]:
        if _in_drawing(element):
            continue
        if identity := element.get("id"):
            element["id"] = f"{prefix}{identity}"
        if element.name == "svg":
            continue
        for name in ID_USERS:
            if users := element.get(name):
                words = users if isinstance(users, list) else str(users).split()
                element[name] = " ".join(f"{prefix}{word}" for word in words)


def places(content: Iterable[Tag], address: str, top: str, prefix: str = "") -> Mapping[str, str]:
    """List what a piece of a page holds, for ``Links.inside``.

    Args:
        content: The piece, with its ids as they are in the PDF.
        address: Of the page, from the root of the site.
        top: Id at its beginning.
        prefix: What its ids begin with since ``prefix_ids``.
    """
    found = {address: top}
    for piece in content:
        for element in [piece, *piece.find_all(id=True)]:
            identity = str(element.get("id") or "")
            if identity:
                found[f"{address}#{identity.removeprefix(prefix)}"] = identity
    return found
