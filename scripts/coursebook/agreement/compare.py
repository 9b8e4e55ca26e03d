"""What a cell printed in the tab, beside what the build has kept of it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursebook.agreement.tab import LiveRun
from coursebook.course.cell import Cell
from coursebook.execute import normalise

SHOWN_LINES = 24
"""How many lines of a difference its author is shown."""

SHOWN_WIDTH = 160
"""How many letters of each."""

Words = Sequence[tuple[str, str]]
"""Words of the tab with those of the build that stand in their place."""


@dataclass(frozen=True)
class Printed:
    """What a cell printed, as it is compared.

    Attributes:
        text: All outputs in order: streams together, then each other output by its kinds.
        status: Exit status of its last command.
    """

    text: str
    status: int


def kept(result: Mapping[str, Any]) -> Printed:
    """Return what the build has kept of a cell."""
    return Printed(as_text(result["outputs"]), result["status"])


def live(cell: Cell, run: LiveRun, words: Words) -> Printed:
    """Return what a cell printed in the tab, made fit to be compared.

    It passes through what the build's outputs pass through, the author's masks included. Then the
    tab's words for its versions read as the build's.

    Args:
        cell: The cell.
        run: What became of it.
        words: What ``dialect.words`` returned.
    """
    clean = normalise.cleaner(cell.masks, [], words)
    return Printed(as_text(normalise.normalise(gathered(run.outputs), clean)), run.status)


def gathered(outputs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the outputs of the tab as a room gives them.

    Streams that follow each other are joined: the tab cuts them where it likes, within a word too.
    What is shown again has Jupyter's name for that in the tab, and a key of its own in a room.
    """
    found: list[dict[str, Any]] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream" and found and found[-1]["output_type"] == "stream":
            found[-1]["text"] += output["text"]
        elif kind == "update_display_data":
            found.append({**output, "output_type": "display_data", "update": True})
        else:
            found.append(dict(output))
    return found


def as_text(outputs: Sequence[Mapping[str, Any]]) -> str:
    """Write the outputs of a cell as one text.

    Which of both streams a line came by does not count: the build has one terminal for both. A
    result is told by all its kinds, for example::

        [execute_result text/plain]
        42
    """
    parts: list[str] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            parts.append(joined(output["text"]))
            continue
        if parts and not parts[-1].endswith("\n"):
            parts.append("\n")
        if kind == "error":
            parts.append("\n".join([f"[{kind} {output['ename']}]", *output["traceback"], ""]))
        else:
            for name, value in sorted(output["data"].items()):
                parts.append(f"[{kind} {name}]\n{joined(value)}\n")
    return "".join(parts)


def joined(value: Any) -> str:
    """Return a text that nbformat may keep as a list of lines."""
    return "".join(value) if isinstance(value, list) else str(value)


def difference(build: Printed, tab: Printed) -> str:
    """Return what differs, as the lines of a unified diff; nothing if they agree."""
    lines: list[str] = []
    if build.status != tab.status:
        lines += [f"-exit status {build.status}", f"+exit status {tab.status}"]
    if build.text != tab.text:
        before, after = build.text.splitlines(), tab.text.splitlines()
        # The two lines with names of files are told once by the problem's message.
        changes = list(difflib.unified_diff(before, after, lineterm="", n=1))[2:]
        lines += changes or ["-" + ending(build.text), "+" + ending(tab.text)]
    if len(lines) > SHOWN_LINES:
        left = len(lines) - SHOWN_LINES
        lines = [*lines[:SHOWN_LINES], f"… and {left} more lines"]
    return "\n".join(
        line if len(line) <= SHOWN_WIDTH else f"{line[:SHOWN_WIDTH]}…" for line in lines
    )


def ending(text: str) -> str:
    """Say how a text ends, where nothing else differs."""
    found = re.search(r"\s*$", text)
    return f"the output ends with {found[0] if found else ''!r}"
