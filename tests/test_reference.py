"""Terms, beliefs, pitfalls, systems, commands, the index and times: what page and slide show."""

from __future__ import annotations

import platform
import tomllib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from books import Book
from coursebook import steps
from coursebook.paths import LOCK
from coursebook.publish import publish
from coursebook.sphinx_ext.term_links import finder
from reference_book import CELLS, GLOSSARY, reference, write_reference_book
from site_sample import only

__all__ = ["reference"]


@pytest.fixture(scope="module")
def page(reference: Book) -> BeautifulSoup:
    return reference.page("boxes")


@pytest.fixture(scope="module")
def deck(reference: Book) -> BeautifulSoup:
    return reference.deck("boxes")


def texts(soup: BeautifulSoup | Tag, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in soup.select(selector)]


# Terms


def test_a_term_is_a_link_where_a_page_uses_it_first_and_says_what_it_means(
    page: BeautifulSoup,
) -> None:
    links = {found.get_text(): found for found in page.select("a.cb-term")}
    assert list(links) == ["PATH", "Wheels", "virtual environments", "locked thing"]
    assert links["PATH"]["href"] == "glossary.html#term-PATH"
    assert links["Wheels"]["title"] == (
        "A built package, a zip file that an installer only unpacks. See PATH."
    )
    assert str(links["locked thing"]["title"]).startswith("A file that names every package")


def test_headings_code_and_other_links_are_left_alone(page: BeautifulSoup) -> None:
    assert page.select(":is(h1, h2, h3, code, pre, .admonition-title) a.cb-term") == []
    assert only(page, 'a[href="https://example.org/lock"]').get_text() == "a lock file"


def test_a_term_is_plain_on_a_slide_and_the_glossary_is_not_shown_there(
    reference: Book, deck: BeautifulSoup
) -> None:
    assert deck.select(".cb-term, .std-term") == []
    assert "The locked thing and" in " ".join(deck.get_text().split())
    assert reference.deck("glossary").select("dl") == []
    assert len(reference.page("glossary").select("dl.glossary > dt")) == 5


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("PATH", "the PATH, not a path", ["PATH"]),
        ("wheel", "Wheels and wheels and a wheelhouse", ["Wheels", "wheels"]),
        ("dependency", "two dependencies of one dependency", ["dependencies", "dependency"]),
        ("lock file", "a lock\nfile", ["lock\nfile"]),
        ("Poetry", "poetry is not Poetry", ["Poetry"]),
        ("conda", "conda-forge, my.conda, /conda, and conda.", ["conda"]),
    ],
)
def test_a_term_is_found_as_people_write_it(term: str, text: str, found: list[str]) -> None:
    pattern = finder([term])
    assert [match[0] for match in pattern.finditer(text)] == found


# Boxes


def test_a_belief_has_two_parts_and_what_is_so_comes_later_on_a_slide(
    page: BeautifulSoup, deck: BeautifulSoup
) -> None:
    for soup in (page, deck):
        box = only(soup, ".admonition.cb-belief")
        assert texts(box, ".cb-belief-label") == ["What people believe", "What is so"]
        assert texts(box, ".cb-believed > p, .cb-so > p")[1::2] == [
            "It comes first.",
            "It comes last.",
        ]
        assert "+++" in only(box, ".cb-believed pre").get_text(), "code is not cut"
        assert str(only(box, ".cb-source a")["href"]).startswith("https://docs.python.org")
    assert "fragment" in only(deck, ".cb-so")["class"]
    assert "fragment" not in only(page, ".cb-so")["class"]


def test_a_pitfall_names_the_place_where_it_was_reported(
    page: BeautifulSoup, deck: BeautifulSoup
) -> None:
    for soup in (page, deck):
        box = only(soup, ".admonition.cb-pitfall")
        assert texts(box, ".admonition-title") == ["Pitfall: A lock from elsewhere"]
        assert texts(box, ".cb-source") == ["Reported in pypa/pip#11664"]
        assert only(box, ".cb-source a")["href"] == "https://github.com/pypa/pip/issues/11664"


def test_systems_stand_in_one_order_and_say_where_their_commands_are_from(
    page: BeautifulSoup, deck: BeautifulSoup
) -> None:
    for soup in (page, deck):
        first = soup.select(".sd-tab-set")[0]
        assert texts(first, "label") == ["Linux bash", "macOS zsh", "PowerShell"]
        assert {label["data-sync-group"] for label in first.select("label")} == {"system"}
        assert texts(first, ".cb-origin") == [
            "Ran when this book was built.",
            "From the manual, not run here: docs.python.org/3/library/venv.html",
            "From the manual, not run here: docs.python.org/3/library/venv.html",
        ]


def test_commands_stand_side_by_side_and_say_what_ran(page: BeautifulSoup) -> None:
    rows = only(page, "table.cb-commands").select("tbody tr")
    assert [texts(row, "td") for row in rows] == [
        ["bash", "true", "ran here"],
        ["", "false", "manual"],
        ["other", "true or not", "manual"],
    ]


def test_what_authors_say_to_each_other_is_published_nowhere(reference: Book) -> None:
    for file in reference.tree.site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "covers" not in text, file
        assert "from one author to another" not in text, file


# Made from the whole book


def test_the_index_lists_terms_and_marks_with_the_pages_they_lead_to(reference: Book) -> None:
    soup = reference.page("rest")
    assert texts(soup, ".cb-index-letters a") == ["L", "P", "S", "V", "W"]
    assert texts(only(soup, "#index-w"), "li > p") == ["wheel Glossary", "shelf Index and times"]
    # A chapter explains what it sets in bold.
    entry = only(soup, "#index-v li > p")
    assert entry.get_text(" ", strip=True) == "virtual environment Glossary , Wheel boxes"
    assert str(entry.select("a")[1]["href"]) == "boxes.html#wheel-boxes"
    link = only(soup, "#index-l a[href*=term-lock-file]")
    address, _, anchor = str(link["href"]).partition("#")
    place = Path(reference.tree.site, address)
    assert f'id="{anchor}"' in place.read_text(encoding="utf-8")
    assert reference.deck("rest").select(".cb-index") == []


def test_a_page_says_how_long_it_takes_and_the_book_adds_up(
    reference: Book, page: BeautifulSoup
) -> None:
    assert texts(page, ".cb-times") == ["4 minutes to read · 1 h 15 min as a lecture"]
    rows = only(reference.page("rest"), "table.cb-course-times").select("tbody tr")
    assert [texts(row, "td") for row in rows] == [["Part", "1", "4 min", "1 h 15 min"]]


def test_versions_are_those_of_the_lock(reference: Book) -> None:
    rows = only(reference.page("rest"), "table.cb-versions").select("tbody tr")
    locked = {one["name"]: one.get("version") for one in tomllib.loads(LOCK.read_text())["package"]}
    assert [texts(row, "td") for row in rows] == [
        ["Python", platform.python_version(), "runs the cells"],
        ["sphinx", locked["sphinx"], "renders"],
    ]


def test_what_a_glossary_says_anew_is_said_on_all_pages(tmp_path: Path) -> None:
    book = write_reference_book(Book(tmp_path / "book"))
    book.write("book/boxes.md", CELLS + "---\n# A\n\nA wheel.\n")
    with steps.workers(book.tree) as crew:
        assert steps.make(book.tree, crew, lambda message: None) == []
        book.write(
            "book/glossary.md",
            GLOSSARY.replace("A built", "An unpacked").replace("\nlock\n", "\nquay\n"),
        )
        assert steps.make(book.tree, crew, lambda message: None) == []
    publish(book.tree)
    assert str(only(book.page("boxes"), "a.cb-term")["title"]).startswith("An unpacked package")
    assert texts(book.page("rest"), "#index-q li") == ["quay Glossary"]


# Mistakes

WRONG = """\
# Wrong

A {term}`weel` and {term}`something else entirely`.

:::{belief}
No line between.
:::

:::{belief}
+++
x
:::

:::{pitfall} No source
x
:::

:::{pitfall}
:source: somewhere
:::

::::{systems}
:::{system} powershel
x
:::
:::{system} powershell
x
:::
:::{system} bash
:ran:

```bash
never ran
```
:::
:::{system} bash
x
:::
:::{system} zsh
:ran:
:manual: https://example.org

x
:::
::::

:::{commands}
bash: `never ran either`
bash: no command
:::

```{versions}
sphinx
sphnx
```
"""

TOLD = [
    (3, "unknown-term", "did you mean `wheel`?"),
    (3, "unknown-term", "write the term into the `{glossary}`"),
    (5, "bad-belief", "a line `+++`"),
    (9, "bad-belief", "a line `+++`"),
    (14, "bad-pitfall", "`:source: https://github.com/"),
    (18, "bad-pitfall", "`:source: https://github.com/"),
    (18, "bad-pitfall", "below its options"),
    (23, "bad-systems", "did you mean `powershell`?"),
    (26, "bad-systems", "`:manual: https://"),
    (29, "bad-systems", "write it into a cell"),
    (36, "bad-systems", "take one of the two out"),
    (39, "bad-systems", "keep one of the two options"),
    (48, "bad-commands", "write it into a cell"),
    (49, "bad-commands", "behind it"),
    (54, "bad-versions", "did you mean `sphinx`?"),
]


def test_mistakes_are_told_at_their_lines_all_in_one_run(book: Book) -> None:
    book.chapter("glossary", GLOSSARY)
    book.chapter("wrong", WRONG)
    found = book.problems()
    assert {problem.path for problem in found} == {"book/wrong.md"}
    told = sorted((problem.line, problem.code, problem.hint) for problem in found)
    assert [(line, code) for line, code, _ in told] == [(line, code) for line, code, _ in TOLD]
    for line, code, says in TOLD:
        hints = [hint for at, name, hint in told if (at, name) == (line, code)]
        assert any(says in hint for hint in hints), (line, hints)
