"""Watching the source, and telling what a change asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from enum import IntEnum
from pathlib import Path

from coursebook.paths import ENGINE, Tree


class Work(IntEnum):
    """What has to be done after a change, from least to most."""

    BUILD = 1
    """Render what changed."""
    RESTART = 2
    """Settings, templates or styles changed: render with fresh processes."""
    ENGINE = 3
    """The engine's own code changed: only a new start of the command sees it."""


def watched(tree: Tree) -> list[Path]:
    """List the folders that decide what is built."""
    return [tree.root, *(path for path in (tree.templates, ENGINE) if _outside(path, tree.root))]


def _outside(path: Path, folder: Path) -> bool:
    return path.exists() and not path.is_relative_to(folder)


def work_for(tree: Tree, path: Path) -> Work | None:
    """Tell what a changed file asks for; None if it does not matter to the book."""
    if path.name.startswith((".", "#")) or path.name.endswith(("~", ".swp", ".tmp", ".new")):
        return None  # an editor's own files
    if path.is_relative_to(ENGINE):
        if "__pycache__" in path.parts:
            return None
        frontend = path.is_relative_to(ENGINE / "frontend")
        return Work.RESTART if frontend else Work.ENGINE
    if path.is_relative_to(tree.templates) or path == tree.config:
        return Work.RESTART
    if path == tree.toc or path.is_relative_to(tree.book):
        return Work.BUILD
    return None


async def changes(tree: Tree) -> AsyncIterator[Work]:
    """Yield the work that a burst of changes asks for, as soon as it is quiet for 50 ms."""
    from watchfiles import awatch

    def wanted(_: object, path: str) -> bool:
        return work_for(tree, Path(path)) is not None

    async for burst in awatch(*watched(tree), watch_filter=wanted, debounce=400, step=50):
        works = (work_for(tree, Path(path)) for _, path in burst)
        yield max(work for work in works if work is not None)
