"""Where the blank lines stand that a conditional leaves behind.

A dropped line leaves a blank line in its place, so that all other lines keep their numbers. In
five places a blank line would change what the Markdown means:

- between two rows of a table, which it would end;
- between the items of a tight list, which it would make loose;
- inside a fence of code, where it would show;
- among the options of a directive, which it would end;
- in a paragraph that is torn in the middle of a line (``text {% if slide %}`` … ``{% endif %}``).

There the blank line waits, and stands at the first place below where it does no harm. So this
holds for every text and every rendering:

    The rendered text has as many lines as the source. Every kept line has the author's number,
    except in a table, tight list, code fence, block of options or torn paragraph below a line
    that was dropped from it: such a line stands earlier, by the number of lines dropped from
    the block above it. From the block's end on, all numbers are the author's again.

`pad` also returns the author's number of every line, for whoever wants to name it inside too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coursebook.course.markdown_lines import Fences, Kind

_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_INDENTED = re.compile(r" {2,}|\t")
_OPTION = re.compile(r"\s*:[\w-]+:")
_DELIMITER_ROW = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$|\s*\|\s*:?-+:?\s*\|\s*$")
_BLOCK_START = re.compile(r"#{1,6}(?:\s|$)|`{3,}|~{3,}|:{3,}|\([^)\s]+\)=\s*$|\+\+\+(?:\s|$)")
_BLOCK_END = re.compile(r"#{1,6}(?:\s|$)|`{3,}\s*$|~{3,}\s*$|:{3,}\s*$|\+\+\+(?:\s|$)")


@dataclass(frozen=True)
class Line:
    """One line of the source after the conditionals are decided.

    Attributes:
        text: What is kept of it.
        dropped: Nothing is kept, though the source had something here: a tag or a dropped arm.
        blank: The source line was blank.
        opens: A conditional opens in the middle of it and ends on a later line.
        closes: A conditional of an earlier line ends in the middle of it.
    """

    text: str
    dropped: bool = False
    blank: bool = False
    opens: bool = False
    closes: bool = False


class _Context:
    """What the kept lines so far leave open."""

    def __init__(self) -> None:
        self.fences = Fences()
        self.line: Line | None = None
        self.in_list = False
        self.in_table = False
        self.in_options = False

    def feed(self, line: Line) -> None:
        kind = self.fences.feed(line.text)
        blank = not line.text.strip()
        after_blank = self.line is None or not self.line.text.strip()
        self.in_options = (kind is Kind.OPENING and bool(self.fences.stack[-1].directive)) or (
            self.in_options and bool(_OPTION.match(line.text))
        )
        if kind is Kind.TEXT:
            starts_block = bool(_BLOCK_START.match(line.text))
            if _ITEM.match(line.text):
                self.in_list = True
            elif not blank and not _INDENTED.match(line.text) and (after_blank or starts_block):
                self.in_list = False
            self.in_table = (
                not blank
                and not starts_block
                and (
                    self.in_table or line.text.lstrip().startswith("|") or _is_delimiter(line.text)
                )
            )
        elif kind is not Kind.VERBATIM:
            self.in_table = False
            self.in_list = self.in_list and bool(_INDENTED.match(line.text))
        self.line = line

    def may_hold_blank(self, following: Line, run: Sequence[Line]) -> bool:
        """Tell whether a blank line may stand before the following one.

        Args:
            following: The next kept line.
            run: The dropped lines just above it; empty where blank lines only wait.
        """
        if self.fences.verbatim:
            return False
        if self.line is None or not self.line.text.strip() or not following.text.strip():
            return True
        if self.in_options and (_OPTION.match(following.text) or following.text.strip() == "---"):
            return False
        if _BLOCK_START.match(following.text) or _BLOCK_END.match(self.line.text):
            return True
        return bool(run) and not self._joined(following, run)

    def _joined(self, following: Line, run: Sequence[Line]) -> bool:
        """Tell whether two kept lines belong to one table, list or paragraph."""
        assert self.line is not None
        table = (self.in_table and "|" in following.text) or (
            "|" in self.line.text and _is_delimiter(following.text)
        )
        item = self.in_list and (_ITEM.match(following.text) or _INDENTED.match(following.text))
        torn = (self.line.opens or following.closes) and not any(line.blank for line in run)
        return bool(table or item or torn)


def pad(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """Put a blank line for every dropped one, where it does no harm.

    Args:
        lines: All lines of the source, in order.

    Returns:
        As many lines as were given, each with the number, from 1, of the line it came from.
    """
    context = _Context()
    padded: list[tuple[str, int]] = []
    waiting: list[int] = []
    run: list[Line] = []
    for number, line in enumerate(lines, 1):
        if line.dropped:
            waiting.append(number)
            run.append(line)
            continue
        if waiting and context.may_hold_blank(line, run):
            padded += [("", blank) for blank in waiting]
            waiting = []
        run = []
        context.feed(line)
        padded.append((line.text, number))
    return padded + [("", blank) for blank in waiting]


def _is_delimiter(text: str) -> bool:
    """Tell whether a line divides a table's head from its body (GFM 0.29, section 4.10)."""
    return bool(_DELIMITER_ROW.match(text))
