"""What a learner's commands take in the tab: each is done once before it is measured."""

from __future__ import annotations

from dataclasses import dataclass

from coursebook.agreement.tab import LiveRun, Tab
from coursebook.bench.figures import Collected
from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence
from coursebook.execute import index
from coursebook.paths import Tree

PURE = "-py3-none-any.whl"

LIMIT = 300.0
"""Seconds that a command may take."""


@dataclass(frozen=True)
class Command:
    """A command to measure.

    Attributes:
        name: What figures call it.
        before: What makes everything ready for it, and is not measured.
        source: The command.
    """

    name: str
    before: str
    source: str


def commands(package: str) -> list[Command]:
    """Return the commands, for a package of the toy index."""
    fresh = "cd; rm -rf trial; mkdir trial; cd trial"
    project = (
        'printf \'[project]\\nname = "trial"\\nversion = "1"\\nrequires-python = ">=3.11"\\n'
        f'dependencies = ["{package}"]\\n\' > pyproject.toml'
    )
    return [
        Command("python3 -c", fresh, "python3 -c 'print(1)'"),
        Command("venv without pip", fresh, "python3 -m venv --without-pip .venv"),
        Command("uv venv", fresh, "uv venv -q"),
        Command("uv pip install", f"{fresh}; uv venv -q", f"uv pip install -q {package}"),
        Command("uv lock", f"{fresh}; {project}", "uv lock -q"),
        Command("venv with pip", fresh, "python3 -m venv .venv"),
        # In the environment that the command before has made.
        Command("pip install", "true", f".venv/bin/pip install -q {package}"),
    ]


def pure_package(tree: Tree) -> str:
    """Name a package of the toy index that any Python can install.

    Raises:
        ValueError: There is none.
    """
    folder = index.build(tree).folder
    wheels = sorted((folder / "wheelhouse").glob(f"*{PURE}")) if folder else []
    if not wheels:
        raise ValueError("the toy index holds no pure wheel")
    return wheels[0].name.partition("-")[0]


def measure(tree: Tree, tab: Tab, runs: int, figures: Collected) -> None:
    """Run every command in the tab.

    Args:
        tree: The book, for the name of a package.
        tab: An engine that has started.
        runs: How often each is measured, after a first time that does not count.
        figures: Where milliseconds go.

    Raises:
        RuntimeError: A command failed; the text is what it printed.
    """
    for turn in range(runs + 1):
        for command in commands(pure_package(tree)):
            done(tab, command.before)
            took = done(tab, command.source).milliseconds
            if turn:
                figures.note(command.name, took)


def done(tab: Tab, source: str) -> LiveRun:
    """Run a line of bash that must not fail."""
    cells = CellSequence("book/trial.md", (Cell("bash", source, timeout=LIMIT),))
    run = tab.run(cells, 0)
    if run.status or run.end != "done":
        raise RuntimeError(f"{source}\n{run}")
    return run
