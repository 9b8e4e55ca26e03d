"""A small book in a temporary folder, for tests: write files, build, look at what came out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from bs4 import BeautifulSoup

from coursebook import steps
from coursebook.paths import REPOSITORY, SLIDES, Tree
from coursebook.problems import Problem
from coursebook.publish import publish
from coursebook.renderings import DECK, SITE, Rendering, output

CONFIG = """\
title: A book for a test
only_build_toc_files: true
parse:
  myst_enable_extensions: [colon_fence, deflist, attrs_block, attrs_inline, substitution]
sphinx:
  config:
    html_copy_source: false
    language: en
"""


def copy_real_book(folder: Path) -> None:
    """Write the source of the real book into a folder, without anything that was made of it."""
    folder.mkdir(parents=True)
    for name in ("_config.yml", "_toc.yml", "book"):
        place = REPOSITORY / name
        if place.is_dir():
            shutil.copytree(place, folder / name)
        else:
            shutil.copy(place, folder / name)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass
class Book:
    """A book that a test writes.

    Attributes:
        root: Its folder.
        chapters: What ``_toc.yml`` names, in order, below ``book/`` and without the ending.
        speaker_notes: Whether its decks hold what is for the speaker alone.
    """

    root: Path
    chapters: list[str] = field(default_factory=list)
    speaker_notes: bool = False

    def __post_init__(self) -> None:
        self.write("_config.yml", CONFIG)
        self.write("book/index.md", "# Front page\n\nWelcome.\n")
        self.write_toc()

    @property
    def tree(self) -> Tree:
        return Tree(self.root)

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file below the book's folder."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return file

    def chapter(self, name: str, text: str | bytes) -> Path:
        """Write a chapter and put it into the reading order."""
        if name not in self.chapters:
            self.chapters.append(name)
            self.write_toc()
        return self.write(f"book/{name}.md", text)

    def write_toc(self) -> None:
        """Write ``_toc.yml`` from the chapters."""
        lines = ["format: jb-book", "root: book/index"]
        if self.chapters:
            lines += ["parts:", "- caption: Part", "  chapters:"]
            lines += [f"  - file: book/{name}" for name in self.chapters]
        self.write("_toc.yml", "\n".join(lines) + "\n")

    def problems(self) -> list[Problem]:
        """Build both renderings and return what was found."""
        with steps.workers(self.tree, speaker_notes=self.speaker_notes) as crew:
            return steps.make(self.tree, crew, lambda message: None)

    def build(self) -> Book:
        """Build both renderings, which must give no problem, and publish them."""
        found = self.problems()
        assert not found, "\n".join(map(str, found))
        publish(self.tree)
        return self

    def html(self, name: str, rendering: Rendering = SITE) -> str:
        """Return what was written for a chapter."""
        return (output(self.tree, rendering) / f"{name}.html").read_text(encoding="utf-8")

    def page(self, name: str) -> BeautifulSoup:
        """Return a chapter's page of the site."""
        return BeautifulSoup(self.html(name, SITE), "html.parser")

    def deck(self, name: str) -> BeautifulSoup:
        """Return a chapter's deck."""
        return BeautifulSoup(self.html(name, DECK), "html.parser")

    @property
    def published_deck(self) -> Path:
        return self.tree.site / SLIDES
