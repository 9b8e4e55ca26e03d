"""One code cell: what stands at its head, and what an author is told when that makes no sense."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from coursebook.course.line_steps import HINT, Step, StepsError, read_steps
from coursebook.course.tool_groups import FULL, names, unknown_tool
from coursebook.problems import Problem

DEFAULT_TIMEOUT = 60.0
"""Seconds that a cell may take if it does not say ``:timeout:``."""

LANGUAGES: Mapping[str, str] = {
    "bash": "bash",
    "sh": "bash",
    "shell": "bash",
    "console": "bash",
    "python": "python",
    "python3": "python",
    "ipython": "python",
    "ipython3": "python",
}
"""What may stand after ``{code-cell}`` or as the kernel's name, and the language it means."""

OPTIONS = (
    "tags",
    "timeout",
    "mask",
    "needs",
    "differs",
    "emphasize-steps",
    "stored",
    "mystnb",
    "name",
    "load",
    "slideshow",
    "editable",
)
"""The options of a cell; others are kept by Jupyter for tools that we do not know."""

TAGS = (
    "raises-exception",
    "skip-execution",
    "local",
    "page-only",
    "slide-only",
    "hide-input",
    "hide-output",
    "hide-cell",
    "remove-input",
    "remove-output",
    "remove-cell",
    "remove-stdout",
    "remove-stderr",
    "scroll-output",
    "full-width",
    "margin",
)
"""The tags that mean something to MyST-NB, the theme or us."""

LOCAL = "local"
"""The tag of a cell that the Linux of the reader's tab cannot run."""

FRONT_MATTER = "begin the file with `---`, `file_format: mystnb`, `kernelspec: {name: bash}`, `---`"

Wrong = Callable[[str, str, str], None]
"""Takes code, message and hint of a mistake."""

FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})\s*\{code-cell\}\s*(?P<argument>.*?)\s*$")


@dataclass(frozen=True)
class Cell:
    """One code cell.

    Attributes:
        language: ``bash`` or ``python``.
        source: What runs.
        tags: The author's tags, in his order.
        line: Line of the opening fence in the author's file, counted from 1.
        timeout: Seconds that it may take.
        masks: Regular expressions; what they match in the output reads as ``…``.
        needs: Why the Linux of the tab cannot run it, and how to run it elsewhere; only with the
            tag ``local``.
        differs: Why the Linux of the tab prints something else than the build, if it must.
        steps: The lines that a deck points at, one step after the other.
        stored: The group of tools with which a full build makes its output; empty for a cell
            that runs in every build.
    """

    language: str
    source: str
    tags: tuple[str, ...] = ()
    line: int = 0
    timeout: float = DEFAULT_TIMEOUT
    masks: tuple[str, ...] = ()
    needs: str = ""
    differs: str = ""
    steps: tuple[Step, ...] = ()
    stored: str = ""

    @property
    def must_fail(self) -> bool:
        """Whether the author announced a failure."""
        return "raises-exception" in self.tags

    @property
    def runs(self) -> bool:
        """Whether it runs at all."""
        return "skip-execution" not in self.tags

    @property
    def local(self) -> bool:
        """Whether it needs more than the Linux of the reader's tab."""
        return LOCAL in self.tags


def list_options(cell: Cell) -> dict[str, Any]:
    """Return everything about a cell that decides what the build prints.

    Its place does not, and neither does what is said about the reader's tab.
    """
    return {
        "language": cell.language,
        "source": cell.source,
        "tags": [tag for tag in cell.tags if tag != LOCAL],
        "timeout": cell.timeout,
        "masks": list(cell.masks),
    }


def unknown_language(what: str, name: str, path: str, line: int) -> Problem:
    """Explain that a word names no language of cells, and which one is meant."""
    hint = _suggest(name, tuple(LANGUAGES), "write one of bash, python")
    return Problem(
        path, line, "unknown-language", f"the {what} is not one that cells can run", hint
    )


def read_cell(
    cell: NotebookNode,
    line: int,
    fence: str,
    kernel: str,
    path: str,
    problems: list[Problem],
) -> Cell | None:
    """Turn a cell of the notebook into ours.

    Args:
        cell: As MyST-NB read it.
        line: Of its opening fence, counted from 1.
        fence: The text of that line.
        kernel: The kernel that the front matter names, or nothing.
        path: The chapter's name in problems.
        problems: What is wrong with the cell is added here.

    Returns:
        None if anything was wrong.
    """
    found = len(problems)

    def wrong(code: str, message: str, hint: str) -> None:
        problems.append(Problem(path, line, code, message, hint))

    match = FENCE.match(fence)
    argument = match["argument"] if match else ""
    name = argument or kernel
    language = LANGUAGES.get(name.lower(), "")
    if not name:
        wrong(
            "no-kernel", "this cell names no language, and neither does the chapter", FRONT_MATTER
        )
    elif not language:
        problems.append(unknown_language(f"language `{name}`", name, path, line))
    for option in cell.metadata:
        close = difflib.get_close_matches(option, OPTIONS, 1, 0.7)
        if option not in OPTIONS and close:
            wrong(
                "unknown-option", f"a cell has no option `{option}`", f"did you mean `{close[0]}`?"
            )
    tags = tuple(cell.metadata.get("tags", ()))
    for tag in tags:
        close = difflib.get_close_matches(tag.replace("_", "-"), TAGS, 1, 0.8)
        if close and close[0] != tag:
            wrong("unknown-tag", f"no tag `{tag}` is known", f"did you mean `{close[0]}`?")
    timeout = cell.metadata.get("timeout", DEFAULT_TIMEOUT)
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout > 0:
        message = f"a time limit is a number of seconds above 0, not `{timeout}`"
        wrong("bad-timeout", message, "write `:timeout: 120`")
        timeout = DEFAULT_TIMEOUT
    masks = _masks(cell.metadata.get("mask", []))
    if masks is None:
        wrong(
            "bad-mask",
            "`mask` is a regular expression or a list of them",
            "write `:mask: '[0-9]+ MB'`",
        )
    for mask in masks or ():
        try:
            re.compile(mask)
        except re.error as error:
            message = f"the mask `{mask}` is not a regular expression: {error}"
            wrong("bad-mask", message, "see the documentation of Python's module re")
    runs = "skip-execution" not in tags
    needs = _read_needs(cell.metadata, LOCAL in tags, wrong)
    differs = _read_differs(cell.metadata, runs, LOCAL in tags, wrong)
    stored = _read_stored(cell.metadata, runs and LOCAL in tags, path, line, problems)
    steps: tuple[Step, ...] = ()
    if "emphasize-steps" in cell.metadata:
        try:
            steps = read_steps(cell.metadata["emphasize-steps"], len(cell.source.split("\n")))
        except StepsError as error:
            wrong("bad-steps", str(error), HINT)
    if len(problems) > found:
        return None
    return Cell(
        *(language, cell.source, tags, line, float(timeout), masks or (), needs, differs, steps),
        stored,
    )


def _read_needs(options: Mapping[str, Any], local: bool, wrong: Wrong) -> str:
    """Return why a cell cannot run in the reader's tab; the tag and the reason need each other."""
    hint = "write `:tags: [local]` and `:needs: 2 GB of memory; run it on your own computer`"
    if "needs" not in options:
        if local:
            wrong("bad-needs", "this cell is `local` and does not say what it needs", hint)
        return ""
    if not local:
        message = "this cell says what it needs, and is not tagged `local`"
        wrong("bad-needs", message, hint)
    reason = _sentence(options["needs"])
    if not reason:
        wrong("bad-needs", "`needs` says in words what the cell needs and how to run it", hint)
    return reason


def _read_differs(options: Mapping[str, Any], runs: bool, local: bool, wrong: Wrong) -> str:
    """Return why a cell prints something else in the reader's tab; it must run there and here."""
    if "differs" not in options:
        return ""
    if not runs:
        message = "a cell with `skip-execution` has no output that could differ"
        wrong("bad-differs", message, "remove `:differs:`")
    elif local:
        message = "a `local` cell is never run in the tab, so its output cannot differ there"
        wrong("bad-differs", message, "remove `:differs:`; `:needs:` says why it does not run")
    reason = _sentence(options["differs"])
    if not reason:
        hint = "write `:differs: the tab is a 32-bit computer`"
        wrong("bad-differs", "`differs` says in words why the two outputs must differ", hint)
    return reason


def _read_stored(
    options: Mapping[str, Any], local: bool, path: str, line: int, problems: list[Problem]
) -> str:
    """Return the group that makes the cell's output; the tab has no such tools."""
    if "stored" not in options:
        return ""
    name = str(options["stored"])
    if name not in names(FULL):
        problems.append(unknown_tool(name, FULL, path, line))
    elif not local:
        message = "a cell whose output is stored runs, but not in the reader's tab"
        hint = "write `:tags: [local]` and `:needs: Java, 600 MB; run it on your own computer`"
        problems.append(Problem(path, line, "bad-stored", message, hint))
    return name


def _sentence(value: object) -> str:
    """Return a text in one line; nothing if it is no text or has no letters."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if any(letter.isalpha() for letter in text) else ""


def _masks(value: object) -> tuple[str, ...] | None:
    """Return the masks that an author wrote, or None if they are no text."""
    several = value if isinstance(value, list) else [value]
    masks = tuple(one for one in several if isinstance(one, str))
    return masks if len(masks) == len(several) else None


def _suggest(name: str, known: Sequence[str], otherwise: str) -> str:
    close = difflib.get_close_matches(name.lower(), known, 1)
    return f"did you mean `{close[0]}`?" if close else otherwise
