"""What can be said of questions only when all of a chapter is read (event ``doctree-read``)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from coursebook import execute
from coursebook.course.cells import CellSequence
from coursebook.paths import Tree
from coursebook.sphinx_ext.cells import SEQUENCE, CellNode
from coursebook.sphinx_ext.cells_not_shown import CellsNotShown, cells_not_shown
from coursebook.sphinx_ext.counterpart import section_id
from coursebook.sphinx_ext.self_check.nodes import CheckNode
from coursebook.sphinx_ext.self_check.predicted import put_in_answer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FIRST_TASK = 10_000
"""Number of the first task's cell: tasks stand outside of the sequence of a chapter's cells."""


def finish_checks(app: Sphinx, doctree: nodes.document) -> None:
    """Give questions their addresses, tasks their numbers, and predictions their answers."""
    checks = list(doctree.findall(CheckNode))
    addresses: Counter[str] = Counter()
    for node in checks:
        section: nodes.Element | None = node.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        name = section_id(section) if section is not None else ""
        addresses[name] += 1
        node["ids"] = [f"{name}--question-{addresses[name]}"]
    _number_tasks(app, doctree, checks)
    _answer_predictions(app, doctree)


def _number_tasks(app: Sphinx, doctree: nodes.document, checks: list[CheckNode]) -> None:
    tasks = [cell for node in checks for cell in node.findall(CellNode)]
    for number, cell in enumerate(tasks):
        cell["data"]["cell"] = FIRST_TASK + number
    if tasks and not any(True for _ in doctree.findall(CellsNotShown)):
        # The page must say which chapter it is, though it has no cells but those of its tasks.
        path = Path(app.env.doc2path(app.env.docname)).name
        doctree.append(cells_not_shown(CellSequence(path, ()), (), app.env.docname))


def _answer_predictions(app: Sphinx, doctree: nodes.document) -> None:
    waiting: list[CheckNode] = []
    for node in list(doctree.findall(nodes.Element)):
        if isinstance(node, CheckNode) and node["kind"] == "predict":
            waiting.append(node)
        elif isinstance(node, CellNode) and "task" not in node["data"]:
            for check in waiting:
                put_in_answer(check, node, _outputs(app, node["data"]["cell"]))
                if app.config.cb_rendering == "slides":
                    _show_later(check, node)
            waiting.clear()
    for check in waiting:
        put_in_answer(check, None, ())


def _outputs(app: Sphinx, number: int) -> list[dict[str, Any]]:
    """Return what a cell printed when it ran."""
    sequence, _ = getattr(app.env, SEQUENCE)[app.env.docname]
    outputs: list[dict[str, Any]] = execute.results(Tree(Path(app.config.cb_root)), sequence)[
        number
    ]["outputs"]
    return outputs


def _show_later(check: CheckNode, cell: CellNode) -> None:
    """Let the output be a step where it stands on the slide of its question."""
    if check.parent is not cell.parent:
        return
    for part in cell.children:
        if isinstance(part, nodes.Element) and part.get("nb_element") == "cell_code_output":
            part["classes"].append("fragment")
