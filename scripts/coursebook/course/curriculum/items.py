"""The items that a course teaches: ``book/_curriculum.toml``, one table for each chapter.

    [C05]
    title = "Activation from the inside"
    [C05.items]
    S3-18 = { kind = "demo", words = "Before and after: python points elsewhere" }

The names of chapters and items are the course's own. A chapter of the book says in its front matter
which of them it is: ``curriculum: C05``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coursebook.course.source import read_source
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

CODE = "bad-curriculum"
HINT = """write `[C05]`, `title = "…"`, `[C05.items]`, `S3-18 = { kind = "demo", words = "…" }`"""


@dataclass(frozen=True)
class Item:
    """One thing that is taught.

    Attributes:
        name: Its name, such as ``S3-18``.
        kind: Concept, demo, table, warning and the like.
        words: What it is, in a few words.
        chapter: Name of the chapter that it belongs to.
    """

    name: str
    kind: str
    words: str
    chapter: str


@dataclass(frozen=True)
class Curriculum:
    """All that is taught.

    Attributes:
        path: The file that says so, from the book's root.
        titles: Of the chapters, by their names, in order.
        items: By their names, in order.
    """

    path: str
    titles: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)

    def of(self, chapter: str) -> list[Item]:
        """Return the items of a chapter."""
        return [item for item in self.items.values() if item.chapter == chapter]


def read_curriculum(tree: Tree) -> Curriculum:
    """Read what a course teaches; a book without such a file promises nothing.

    Args:
        tree: The book.

    Raises:
        CourseError: The file is not TOML, or something in it is not of the form above.
    """
    path = tree.relative(tree.curriculum)
    if not tree.curriculum.is_file():
        return Curriculum(path)
    text = read_source(tree.curriculum, path)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        at = int(line[1]) if line else text.count("\n") + 1
        message = f"this is not TOML: {error}"
        raise CourseError([Problem(path, at, CODE, message, HINT)]) from None
    problems: list[Problem] = []
    items: dict[str, Item] = {}
    for item, message in _items(found):
        if not message and item.name in items:
            message = f"`{item.name}` stands in {items[item.name].chapter} and in {item.chapter}"
        if message:
            line_of = _line(text, item.name or item.chapter)
            problems.append(Problem(path, line_of, CODE, message, HINT))
        else:
            items[item.name] = item
    if problems:
        raise CourseError(problems)
    return Curriculum(path, {name: found[name]["title"] for name in found}, items)


def _items(found: Mapping[str, Any]) -> Iterator[tuple[Item, str]]:
    """Yield each item, and what is wrong with it or its chapter."""
    for chapter, table in found.items():
        if not isinstance(table, dict) or not isinstance(table.get("title"), str):
            yield Item("", "", "", chapter), f"the chapter `{chapter}` has no title"
            continue
        for name, value in table.get("items", {}).items():
            said = value if isinstance(value, dict) else {}
            kind, words = said.get("kind"), said.get("words")
            good = isinstance(kind, str) and isinstance(words, str) and kind and words.strip()
            wrong = "" if good else f"the item `{name}` does not say its kind and what it is"
            yield Item(name, str(kind), str(words), chapter), wrong


def _line(text: str, name: str) -> int:
    """Find the last line that begins with a name or is the head of its table."""
    pattern = re.compile(rf"\s*(?:\[\s*)?[\"']?{re.escape(name)}[\"']?\s*[\].=]")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if pattern.match(line)]
    return lines[-1] if lines else 1
