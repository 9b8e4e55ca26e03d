"""Conditionals in a real build: both renderings from one source, and true lines in warnings."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from books import Book
from coursebook.problems import Problem

CELLS = (
    "---\nfile_format: mystnb\nkernelspec:\n  name: bash\n"
    "language_info:\n  name: bash\n  pygments_lexer: bash\n---\n"
)

LIMITS = """\
# What a venv cannot do

{% if slide %}

**Three walls**

::::{grid}
:gutter: 2

:::{grid-item-card} It does not travel
**Paths are written into it**
- **Scripts** name their interpreter in full.
- **Wheels** fit one machine (`x86_64`, `arm64`).
:::

:::{grid-item-card} It does not guard
**It holds libraries, not programs**
- **Drivers** come from the system.
- **Anything** may still be read.
:::

::::

{% else %}

A virtual environment is a folder with a few promises, and no more than these.

### It does not travel

The first line of every script in `bin/` is an absolute path (e.g., `#!/home/me/.venv/bin/python`).

**Rebuild it instead**
Keep the lock file and throw the folder away.

### It does not guard

Whatever Python does not install, such as `libc`, stays as the system has it.

{% endif %}
"""

BLOCKS = """\
# Blocks

| a | b |
|---|---|
{% if slide %}
| 1 | 2 |
{% else %}
| 3 | 4 |
{% endif %}
| 5 | 6 |

- x
{% if slide %}
- y
{% else %}
- z
{% endif %}
- w

```bash
one
{% if slide %}
two
{% else %}
three
{% endif %}
four
```
"""

BRACES = """\
# Braces

`${{ secrets.X }}` and `{{ y }}`

{% if page %}
```bash
echo "${#array[@]}" {# x #}
```
{% endif %}

{% raw %}`{% if x %}`{% endraw %}
"""

PART = "{% if slide %}\non the wall\n{% else %}\non paper\n{% endif %}\n"

CUT = "first\n\n{% if slide %}\ndeck\n{% else %}\npaper\n{% endif %}\n\nend\n\nlast\n"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """One book with all that must come out well, built once."""
    book = Book(tmp_path_factory.mktemp("good") / "a-book")
    book.chapter("practice/limits", LIMITS)
    book.chapter("blocks", BLOCKS)
    book.chapter("braces", BRACES)
    book.write("book/parts/_part.md", PART)
    book.chapter("parts/whole", "# Whole\n\n```{include} _part.md\n```\n\nend\n")
    book.write("book/_cut.md", CUT)
    book.chapter("cut", "# Cut\n\n```{include} _cut.md\n:start-line: 2\n:end-before: end\n```\n")
    book.chapter("notes-only", "# N\n\n{% if page %}\n## One\n\nwords\n{% endif %}\n")
    book.chapter("slides-only", "# S\n\n{% if slide %}\n## One\n\ntitles\n{% endif %}\n")
    book.write("book/_notes.md", "{% if page %}\nincluded words\n{% endif %}\n")
    book.chapter(
        "notes-include", "# I\n\n{% if page %}\n```{include} _notes.md\n```\n{% endif %}\n"
    )
    return book.build()


ARMS = [
    *("# Arms", "", "{% if slide %}", "::::{grid}", ":gutter: 2", ""),
    *(":::{grid-item-card} One", "```{deckonly}", "```", ":::", "::::", "{% else %}"),
    *("### Notes", "", "Text.", "", "```{pageonly}", "```", "{% endif %}", ""),
    *("```{always}", "```", ""),
]

BELOW_A_CELL = (
    CELLS + "# Below\n\n```{code-cell} bash\n{% if slide %}\nls\n{% else %}\npwd\nls -la\n"
    "{% endif %}\n```\n\n\n```{undercell}\n```\n\n+++\n\n{underbreak}`x`\n"
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    """What a book full of mistakes is told, built once."""
    book = Book(tmp_path_factory.mktemp("bad") / "a-book")
    book.chapter("plain", "\n".join(ARMS))
    book.chapter("cells", CELLS + "\n".join(ARMS))
    book.chapter("below", BELOW_A_CELL)
    book.write("book/_part.md", PART + "```{inpart}\n```\n")
    book.chapter("including", "# I\n\n```{include} _part.md\n```\n\n```{belowinclude}\n```\n")
    book.write("book/_cut.md", CUT.replace("\nend", "\n```{incut}\n```\n\n- a\n  {inlist}`x`"))
    book.chapter("cut", "# C\n\n```{include} _cut.md\n:start-line: 2\n:end-line: 15\n```\n")
    book.write("book/_after.md", CUT.replace("last", "{afterfirst}`x`"))
    book.chapter("after", "# D\n\n```{include} _after.md\n:start-after: first\n```\n")
    book.write("book/shown.txt", "one\n{% if sldie %}\n{% endif %}\n")
    book.chapter("code", "# F\n\n```{include} shown.txt\n:literal:\n```\n\n```{belowcode}\n```\n")
    book.chapter("substitution", "# S\n\n{% if slide %}\n{% endif %}\n\nHi {{ nobody }}.\n")
    return book.problems()


def words(soup: BeautifulSoup) -> str:
    body = soup.select_one("article, .reveal")
    assert body is not None
    return " ".join(body.get_text(" ").split())


def places(found: list[Problem], word: str) -> set[tuple[str, int]]:
    return {(problem.path, problem.line) for problem in found if word in problem.message}


def test_the_cards_stand_on_the_slide_and_the_prose_in_the_notes(good: Book) -> None:
    deck, page = good.deck("practice/limits"), good.page("practice/limits")
    assert len(deck.select(".sd-card")) == 2
    assert not page.select(".sd-card")
    assert [li.get_text() for li in deck.select(".sd-card li strong")] == [
        *("Scripts", "Wheels", "Drivers", "Anything")
    ]
    assert [next(h.stripped_strings) for h in page.select("article h2, article h3")] == [
        *("It does not travel", "It does not guard")
    ]
    assert "Three walls" in words(deck)
    assert "Three walls" not in words(page)
    assert "Rebuild it instead" in words(page)
    assert "Rebuild it instead" not in words(deck)
    for soup in (deck, page):
        assert "What a venv cannot do" in [next(h1.stripped_strings) for h1 in soup.select("h1")]
        assert "{%" not in soup.get_text()


def test_one_table_one_tight_list_and_clean_code_come_out_of_conditional_lines(
    good: Book,
) -> None:
    for soup, row, item, code in (
        (good.deck("blocks"), "1 2", "y", "two"),
        (good.page("blocks"), "3 4", "z", "three"),
    ):
        (table,) = soup.select("table")
        assert [tr.get_text(" ", strip=True) for tr in table.select("tbody tr")] == [row, "5 6"]
        (items,) = [ul for ul in soup.select("ul.simple") if "x" in ul.get_text().split()]
        assert items.get_text(" ", strip=True).split() == ["x", item, "w"]
        (block,) = soup.select("pre")
        assert block.get_text().split("\n")[:3] == ["one", code, "four"]


def test_included_files_are_decided_too(good: Book) -> None:
    deck, page = words(good.deck("parts/whole")), words(good.page("parts/whole"))
    assert "on the wall" in deck and "on paper" not in deck
    assert "on paper" in page and "on the wall" not in page


def test_a_part_of_an_included_file_is_cut_at_the_authors_lines(good: Book) -> None:
    for soup, kept in ((good.deck("cut"), "deck"), (good.page("cut"), "paper")):
        shown = set(words(soup).split())
        assert {"first", "last", "end", "deck", "paper"} & shown == {kept}


def test_a_chapter_without_text_for_one_rendering_shows_the_others(good: Book) -> None:
    assert "words" in words(good.deck("notes-only"))
    assert "titles" in words(good.page("slides-only"))
    assert "included words" in words(good.deck("notes-include"))


def test_foreign_braces_reach_the_page_as_they_are(good: Book) -> None:
    text = good.page("braces").get_text()
    for verbatim in ("${{ secrets.X }}", "{{ y }}", '"${#array[@]}" {# x #}', "{% if x %}"):
        assert verbatim in text


@pytest.mark.parametrize(("name", "above"), [("plain", 0), ("cells", CELLS.count("\n"))])
@pytest.mark.parametrize("directive", ["deckonly", "pageonly", "always"])
def test_a_warning_names_the_authors_line_in_both_renderings(
    found: list[Problem], name: str, above: int, directive: str
) -> None:
    # `always` is met by both renderings, below what the one and the other dropped.
    line = ARMS.index(f"```{{{directive}}}") + 1 + above
    here = {place for place in places(found, directive) if place[0] == f"book/{name}.md"}
    assert here == {(f"book/{name}.md", line)}


@pytest.mark.parametrize("mark", ["```{undercell}", "{underbreak}`x`"])
def test_a_warning_below_a_shortened_cell_names_the_authors_line(
    found: list[Problem], mark: str
) -> None:
    line = BELOW_A_CELL.split("\n").index(mark) + 1
    assert places(found, mark.strip("`{}x")) == {("book/below.md", line)}


def test_a_warning_in_an_included_file_names_that_file_and_its_line(found: list[Problem]) -> None:
    assert places(found, "inpart") == {("book/_part.md", 6)}
    assert places(found, "incut") == {("book/_cut.md", 9)}
    assert places(found, "inlist") == {("book/_cut.md", 12)}
    assert places(found, "afterfirst") == {("book/_after.md", 11)}
    assert places(found, "belowinclude") == {("book/including.md", 6)}


def test_a_mistake_in_a_conditional_comes_with_line_code_and_hint(book: Book) -> None:
    book.chapter("flag", "# F\n\n{% if sldie %}\nx\n{% endif %}\n")
    book.chapter("unclosed", "# U\n\n{% if slide %}\n")
    book.write("book/_part.md", PART + "\n{% if sldie %}\n{% endif %}\n")
    book.chapter("including", "# I\n\n```{include} _part.md\n```\n")
    told = {(p.path, p.line, p.code): p.hint for p in book.problems()}
    assert told.pop(("book/flag.md", 3, "unknown-flag")) == "did you mean `slide`?"
    assert told.pop(("book/_part.md", 7, "unknown-flag")) == "did you mean `slide`?"
    assert "{% endif %}" in told.pop(("book/unclosed.md", 3, "unclosed-if"))
    assert not told


def test_a_mistake_that_only_the_build_meets_is_told_as_well_and_hides_no_other(
    found: list[Problem],
) -> None:
    (problem,) = [problem for problem in found if "sldie" in problem.message]
    assert (problem.path, problem.line, problem.code) == ("book/shown.txt", 2, "unknown-flag")
    assert problem.hint == "did you mean `slide`?"
    assert places(found, "belowcode") == {("book/code.md", 7)}


def test_an_unknown_substitution_in_text_is_told_at_its_line(found: list[Problem]) -> None:
    assert places(found, "nobody") == {("book/substitution.md", 6)}


EXPECTED = (
    *("deckonly", "pageonly", "always", "undercell", "underbreak", "belowcode", "nobody"),
    *("inpart", "incut", "inlist", "afterfirst", "belowinclude", "sldie"),
)


def test_nothing_else_is_told(found: list[Problem]) -> None:
    assert [p for p in found if not any(word in p.message for word in EXPECTED)] == []


def test_a_warning_of_myst_keeps_its_code(found: list[Problem]) -> None:
    assert {p.code for p in found if "underbreak" in p.message} == {"myst.role_unknown"}
