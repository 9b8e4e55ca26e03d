"""What Sphinx says while it renders, turned into problems of the author."""

from __future__ import annotations

import io
import re

from coursebook.library_hints import hint_for
from coursebook.paths import Tree
from coursebook.problems import Problem

WARNING = re.compile(
    r"^(?:(?P<path>[^\n]*?)(?::(?P<line>\d+|None)?)?: )?(?P<level>WARNING|ERROR|CRITICAL): "
    # MyST writes its code into the message; what Sphinx adds behind it says less.
    r"(?P<message>.*?)(?: \[(?P<code>[\w.-]+)\](?: \[(?:docutils|(?P=code))\])?)?$",
    re.DOTALL,
)


class WarningStream(io.StringIO):
    """Turns what Sphinx writes to its warning stream into problems.

    Sphinx writes one warning at a time, as ``path:line: WARNING: message [code]``.
    """

    def __init__(self, tree: Tree) -> None:
        super().__init__()
        self.tree = tree
        self.problems: list[Problem] = []

    def write(self, text: str) -> int:
        """Take one warning."""
        plain = re.sub(r"\x1b\[[0-9;]*m", "", text).strip()
        if not plain:
            return len(text)
        found = WARNING.match(plain)
        if found is None:
            self.problems.append(Problem("", 0, "sphinx", plain))
            return len(text)
        path, line = found["path"] or "", found["line"]
        if path.startswith("<"):
            path = ""
        # Where Sphinx is told a file instead of a chapter's name, it puts an ending behind it.
        path = re.sub(r"(\.(?:md|ipynb))\.\w+$", r"\1", path)
        message, _, hint = found["message"].partition("\n    hint: ")
        self.problems.append(
            Problem(
                self.tree.relative(path) if path else "",
                int(line) if line and line.isdigit() else 0,
                (found["code"] or "sphinx").removeprefix("coursebook."),
                message.strip().replace(f"{self.tree.root}/", ""),
                hint.strip() or hint_for(found["code"] or "", message),
            )
        )
        return len(text)

    def take(self) -> list[Problem]:
        """Return what was collected since the last call."""
        problems, self.problems = self.problems, []
        return problems
