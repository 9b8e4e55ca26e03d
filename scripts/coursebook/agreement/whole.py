"""Every cell of the book in the tab, in order, and a verdict for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from coursebook import execute
from coursebook.agreement import compare, dialect
from coursebook.agreement.tab import LiveRun, Tab
from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence
from coursebook.paths import Tree
from coursebook.problems import Problem

PATIENCE = 3.0
"""How many times its own time limit a cell may take in the tab, which is an emulated computer."""

Place = tuple[str, int]
"""A chapter's file and the line of a cell."""

ENDS = {
    "died": "ended its own {language} in the reader's tab",
    "too-much": "prints more than the reader's tab shows",
    "interrupted": "was stopped in the reader's tab",
    "lost": "never came to an end in the reader's tab",
}
"""Ways to end that the build never lets pass."""


@dataclass
class Report:
    """What was found.

    Attributes:
        cells: Every cell that runs in the build.
        local: Those that need more than the tab has.
        differing: Those that print something else in the tab.
        explained: Those of them that say why.
        seconds: What the cells took in the tab, all together.
        problems: What an author must know.
    """

    cells: set[Place] = field(default_factory=set)
    local: set[Place] = field(default_factory=set)
    differing: set[Place] = field(default_factory=set)
    explained: set[Place] = field(default_factory=set)
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ran(self) -> int:
        """How many cells ran in the tab."""
        return len(self.cells - self.local)

    @property
    def share(self) -> float:
        """The part of the book's cells that runs in the tab, from 0 to 1."""
        return self.ran / len(self.cells) if self.cells else 1.0

    def __str__(self) -> str:
        agree = self.ran - len(self.differing)
        return (
            f"{len(self.cells)} cells: {self.ran} ran in the tab in {self.seconds:.0f} s, "
            f"{agree} agree, {len(self.explained)} differ and say why, "
            f"{len(self.differing - self.explained)} differ; "
            f"{len(self.local)} need another computer; {self.share:.0%} run in the tab"
        )


def check(
    tree: Tree,
    sequences: Sequence[CellSequence],
    tab: Tab,
    say: Callable[[str], None] = lambda message: None,
) -> Report:
    """Run every cell in a tab and compare what it prints with what the build has kept.

    Each chapter begins in a machine as it was before the first cell.

    Args:
        tree: The book; its cells have run.
        sequences: Every chapter's cells, of both renderings; equal ones run once.
        tab: An engine that has started.
        say: Is told what is being done.

    Raises:
        TabError: The engine broke down.
    """
    report = Report()
    several = [one for one in dict.fromkeys(sequences) if any(cell.runs for cell in one.cells)]
    words = ask(tree, tab) if several else []
    for sequence in several:
        running = sum(cell.runs and not cell.local for cell in sequence.cells)
        say(f"{sequence.path}: {running} cells in the tab")
        tab.reset()
        check_chapter(tree, sequence, tab, words, report, say)
    unneeded = [
        (sequence.path, number, cell)
        for sequence in several
        for number, cell in enumerate(sequence.cells, 1)
        if cell.differs and (sequence.path, cell.line) not in report.differing
    ]
    report.problems += [agrees(*one) for one in unneeded]
    report.problems = sorted(set(report.problems))
    return report


def ask(tree: Tree, tab: Tab) -> compare.Words:
    """Ask both sides for their versions; see ``dialect``."""
    questions = dialect.questions()
    execute.run(tree, [questions])
    build = [compare.kept(one).text.strip() for one in execute.results(tree, questions)]
    plain = [
        compare.live(cell, run, []).text.strip()
        for cell, run in zip(questions.cells, tab.run_all(questions, PATIENCE), strict=True)
    ]
    return dialect.words(build, plain)


def check_chapter(
    tree: Tree,
    sequence: CellSequence,
    tab: Tab,
    words: compare.Words,
    report: Report,
    say: Callable[[str], None],
) -> None:
    """Run the cells of one chapter, and add to the report what was found; tell it of each."""
    kept = execute.results(tree, sequence)
    for number, cell in enumerate(sequence.cells):
        if not cell.runs:
            continue
        place = (sequence.path, cell.line)
        report.cells.add(place)
        if cell.local:
            report.local.add(place)
            continue
        run = tab.run(sequence, number, PATIENCE)
        report.seconds += run.milliseconds / 1000
        problem = ended(sequence.path, number + 1, cell, run)
        if problem is None:
            told = compare.difference(compare.kept(kept[number]), compare.live(cell, run, words))
            problem = differs(sequence.path, number + 1, cell, told) if told else None
        verdict = "agrees"
        if problem is not None:
            report.differing.add(place)
            verdict = "differs, and says why"
            if cell.differs and problem.code == "tab-differs":
                report.explained.add(place)
            else:
                report.problems.append(problem)
                verdict = problem.message
        say(f"    {sequence.path}:{cell.line}: {run.milliseconds / 1000:.1f} s, {verdict}")


def ended(path: str, number: int, cell: Cell, run: LiveRun) -> Problem | None:
    """Return what the author must know of how a cell ended, if anything."""
    if run.late:
        message = f"cell {number} took more than {cell.timeout * PATIENCE:g} s in the reader's tab"
        hint = "give it less to do; or tag it `local` and say by `:needs:` what it needs"
        return Problem(path, cell.line, "tab-timeout", message, hint)
    if run.end != "done":
        message = f"cell {number} {ENDS[run.end].format(language=cell.language)}"
        hint = "let it do there what it does in the build, or tag it `local`"
        return Problem(path, cell.line, "tab-ended", message, hint)
    return None


def differs(path: str, number: int, cell: Cell, told: str) -> Problem:
    """Tell that a cell prints something else in the tab; ``-`` is the build, ``+`` the tab."""
    shown = "".join(f"\n    | {line}" for line in told.splitlines())
    hint = "mend the cell, mask what may change, or say why they must differ: `:differs: …`"
    message = f"cell {number} prints something else in the reader's tab"
    return Problem(path, cell.line, "tab-differs", message, hint + shown)


def agrees(path: str, number: int, cell: Cell) -> Problem:
    """Tell that a cell explains a difference that is none."""
    message = f"cell {number} prints the same in the reader's tab, and says why it does not"
    return Problem(path, cell.line, "tab-agrees", message, "remove `:differs:`")
