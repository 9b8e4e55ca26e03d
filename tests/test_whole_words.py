"""Code in a line: its words stay whole, and long ones may break."""

from __future__ import annotations

from bs4 import BeautifulSoup

from books import Book

LONG = "/home/learner/notebooks/project/bin/python"

CHAPTER = f"""\
# Code in a line

Type `uv sync --locked` or `{LONG}`, or `a < b`.
"""


def test_only_long_words_of_code_may_be_broken(book: Book) -> None:
    book.chapter("code", CHAPTER)
    built = book.build()
    for soup in (built.page("code"), built.deck("code")):
        assert words(soup, ":not(.cb-breakable)") == ["uv", "sync", "--locked", "a", "<", "b"]
        assert words(soup, ".cb-breakable") == [LONG]


def words(soup: BeautifulSoup, which: str) -> list[str]:
    """Return the words of code of one kind."""
    return [word.get_text() for word in soup.select(f"code > span.pre{which}")]
