"""Drawings are written into page and deck, and only harmless ones."""

from __future__ import annotations

import pytest

from books import Book
from coursebook.renderings import DECK, SITE
from coursebook.sphinx_ext.svg import SvgError, read_drawing

OPEN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 0 100 50">'
)
DRAWING = f"""\
{OPEN}
  <title>Two boxes</title>
  <style>.box {{ fill: var(--cb-figure-fill) }} #tip {{ fill: #abc }}</style>
  <defs><marker id="tip"><path d="M0 0 8 4 0 8z"/></marker></defs>
  <rect class="box" width="40" height="20"/>
  <path d="M0 0H9" marker-end="url(#tip)"/>
  <use href="#tip"/>
  <text>a &lt; b</text>
</svg>
"""


def found(inside: str) -> list[tuple[int, str]]:
    with pytest.raises(SvgError) as caught:
        read_drawing(f"{OPEN}\n{inside}\n</svg>", "p-")
    return [(line, code) for line, code, _, _ in caught.value.found]


def test_a_drawing_with_our_colours_is_inline_in_both_renderings(book: Book) -> None:
    book.write("book/figures/boxes.svg", DRAWING)
    book.chapter(
        "a",
        "# A\n\n## One\n\n![Both boxes](figures/boxes.svg)\n\n## Two\n\n"
        ":::{figure} figures/boxes.svg\n:name: boxes\n:width: 50%\nThe caption.\n:::\n\n"
        "See {numref}`boxes`.\n",
    )
    book.build()
    for rendering in (SITE, DECK):
        html = book.html("a", rendering)
        soup = book.page("a") if rendering is SITE else book.deck("a")
        drawings = soup.select("svg.cb-figure")
        assert [one["aria-label"] for one in drawings] == ["Both boxes", "Two boxes"]
        assert all(one["role"] == "img" for one in drawings)
        assert "boxes.svg" not in html
        names = [one["id"] for one in soup.select("svg.cb-figure [id]")]
        assert len(names) == len(set(names)) == 4
        figure = soup.select_one("figure#boxes")
        assert figure is not None and figure.select_one("svg") is not None
        assert "Fig. 1" in figure.text and "The caption." in figure.text
        assert "width: 50%" in str(drawings[1]["style"])


def test_a_drawing_that_names_no_colour_of_ours_stays_a_file(book: Book) -> None:
    plain = f'{OPEN}<rect width="9" height="9"/></svg>'
    book.write("book/plain.svg", plain)
    book.chapter("a", "# A\n\n![Plain](plain.svg)\n\n![Marked](plain.svg){.cb-inline}\n")
    book.build()
    assert len(book.deck("a").select("img[src$='plain.svg']")) == 1
    assert len(book.deck("a").select("svg.cb-figure")) == 1


def test_references_within_a_drawing_are_renamed_together() -> None:
    body = read_drawing(DRAWING, "p-").body
    assert 'id="p-tip"' in body and 'href="#p-tip"' in body and "url(#p-tip)" in body
    assert "#p-tip { fill: #abc }" in body, "names in styles, but no colours"
    assert "a &lt; b" in body


def test_styles_of_a_drawing_hold_within_it_alone() -> None:
    assert "<style>#p-all {.box" in read_drawing(DRAWING, "p-").body


def test_a_drawing_without_words_is_a_problem_at_the_chapters_line(book: Book) -> None:
    book.write("book/mute.svg", f'{OPEN}<rect fill="var(--cb-ink)"/></svg>')
    book.chapter("a", "# A\n\n![](mute.svg)\n")
    problems = book.problems()
    assert [(one.path, one.line, one.code) for one in problems] == [
        ("book/a.md", 3, "figure-without-text")
    ]


def test_a_drawing_that_runs_a_script_is_a_problem_at_its_own_line(book: Book) -> None:
    book.write(
        "book/bad.svg", f"{OPEN}\n<g fill='var(--cb-ink)'/>\n<script>alert(1)</script>\n</svg>"
    )
    book.chapter("a", "# A\n\n![Bad](bad.svg)\n")
    problems = book.problems()
    assert [(one.path, one.line, one.code) for one in problems] == [
        ("book/bad.svg", 3, "svg-element")
    ]
    assert problems[0].hint


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<script>alert(1)</script>", "svg-element"),
        ("<foreignObject><p/></foreignObject>", "svg-element"),
        ('<a href="#x"><rect/></a>', "svg-element"),
        ('<image href="x.png"/>', "svg-element"),
        ('<animate attributeName="x"/>', "svg-element"),
        ('<rect onclick="alert(1)"/>', "svg-script"),
        ('<rect ONLOAD="alert(1)"/>', "svg-script"),
        ('<use href="other.svg#a"/>', "svg-link"),
        ('<use xlink:href="javascript:alert(1)"/>', "svg-link"),
        ('<rect style="fill: url(https://example.org/x)"/>', "svg-link"),
        ('<rect fill="url(data:text/html,x)"/>', "svg-link"),
        ("<style>@import 'x.css';</style>", "svg-link"),
        ("<style>.a { background: url(x.png) }</style>", "svg-link"),
    ],
)
def test_what_could_harm_a_page_is_refused_at_its_line(inside: str, code: str) -> None:
    assert found(inside) == [(2, code)]


def test_entities_are_refused_before_they_grow() -> None:
    with pytest.raises(SvgError, match="DOCTYPE"):
        read_drawing(f'<!DOCTYPE svg [<!ENTITY a "b">]>{OPEN}<text>&a;</text></svg>', "p-")


def test_what_drawing_programs_keep_for_themselves_is_left_out() -> None:
    body = read_drawing(
        f'{OPEN}<metadata><x/></metadata><i:view xmlns:i="urn:i"><rect/></i:view>'
        '<g xmlns:i="urn:i" i:label="Layer 1"><rect/></g></svg>',
        "p-",
    ).body
    assert body == "<g><rect></rect></g>"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<svg", "bad-svg"),
        ("<html></html>", "not-an-svg"),
        ('<svg xmlns="http://www.w3.org/2000/svg"></svg>', "svg-without-size"),
    ],
)
def test_what_is_no_drawing_is_told_so(text: str, code: str) -> None:
    with pytest.raises(SvgError) as caught:
        read_drawing(text, "p-")
    assert caught.value.found[-1][1] == code
