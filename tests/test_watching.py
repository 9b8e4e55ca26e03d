"""What `serve` sees of the author's work on the disk."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from books import Book
from coursebook.serving.watch import Work, changes


def test_a_folder_that_was_taken_away_and_put_back_is_watched_again(book: Book) -> None:
    """A checkout of a branch without the book does this, and the way back."""
    aside = shutil.copytree(book.tree.book, book.root / "aside")
    works: list[Work] = []

    async def listen() -> None:
        async for work in changes(book.tree):
            works.append(work)

    async def heard(change: Callable[[], object]) -> None:
        """Make a change, again and again, until it is heard."""
        works.clear()
        async with asyncio.timeout(60):
            while not works:
                change()
                await asyncio.sleep(0.1)

    async def quiet() -> None:
        """Wait until nothing more is heard of what was done."""
        while works:
            works.clear()
            await asyncio.sleep(1)

    async def follow() -> None:
        listening = asyncio.create_task(listen())
        await heard(lambda: book.write("book/index.md", "# Front page\n\nSaved.\n"))
        await quiet()
        await heard(lambda: shutil.rmtree(book.tree.book, ignore_errors=True))
        await quiet()
        await heard(lambda: shutil.copytree(aside, book.tree.book, dirs_exist_ok=True))
        await quiet()
        await heard(lambda: book.write("book/index.md", "# Front page\n\nSaved after that.\n"))
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, follow()).result()
