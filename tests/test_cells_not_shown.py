"""What a page or deck does not show of a chapter's cells is in it as data."""

from __future__ import annotations

import json
from typing import Any

from bs4 import BeautifulSoup

from books import Book

HEAD = "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n# Title\n\n"
CHAPTER = (
    HEAD
    + """\
```{code-cell} bash
:tags: [remove-cell]
echo '</script><!-- <script>'
```

```{code-cell} bash
shown=1
```

## Part

```{code-cell} python
:tags: [slide-only]
1
```

```{code-cell} bash
:tags: [page-only]
two=2
```

```{code-cell} bash
:tags: [remove-input]
echo "three"
```

```{code-cell} bash
:tags: [page-only, skip-execution]
never
```
"""
)


def data(soup: BeautifulSoup) -> list[Any]:
    [element] = soup.select("script.cb-cells-not-shown")
    assert element["type"] == "application/json"
    assert (element["data-cb-chapter"], element["data-cb-topic"]) == ("part/topic", "topic")
    cells: list[Any] = json.loads(element.text)
    return cells


def test_each_rendering_holds_what_it_does_not_show(book: Book) -> None:
    book.chapter("part/topic", CHAPTER)
    book.build()
    hidden = {"cell": 0, "language": "bash", "source": "echo '</script><!-- <script>'"}
    codeless = {"cell": 4, "language": "bash", "source": 'echo "three"'}
    assert data(book.page("part/topic")) == [
        hidden,
        {"cell": 2, "language": "python", "source": "1"},
        codeless,
    ]
    assert data(book.deck("part/topic")) == [
        hidden,
        {"cell": 3, "language": "bash", "source": "two=2"},
        codeless,
    ]


def test_a_chapter_without_cells_holds_no_data_and_loads_nothing(book: Book) -> None:
    book.chapter("plain", "# Plain\n\nWords.\n")
    book.build()
    for soup in (book.page("plain"), book.deck("plain")):
        assert soup.select("script.cb-cells-not-shown, script[src*=live]") == []
