"""What paper says of the book as a whole, and where the book is published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

CODE = "bad-base-url"


@dataclass(frozen=True)
class BookFacts:
    """What ``_config.yml`` says of a book.

    Attributes:
        title: Its title.
        author: Who wrote it; empty where nobody is named.
        copyright: The year, as the author wrote it; may be empty.
        base: Where the site is published, with a slash at its end; empty where nobody said.
    """

    title: str
    author: str
    copyright: str
    base: str


def read_facts(tree: Tree, base: str | None = None) -> BookFacts:
    """Read what paper needs from ``_config.yml``, which was found to be right before.

    Args:
        tree: The book.
        base: Where the site is published, if the command line says so.

    Raises:
        CourseError: The address of the site is none.
    """
    text = tree.config.read_text(encoding="utf-8")
    settings: dict[str, Any] = yaml.safe_load(text)
    path, line = "", 0
    if base is None:
        base = str((settings.get("html") or {}).get("baseurl") or "")
        path, line = tree.relative(tree.config), _line_of("baseurl", text)
    check_base(base, path, line)
    return BookFacts(
        title=str(settings.get("title") or ""),
        author=str(settings.get("author") or ""),
        copyright=str(settings.get("copyright") or ""),
        base=f"{base.rstrip('/')}/" if base else "",
    )


def check_base(base: str, path: str = "", line: int = 0) -> None:
    """See that an address is one, or empty.

    Args:
        base: Where the site is published, as somebody wrote it.
        path: The file where it is written; empty for the command line.
        line: The line.

    Raises:
        CourseError: It is none.
    """
    if base and not _is_address(base):
        message = f"`{base}` is no address of a published site"
        hint = "write all of it, such as https://example.org/course/"
        raise CourseError([Problem(path, line, CODE, message, hint)])


def _line_of(key: str, text: str) -> int:
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"\s*{key}\s*:", line):
            return number
    return 0


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or re.search(r"\s", text))
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)
