"""A small book with all that is hard on paper, for tests of what is printed."""

from __future__ import annotations

from textwrap import indent

from books import CONFIG, Book

BASE = "https://example.org/course/"

LONG_LINE = "export A_LONG_NAME=" + "/".join(f"part-{number}-of-a-long-path" for number in range(9))
LONG_CODE = "\n".join(f"step_{number:02d} = do(the_work, of={number})" for number in range(1, 71))
WIDE_TABLE = "\n".join(
    "| " + " | ".join(f"`{row}_column_{column}`" for column in range(14)) + " |" for row in "ab"
)

ALPHA = f"""\
---
file_format: mystnb
kernelspec:
  name: bash
---
# Alpha

Where it begins. See [Beta](beta.md) and [its answer](#the-answer).

## Größe

One [outside](https://www.python.org/) and [within](#the-cell).

```{{speaker}}
Nobody but the lecturer reads whisperwhisper.
```

:::{{fragments}}
- first stepword
- second stepword
:::

{{.fragment}}
Last stepword.

(the-cell)=
## A cell

```{{code-cell}} bash
echo "from $((6 * 7))"
```

## Tabs and folds

::::{{tab-set}}
:::{{tab-item}} Linux
```bash
{LONG_LINE}
```
:::
:::{{tab-item}} Windows
In the tabword of Windows.
:::
::::

:::{{dropdown}} Why?
Because of the foldword.
:::

## Too much

- Within a list, code is never divided:

  ```python
{indent(LONG_CODE, "  ")}
  ```

{{% if page %}}
## Only on the page

With a pageword.
{{% else %}}
## Only on a slide

With a slideword.
{{% endif %}}
"""

BETA = f"""\
# Beta

Back to [](alpha.md).

(the-answer)=
## The answer

- [x] done
- [ ] not done

| {" | ".join(f"Column {column}" for column in range(14))} |
|{"---|" * 14}
{WIDE_TABLE}

### Below it

Three words more.[^foot]

[^foot]: A footword.

## The answer again

```python
TEXT = '''
begun in one line,
ended in another'''
```
"""


def paper_book(book: Book, *, base: str = BASE) -> Book:
    """Write it.

    Args:
        book: An empty book.
        base: Where its settings say that it is published; may be empty.
    """
    settings = CONFIG.replace("substitution]", "substitution, tasklist]") + "author: Ada\n"
    if base:
        settings += f"html:\n  baseurl: {base}\n"
    book.write("_config.yml", settings)
    book.write("book/index.md", "# Front page\n\nBegin with [Alpha](part/alpha.md).\n")
    book.chapter("part/alpha", ALPHA)
    book.chapter("part/beta", BETA)
    return book
