"""Reading MyST Markdown line by line: which lines are code, and where fences open and close.

Only what is needed to know where a line stands. Parsing is MyST-Parser's work; this must be
quick, and must hold the author's line numbers inside nested directives too, where a parse of the
whole text sees one opaque block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

VERBATIM_DIRECTIVES = frozenset(
    (
        *("code", "code-block", "code-cell", "raw-cell", "sourcecode", "parsed-literal"),
        *("literalinclude", "highlight", "doctest", "prompt", "math", "raw", "eval-rst"),
        *("mermaid", "graphviz", "digraph", "graph", "csv-table"),
    )
)
"""Directives whose content is not Markdown, and where a blank line would show."""

_FENCE = re.compile(
    r"[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d+[.)])[ \t]+)?"
    r"(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?P<info>.*?)\s*$"
)
_DIRECTIVE = re.compile(r"\{([^}\s]+)\}[ \t]*(.*)$")


class Kind(Enum):
    """What a line is to the fences around it."""

    TEXT = "text"
    OPENING = "opening"
    CLOSING = "closing"
    VERBATIM = "verbatim"


@dataclass(frozen=True)
class Fence:
    """An open fence.

    Attributes:
        mark: Its characters, such as three backticks.
        directive: Name of the directive, or empty.
        argument: What follows the directive's name.
        verbatim: Whether its content is code rather than Markdown.
    """

    mark: str
    directive: str
    argument: str
    verbatim: bool

    def closed_by(self, mark: str) -> bool:
        """Tell whether a bare fence ends this one: same character, at least as long."""
        return mark[0] == self.mark[0] and len(mark) >= len(self.mark)


class Fences:
    """The fences that are open after the lines fed so far."""

    def __init__(self) -> None:
        self.stack: list[Fence] = []

    @property
    def verbatim(self) -> bool:
        """Whether the next line is code, or the fence that ends it."""
        return bool(self.stack) and self.stack[-1].verbatim

    def feed(self, line: str) -> Kind:
        """Take the next line and say what it is."""
        match = _FENCE.match(line)
        if match is None:
            return Kind.VERBATIM if self.verbatim else Kind.TEXT
        mark, info = match["fence"], match["info"]
        if self.verbatim:
            if info or not self.stack[-1].closed_by(mark):
                return Kind.VERBATIM
            self.stack.pop()
            return Kind.CLOSING
        if not info:
            for depth, fence in enumerate(reversed(self.stack), 1):
                if fence.closed_by(mark):
                    del self.stack[-depth:]
                    return Kind.CLOSING
        if mark[0] == "`" and "`" in info:
            return Kind.TEXT  # inline code (CommonMark 0.31, section 4.5)
        directive = _DIRECTIVE.match(info)
        name, argument = directive.groups() if directive else ("", "")
        code = mark[0] != ":" and not name
        self.stack.append(Fence(mark, name, argument, code or name in VERBATIM_DIRECTIVES))
        return Kind.OPENING


def verbatim_lines(text: str) -> frozenset[int]:
    """Number the lines, from 1, that stand inside code."""
    fences = Fences()
    return frozenset(
        number
        for number, line in enumerate(text.split("\n"), 1)
        if fences.feed(line) is Kind.VERBATIM
    )
