"""``{task}``: something to be done in a cell, that the book can check.

What an author writes is told in ``coursebook.course.self_check.task``. In HTML the task is a
question that holds a live cell::

    <div class="cb-check cb-task" …>
      …
      <div class="cell" data-cb-cell="10000" data-cb-task="an-environment" …>…</div>
      <script type="application/json" class="cb-task-data">{"chapter": …, "setup": …}</script>
      <p class="cb-task-bar"><button class="cb-task-check">Check</button>…</p>
      <details class="cb-hint">…</details>
      <details class="cb-answer">…</details>
    </div>
"""

from __future__ import annotations

from docutils import nodes

from coursebook.course.cell import Cell
from coursebook.course.self_check.parts import Part
from coursebook.course.self_check.task import PARTS, Task, read_task
from coursebook.sphinx_ext.cells import CellNode
from coursebook.sphinx_ext.self_check.block import CheckBlock
from coursebook.sphinx_ext.self_check.nodes import TaskBarNode, TaskDataNode


class TaskDirective(CheckBlock):
    """Makes the task's text, its cell, its hints and its solution."""

    kind = "task"
    parts = PARTS

    def run(self) -> list[nodes.Node]:
        """Make it."""
        lines = list(self.content)
        numbers = [self.line_of(place) for place in range(len(lines))]
        source, line = self.get_source_info()
        task, _ = read_task(self.argument, lines, numbers, str(source), line or 0)
        if task is None:
            return []  # what is wrong was told before anything was rendered
        question, _ = self.read_parts()
        node = self.check([*self.parse(question), *self.cell(task)])
        for number, hint in enumerate(task.hints, 1):
            node += self.fold(f"Hint {number}", self.parse(hint), "cb-hint")
        node += self.fold("A solution", [self.code(task.solution), *self.rest(task.explanation)])
        return [node]

    def cell(self, task: Task) -> list[nodes.Node]:
        """Make what the reader types into, and what is known of it."""
        inner = nodes.container("", self.code(task.start), classes=["cell_input"])
        cell = CellNode("", inner, classes=["cell"])
        self.set_source_info(cell)
        cell["data"] = {
            "language": task.start.language,
            "cell": 0,
            "line": task.start.line,
            "status": 0,
            "task": task.name,
        }
        data = TaskDataNode()
        data["task"] = {
            "chapter": f"{self.env.docname}/{task.name}",
            "topic": task.name,
            "setup": task.setup.source,
            "language": task.check.language,
            "check": task.check.source,
        }
        return [cell, data, TaskBarNode()]

    def code(self, cell: Cell) -> nodes.literal_block:
        """Make a block of code."""
        block = nodes.literal_block(cell.source, cell.source, language=cell.language)
        self.set_source_info(block)
        return block

    def rest(self, part: Part) -> list[nodes.Node]:
        """Make what is said below the solution, and where to read again."""
        return [*([] if part.is_empty else self.parse(part)), *self.see()]
