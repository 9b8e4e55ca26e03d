"""Whether tasks can be done in the reader's tab: there, too, a solution passes its check."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from coursebook.agreement.tab import Tab
from coursebook.agreement.whole import PATIENCE
from coursebook.course.self_check.task import Task
from coursebook.problems import Problem


def check_tasks(tasks: Iterable[Task], tab: Tab, say: Callable[[str], None]) -> list[Problem]:
    """Do every task by its own solution in a tab.

    Args:
        tasks: Of all chapters; equal ones are done once.
        tab: An engine that has started.
        say: Is told what is being done.

    Returns:
        A problem for each task that cannot be done there.

    Raises:
        TabError: The engine broke down.
    """
    problems = []
    for task in dict.fromkeys(tasks):
        tab.reset()
        cells = task.sequence.cells
        verdict = "can be done"
        for cell in (task.setup, task.solution, task.check):
            run = tab.run(task.sequence, cells.index(cell), PATIENCE)
            if run.end == "done" and not run.late and (run.status == 0 or cell is task.solution):
                continue
            message = f"the task `{task.name}` cannot be done in the reader's tab"
            hint = "let its solution and its check use what a 32-bit Linux with little memory has"
            problems.append(Problem(task.path, cell.line, "tab-task-fails", message, hint))
            verdict = "cannot be done"
            break
        say(f"    {task.path}:{task.solution.line}: the task `{task.name}` {verdict} in the tab")
    return problems
