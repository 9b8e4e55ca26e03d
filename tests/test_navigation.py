"""The list of chapters beside every page, and the way on and back below it."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag

from books import Book
from coursebook.sphinx_ext.navigation import MANY


def links(element: Tag | None) -> list[tuple[str, str]]:
    """Return addresses and texts of all links in an element."""
    assert element is not None
    return [(str(link["href"]), link.get_text()) for link in element.find_all("a")]


def navigation(page: BeautifulSoup) -> Tag:
    found = page.select_one("nav.cb-navigation")
    assert found is not None
    return found


@pytest.fixture
def nested(book: Book) -> Book:
    """Two parts, and a chapter with a chapter below it in a deeper folder."""
    book.chapter("one/first", "# First `code` & \\<b>\n")
    book.chapter("one/deep/inner", "# Inner\n")
    book.chapter("two/last", "# Last\n")
    book.write(
        "_toc.yml",
        """\
format: jb-book
root: book/index
parts:
- caption: One & only
  chapters:
  - file: book/one/first
    sections:
    - file: book/one/deep/inner
- caption: Two
  chapters:
  - file: book/two/last
    title: A shorter title
""",
    )
    return book.build()


def test_every_page_lists_all_chapters_in_reading_order(nested: Book) -> None:
    for name in ("index", "one/first", "one/deep/inner", "two/last", "search"):
        assert [text for _, text in links(navigation(nested.page(name)))] == [
            "Front page",
            "First code & <b>",
            "Inner",
            "A shorter title",
        ]


def test_a_chapter_below_another_stands_in_its_line(nested: Book) -> None:
    inner = navigation(nested.page("index")).select("li li a")
    assert [link.get_text() for link in inner] == ["Inner"]


def test_links_lead_to_pages_from_every_folder(nested: Book) -> None:
    for name in ("index", "one/first", "one/deep/inner", "two/last"):
        for element in ("nav.cb-navigation", "nav.cb-neighbours"):
            for address, _ in links(nested.page(name).select_one(element)):
                place = (nested.tree.site / f"{name}.html").parent / unquote(address)
                assert place.is_file(), f"{name}: {address}"


def test_the_page_that_is_read_is_marked_and_no_other(nested: Book) -> None:
    for name in ("index", "one/first", "one/deep/inner", "two/last"):
        marked = navigation(nested.page(name)).select("[aria-current=page]")
        assert [PurePosixPath(str(link["href"])).stem for link in marked] == [
            PurePosixPath(name).stem
        ]
    assert not navigation(nested.page("search")).select("[aria-current]")


def test_neighbours_follow_the_reading_order_through_parts_and_depths(nested: Book) -> None:
    def neighbours(name: str) -> dict[str, str]:
        found = nested.page(name).select_one("nav.cb-neighbours")
        assert found is not None
        return {str(link["rel"][0]): str(link["href"]) for link in found.find_all("a")}

    assert neighbours("index") == {"next": "one/first.html"}
    assert neighbours("one/first") == {
        "prev": "../index.html",
        "next": "../one/deep/inner.html",
    }
    assert neighbours("one/deep/inner") == {
        "prev": "../../one/first.html",
        "next": "../../two/last.html",
    }
    assert neighbours("two/last") == {"prev": "../one/deep/inner.html"}
    assert nested.page("search").select_one("nav.cb-neighbours") is None


def test_captions_and_titles_are_text_and_not_markup(nested: Book) -> None:
    html = nested.html("index")
    assert "One &amp; only</summary>" in html
    assert "&amp; &lt;b&gt;</a>" in html


def test_a_small_book_shows_all_parts_open(nested: Book) -> None:
    parts = navigation(nested.page("two/last")).select("details")
    assert [part.has_attr("open") for part in parts] == [True, True]


def test_a_large_book_opens_the_part_that_is_read(book: Book) -> None:
    parts = []
    for part in ("one", "two"):
        files = [f"{part}/topic-{number}" for number in range(MANY // 2 + 1)]
        for name in files:
            book.write(f"book/{name}.md", f"# {name}\n")
        chapters = "".join(f"  - file: book/{name}\n" for name in files)
        parts.append(f"- caption: {part}\n  chapters:\n{chapters}")
    book.write("_toc.yml", "format: jb-book\nroot: book/index\nparts:\n" + "".join(parts))
    book.build()

    def states(name: str) -> list[bool]:
        return [part.has_attr("open") for part in navigation(book.page(name)).select("details")]

    assert states("two/topic-3") == [False, True]
    assert states("one/topic-0") == [True, False]
    assert states("index") == [False, False]


def test_no_page_is_rendered_by_the_listeners_of_other_themes(nested: Book) -> None:
    """They would render each of their templates for every page, and the tree of chapters twice."""
    html = nested.html("one/first")
    assert "DOCUMENTATION_OPTIONS.pagename" not in html
    assert "bd-sidenav" not in html


def test_a_numbered_part_has_its_numbers_everywhere(nested: Book) -> None:
    toc = (nested.root / "_toc.yml").read_text(encoding="utf-8")
    nested.write("_toc.yml", toc.replace("- caption: Two", "- caption: Two\n  numbered: true"))
    nested.write("book/two/last.md", "# Last\n\n## Section\n\nText.\n")
    nested.build()
    for drawn in (nested.page("two/last"), nested.deck("two/last")):
        headings = [heading.get_text() for heading in drawn.select("h1, section h2")]
        assert any(heading.startswith("1. Last") for heading in headings)
        assert any(heading.startswith("1.1. Section") for heading in headings)
    for name in ("index", "one/first", "two/last"):
        shown = [text for _, text in links(navigation(nested.page(name)))]
        assert shown[1:] == ["First code & <b>", "Inner", "1. A shorter title"]


def test_a_file_that_is_only_included_is_no_page(book: Book) -> None:
    config = (book.root / "_config.yml").read_text(encoding="utf-8")
    book.write("_config.yml", config.replace("only_build_toc_files: true\n", ""))
    book.write("book/_part.md", "Shared words.\n")
    book.chapter("one", "# One\n\n```{include} _part.md\n```\n")
    book.build()
    assert "Shared words" in book.html("one")
    assert not list(book.tree.site.rglob("_part.*"))
