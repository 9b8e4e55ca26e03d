"""What questions are made of, and how it is written in HTML."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""How answers are named; more than these no question has."""


class CheckNode(nodes.General, nodes.Element):
    """A question. Attributes: ``kind``, ``asked`` (a name of its text), ``data`` (for scripts)."""


class ListNode(nodes.General, nodes.Element):
    """Answers below each other. Attributes: ``tag``, ``list_class``, ``lettered``."""


class ItemNode(nodes.General, nodes.Element):
    """One of them. Attribute: ``data``, what scripts are told of it."""


class FoldNode(nodes.General, nodes.Element):
    """What is shown on demand. Attributes: ``fold_class``, ``summary``, ``stepped``."""


class TaskDataNode(nodes.Invisible, nodes.Element):
    """What runs a task. Attribute: ``task``."""


class TaskBarNode(nodes.Invisible, nodes.Element):
    """The button that checks a task, and the place where the answer is told."""


class ClockNode(nodes.General, nodes.Element):
    """How long an answer may take. Attribute: ``seconds``."""


def tell(data: dict[str, Any]) -> dict[str, Any]:
    """Spell data as attributes for scripts."""
    return {f"data-cb-{name}": value for name, value in data.items()}


def visit_check(self: HTML5Translator, node: CheckNode) -> None:
    """Open a question."""
    data = tell({"check": node["kind"], "asked": node["asked"], **node.get("data", {})})
    name = f"cb-check cb-{node['kind']}"
    data["aria-label"] = node.children[0].astext()
    self.body.append(self.starttag(node, "div", CLASS=name, role="group", **data))


def visit_list(self: HTML5Translator, node: ListNode) -> None:
    """Open a list of answers."""
    more: dict[str, Any] = {"type": "A"} if node.get("lettered") else {}
    self.body.append(self.starttag(node, node["tag"], CLASS=node["list_class"], **more))


def depart_list(self: HTML5Translator, node: ListNode) -> None:
    """Close it."""
    self.body.append(f"</{node['tag']}>\n")


def visit_item(self: HTML5Translator, node: ItemNode) -> None:
    """Open an answer."""
    self.body.append(self.starttag(node, "li", "", **tell(node.get("data", {}))))


def visit_fold(self: HTML5Translator, node: FoldNode) -> None:
    """Open what is shown on demand; in a deck it may be a step."""
    if node.get("stepped"):
        self.body.append('<span class="fragment cb-shows-answer"></span>')
    self.body.append(self.starttag(node, "details", CLASS=node["fold_class"]))
    self.body.append(f"<summary>{html.escape(node['summary'])}</summary>\n")


def depart_fold(self: HTML5Translator, node: FoldNode) -> None:
    """Close it."""
    self.body.append("</details>\n")


def depart_item(self: HTML5Translator, node: ItemNode) -> None:
    """Close an answer."""
    self.body.append("</li>\n")


def depart_block(self: HTML5Translator, node: nodes.Element) -> None:
    """Close a block."""
    self.body.append("</div>\n")


def visit_task_data(self: HTML5Translator, node: TaskDataNode) -> None:
    """Write what runs a task; nothing in it can end the element."""
    data = json.dumps(node["task"], ensure_ascii=False, separators=(",", ":"))
    data = data.replace("<", "\\u003c")
    self.body.append(f'<script type="application/json" class="cb-task-data">{data}</script>\n')
    raise nodes.SkipNode


def visit_task_bar(self: HTML5Translator, node: TaskBarNode) -> None:
    """Write the button, which a script shows where cells can run."""
    self.body.append(
        '<p class="cb-task-bar"><button type="button" class="cb-task-check" hidden>Check</button>'
        '<span class="cb-task-said" role="status"></span></p>\n'
    )
    raise nodes.SkipNode


def visit_clock(self: HTML5Translator, node: ClockNode) -> None:
    """Write the time; a script makes a clock of it."""
    minutes, seconds = divmod(node["seconds"], 60)
    words = [f"{minutes} min"] * bool(minutes) + [f"{seconds} s"] * bool(seconds)
    self.body.append(
        f'<p class="cb-timer" data-cb-seconds="{node["seconds"]}">'
        f'<span class="cb-timer-time">{" ".join(words)}</span></p>\n'
    )
    raise nodes.SkipNode


def add_nodes(app: Sphinx) -> None:
    """Register the nodes; a deck writes them as a page does."""
    for kind, pair in (
        (CheckNode, (visit_check, depart_block)),
        (ListNode, (visit_list, depart_list)),
        (ItemNode, (visit_item, depart_item)),
        (FoldNode, (visit_fold, depart_fold)),
        (TaskDataNode, (visit_task_data, None)),
        (TaskBarNode, (visit_task_bar, None)),
        (ClockNode, (visit_clock, None)),
    ):
        app.add_node(kind, html=pair, revealjs=pair)
