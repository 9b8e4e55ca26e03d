"""A book whose slides hold too much, each in another way; and typing what a check proposes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from books import Book

SENTENCE = "This sentence is long enough to fill a good part of a line on a slide, and no more."
LINES = "\n".join(f"place = paths[{number}]  # line {number}" for number in range(1, 13))
ROWS = "\n".join(f"| package {number} | {number}.0 | written |" for number in range(1, 19))
ITEMS = "\n".join(f"- item {number}" for number in range(1, 15))
CARDS = "\n".join(
    f":::{{grid-item-card}} Card {number}\n{SENTENCE}\n:::" for number in range(1, 10)
)
PARAGRAPHS = "\n\n".join([SENTENCE] * 9)
COMMANDS = "\n".join(f"echo {number}" for number in range(1, 21))
THREE, FIVE = ("\n\n".join([SENTENCE] * number) for number in (3, 5))

CODE = f"```{{{{code-block}}}} python\n:name: {{}}\n\n{LINES}\n```\n"
"""What is longer alone goes on on a further slide by itself."""

WRITING = """\
from IPython.display import HTML

def written(lines):
    below = "</p><p>"

    return HTML(f"<p>{below.join(lines)}</p>")

words = ["What a cell says takes room below it."] * 7
numbered = [f"{number}. {word}" for number, word in enumerate(words, 1)]
written(numbered)"""
"""A cell whose output leaves less room than its code needs."""

CELLS = "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n"

NOTES = "\n{% if page %}\nThe page says more.\n{% endif %}\n"
"""Without such words, slides would take from the text what fits."""

WAYS: dict[str, tuple[str, str]] = {
    "text": (f"{PARAGRAPHS}\n", SENTENCE),
    "code": (
        f"Look at this.\n\n{CODE.format('first')}\n{CODE.format('places')}",
        "```{code-block}",
    ),
    "table": (f"Look.\n\n| Package | Version | State |\n|---|---|---|\n{ROWS}\n", "| package"),
    "figure": (f"{FIVE}\n\n(plot)=\n![A tall one](tall.svg)\n\nBelow it.\n", ""),
    "grid": (f"::::{{grid}} 3\n:gutter: 2\n\n{CARDS}\n::::\n", "This sentence"),
    "tab": (
        f"{THREE}\n\n::::{{tab-set}}\n:::{{tab-item}} Short\nOne line.\n:::\n:::{{tab-item}} Long\n"
        "```bash\necho 1\necho 2\necho 3\necho 4\necho 5\n```\n:::\n::::\n",
        "```bash",
    ),
    "fragment": (f":::{{fragments}}\n{ITEMS}\n:::\n", "- item"),
    "long-tab": (
        "::::{tab-set}\n:::{tab-item} Short\nOne line.\n:::\n:::{tab-item} Long\n:sync: long\n\n"
        f"Before it.\n\n```bash\n{COMMANDS}\n```\n:::\n"
        f":::{{tab-item}} Listed\n{ITEMS}\n:::\n::::\n",
        "- item",
    ),
    "box": (f":::{{note}}\n:name: noted\n\n{SENTENCE}\n\n{ITEMS}\n\n{SENTENCE}\n:::\n", "- item"),
    "dropdown": (f":::{{dropdown}} Why?\n:open:\n\n{PARAGRAPHS}\n:::\n", ":::{dropdown}"),
    "card": (
        "::::{grid} 2\n:::{grid-item-card} Short\nOne line.\n:::\n"
        f":::{{grid-item-card}} Long\nThe head\n^^^\n{ITEMS}\n:::\n::::\n",
        "- item",
    ),
    "cell": (f"```{{code-cell}} python\n:name: written\n\n{WRITING}\n```\n", "```{code-cell}"),
}
"""Ways to fill a slide: what stands on it, and how the line begins that must be named."""

TALL = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 600"><title>A tall one</title>\
<rect width="400" height="600"/></svg>'


@dataclass
class Told:
    """A problem as `check` printed it."""

    path: str
    line: int
    message: str
    code: str
    hint: str = ""
    splits: list[tuple[int, list[str]]] = field(default_factory=list)


def read(printed: str) -> list[Told]:
    """Read what `check` has printed."""
    found: list[Told] = []
    typing: list[str] | None = None
    for row in printed.splitlines():
        if head := re.match(r"(\S+?\.md)(?::(\d+))?: (.*) \[([a-z-]+)\]$", row):
            found.append(Told(head[1], int(head[2] or 0), head[3], head[4]))
            typing = None
        elif split := re.match(r"    (?:hint: )?begin a new slide above line (\d+)", row):
            typing = []
            found[-1].splits.append((int(split[1]), typing))
        elif typing is not None and (not row or row.startswith("        ")):
            typing.append(row[8:])
        elif row.startswith("    "):
            found[-1].hint += row.strip()
            typing = None
    return found


def type_splits(book: Book, told: list[Told]) -> None:
    """Type what was proposed, from below, so that lines stay where they were."""
    for path in {one.path for one in told}:
        lines = (book.root / path).read_text(encoding="utf-8").split("\n")
        splits = {line: typed for one in told if one.path == path for line, typed in one.splits}
        for line in sorted(splits, reverse=True):
            lines[line - 1 : line - 1] = splits[line]
        book.write(path, "\n".join(lines))


WORD = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
PICTURE = (
    "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20width='{}'%20height='9'/%3E"
)
LIGHT, DARK = PICTURE.format(90), PICTURE.format(1500)

ODD: dict[str, tuple[str, str, str]] = {
    "word": (
        f'Here:\n\n<p style="overflow-wrap: normal">{WORD}</p>\n',
        "slide-overflow",
        "too wide: this sticks out to the right",
    ),
    "left": (
        f'Here:\n\n<p dir="rtl" style="white-space: nowrap">{"שלום" * 60}</p>\n',
        "slide-overflow",
        "sticks out to the left",
    ),
    "image": (
        f'Here:\n\n<img alt="A line" src="{DARK}" style="width: 1500px; max-width: none">\n',
        "slide-overflow",
        "sticks out to the right",
    ),
    "dark": (
        'Here:\n\n<p><picture><source media="(prefers-color-scheme: dark)" srcset="'
        f'{DARK}"><img alt="A line" src="{LIGHT}" style="max-width: none"></picture></p>\n',
        "slide-overflow",
        "too wide in the dark scheme",
    ),
    "small": ('Here:\n\n<p style="font-size: 14px">Tiny.</p>\n', "slide-small-text", "of 14 px"),
    "drawn": (
        "Here:\n\n::::{grid} 3\n:::{grid-item}\n![A word](word.svg)\n:::\n::::\n",
        "slide-small-text",
        "in this column or card: “Tiny”",
    ),
    "scrolls": (
        f'Here:\n\n<div style="height: 100px; overflow: auto">{SENTENCE * 9}</div>\n',
        "slide-cut",
        "scrolls, “This sentence",
    ),
    "cut": (
        f'Here:\n\n<div style="height: 40px; overflow: hidden">{SENTENCE * 2}</div>\n',
        "slide-cut",
        "is cut, “This sentence",
    ),
    "fold": (
        f":::{{dropdown}} Why?\n{FIVE}\n\n{FIVE}\n\n{FIVE}\n:::\n",
        "slide-overflow",
        "too high when “Why?” is opened",
    ),
}
"""Other ways not to fit: what stands on the slide, and code and words of what is told."""

DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 300"><title>A word</title>\
<text x="9" y="90" font-size="24" fill="var(--cb-figure-ink, #222)">Tiny</text></svg>'

ALLOWED = f"""\
<div class="cb-clipped" style="height: 40px; overflow: hidden">{SENTENCE * 2}</div>

H<sub>2</sub>O and x<sup>2</sup>, a badge {{bdg-primary}}`yes`.

```{{speaker}}
{PARAGRAPHS}
```
"""
"""What may be cut, small or long."""

INCLUDING = "# Including\n\n## Part\n\n```{include} shared/part.md\n```\n"

EXEMPT = f"""\
---
overflow:
  full: it shows what a full slide looks like
  short: it was full once
  ful: there is no such section
  last:
---
# Exempt

## Full

{PARAGRAPHS}

{PARAGRAPHS}

## Short

One line.

## Last

End.
"""
