"""Outputs as they are published: nothing of the building machine, nothing that changes by itself.

What a cell prints is shown as it is, but for what would differ on the next run for no reason
that a reader could learn from. Such a text reads as ``…``.
"""

from __future__ import annotations

import getpass
import os
import re
import socket
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coursebook.execute import plan

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
"""Control sequences of a terminal: ECMA-48, section 5."""

CHANGING: Sequence[tuple[re.Pattern[str], str]] = (
    # <function f at 0x7f3c0a1b2c40>
    (re.compile(r"\b0x[0-9a-f]{8,16}\b"), "0x…"),
    # uv: Resolved 3 packages in 12ms; Prepared 1 package in 1m 02s
    (re.compile(r"(?<= in )(?:\d+m )?\d+(?:\.\d+)?(?:ns|µs|us|ms|s)\b"), "…"),
    # IPython's %timeit: 1.79 μs ± 12.3 ns per loop (mean ± std. dev. of 7 runs, 1,000 loops each)
    (re.compile(r"(?m)^\d\S* [nmµμu]?s ± \d\S* [nmµμu]?s per loop \(.*\)$"), "… per loop"),
    # IPython's %time: CPU times: user 3 μs, sys: 1 μs, total: 4 μs; Wall time: 5.7 μs
    (re.compile(r"(?m)^(CPU times|Wall time): .*\d .*s$"), r"\1: …"),
    # bash: the job that was started in the background
    (re.compile(r"(?m)^(\[\d+\]) \d+$"), r"\1 …"),
    # time: real 0m0.012s
    (re.compile(r"(?m)^(real|user|sys)(\s+)\d+m\d+\.\d+s$"), r"\1\2…"),
    # /tmp/tmpab12cd34, /tmp/pip-install-ab12cd34
    (re.compile(r"/tmp/(?:tmp|tmp\.)[A-Za-z0-9_]{6,}"), "/tmp/tmp…"),
    (re.compile(r"/tmp/(pip-[a-z-]+)-[a-z0-9_]{8}\b"), r"/tmp/\1-…"),
    # The name under which IPython compiles a cell
    (re.compile(r"<ipython-input-(\d+)-[0-9a-f]+>"), r"Cell In[\1]"),
)
"""Well-known things that are new in each run."""

DISPOSABLE = ("transient", "update")
"""What IPython adds to an output and a notebook does not keep."""


def builders_texts(extra: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Return what tells of the building machine, and how it reads in the room.

    Args:
        extra: What the room itself knows of.
    """
    python = plan.interpreter()
    found = dict(extra)
    if not python.system:
        found[str(python.prefix)] = "/usr/local"
    found[str(plan.engine_library())] = f"{plan.MACHINERY}/library"
    found[str(plan.INSIDE)] = f"{plan.MACHINERY}/programs"
    found[str(Path(sys.prefix))] = "/usr/local"
    home = str(Path.home())
    if home not in ("/", plan.HOME, "/root"):
        found[home] = plan.HOME
    # The longest first: one may lie in another.
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


def builders_names() -> list[tuple[str, str]]:
    """Return the user and host name of the building machine, to be replaced as whole words.

    Only a room without walls shows them.
    """
    names = {socket.gethostname(): plan.HOST}
    try:
        names[getpass.getuser()] = plan.USER
    except (KeyError, OSError):
        names[str(os.getuid())] = str(plan.LEARNER)
    return [(name, reads) for name, reads in names.items() if name and name != reads]


def settle_returns(text: str) -> str:
    r"""Show a line that was written over with ``\r`` as it stands at the end."""
    text = text.replace("\r\n", "\n")
    if "\r" not in text:
        return text
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))


def cleaner(
    masks: Sequence[str], texts: Sequence[tuple[str, str]], names: Sequence[tuple[str, str]] = ()
) -> Callable[[str], str]:
    """Return a function that makes a text fit to be published.

    Args:
        masks: The author's regular expressions.
        texts: Paths of the building machine with what they read as.
        names: Words of the building machine with what they read as.
    """
    patterns = [(re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w.-])"), to) for word, to in names]
    hidden = [re.compile(mask) for mask in masks]

    def clean(text: str) -> str:
        text = settle_returns(ANSI.sub("", text)).replace("\0", "")
        for builders, rooms in texts:
            text = text.replace(builders, rooms)
        for pattern, rooms in patterns:
            text = pattern.sub(rooms, text)
        for pattern, rooms in CHANGING:
            text = pattern.sub(rooms, text)
        for pattern in hidden:
            text = pattern.sub("…", text)
        return text

    return clean


def normalise(
    outputs: Iterable[Mapping[str, Any]], clean: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Turn what a cell wrote into the outputs of a notebook.

    Args:
        outputs: In the order in which they were written.
        clean: What ``cleaner`` returned.
    """
    told: list[dict[str, Any]] = []
    displays: dict[str, list[dict[str, Any]]] = {}
    clear_next = False
    for output in outputs:
        kind = output["output_type"]
        if kind == "clear_output":
            # With wait=True the old output stays until the next one comes.
            clear_next = bool(output.get("wait"))
            if not clear_next:
                told.clear()
            continue
        name = str((output.get("transient") or {}).get("display_id") or "")
        made = {key: _each(value, clean) for key, value in output.items() if key not in DISPOSABLE}
        if output.get("update"):
            for shown in displays.get(name, []):
                shown.update(data=made["data"], metadata=made["metadata"])
            continue
        if clear_next:
            told.clear()
            clear_next = False
        if kind == "stream" and told and told[-1]["output_type"] == "stream":
            told[-1]["text"] += made["text"]
        else:
            told.append(made)
        if name:
            displays.setdefault(name, []).append(made)
    return [output for output in told if output.get("text") != ""]


def _each(value: Any, clean: Callable[[str], str]) -> Any:
    """Clean every text of a value; pictures are base64 and hold nothing that would match."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_each(one, clean) for one in value]
    if isinstance(value, dict):
        return {key: _each(one, clean) for key, one in value.items()}
    return value
