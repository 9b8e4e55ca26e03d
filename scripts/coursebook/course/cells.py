"""The code cells of a chapter, found as MyST-NB finds them.

MyST-NB's own reader says what a cell is, so that what runs and what is shown can never differ.
It drops the language after ``{code-cell}``; that is read from the line of the fence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath

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
from nbformat import ValidationError

from coursebook.course.cell import FRONT_MATTER, LANGUAGES, Cell, read_cell, unknown_language
from coursebook.course.chapter import Chapter, render_chapter
from coursebook.course.conditions import BUILDS
from coursebook.course.tool_groups import read_tools
from coursebook.problems import CourseError, Problem

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

DIRECTIVE = re.compile(r"^\{(?P<name>[^}\s]+)\}")


@dataclass(frozen=True)
class CellSequence:
    """All code cells of a chapter in one rendering; they run in order, in one room.

    Attributes:
        path: The chapter, from the project's root.
        cells: In the order in which they stand.
        tools: What the chapter's front matter asks for, sorted.
        name: Of the room, if that is not the chapter's.
    """

    path: str
    cells: tuple[Cell, ...]
    tools: tuple[str, ...] = ()
    name: str = ""

    @property
    def topic(self) -> str:
        """The chapter's name, or the room's own; the cells' work folder bears it."""
        return self.name or PurePosixPath(self.path).stem


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
            what = f"front matter's kernel `{kernel}`"
            problems.append(unknown_language(what, kernel, path, _line_of(kernel, lines)))
            kernel = "bash"  # told once, and not again at every cell
        for cell, line in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
            if cell.cell_type == "code":
                found = read_cell(cell, line, lines[line - 1], kernel, path, problems)
                if found:
                    cells.append(found)
    if problems:
        raise CourseError(problems)
    return CellSequence(path, tuple(cells), read_tools(text))


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


def _line_of(kernel: str, lines: list[str]) -> int:
    """Find where the front matter names the kernel."""
    named = re.compile(rf"""\bname:\s*["']?{re.escape(kernel)}\b""")
    return next((number for number, line in enumerate(lines, 1) if named.search(line)), 1)


def _tokens(text: str, config: MdParserConfig) -> Sequence[Token]:
    """Parse into blocks, as MyST-NB does."""
    blocks = replace(
        config,
        disable_syntax=[*config.disable_syntax, "inline"],
        # It looks into the lines of every list, and raises where they were not parsed.
        enable_extensions=set(config.enable_extensions) - {"tasklist"},
    )
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
