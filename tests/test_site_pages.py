from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from site_sample import Site, only, sample, site

__all__ = ["sample", "site"]

PROMISED = 120_000


def test_a_chapter_page_weighs_what_was_promised_at_most(sample: Site) -> None:
    for name in sample.pages():
        weight = sample.weight(name)
        print(f"{name}: {weight / 1000:.1f} kB gzip")
        assert weight <= PROMISED


def test_a_page_loads_nothing_from_elsewhere(sample: Site) -> None:
    for name in sample.pages():
        soup = sample.page(name)
        for tag in soup.select("script, link:not([rel=canonical]), img, iframe, source, object"):
            for attribute in ("src", "href", "srcset", "data"):
                assert "//" not in str(tag.get(attribute, "")), f"{name}: {tag}"
        assert "@import" not in "".join(tag.text for tag in soup.select("style"))


def test_everything_a_page_loads_is_there_and_everything_there_is_loaded(sample: Site) -> None:
    loaded = {path for name in sample.pages() for path in sample.loaded(name)}
    assert [str(path) for path in loaded if not path.exists()] == []
    static = {path.resolve() for path in (sample.folder / "_static").rglob("*") if path.is_file()}
    assert static - loaded == set()


def test_a_page_without_grids_does_not_load_their_styles(sample: Site) -> None:
    design = "sphinx-design.min.css"
    assert design in {path.name for path in sample.loaded("start/elements.html")}
    assert design not in {path.name for path in sample.loaded("deep/plain.html")}


def test_every_link_within_the_site_leads_somewhere(sample: Site) -> None:
    ids = {
        name: {str(t["id"]) for t in sample.page(name).select("[id]")} for name in sample.pages()
    }
    for name in sample.pages():
        for tag in sample.page(name).select("a[href]:not(.cb-counterpart), img[src]"):
            address = str(tag.get("href") or tag.get("src"))
            if "://" in address:
                continue
            path, _, anchor = address.partition("#")
            target = (sample.folder / name).parent / path if path else sample.folder / name
            assert target.resolve().is_file(), f"{name}: {address}"
            if anchor:
                there = target.resolve().relative_to(sample.folder.resolve()).as_posix()
                assert unquote(anchor) in ids[there], f"{name}: {address}"


def test_no_address_begins_at_the_root_of_the_host(sample: Site) -> None:
    for name in sample.pages():
        text = (sample.folder / name).read_text(encoding="utf-8")
        assert not re.findall(r'(?:href|src)="/[^"]*"', text)


def test_a_page_says_its_language_its_subject_and_its_address(sample: Site) -> None:
    soup = sample.page("start/elements.html")
    assert only(soup, "html")["lang"] == "en"
    assert only(soup, "title").text == "Every element, and how it looks – The scratch book"
    about = str(only(soup, "meta[name=description]")["content"])
    assert about.startswith("A virtual environment is a folder.")
    assert len(about) <= 162
    address = "https://example.org/course/start/elements.html"
    assert only(soup, "link[rel=canonical]")["href"] == address
    assert only(soup, 'meta[property="og:url"]')["content"] == address


def test_a_chapter_begins_with_its_part_its_title_and_its_other_forms(sample: Site) -> None:
    header = only(sample.page("start/elements.html"), "header.cb-chapter")
    assert only(header, ".cb-part").text == "A start"
    assert only(header, "h1").text.strip() == "Every element, and how it looks"
    addresses = [link["href"] for link in header.select(".cb-actions a")]
    assert addresses == ["../slides/start/elements.html", "elements.ipynb"]


def test_a_section_has_an_anchor_and_leads_to_its_slide(sample: Site) -> None:
    soup = sample.page("start/elements.html")
    heading = only(soup, "section#prose-and-lists > h2")
    assert only(heading, ".cb-anchor")["href"] == "#prose-and-lists"
    slides = only(heading, ".cb-to-slides")
    assert slides["href"] == "../slides/start/elements.html#/prose-and-lists"
    assert slides["data-cb-section"] == "prose-and-lists"
    assert slides.text == "slides of this section"


def test_the_page_has_its_landmarks_and_one_title(sample: Site) -> None:
    for name in sample.pages():
        soup = sample.page(name)
        for selector in ("body > header", "main", "body > footer", "main h1", ".cb-skip"):
            only(soup, selector)
        for tag in soup.select("nav"):
            assert tag.get("aria-label") or tag.get("aria-labelledby")
        for tag in soup.select("button, a[href]"):
            assert tag.get("aria-label") or tag.text.strip(), f"{name}: {tag}"


def test_the_current_chapter_is_marked_in_the_contents(sample: Site) -> None:
    marked = sample.page("start/notebook.html").select(".cb-navigation a[aria-current=page]")
    assert [link.text for link in marked] == ["Cells that ran"]


def test_the_outline_lists_the_sections_of_the_page(sample: Site) -> None:
    outline = only(sample.page("start/notebook.html"), ".cb-outline")
    assert [link.text for link in outline.select("a")] == ["Text", "Errors", "Rich"]
    assert not sample.page("index.html").select(".cb-outline")


def test_formulas_are_drawn_by_the_browser_itself(sample: Site) -> None:
    soup = sample.page("start/elements.html")
    assert [tag["display"] for tag in soup.select("math")] == ["inline", "block"]
    assert "mathjax" not in str(soup).lower()


def test_a_formula_that_cannot_be_read_is_told_with_its_line(site: Site) -> None:
    (site.root / "book/deep/plain.md").write_text("# Plain\n\nText.\n\nA {math}`\\left( x`.\n")
    (problem,) = site.problems()
    assert (problem.path, problem.line, problem.code) == ("book/deep/plain.md", 5, "bad-formula")
    assert "\\left( x" in problem.message
    assert "braces" in problem.hint


def test_a_dollar_in_prose_is_a_dollar(site: Site) -> None:
    text = "# Plain\n\n$PATH and $HOME cost $5.\n"
    (site.root / "book/deep/plain.md").write_text(text)
    article = only(site.build().page("deep/plain.html"), "article")
    assert "$PATH and $HOME cost $5." in article.text
    assert not article.select("math")


def test_what_is_wide_scrolls_in_a_box_of_its_own(sample: Site) -> None:
    soup = sample.page("start/elements.html")
    assert [tag.name for tag in only(soup, ".cb-wide:has(table)").find_all(recursive=False)] == [
        "table"
    ]


def test_a_folded_admonition_opens_without_a_script(sample: Site) -> None:
    folded = only(sample.page("start/elements.html"), "details.admonition")
    assert only(folded, "summary").text == "Solution"
    assert "all along" in folded.text


def test_an_aside_in_the_margin_may_have_no_title(site: Site) -> None:
    (site.root / "book/deep/plain.md").write_text(
        "# Plain\n\n```{margin}\nAn aside.\n```\n\nText.\n"
    )
    aside = only(site.build().page("deep/plain.html"), "aside.margin")
    assert aside.text.strip() == "An aside."
    assert not aside.select(".sidebar-title")


def test_the_footer_says_what_the_author_set(sample: Site) -> None:
    footer = only(sample.page("deep/plain.html"), "footer.cb-foot")
    text, licences = footer.select("a")
    assert text["href"] == "https://creativecommons.org/licenses/by/4.0/"
    assert licences["href"] == "../machine/licences.html"


def test_searching_without_a_script_says_what_to_do_instead(sample: Site) -> None:
    assert "needs JavaScript" in only(sample.page("search.html"), "noscript").text


@pytest.mark.parametrize("wanted", [".cb-button.cb-find", "[data-cb-search]"])
def test_every_page_offers_the_search(sample: Site, wanted: str) -> None:
    for name in sample.pages():
        only(sample.page(name), wanted)
