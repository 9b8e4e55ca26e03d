"""The side file of the deck: where everything on a slide was written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from books import Book
from coursebook import steps
from coursebook.course.slide_list import SLIDES_FILE, Slide, read_slides
from coursebook.paths import Tree
from coursebook.renderings import DECK, output

EVERYTHING = Path(__file__).parent / "books" / "everything"
"""A book with every element that an author may write."""

CHAPTER = """\
---
file_format: mystnb
kernelspec: {name: bash}
---
# Lines

{% if page %}
Only for readers.
{% endif %}

(here)=
## Here

```{code-cell} bash
echo one
```

{.fragment}
After the cell.

```{include} shared/part.md
```

```{revealjs-break}
```

:::{dropdown} Why?
Because.
:::

```{speaker}
Unseen.
```

::::{tab-set}
:::{tab-item} One
Text.

- first
- second
:::
:::{tab-item} Two
```python
x = 1
y = 2
```
:::
::::

### Below

| a | b |
|---|---|
| 1 | 2 |
| 3 | 4 |
"""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The book with every element, rendered."""
    root = tmp_path_factory.mktemp("everything") / "book"
    shutil.copytree(EVERYTHING, root, ignore=shutil.ignore_patterns("_build"))
    tree = Tree(root)
    with steps.workers(tree) as crew:
        assert steps.make(tree, crew, lambda message: None) == []
    return tree


def listed(tree: Tree) -> dict[str, list[Slide]]:
    return read_slides(output(tree, DECK).parent / SLIDES_FILE)


def test_every_child_of_every_slide_belongs_to_a_block_and_in_order(everything: Tree) -> None:
    for docname, slides in listed(everything).items():
        name = "opening" if docname == "index" else docname
        deck = BeautifulSoup((output(everything, DECK) / f"{name}.html").read_text(), "html.parser")
        assert [one["id"] for one in deck.select("section.cb-slide")] == [one.id for one in slides]
        for slide in slides:
            body = deck.select_one(f'[id="{slide.id}"] > .cb-body')
            assert body is not None
            children = [child for child in body.children if isinstance(child, Tag)]
            for block in slide.blocks:
                mine, children = children[: block.elements], children[block.elements :]
                assert len(mine) == block.elements, (slide.id, block)
                source = (everything.root / block.source).read_text().split("\n")
                if block.kind == "title":
                    assert mine[0].get_text().split()[0] in source[block.line - 1]
                    assert source[block.line - 1].startswith("#")
                if block.kind in ("list", "table", "definitions"):
                    first = mine[0].get_text(" ", strip=True).split()[0]
                    assert first in source[block.line - 1]
            assert children == [], slide.id


def test_a_block_is_known_by_the_line_where_its_author_wrote_it(book: Book) -> None:
    book.speaker_notes = True
    book.write("book/shared/part.md", "Included.\n\n- a list\n- of two\n")
    book.chapter("lines", CHAPTER)
    assert book.problems() == []
    title, here, again, below = listed(book.tree)["lines"]
    assert (title.line, here.line, again.line, below.line) == (5, 12, 24, 50)
    assert (here.section, again.section, below.section) == ("here", "here", "below")
    assert here.title == again.title == "Here"
    assert [(block.kind, block.source, block.line) for block in here.blocks if block.kind] == [
        ("frame", "book/lines.md", 12),
        ("title", "book/lines.md", 12),
        ("cell", "book/lines.md", 14),
        ("text", "book/lines.md", 19),
        ("text", "book/shared/part.md", 1),
        ("list", "book/shared/part.md", 3),
    ]
    assert [block.kind for block in again.blocks] == ["title", "box", "notes", "tabs"]
    [table] = [block for block in below.blocks if block.kind == "table"]
    assert [part.line for part in table.parts] == [54, 55]
    one, two = again.blocks[-1].parts
    assert [(part.kind, part.line, part.lines) for part in (*one.parts, *two.parts)] == [
        ("text", 37, 0),
        ("list", 39, 0),
        ("code", 43, 2),
    ]
    assert [item.line for item in one.parts[1].parts] == [39, 40]


def test_a_chapter_that_was_not_written_again_stays_listed_and_one_that_went_does_not(
    book: Book,
) -> None:
    book.chapter("one", "# One\n\n## Part\n\nText.\n")
    book.chapter("two", "# Two\n\n## Part\n\nText.\n")
    with steps.workers(book.tree) as crew:
        assert steps.make(book.tree, crew, lambda message: None) == []
        book.write("book/two.md", "# Two\n\nMoved.\n\n## Part\n\nText.\n")
        assert steps.make(book.tree, crew, lambda message: None) == []
        slides = listed(book.tree)
        assert list(slides) == ["index", "one", "two"]
        assert [slide.line for slide in slides["two"]] == [1, 5]
        book.chapters.remove("one")
        book.write_toc()
        (book.root / "book/one.md").unlink()
        assert steps.make(book.tree, crew, lambda message: None) == []
    assert list(listed(book.tree)) == ["index", "two"]


def test_the_side_file_is_never_published(book: Book) -> None:
    book.build()
    assert not list(book.tree.site.rglob(SLIDES_FILE))
    assert json.loads((output(book.tree, DECK).parent / SLIDES_FILE).read_text())


def test_a_slide_that_goes_on_is_set_smaller_only_if_it_holds_much_itself(book: Book) -> None:
    much = "A sentence that is as long as many others on slides are. " * 16
    book.chapter(
        "sizes",
        f"# Sizes\n\n## Much\n\n{much}\n\n```{{revealjs-break}}\n```\n\nLittle.\n\n"
        f"```{{revealjs-break}}\n```\n\n{much}\n",
    )
    book.build()
    slides = book.deck("sizes").select("section.cb-slide")
    dense = ["cb-dense" in slide["class"] for slide in slides]
    assert dense == [False, True, False, True]
