"""How pages are taken apart for paper, without a browser."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag

from coursebook.pdf import codes
from coursebook.pdf.code_lines import split_code
from coursebook.pdf.deck import merged, prepare, read_slides, step_groups, stepped
from coursebook.pdf.links import Links
from coursebook.pdf.sheets import clean, css_string, prefix_ids


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def element(html: str) -> Tag:
    found = soup(html).find(True)
    assert isinstance(found, Tag)
    return found


# Lines of code


@pytest.mark.parametrize(
    "code",
    [
        "one\ntwo\n",
        "one\n\n\nafter two blank lines",
        "<span class=\"s\">'''begun\nended'''</span> <span class=\"c\">and more</span>\n",
        '<span></span><span class="hll"><span class="k">if</span> so:\n</span>    then\n',
        "  indented\n\ttabbed\n",
        "&lt;tag&gt; &amp; more\n",
    ],
)
def test_every_line_stands_alone_and_no_letter_is_lost(code: str) -> None:
    before = soup(f"<pre>{code}</pre>").get_text()
    page = soup(f"<pre>{code}</pre>")
    split_code(page)
    lines = page.select("pre > .cb-code-line")
    assert [line.get_text() for line in lines] == before.removesuffix("\n").split("\n")


def test_what_reaches_over_an_end_of_line_is_opened_anew() -> None:
    page = soup('<pre><span class="s" id="once">one\ntwo</span>\n</pre>')
    split_code(page)
    assert str(page) == (
        '<pre><span class="cb-code-line"><span class="s" id="once">one</span></span>'
        '<span class="cb-code-line"><span class="s">two</span></span></pre>'
    )


def test_an_emphasised_line_leaves_no_empty_bar_below_it() -> None:
    page = soup('<pre><span class="hll">one\n</span>two\n</pre>')
    split_code(page)
    assert [bool(line.select(".hll")) for line in page.select(".cb-code-line")] == [True, False]


def test_a_blank_line_that_is_marked_stays_marked_so_that_lines_can_be_counted() -> None:
    marked = "".join(f'<span class="cb-line">{code}\n</span>' for code in ("one", "", "three"))
    page = soup(f"<pre>{marked}</pre>")
    split_code(page)
    lines = page.select(".cb-code-line")
    assert [[own.get_text() for own in line.select(".cb-line")] for line in lines] == [
        ["one"],
        [""],
        ["three"],
    ]


# Links


INSIDE = {"a/one.html": "top", "a/one.html#grosze": "a--grosze", "slides/a/one.html#here": "here"}


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("https://www.python.org/#x", "https://www.python.org/#x"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("#grosze", "#a--grosze"),
        ("#nobody", "#top"),
        ("one.html#grosze", "#a--grosze"),
        ("../a/one.html", "#top"),
        ("two.html#there", "https://example.org/c/a/two.html#there"),
        ("../slides/a/one.html#/here", "#here"),
        ("../slides/a/two.html#/here", "https://example.org/c/slides/a/two.html#/here"),
        ("with%20space.pdf", "https://example.org/c/a/with%20space.pdf"),
    ],
)
def test_a_link_leads_into_the_pdf_or_to_the_published_site(target: str, leads: str) -> None:
    assert Links("https://example.org/c/", INSIDE).target(target, "a/one.html") == leads


def test_without_an_address_the_words_of_a_lost_link_stay() -> None:
    content = element('<p><a href="two.html">elsewhere</a> <a href="#grosze">here</a></p>')
    links = Links("", INSIDE)
    links.rewrite(content, "a/one.html")
    assert str(content) == '<p>elsewhere <a href="#a--grosze">here</a></p>'
    assert links.lost == ["two.html"]


# Slides


def test_steps_come_in_the_order_of_reveal() -> None:
    slide = element(
        '<section><p class="fragment">c</p><p class="fragment" data-fragment-index="2">b</p>'
        '<p class="fragment" data-fragment-index="0">a</p>'
        '<p class="fragment" data-fragment-index="2">b</p><p class="fragment">d</p></section>'
    )
    assert step_groups(slide) == [[2], [1, 3], [0], [4]]


def test_each_step_shows_what_was_there_before_and_one_thing_more() -> None:
    slide = element(
        '<section id="x"><p class="fragment" id="y">a</p><p class="fragment">b</p></section>'
    )
    sheets = list(stepped(slide))
    assert [len(sheet.select(".visible")) for sheet in sheets] == [0, 1, 2]
    assert [len(sheet.select(".current-fragment")) for sheet in sheets] == [0, 1, 1]
    assert [sheet.get("id") for sheet in sheets] == ["x", None, None]
    assert len(merged(slide).select(".visible")) == 2


def test_a_slide_that_goes_on_has_the_title_of_the_one_before() -> None:
    deck = soup(
        '<main class="slides"><section class="cb-slide" id="a"><div class="cb-body"><h2>One</h2>'
        '</div></section><section class="cb-slide" id="a--2"><div class="cb-body">on</div>'
        '<footer class="cb-foot"><a class="cb-counterpart" href="../p.html#a">Notes</a></footer>'
        "</section></main>"
    )
    assert [(slide.title, slide.level, slide.section) for slide in read_slides(deck)] == [
        ("One", 2, ""),
        ("One", 2, "a"),
    ]


def test_a_background_that_an_author_chose_is_printed() -> None:
    slide = element(
        '<section data-background-color="#123" data-background-image="../_images/c.png">'
        "<div></div></section>"
    )
    prepare(slide, "slides/a/one.html", Links("", {}))
    assert slide["style"] == (
        'background-color: #123; background: url("/slides/_images/c.png") center / cover no-repeat'
    )


def test_a_part_of_long_code_and_a_clipped_output_are_printed_as_the_slide_shows_them() -> None:
    slide = element(
        '<section><pre><span class="cb-above">one\n</span>two\n</pre>'
        '<pre>three\n<span class="cb-rest">four\n</span></pre>'
        '<button type="button" class="cb-show-all">… 1 more line</button></section>'
    )
    prepare(slide, "slides/a/one.html", Links("", {}))
    assert [line.get_text() for line in slide.select("pre > .cb-code-line")] == ["two", "three"]
    assert str(slide.find_all(True)[-1]) == '<p class="cb-show-all">… 1 more line</p>'


# Pages


def test_what_works_on_a_screen_only_is_taken_away() -> None:
    page = element(
        "<article><button>Run</button><script>1</script><details><summary>w</summary>x</details>"
        '<div class="sd-tab-set"><input type="radio" id="t"><label for="t">Tab</label></div>'
        '<input type="checkbox" checked disabled> done</article>'
    )
    clean(page)
    assert str(page) == (
        '<article><details open=""><summary>w</summary>x</details>'
        '<div class="sd-tab-set"><label>Tab</label></div>☑  done</article>'
    )


def test_two_pages_in_one_document_keep_their_ids_apart_and_drawings_keep_theirs() -> None:
    page = element(
        '<article id="top"><p id="x" aria-labelledby="a b">t</p>'
        '<svg id="s"><linearGradient id="g"></linearGradient></svg></article>'
    )
    prefix_ids(page, "one--")
    ids = [found["id"] for found in [page, *page.find_all(id=True)]]
    assert ids == ["one--top", "one--x", "one--s", "g"]
    paragraph = page.find("p")
    assert isinstance(paragraph, Tag)
    assert paragraph["aria-labelledby"] == "one--a one--b"


def test_a_title_in_a_style_sheet_can_close_nothing() -> None:
    written = css_string('"</style>\\ {Größe}')
    assert written.startswith('"') and written.endswith('"')
    assert not set(written[1:-1]) & set('"<>{}\n')


def test_the_largest_address_fits_and_one_letter_more_is_refused() -> None:
    address = "https://example.org/".ljust(codes.LIMIT, "x")
    assert codes.picture(address).startswith("data:image/svg+xml")
    with pytest.raises(codes.TooLongError):
        codes.picture(f"{address}x")
