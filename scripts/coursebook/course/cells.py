"""The code cells of a chapter, found as MyST-NB finds them.

MyST-NB's own reader says what a cell is, so that what runs and what is shown can never differ.
It drops the language after ``{code-cell}``; that is read from the line of the fence.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import yaml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_nb.core.read import (
    MystMetadataParsingError,
    is_myst_markdown_notebook,
    read_myst_markdown_notebook,
)
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from nbformat import NotebookNode, ValidationError

from coursebook.course.chapter import Chapter, render_chapter
from coursebook.course.conditions import BUILDS
from coursebook.problems import CourseError, Problem

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

OPTIONS = ("tags", "timeout", "mask", "mystnb", "name", "load", "slideshow", "editable")
"""The options of a cell; others are kept by Jupyter for tools that we do not know."""

TAGS = (
    "raises-exception",
    "skip-execution",
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

BLOCK_SYNTAX = frozenset({"colon_fence", "deflist", "fieldlist", "attrs_block", "dollarmath"})
"""Syntax that decides where a block begins or ends; what is inside a line does not matter here."""

LITERAL = frozenset(
    {
        "code",
        "code-block",
        "sourcecode",
        "code-cell",
        "raw-cell",
        "raw",
        "math",
        "parsed-literal",
        "literalinclude",
        "mermaid",
        "graphviz",
        "csv-table",
        "eval-rst",
        "prompt",
        "doctest",
        "testcode",
        "highlight",
    }
)
"""Directives whose text is shown as it stands: a cell written inside one is an example."""

FRONT_MATTER = "begin the file with `---`, `file_format: mystnb`, `kernelspec: {name: bash}`, `---`"

FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})\s*\{code-cell\}\s*(?P<argument>.*?)\s*$")
DIRECTIVE = re.compile(r"^\{(?P<name>[^}\s]+)\}")


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
    """

    language: str
    source: str
    tags: tuple[str, ...] = ()
    line: int = 0
    timeout: float = DEFAULT_TIMEOUT
    masks: tuple[str, ...] = ()

    @property
    def must_fail(self) -> bool:
        """Whether the author announced a failure."""
        return "raises-exception" in self.tags

    @property
    def runs(self) -> bool:
        """Whether it runs at all."""
        return "skip-execution" not in self.tags


@dataclass(frozen=True)
class CellSequence:
    """All code cells of a chapter in one rendering; they run in order, in one room.

    Attributes:
        path: The chapter, from the project's root.
        cells: In the order in which they stand.
    """

    path: str
    cells: tuple[Cell, ...]

    @property
    def topic(self) -> str:
        """The chapter's name; the cells' work folder bears it."""
        return PurePosixPath(self.path).stem


def read_cells(text: str, path: str, config: MdParserConfig | None = None) -> CellSequence:
    """Find the code cells of a chapter.

    Args:
        text: The chapter after its conditionals were rendered, line-true.
        path: The chapter's name in problems.
        config: The syntax that the book has switched on; that of ours by default.

    Raises:
        CourseError: A cell that could not run: its language is not known, it is nested, the
            front matter is missing, or an option makes no sense.
    """
    if "{code-cell}" not in text:
        return CellSequence(path, ())
    if config is None:
        return _read_with_our_syntax(text, path)
    return _read_cells(text, path, config)


# `serve` reads every chapter at every save, and nearly all of them are as they were.
@lru_cache(maxsize=2048)
def _read_with_our_syntax(text: str, path: str) -> CellSequence:
    return _read_cells(text, path, MdParserConfig(enable_extensions=set(BLOCK_SYNTAX)))


def _read_cells(text: str, path: str, config: MdParserConfig) -> CellSequence:
    problems = list(_nested(text, path, config))
    cells: list[Cell] = []
    first = _first_cell(text, config)
    if first and not is_myst_markdown_notebook(text):
        message = "this chapter has code cells, but its front matter does not make it a notebook"
        problems.append(Problem(path, first, "no-kernel", message, FRONT_MATTER))
    elif first:
        try:
            notebook = read_myst_markdown_notebook(
                text, config=config, add_source_map=True, path=path
            )
        except (MystMetadataParsingError, ValidationError, OSError, yaml.YAMLError) as error:
            raise CourseError([*problems, _unreadable(error, text, path, config)]) from None
        kernel = str((notebook.metadata.get("kernelspec") or {}).get("name") or "")
        lines = text.splitlines()
        if kernel and kernel.lower() not in LANGUAGES:
            problems.append(
                _unknown(f"front matter's kernel `{kernel}`", kernel, path, _line_of(kernel, lines))
            )
            kernel = "bash"  # told once, and not again at every cell
        for cell, line in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
            if cell.cell_type == "code":
                found = _read_cell(cell, line, lines[line - 1], kernel, path, problems)
                if found:
                    cells.append(found)
    if problems:
        raise CourseError(problems)
    return CellSequence(path, tuple(cells))


def book_cells(chapters: Iterable[Chapter]) -> list[CellSequence]:
    """Find the cells of all chapters, as each rendering has them.

    Args:
        chapters: The book's chapters.

    Raises:
        CourseError: All mistakes in all chapters.
    """
    found: list[CellSequence] = []
    problems: list[Problem] = []
    for chapter in chapters:
        for rendering in BUILDS:
            text = render_chapter(chapter.text, rendering, chapter.entry.path)[0].text
            try:
                found.append(read_cells(text, chapter.entry.path))
            except CourseError as error:
                problems += error.problems
    if problems:
        raise CourseError(problems)
    return found


def _unknown(what: str, name: str, path: str, line: int) -> Problem:
    hint = _suggest(name, tuple(LANGUAGES), "write one of bash, python")
    return Problem(
        path, line, "unknown-language", f"the {what} is not one that cells can run", hint
    )


def _line_of(kernel: str, lines: list[str]) -> int:
    """Find where the front matter names the kernel."""
    named = re.compile(rf"""\bname:\s*["']?{re.escape(kernel)}\b""")
    return next((number for number, line in enumerate(lines, 1) if named.search(line)), 1)


def _read_cell(
    cell: NotebookNode,
    line: int,
    fence: str,
    kernel: str,
    path: str,
    problems: list[Problem],
) -> Cell | None:
    """Turn a cell of the notebook into ours, and collect what is wrong with it."""
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
        problems.append(_unknown(f"language `{name}`", name, path, line))
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
    if len(problems) > found:
        return None
    return Cell(language, cell.source, tags, line, float(timeout), masks or ())


def _masks(value: object) -> tuple[str, ...] | None:
    """Return the masks that an author wrote, or None if they are no text."""
    several = value if isinstance(value, list) else [value]
    masks = tuple(one for one in several if isinstance(one, str))
    return masks if len(masks) == len(several) else None


def _suggest(name: str, known: Sequence[str], otherwise: str) -> str:
    close = difflib.get_close_matches(name.lower(), known, 1)
    return f"did you mean `{close[0]}`?" if close else otherwise


def _tokens(text: str, config: MdParserConfig) -> Sequence[Token]:
    """Parse into blocks, as MyST-NB does."""
    blocks = replace(config, disable_syntax=[*config.disable_syntax, "inline"])
    return create_md_parser(blocks, RendererHTML).parse(text + "\n")


def _first_cell(text: str, config: MdParserConfig) -> int:
    """Return the line of the first cell at top level; 0 if there is none."""
    depth = 0
    for token in _tokens(text, config):
        depth += token.nesting
        if depth == 0 and token.type == "fence" and token.info.startswith("{code-cell}"):
            return (token.map or [0])[0] + 1
    return 0


def _nested(text: str, path: str, config: MdParserConfig) -> Iterator[Problem]:
    """Find cells that MyST-NB would not run, because they do not stand at top level."""
    for line, inside in _cells_inside(_tokens(text, config), 0, "", config):
        yield Problem(
            path,
            line,
            "nested-cell",
            f"a code cell inside {inside} is never run",
            "move it out to the left margin, fenced with backticks",
        )


def _cells_inside(
    tokens: Sequence[Token], offset: int, outer: str, config: MdParserConfig
) -> Iterator[tuple[int, str]]:
    """Walk through lists, quotes and directives; yield the line of a cell and what holds it."""
    open_blocks: list[str] = []
    for token in tokens:
        if token.nesting == 1:
            open_blocks.append(token.type.removesuffix("_open").replace("_", " "))
        elif token.nesting == -1:
            open_blocks.pop()
        directive = DIRECTIVE.match(token.info) if token.type in ("fence", "colon_fence") else None
        if directive is None:
            continue
        line = offset + (token.map or [0])[0] + 1
        inside = outer or (f"a {open_blocks[-1]}" if open_blocks else "")
        if directive["name"] == "code-cell":
            if token.type == "colon_fence" and not inside:
                inside = "a fence of colons"
            if inside:
                yield line, inside
        elif directive["name"] not in LITERAL:
            # The text of a directive begins on the line after its fence.
            inner = _tokens(token.content, config)
            yield from _cells_inside(inner, line, f"`{{{directive['name']}}}`", config)


def _unreadable(error: Exception, text: str, path: str, config: MdParserConfig) -> Problem:
    """Explain why MyST-NB could not read the cells."""
    if isinstance(error, ValidationError):
        # nbformat names neither cell nor line. In a text notebook only tags can be of a wrong kind.
        for number, line in enumerate(text.splitlines(), 1):
            written = re.match(r"\s*:?tags:\s+(?P<value>[^\s\[#].*)$", line)
            if written:
                hint = f"write `:tags: [{written['value']}]`"
                return Problem(path, number, "bad-tags", "the tags of a cell are a list", hint)
    place = re.search(r"at line (\d+)", str(error))
    at = int(place[1]) if place else _first_cell(text, config)
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return Problem(path, at, "unreadable-cell", f"the chapter's cells cannot be read: {reason}")


def list_options(cell: Cell) -> dict[str, Any]:
    """Return everything about a cell that decides what it prints; its place does not."""
    return {
        "language": cell.language,
        "source": cell.source,
        "tags": list(cell.tags),
        "timeout": cell.timeout,
        "masks": list(cell.masks),
    }
