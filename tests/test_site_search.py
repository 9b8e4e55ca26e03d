from __future__ import annotations

import json
from typing import Any

import pytest

from site_sample import Site, sample, site

__all__ = ["sample", "site"]


def index(built: Site) -> list[Any]:
    found: list[Any] = json.loads((built.folder / "search.json").read_text(encoding="utf-8"))
    return found


def texts(built: Site) -> dict[str, str]:
    """Return address with anchor → text."""
    return {
        f"{address}#{anchor}" if anchor else address: text
        for address, _, _, sections in index(built)
        for anchor, _, text in sections
    }


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("sys.path", "start/elements.html#prose-and-lists"),
        ("pyvenv.cfg", "start/elements.html"),
        ("uv sync --locked", "start/elements.html#code"),
        ("--no-index", "start/elements.html#a-section-below-a-section"),
        ("/home/learner/.venv", "start/notebook.html#text"),
        ("Three folders in a row", "start/elements.html#tables-figures-and-formulas"),
    ],
)
def test_prose_code_and_output_are_indexed_as_written(
    sample: Site, written: str, address: str
) -> None:
    assert written in texts(sample)[address]


def test_each_word_belongs_to_the_nearest_section_only(sample: Site) -> None:
    assert [at for at, text in texts(sample).items() if "marmalade" in text] == [
        "deep/plain.html#far-away"
    ]


def test_pages_stand_in_reading_order_with_their_part(sample: Site) -> None:
    assert [(page[1], page[2]) for page in index(sample)] == [
        ("The scratch book", ""),
        ("Every element, and how it looks", "A start"),
        ("Cells that ran", "A start"),
        ("Two languages", "A start"),
        ("A plain page", "The deep end"),
    ]


def test_an_incremental_build_renews_one_chapter_and_forgets_what_went(site: Site) -> None:
    chapter = site.root / "book/deep/plain.md"
    extra = site.root / "book/deep/extra.md"
    toc = site.root / "_toc.yml"
    shorter = toc.read_text()
    extra.write_text("# Extra\n\nThe word rhubarb stands here alone.\n")
    toc.write_text(shorter + "  - file: book/deep/extra\n")
    site.build()
    assert any("rhubarb" in text for text in texts(site).values())

    extra.unlink()
    toc.write_text(shorter)
    chapter.write_text(chapter.read_text().replace("marmalade", "quince"))
    site.build()
    words = " ".join(texts(site).values())
    assert "quince" in words
    assert "marmalade" not in words
    assert "rhubarb" not in words
    assert "front page with words" in words
