"""Proving tasks: a solution passes its check, and whoever has done nothing does not.

Each half runs in a fresh room of its own. What was proved is kept with the outputs of cells, by
the hash of everything that decides it, so that a build after a change of prose proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence
from coursebook.course.self_check.task import Task
from coursebook.execute import normalise
from coursebook.execute.room import Execution, Room
from coursebook.execute.runner import Crew, Done, Progress, in_rooms, last_lines
from coursebook.paths import Tree
from coursebook.problems import Problem


def prove(
    tree: Tree,
    tasks: Sequence[Task],
    *,
    jobs: int = 2,
    progress: Progress = lambda message: None,
    walls: bool | None = None,
) -> int:
    """Prove the tasks that were not proved as they stand.

    Args:
        tree: The book.
        tasks: Of all chapters; equal ones are proved once.
        jobs: How many are proved at the same time.
        progress: Is told what is being done.
        walls: Whether rooms have walls; wherever the host allows it, by default.

    Returns:
        How many had to be proved.

    Raises:
        CourseError: A task whose untouched start passes its check, or whose solution does not;
            a setup that fails; a check that does not end.
    """
    by_sequence = {task.sequence: task for task in tasks}

    def work(crew: Crew, sequence: CellSequence) -> Done:
        return _prove(crew, by_sequence[sequence])

    return in_rooms(tree, list(by_sequence), work, jobs=jobs, progress=progress, walls=walls).ran


def _prove(crew: Crew, task: Task) -> Done:
    """Try a task twice."""
    crew.progress(f"proving the task `{task.name}` of {task.path}")
    problems = [*_try_untouched(crew, task), *_try_solution(crew, task)]
    # Its cells print nothing to be kept. A setup that fails does so in both rooms.
    cells = [{"outputs": [], "status": 0} for _ in task.sequence.cells]
    return cells, list(dict.fromkeys(problems))


def _try_untouched(crew: Crew, task: Task) -> list[Problem]:
    """See that the check fails where nobody has done anything."""
    with crew.room(task.sequence) as room:
        wrong = _set_up(room, task)
        if wrong:
            return wrong
        room.run(task.start)
        checked = room.run(task.check)
    if checked.end == "done" and checked.status == 0:
        message = f"the task `{task.name}` is done before anybody began: its check passes at once"
        hint = "let the check look at what the solution makes, or begin with less"
        return [Problem(task.path, task.check.line, "task-already-passes", message, hint)]
    return _unfinished(task, task.check, checked, "check")


def _try_solution(crew: Crew, task: Task) -> list[Problem]:
    """See that the check passes after the solution."""
    with crew.room(task.sequence) as room:
        wrong = _set_up(room, task)
        if wrong:
            return wrong
        done = room.run(task.solution)
        wrong = _unfinished(task, task.solution, done, "solution")
        if wrong:
            return wrong
        checked = room.run(task.check)
    wrong = _unfinished(task, task.check, checked, "check")
    if not wrong and checked.status != 0:
        said = _said(done) + _said(checked)
        message = f"the solution of the task `{task.name}` does not pass its check"
        hint = f"mend the one or the other; this is what both say{said or ': nothing'}"
        return [Problem(task.path, task.solution.line, "task-solution-fails", message, hint)]
    return wrong


def _set_up(room: Room, task: Task) -> list[Problem]:
    done = room.run(task.setup)
    if done.end == "done" and done.status == 0:
        return []
    message = f"the setup of the task `{task.name}` fails"
    hint = f"let it end with status 0{_said(done)}"
    return [Problem(task.path, task.setup.line, "bad-task", message, hint)]


def _unfinished(task: Task, cell: Cell, done: Execution, what: str) -> list[Problem]:
    """Complain of what did not come to its own end."""
    if done.end == "done":
        return []
    ends = {
        "timeout": f"takes more than {cell.timeout:g} s",
        "too-much": "prints too much",
        "died": f"ends its own {cell.language}",
    }
    message = f"the {what} of the task `{task.name}` {ends.get(done.end, done.end)}"
    hint = "let it come to its end by itself; put `exit` and `set -e` into `( … )`"
    return [Problem(task.path, cell.line, "bad-task", message, f"{hint}{_said(done)}")]


def _said(done: Execution) -> str:
    clean = normalise.cleaner((), [], [])
    return last_lines(normalise.normalise(done.outputs, clean))
