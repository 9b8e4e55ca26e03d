"""Running all cells of the book that have not run as they stand."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence
from coursebook.execute import cache, index, interpreters, normalise, plan, stored, tools
from coursebook.execute.cache import made_with
from coursebook.execute.room import OUTPUT_CAP, Execution, NoWallsError, Room, RoomClosedError
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

__all__ = ["Report", "made_with", "name", "outputs", "results", "run"]

Progress = Callable[[str], None]

Done = tuple[list[dict[str, Any]], list[Problem]]
"""Outputs and status of each cell, and what was wrong."""

Work = Callable[["Crew", CellSequence], Done]

HINTS = (
    (
        (
            "Network is unreachable",
            "Temporary failure in name resolution",
            "Could not resolve host",
        ),
        "a cell has no network but loopback; install from the index at ~/index",
    ),
    (
        ("Read-only file system", "Permission denied"),
        "a cell can write under /home/learner and /tmp alone",
    ),
    (("No space left on device",), "the cells of a chapter share 512 MB under /home/learner"),
)
"""What to do about an error that the room itself caused."""

SHOWN_LINES = 8
SHOWN_WIDTH = 160
"""How much of a failing cell's output its author is shown: lines, and letters of each."""


@dataclass
class Report:
    """What a run did.

    Attributes:
        sequences: How many sequences were asked for, equal ones counted once.
        ran: How many of them had to run.
        interpreters: How many interpreters were started for that.
    """

    sequences: int = 0
    ran: int = 0
    interpreters: int = 0


def run(
    tree: Tree,
    sequences: Sequence[CellSequence],
    *,
    jobs: int = 2,
    progress: Progress = lambda message: None,
    walls: bool | None = None,
) -> Report:
    """Run the cells that have not run as they stand, and keep their outputs.

    Args:
        tree: The book.
        sequences: Every chapter's cells, of both renderings; equal ones run once.
        jobs: How many chapters run at the same time.
        progress: Is told what is being done.
        walls: Whether rooms have walls; wherever the host allows it, by default.

    Returns:
        What was done.

    Raises:
        CourseError: Cells that failed, took too long, printed too much or killed their
            interpreter; cells that should have failed and did not; a wrong index.
    """
    wanted = [one for one in map(stored.light, sequences) if any(cell.runs for cell in one.cells)]
    cache.prune(tree.cells)
    return in_rooms(tree, wanted, Crew.perform, jobs=jobs, progress=progress, walls=walls)


def in_rooms(
    tree: Tree,
    sequences: Sequence[CellSequence],
    work: Work,
    *,
    jobs: int,
    progress: Progress,
    walls: bool | None,
) -> Report:
    """Do what takes rooms for each sequence of which nothing is kept, and keep what comes of it.

    Args:
        tree: The book.
        sequences: What decides the work; equal ones are done once.
        work: Does it, and returns what is to be kept of each cell, and what is wrong: then
            nothing is kept.
        jobs: How many are done at the same time.
        progress: Is told what is being done.
        walls: Whether rooms have walls; None wherever the host allows it.

    Raises:
        CourseError: All that is wrong.
    """
    if not sequences:
        return Report()
    tree.cells.mkdir(parents=True, exist_ok=True)
    packages = index.build(tree)
    if any(tools.has_channel(tree, tool) for one in sequences for tool in one.tools):
        interpreters.fetch_other(progress)
    several = {key_of(tree, one, packages.digest, True): one for one in sequences}
    waiting = [one for one in several.values() if _kept(tree, one, packages.digest, walls) is None]
    report = Report(sequences=len(several), ran=len(waiting))
    if not waiting:
        return report
    if walls is None:
        walls = have_walls(tree, progress)
    staged = plan.stage(tree.cells)
    problems: list[Problem] = []
    equipped = equip(tree, waiting, walls, progress)
    crew = Crew(tree, staged, packages.folder, walls, progress, equipped)
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        futures = [
            pool.submit(crew.do, work, key_of(tree, one, packages.digest, walls), one)
            for one in waiting
        ]
        try:
            _wait(futures)
        except BaseException:
            # Ctrl-C: no room may outlive us, and no thread may wait for one.
            crew.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        for future in futures:
            problems += future.result()
    report.interpreters = crew.interpreters
    if problems:
        raise CourseError(problems)
    return report


def results(tree: Tree, sequence: CellSequence) -> list[dict[str, Any]]:
    """Return what is kept for each cell: its ``outputs`` and its exit ``status``.

    Raises:
        KeyError: The sequence has not been run; a bug of ours.
    """
    light = stored.light(sequence)
    found: list[dict[str, Any]] | None = [{"outputs": [], "status": 0} for _ in sequence.cells]
    if any(cell.runs for cell in light.cells):
        found = _kept(tree, light, index.build(tree).digest, None)
    if found is None:
        raise KeyError(f"the cells of {sequence.path} have not been run")
    for number, entry in stored.find(tree, sequence).items():
        found[number] = {"outputs": list(entry.outputs), "status": entry.status}
    return found


def key_of(tree: Tree, sequence: CellSequence, digest: str, walls: bool) -> str:
    """Name what is kept of a sequence.

    Args:
        tree: The book.
        sequence: What runs.
        digest: Of the toy index.
        walls: Whether its room has walls.
    """
    named = {tool: tools.digest(tree, tool) for tool in sequence.tools}
    return cache.key(sequence, digest, walls=walls, tools=named)


def equip(
    tree: Tree, sequences: Sequence[CellSequence], walls: bool, progress: Progress
) -> dict[tuple[str, ...], plan.Equipment]:
    """Return what the tools of each sequence add to its room, by their names.

    Raises:
        CourseError: A tool cannot be installed, told for each chapter that asks for it.
    """
    found: dict[tuple[str, ...], plan.Equipment] = {}
    problems: list[Problem] = []
    for sequence in sequences:
        if sequence.tools in found:
            continue
        try:
            found[sequence.tools] = tools.equip(
                tree, sequence.tools, walls=walls, progress=progress
            )
        except tools.NotInstalledError as error:
            problems.append(tools.not_installed(sequence.tools, sequence.path, 1, error))
    if problems:
        raise CourseError(problems)
    return found


def _kept(
    tree: Tree, sequence: CellSequence, digest: str, walls: bool | None
) -> list[dict[str, Any]] | None:
    """Return what is kept of a sequence; from a room with walls, if there is a choice."""
    for either in (True, False) if walls is None else (walls,):
        found = cache.read(tree.cells, key_of(tree, sequence, digest, either))
        if found is not None:
            return found
    return None


def name(tree: Tree, sequence: CellSequence) -> str:
    """Return a name that changes whenever the outputs of a sequence may have changed."""
    key = key_of(tree, stored.light(sequence), index.build(tree).digest, True)
    kept = sorted(stored.find(tree, sequence).items())
    return f"{key} {kept}" if kept else key


def outputs(tree: Tree, sequence: CellSequence) -> list[list[dict[str, Any]]]:
    """Return the outputs of each cell, in nbformat's form.

    Raises:
        KeyError: The sequence has not been run; a bug of ours.
    """
    return [result["outputs"] for result in results(tree, sequence)]


def have_walls(tree: Tree, progress: Progress) -> bool:
    """Tell whether this host gives rooms walls; warn the builder if it does not."""
    if not sys.platform.startswith("linux"):
        reason = f"{sys.platform} has no namespaces"
    else:
        try:
            with Room("trial", plan.stage(tree.cells), None):
                return True
        except NoWallsError as error:
            reason = str(error)
    progress(f"warning: cells run without walls, in a temporary folder ({reason})")
    return False


class Crew:
    """Runs sequences in rooms, in several threads.

    Args:
        tree: The book.
        staged: What ``plan.stage`` returned.
        packages: The toy index, if there is one.
        walls: Whether rooms have walls.
        progress: Is told what is being done.
        equipped: What tools add to rooms, by their names.
    """

    def __init__(
        self,
        tree: Tree,
        staged: Path,
        packages: Path | None,
        walls: bool,
        progress: Progress,
        equipped: Mapping[tuple[str, ...], plan.Equipment],
    ) -> None:
        self.tree, self.staged, self.packages = tree, staged, packages
        self.walls, self.progress, self.equipped = walls, progress, equipped
        self.lock = threading.Lock()
        self.open: set[Room] = set()
        self.stopped = False
        self.interpreters = 0

    def do(self, work: Work, name: str, sequence: CellSequence) -> list[Problem]:
        """Do the work; keep what comes of it if nothing was wrong, else return what was."""
        try:
            cells, problems = work(self, sequence)
        except RoomClosedError:
            if self.stopped:
                return []
            raise
        if not problems:
            cache.write(self.tree.cells, name, sequence.path, cells)
        return problems

    def perform(self, sequence: CellSequence) -> Done:
        """Run one sequence; return outputs and status of each cell, and what was wrong."""
        problems: list[Problem] = []
        cells: list[dict[str, Any]] = []
        self.progress(f"running the cells of {sequence.path}")
        with self.room(sequence) as room:
            texts = normalise.builders_texts(room.substitutions)
            names = [] if self.walls else normalise.builders_names()
            for number, cell in enumerate(sequence.cells, 1):
                if not cell.runs:
                    cells.append({"outputs": [], "status": 0})
                    continue
                done = room.run(cell)
                clean = normalise.cleaner(cell.masks, texts, names)
                written = normalise.normalise(done.outputs, clean)
                cells.append({"outputs": written, "status": done.status})
                problem = judge(sequence.path, number, cell, done, written)
                if problem:
                    problems.append(problem)
                if problem and problem.code != "cell-did-not-fail":
                    # What comes after it would only fail in its wake.
                    break
        return cells, problems

    @contextlib.contextmanager
    def room(self, sequence: CellSequence) -> Iterator[Room]:
        """Open a room that ``stop`` can close."""
        with Room(
            sequence.topic,
            self.staged,
            self.packages,
            walls=self.walls,
            equipment=self.equipped[sequence.tools],
        ) as room:
            with self.lock:
                if self.stopped:
                    raise RoomClosedError("stopped")
                self.open.add(room)
            try:
                yield room
            finally:
                with self.lock:
                    self.open.discard(room)
                    self.interpreters += room.started

    def stop(self) -> None:
        """End all rooms; the threads that wait for them come back at once."""
        with self.lock:
            self.stopped = True
            for room in self.open:
                room.abandon()


def judge(
    path: str, number: int, cell: Cell, done: Execution, written: Sequence[dict[str, Any]]
) -> Problem | None:
    """Return what the author must know about a cell that ran, if anything."""
    said = last_lines(written)

    def problem(code: str, message: str, hint: str) -> Problem:
        return Problem(path, cell.line, code, f"cell {number} {message}", hint + said)

    if done.end == "timeout":
        limit = f"{cell.timeout:g}"
        hint = f"give it more time, `:timeout: {cell.timeout * 2:g}`, or less to do"
        return problem("cell-timeout", f"took more than {limit} s", hint)
    if done.end == "too-much":
        hint = "print less, for example the first lines: `| head`"
        return problem("cell-output", f"printed more than {OUTPUT_CAP // 1000} kB", hint)
    if done.end == "died":
        cause = f"signal {-done.status}" if done.status < 0 else f"status {done.status}"
        hint = "a cell must leave its interpreter alive; put `exit`, `kill` and `set -e` in `( … )`"
        return problem("cell-ended", f"ended its own {cell.language} ({cause})", hint)
    if done.failed and not cell.must_fail:
        hint = "repair it, or announce the failure: `:tags: [raises-exception]`"
        for texts, better in HINTS:
            if any(text in said for text in texts):
                hint = better
        status = f"with status {done.status}" if cell.language == "bash" else "with an exception"
        return problem("cell-failed", f"failed {status}", hint)
    if cell.must_fail and not done.failed:
        hint = "remove the tag `raises-exception`, or let the cell fail"
        return problem("cell-did-not-fail", "was to fail, and did not", hint)
    return None


def last_lines(written: Sequence[dict[str, Any]]) -> str:
    """Return the end of what a cell said, to stand below the hint."""
    texts = [
        output["text"] if output["output_type"] == "stream" else "".join(output["traceback"])
        for output in written
        if output["output_type"] in ("stream", "error")
    ]
    lines = "".join(texts).rstrip().splitlines()[-SHOWN_LINES:]
    shown = (line if len(line) <= SHOWN_WIDTH else f"{line[:SHOWN_WIDTH]}…" for line in lines)
    return "".join(f"\n    | {line}" for line in shown)


def _wait(futures: Sequence[Future[list[Problem]]]) -> None:
    """Wait for all, and leave at the first bug; short waits let Ctrl-C through."""
    pending: set[Future[list[Problem]]] = set(futures)
    while pending:
        done, pending = wait(pending, timeout=0.5, return_when=FIRST_EXCEPTION)
        for future in done:
            error = future.exception()
            if error:
                raise error
