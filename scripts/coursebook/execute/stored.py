"""Outputs that full builds alone make: kept beside the chapters, under version control.

The outputs of the cells of ``book/part/topic.md`` with ``:stored: GROUP`` stand in
``book/_stored/part/topic.json``, in the order in which they stand in the chapter::

    [
     {
      "chain": "1a2b…",                 hash of the cell and of all that ran before it
      "group": "spark",
      "made": {"on": "2026-11-28", "with": {"python": "3.13.0", "pyspark": "4.3.0"}},
      "source": ["…"],                  for who reads a diff
      "status": 0,
      "outputs": […]                    in nbformat's form, texts as lists of lines
     }
    ]

A build shows them as long as the chain is that of the cell; otherwise it fails at the cell's line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from coursebook.course.cell import Cell, list_options
from coursebook.course.cells import CellSequence
from coursebook.execute import tools
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

COMMAND = "python3 scripts/course.py build --full"

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Stored:
    """The output of one cell, as it was stored.

    Attributes:
        chain: Hash of the cell and of everything that ran before it.
        group: The group of tools.
        made_on: The day, as ISO 8601 writes it.
        made_with: Versions of what it was made with.
        source: The cell.
        status: Exit status of its last command.
        outputs: In nbformat's form.
        line: Where it begins in its file.
    """

    chain: str
    group: str
    made_on: str
    made_with: Mapping[str, str]
    source: str
    status: int
    outputs: Sequence[Mapping[str, Any]]
    line: int = 0

    @property
    def day(self) -> str:
        """The day in words: ``28 November 2026``."""
        when = date.fromisoformat(self.made_on)
        return f"{when.day} {MONTHS[when.month - 1]} {when.year}"

    def note(self) -> str:
        """Say to a reader when and with what it was made."""
        made = [f"{name} {version}" for name, version in self.made_with.items()]
        return f"Made on {self.day} with {' and '.join(filter(None, _halves(made)))}."


def _halves(words: Sequence[str]) -> tuple[str, str]:
    return ", ".join(words[:-1]), words[-1] if words else ""


def light(sequence: CellSequence) -> CellSequence:
    """Return the sequence as every build runs it: cells with stored outputs do nothing."""
    if not any(cell.stored for cell in sequence.cells):
        return sequence
    idle = [
        Cell(cell.language, "", ("skip-execution",), cell.line) if cell.stored else cell
        for cell in sequence.cells
    ]
    return replace(sequence, cells=tuple(idle))


def whole(sequence: CellSequence) -> CellSequence:
    """Return the sequence as a full build runs it, with the groups among its tools."""
    groups = {cell.stored for cell in sequence.cells if cell.stored}
    return replace(sequence, tools=tuple(sorted({*sequence.tools, *groups})))


def chains(sequence: CellSequence) -> dict[int, str]:
    """Return the hash of each cell with a stored output, by its number in the sequence."""
    found: dict[int, str] = {}
    digest = hashlib.sha256(json.dumps([sequence.topic, *sequence.tools]).encode())
    for number, cell in enumerate(sequence.cells):
        if not cell.runs:
            continue
        options = {**list_options(cell), "stored": cell.stored}
        del options["timeout"]  # it decides whether there is an output, not which
        digest.update(json.dumps(options, sort_keys=True).encode() + b"\0")
        if cell.stored:
            found[number] = digest.hexdigest()[:32]
    return found


def file_of(tree: Tree, path: str) -> Path:
    """Return where the outputs of a chapter are stored.

    Args:
        tree: The book.
        path: The chapter, from the root of the book.
    """
    return tree.stored / (tree.root / path).relative_to(tree.book).with_suffix(".json")


def read(tree: Tree, path: str) -> dict[str, Stored]:
    """Return what is stored for a chapter, by chain.

    Raises:
        CourseError: The file is damaged, as a rule by a merge.
    """
    file = file_of(tree, path)
    try:
        text = file.read_text(encoding="utf-8")
        entries = [_from_json(entry) for entry in json.loads(text)]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        line = getattr(error, "lineno", 0)
        message = f"the stored outputs cannot be read: {error}"
        hint = f"take the file from git again, or remove it and type `{COMMAND}`"
        where = tree.relative(file)
        raise CourseError([Problem(where, line, "bad-stored-file", message, hint)]) from None
    lines = text.splitlines()
    begins = {
        entry.chain: next((n for n, one in enumerate(lines, 1) if f'"{entry.chain}"' in one), 0)
        for entry in entries
    }
    return {entry.chain: replace(entry, line=begins[entry.chain]) for entry in entries}


def write(tree: Tree, path: str, entries: Sequence[Stored]) -> None:
    """Store the outputs of a chapter, or remove what is stored if there are none."""
    file = file_of(tree, path)
    if not entries:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([_to_json(entry) for entry in entries], indent=1, ensure_ascii=False)
    if not file.exists() or file.read_text(encoding="utf-8") != text + "\n":
        file.write_text(text + "\n", encoding="utf-8")


def find(tree: Tree, sequence: CellSequence) -> dict[int, Stored]:
    """Return the stored output of each cell that has one, by its number in the sequence."""
    wanted = chains(sequence)
    kept = read(tree, sequence.path) if wanted else {}
    return {number: kept[chain] for number, chain in wanted.items() if chain in kept}


def problems(tree: Tree, sequences: Iterable[CellSequence]) -> list[Problem]:
    """Tell which cells have no stored output or one of another state, and which outputs no cell.

    Args:
        tree: The book.
        sequences: All cells of the book, of both renderings.
    """
    by_chapter: dict[str, dict[str, Cell]] = {}
    for sequence in sequences:
        cells = by_chapter.setdefault(sequence.path, {})
        cells |= {chain: sequence.cells[number] for number, chain in chains(sequence).items()}
    known = {file_of(tree, path): path for path in by_chapter}
    for file in sorted(tree.stored.rglob("*.json")):
        chapter = tree.book / file.relative_to(tree.stored).with_suffix(".md")
        if file not in known:
            by_chapter[tree.relative(chapter)] = {}
    found: list[Problem] = []
    for path, cells in by_chapter.items():
        try:
            found += _compare(tree, path, cells, read(tree, path))
        except CourseError as error:
            found += error.problems
    return found


def _compare(
    tree: Tree, path: str, cells: Mapping[str, Cell], kept: Mapping[str, Stored]
) -> Iterable[Problem]:
    """Compare the cells of a chapter with what is stored, both by chain."""
    left = [entry for chain, entry in kept.items() if chain not in cells]
    missing = sorted((cell.line, cell) for chain, cell in cells.items() if chain not in kept)
    for line, cell in missing:
        same = next((entry for entry in left if entry.source == cell.source), None)
        before = same or next(iter(left), None)
        if before is None:
            packages = tools.versions(cell.stored)
            message = "this cell's output is not stored"
            if not tools.installed(cell.stored, walls=True):
                message += f", and `{cell.stored}` is not installed to make it"
            told = ", ".join(f"{name} {version}" for name, version in packages.items())
            hint = f"type `{COMMAND}`; it installs {told} and stores what the cell prints"
            yield Problem(path, line, "not-stored", message, hint)
            continue
        left.remove(before)
        what = "a cell before this one" if same else "this cell"
        message = f"{what} has changed since the output was stored on {before.day}"
        hint = f"type `{COMMAND}`, or take the change back"
        yield Problem(path, line, "stored-changed", message, hint)
    where = tree.relative(file_of(tree, path))
    for entry in left:
        first = (entry.source.splitlines() or [""])[0]
        message = f"{path} has no cell for this stored output; it began with `{first}`"
        hint = f"type `{COMMAND}`, which removes it, or remove the file"
        yield Problem(where, entry.line, "stored-without-cell", message, hint)


def summary(tree: Tree, sequences: Iterable[CellSequence]) -> list[str]:
    """Say of each chapter which outputs are not made by this build but shown as stored."""
    lines: dict[str, str] = {}
    for sequence in sequences:
        entries = find(tree, sequence)
        if entries:
            days = sorted({entry.made_on for entry in entries.values()})
            places = ", ".join(str(sequence.cells[number].line) for number in entries)
            noun = "line" if len(entries) == 1 else "lines"
            text = f"stored outputs, not made now: {sequence.path}, {noun} {places}"
            lines[sequence.path] = f"{text} (of {' and '.join(days)})"
    return list(lines.values())


def _from_json(entry: Mapping[str, Any]) -> Stored:
    return Stored(
        *(entry["chain"], entry["group"], entry["made"]["on"], entry["made"]["with"]),
        *("".join(entry["source"]), entry["status"]),
        [_joined(output) for output in entry["outputs"]],
    )


def _to_json(entry: Stored) -> dict[str, Any]:
    return {
        "chain": entry.chain,
        "group": entry.group,
        "made": {"on": entry.made_on, "with": dict(entry.made_with)},
        "source": entry.source.splitlines(keepends=True),
        "status": entry.status,
        "outputs": [_split(output) for output in entry.outputs],
    }


def _split(output: Mapping[str, Any]) -> dict[str, Any]:
    """Write texts as lists of lines, which git can compare; see nbformat's multi-line strings."""
    told = dict(output)
    if "text" in told:
        told["text"] = told["text"].splitlines(keepends=True)
    if "data" in told:
        told["data"] = {
            kind: value.splitlines(keepends=True) if isinstance(value, str) else value
            for kind, value in told["data"].items()
        }
    return told


def _joined(output: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(output)
    if "text" in told:
        told["text"] = "".join(told["text"])
    if "data" in told:
        told["data"] = {
            kind: "".join(value) if kind.startswith(("text/", "image/")) else value
            for kind, value in told["data"].items()
        }
    return told
