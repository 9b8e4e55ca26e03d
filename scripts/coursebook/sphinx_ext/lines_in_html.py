"""The lines of highlighted code, as a slide needs them: a part, steps, or the first ones alone.

All of the code is highlighted before a part is taken, so that a part which begins within a string
has the right colours. Pygments ends every element at the end of its line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from coursebook.course.line_steps import Step, spoken, written

_PRE = re.compile(r"(<pre\b[^>]*>(?:<span></span>)?)(.*?)(</pre>)", re.DOTALL)

_ROW = re.compile(r"<tr\b", re.IGNORECASE)

STEPPED = "cb-stepped"


def _split(inner: str) -> list[str]:
    # What is emphasised for good is the one element that holds the end of its line.
    return inner.replace("\n</span>", "</span>\n").rstrip("\n").split("\n")


def part(text: str, first: int, last: int) -> str:
    """Keep some lines of a block, counted from 1."""

    def cut(found: re.Match[str]) -> str:
        lines = _split(found[2])[first - 1 : last]
        return f"{found[1]}{''.join(line + chr(10) for line in lines)}{found[3]}"

    return _PRE.sub(cut, text, count=1)


def from_line(text: str, first: int) -> str:
    """Hide the lines above one; they stay in the document, because a cell runs as a whole."""

    def hide(found: re.Match[str]) -> str:
        lines = [line + "\n" for line in _split(found[2])]
        above, below = "".join(lines[: first - 1]), "".join(lines[first - 1 :])
        return f'{found[1]}<span class="cb-above">{above}</span>{below}{found[3]}'

    return _PRE.sub(hide, text, count=1)


def stepped(text: str, steps: Sequence[Step], first: int = 1) -> str:
    """Make a block that is stepped through: the first step holds at once, the others are fragments.

        <div class="cb-stepped" data-cb-steps="1-3|5-5">
          <span class="fragment cb-step">line 5</span>
          … <pre><span class="cb-line">…</span>…</pre> …
        </div>

    Args:
        text: The block.
        steps: What to look at, counted from the first line that shows.
        first: That line.
    """

    def mark(found: re.Match[str]) -> str:
        lines = _split(found[2])
        above = "".join(line + "\n" for line in lines[: first - 1])
        hidden = f'<span class="cb-above">{above}</span>' if above else ""
        shown = "".join(f'<span class="cb-line">{line}\n</span>' for line in lines[first - 1 :])
        return f"{found[1]}{hidden}{shown}{found[3]}"

    marks = "".join(
        f'<span class="fragment cb-step">{html.escape(spoken(step))}</span>' for step in steps[1:]
    )
    values = "|".join(map(written, steps))
    marked = _PRE.sub(mark, text, count=1)
    return f'<div class="{STEPPED}" data-cb-steps="{values}">{marks}{marked}</div>\n'


def clipped(text: str, shown: int) -> str:
    """Show the first lines of a block; a button opens all of them."""
    hidden = 0

    def clip(found: re.Match[str]) -> str:
        nonlocal hidden
        lines = [line + "\n" for line in _split(found[2])]
        hidden = len(lines) - shown
        start = found[1].replace("<pre", '<pre class="cb-clipped"', 1)
        rest = f'<span class="cb-rest">{"".join(lines[shown:])}</span>'
        return f"{start}{''.join(lines[:shown])}{rest}{found[3]}"

    return f"{_PRE.sub(clip, text, count=1)}{button(f'{hidden} more lines')}"


def clipped_table(text: str, shown: int) -> str:
    """Show the first rows of a table that a cell has made; a button opens all of them."""
    count = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return found[0] if count <= shown else f"{found[0]} data-cb-rest"

    marked = _ROW.sub(mark, text)
    return f'<div class="cb-clipped">{marked}</div>{button(f"{count - shown} more rows")}'


def button(words: str) -> str:
    """Write what opens the whole."""
    return f'<button type="button" class="cb-show-all">… {words}</button>\n'
