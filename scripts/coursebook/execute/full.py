"""The full build of cells: those with ``:stored: GROUP`` run as well, and their outputs are stored.

A chapter runs twice: once as in every build, and once whole. Of the second run the outputs of the
marked cells are stored; all others must print what they printed in the first, or a normal build
would show what it cannot make.
"""

from __future__ import annotations

import difflib
import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from coursebook.course.cells import CellSequence
from coursebook.execute import index, plan, runner, stored, tools
from coursebook.execute.stored import Stored
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

Progress = Callable[[str], None]

Outputs = Sequence[Mapping[str, Any]]


def store(
    tree: Tree,
    sequences: Sequence[CellSequence],
    progress: Progress = lambda message: None,
    *,
    walls: bool | None = None,
) -> None:
    """Run the chapters that have cells with stored outputs, and store what those print.

    Args:
        tree: The book; its other cells have run.
        sequences: Every chapter's cells, of both renderings.
        progress: Is told what is done, and what a cell prints that it did not print before.
        walls: Whether rooms have walls; wherever the host allows it, by default.

    Raises:
        CourseError: A group that cannot be installed; a cell that fails; one that depends on a
            marked cell and is not marked.
    """
    marked: dict[str, dict[tuple[str, ...], CellSequence]] = {}
    for sequence in sequences:
        if chains := tuple(stored.chains(sequence).values()):
            marked.setdefault(sequence.path, {}).setdefault(chains, sequence)
    problems: list[Problem] = []
    if marked and walls is None:
        walls = runner.have_walls(tree, progress)
    for path, several in marked.items():
        try:
            before = stored.read(tree, path)
        except CourseError:
            before = {}  # it is made again
        entries: dict[int, Stored] = {}
        found: list[Problem] = []
        for sequence in several.values():
            made, wrong = _run(tree, sequence, before, progress, walls=bool(walls))
            entries |= made
            found += wrong
        if not found:
            stored.write(tree, path, [entries[line] for line in sorted(entries)])
        problems += found
    for file in sorted(tree.stored.rglob("*.json")):
        if file not in {stored.file_of(tree, path) for path in marked}:
            progress(f"removed {tree.relative(file)}: its chapter has no such cells")
            file.unlink()
    if problems:
        raise CourseError(problems)


def _run(
    tree: Tree,
    sequence: CellSequence,
    before: Mapping[str, Stored],
    progress: Progress,
    *,
    walls: bool,
) -> tuple[dict[int, Stored], list[Problem]]:
    """Run a chapter whole; return its stored outputs by line, and what is wrong."""
    whole = stored.whole(sequence)
    equipped = runner.equip(tree, [whole], walls, progress)
    crew = runner.Crew(
        tree, plan.stage(tree.cells), index.build(tree).folder, walls, progress, equipped
    )
    try:
        cells, problems = crew.perform(whole)
    except BaseException:
        crew.stop()
        raise
    if problems:
        return {}, problems
    plain = runner.results(tree, stored.light(sequence))
    entries: dict[int, Stored] = {}
    chains = stored.chains(sequence)
    for number, (cell, told) in enumerate(zip(sequence.cells, cells, strict=True)):
        if number in chains:
            entry = _entry(chains[number], cell.stored, cell.source, told)
            old = before.get(entry.chain)
            entries[cell.line] = _verify(f"{sequence.path}:{cell.line}", old, entry, progress)
        elif cell.runs and told != plain[number]:
            message = "this cell prints something else when the stored cells before it run"
            group = next(one.stored for one in sequence.cells if one.stored)
            hint = f"it depends on them: write `:stored: {group}` here, too, or make it independent"
            shown = _difference(plain[number]["outputs"], told["outputs"])
            problems.append(
                Problem(sequence.path, cell.line, "stored-dependence", message, hint + shown)
            )
    return entries, problems


def _entry(chain: str, group: str, source: str, told: Mapping[str, Any]) -> Stored:
    made_with = {**tools.versions(group), "Python": platform.python_version()}
    today = datetime.now(UTC).date().isoformat()
    return Stored(chain, group, today, made_with, source, told["status"], told["outputs"])


def _verify(place: str, old: Stored | None, new: Stored, progress: Progress) -> Stored:
    """Compare with what was stored before, and return what is to be stored."""
    if old is None:
        progress(f"{place}: stored")
        return new
    if (old.status, list(old.outputs)) != (new.status, list(new.outputs)):
        shown = _difference(old.outputs, new.outputs)
        progress(f"{place}: prints something else than on {old.made_on}{shown}")
        return new
    progress(f"{place}: prints what it printed on {old.made_on}")
    return old if old.made_with == new.made_with else new


def _difference(before: Outputs, after: Outputs) -> str:
    lines = difflib.unified_diff(_text(before), _text(after), lineterm="", n=0)
    return "".join(f"\n    | {line}" for line in list(lines)[2:26])


def _text(outputs: Outputs) -> list[str]:
    """Return what outputs say, as lines."""
    lines: list[str] = []
    for output in outputs:
        if "text" in output:
            lines += output["text"].splitlines()
        elif "traceback" in output:
            lines += output["traceback"]
        else:
            lines += [f"[{kind}] {value}" for kind, value in output.get("data", {}).items()]
    return lines
