"""What `serve` sees of the author's work on the disk."""

from __future__ import annotations

import asyncio
import shutil

from books import Book
from coursebook.serving.watch import Work, changes


def test_a_folder_that_was_taken_away_and_put_back_is_watched_again(book: Book) -> None:
    """A checkout of a branch without the book does this, and the way back."""
    aside = shutil.copytree(book.tree.book, book.root / "aside")

    async def follow() -> None:
        seen = changes(book.tree)

        async def settle() -> list[Work]:
            works = []
            while True:
                try:
                    async with asyncio.timeout(1.5):
                        works.append(await asyncio.shield(upcoming[0]))
                except TimeoutError:
                    return works
                upcoming[0] = asyncio.ensure_future(anext(seen))

        upcoming = [asyncio.ensure_future(anext(seen))]
        assert await settle() == []
        shutil.rmtree(book.tree.book)
        assert await settle()
        shutil.copytree(aside, book.tree.book)
        assert await settle()
        book.write("book/index.md", "# Front page\n\nSaved after that.\n")
        assert Work.BUILD in await settle()
        upcoming[0].cancel()
        await asyncio.gather(*upcoming, return_exceptions=True)
        await seen.aclose()  # type: ignore[attr-defined]

    asyncio.run(follow())
