"""The page of licences: every part with its version, its licence and its source."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from books import Book
from coursebook.live import licences, vendor
from coursebook.publish import publish
from machines import PACKAGES, stand_in


def page(site: Path) -> BeautifulSoup:
    return BeautifulSoup((site / "machine" / "licences.html").read_text("utf-8"), "html.parser")


@pytest.fixture
def with_machine(book: Book) -> Book:
    vendor.build(print)
    book.problems()
    publish(book.tree, stand_in(book.tree.machine))
    return book


def rows(soup: BeautifulSoup) -> dict[str, tuple[str, list[str]]]:
    """Return version and addresses by package."""
    return {
        row.select("th, td")[0].get_text(): (
            row.select("th, td")[1].get_text(),
            [str(link["href"]) for link in row.select("a")],
        )
        for row in soup.select("tbody tr")
    }


def test_every_part_of_the_machine_and_of_the_bundles_is_listed(with_machine: Book) -> None:
    listed = rows(page(with_machine.tree.site))
    for one in PACKAGES:
        assert listed[one["name"]][0] == one["version"]
    bundles = vendor.standing()
    assert bundles
    for one in vendor.packages(bundles):
        assert listed[one["name"]] == (one["version"], [licences.npm(one["name"], one["version"])])
    assert {"reveal.js", "sphinx-design"} <= set(listed)


def test_every_link_within_the_site_leads_to_a_text(with_machine: Book) -> None:
    place = with_machine.tree.site / "machine"
    soup = page(with_machine.tree.site)
    inside = [str(a["href"]) for a in soup.select("article a") if "://" not in str(a["href"])]
    assert len(inside) == len(PACKAGES) + 1
    for address in inside:
        assert (place / address).read_text(encoding="utf-8").strip(), address


def test_a_kernel_that_was_signed_names_the_kernels_own_source() -> None:
    found = dict(licences.debian_sources("linux-signed-i386", "6.1.176+1"))
    assert list(found) == ["linux-signed-i386 6.1.176+1", "linux 6.1.176-1"]
    assert found["linux 6.1.176-1"].endswith("/linux/6.1.176-1/")
    [(name, address)] = licences.debian_sources("bash", "1:5.2-1")
    assert (name, address.rpartition("/package/")[2]) == ("bash 1:5.2-1", "bash/1%3A5.2-1/")


def test_without_a_machine_the_page_says_so_and_lists_the_rest(book: Book) -> None:
    book.build()
    soup = page(book.tree.site)
    assert "built without the Linux" in soup.get_text()
    assert "bash" not in rows(soup)
    assert "MIT License" in soup.get_text() or "Permission is hereby granted" in soup.get_text()
    assert licences.PLACE not in str(soup)


def test_every_page_leads_there(book: Book) -> None:
    book.chapter("part/deep", "# Deep\n")
    book.build()
    for name, address in (
        ("index", "machine/licences.html"),
        ("part/deep", "../machine/licences.html"),
    ):
        assert book.page(name).select_one(f"footer a[href='{address}']")
