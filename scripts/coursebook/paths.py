"""The only module that knows the tree."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ENGINE = Path(__file__).resolve().parent
"""The folder of this package."""

FRONTEND = ENGINE / "frontend"
"""ES modules and plain CSS, shipped as written."""

REPOSITORY = ENGINE.parent.parent
"""The checkout that this engine stands in."""

TEMPLATES = REPOSITORY / "templates"
"""Jinja templates of this engine's checkout; a book may be elsewhere and share them."""

LOCK = REPOSITORY / "uv.lock"
"""Exact versions of everything that the engine stands on."""

PROJECT = REPOSITORY / "pyproject.toml"
"""What the engine stands on, and which groups of tools cells can use."""

NODE_MANIFESTS = tuple(
    REPOSITORY / name for name in ("package.json", "package-lock.json", ".npmrc")
)
"""What runs in the reader's browser, as npm is told; the second names exact hashes."""

VENDOR = REPOSITORY / "_build" / "vendor"
"""Bundles of npm packages, one folder for each state of what goes in; every book shares them."""

TOOLS = REPOSITORY / "_build" / "machine" / "tools"
"""Node and npm packages, as ``machine build`` of this checkout's own book fetches them."""

CELL_TOOLS = REPOSITORY / "_build" / "tools"
"""What cells use, an environment for each tool and state of its lock; every book shares them."""

DECK_RIVALS = REPOSITORY / "_build" / "rivals"
"""What ``bench --deck`` fetches from npm to compare decks with."""

SLIDES = "slides"
"""Where the decks stand below the site."""


@dataclass(frozen=True)
class Tree:
    """The places of one book.

    Attributes:
        root: The folder with ``_config.yml`` and ``_toc.yml``.
        scratch: Where renderings work, if not in the usual place; for builds from clean.
    """

    root: Path
    scratch: Path | None = None

    @property
    def config(self) -> Path:
        """Jupyter Book's settings."""
        return self.root / "_config.yml"

    @property
    def toc(self) -> Path:
        """The reading order, and the only index of chapters."""
        return self.root / "_toc.yml"

    @property
    def book(self) -> Path:
        """Markdown and figures, for authors."""
        return self.root / "book"

    @property
    def templates(self) -> Path:
        """Jinja templates of the engine, which every book shares."""
        return TEMPLATES

    @property
    def build(self) -> Path:
        """Everything that is generated."""
        return self.root / "_build"

    @property
    def site(self) -> Path:
        """The last good build: the site, with the decks below it at ``slides/``."""
        return self.build / "site"

    @property
    def pdf(self) -> Path:
        """What ``pdf`` printed."""
        return self.build / "pdf"

    @property
    def work(self) -> Path:
        """Doctrees and unfinished output, one folder for a rendering."""
        return self.scratch or self.build / "work"

    @property
    def cells(self) -> Path:
        """Outputs of cells, one file for each sequence of cells that ran."""
        return self.build / "cells"

    @property
    def machine(self) -> Path:
        """The Linux of the reader's tab: one folder for each state of its inputs, and tools."""
        return self.build / "machine"

    @property
    def packs(self) -> Path:
        """Whole courses in one file each, as ``pack`` writes them."""
        return self.build / "pack"

    @property
    def packages(self) -> Path:
        """The description of the toy package index."""
        return self.book / "_index" / "packages.toml"

    @property
    def tools(self) -> Path:
        """What the book adds to tools of cells: a folder for each, named as the tool is."""
        return self.book / "_tools"

    @property
    def stored(self) -> Path:
        """Outputs of cells that full builds alone make, under version control."""
        return self.book / "_stored"

    @property
    def curriculum(self) -> Path:
        """What the course promises to teach; not every book has one."""
        return self.book / "_curriculum.toml"

    def relative(self, path: Path | str) -> str:
        """Name a file as its author does: from the root, with forward slashes."""
        path = Path(path)
        if not path.is_absolute():
            return path.as_posix()
        return Path(os.path.relpath(path, self.root)).as_posix()
