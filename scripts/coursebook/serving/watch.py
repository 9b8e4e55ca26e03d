"""Watching the source, and telling what a change asks for."""

from __future__ import annotations

import asyncio
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
    """Yield the work that a burst of changes asks for, as soon as it is quiet for 20 ms."""
    from watchfiles import awatch

    found: asyncio.Queue[Work] = asyncio.Queue()

    def wanted(_: object, path: str) -> bool:
        return work_for(tree, Path(path)) is not None

    async def watch(*paths: Path, recursive: bool) -> AsyncIterator[set[Path]]:
        bursts = awatch(*paths, watch_filter=wanted, debounce=200, step=20, recursive=recursive)
        async for burst in bursts:
            changed = {Path(path) for _, path in burst}
            yield changed
            works = (work_for(tree, path) for path in changed)
            await found.put(max(work for work in works if work is not None))

    folders = (tree.book, tree.templates, ENGINE)

    async def watch_folders() -> None:
        async for _ in watch(*[path for path in folders if path.is_dir()], recursive=True):
            pass

    async def watch_root() -> None:
        inside = asyncio.create_task(watch_folders())
        try:
            async for changed in watch(tree.root, recursive=False):
                # A folder that git or the author took away and put back is another one now.
                if changed.intersection(folders):
                    inside.cancel()
                    await asyncio.gather(inside, return_exceptions=True)
                    inside = asyncio.create_task(watch_folders())
                    await asyncio.sleep(0)
        finally:
            inside.cancel()
            await asyncio.gather(inside, return_exceptions=True)

    # Of the root itself only the files in it: environments and builds below it have thousands of
    # folders, and each would want a watch.
    task = asyncio.create_task(watch_root())
    try:
        while True:
            work = await found.get()
            while not found.empty():
                work = max(work, found.get_nowait())
            yield work
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
