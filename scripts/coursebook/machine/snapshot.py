"""The memory of the machine, taken in Node when its prompt is warm, and tried out there."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from coursebook.machine.layout import by_content
from coursebook.machine.missing import CannotBuildError
from coursebook.machine.tools import Tools

PROGRAMS = Path(__file__).parent / "node"

MEMORY = 192
"""Megabytes. With 128, large installations fail; with 256, the tab takes twice as much."""

COMMAND_LINE = (
    "console=ttyS0 nokaslr mitigations=off nopti init_on_alloc=0 tsc=reliable nowatchdog audit=0 "
    "apparmor=0 random.trust_cpu=on transparent_hugepage=never quiet"
)
"""The guest guards nothing from anybody: what protects machines of many users only costs here.

Source: https://docs.kernel.org/admin-guide/kernel-parameters.html
"""

TREE = "coursebook.tree"
"""The word of the command line that names the tree; it stays in the memory of a snapshot."""

WARM_UP = (
    "stty size; uname -a",
    "python3 -c 'print(1)'",
    "python3 -m venv --without-pip .warm",
    "source .warm/bin/activate",
    "which python",
    "python -c 'import sys, json, subprocess; print(sys.path)'",
    "python -m site",
    "deactivate",
    "file $(readlink -f $(which python3))",
    "ls -la .warm/bin; type -a python3",
    "rm -rf .warm",
    "ps aux | head -3; free -m; tree -L 1 /usr; head -1 /etc/passwd; sort /etc/passwd | wc",
    "grep -c DEB /etc/os-release; env | wc -l; mkdir -p a/b; mv a c; rm -r c; cat /dev/null",
)
"""What readers type first; what it touches is in the snapshot. It leaves no file behind."""

STAMP = "snapshot.json"

REPORT = "that is a bug of the machine, or of its packages: report these lines"


class ForeignSnapshotError(Exception):
    """A snapshot of another tree: its machine would wait for files that do not exist."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def take(folder: Path, tools: Tools, say: Callable[[str], None]) -> None:
    """Boot the machine of a folder, warm it up, and write its snapshot with its stamp.

    Raises:
        CannotBuildError: The machine did not boot, or a command of the warm-up failed.
    """
    tree = digest(folder / "fs.json")
    plan = _plan(folder, tools) | {
        "commandLine": f"{COMMAND_LINE} {TREE}={tree}",
        "warmUp": WARM_UP,
        "paths": {name: path for name, (path, _) in by_content(folder).items()},
    }
    _node(tools, "snapshot.mjs", plan, say)
    stamp = {"tree": tree, "state": digest(folder / "state.bin.zst"), "memory": MEMORY}
    (folder / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def check_stamp(folder: Path) -> None:
    """Refuse a snapshot that is not whole, or not of the tree beside it.

    Raises:
        ForeignSnapshotError: They do not belong together.
    """
    stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    for name, file in (("tree", "fs.json"), ("state", "state.bin.zst")):
        if digest(folder / file) != stamp[name]:
            raise ForeignSnapshotError(f"{file} is not the one that the snapshot was taken with")


def run_commands(folder: Path, tools: Tools, commands: Sequence[str]) -> dict[str, Any]:
    """Restore a snapshot, and type commands into the learner's shell.

    Returns:
        ``restored`` in milliseconds, ``answers`` (command, status, output, milliseconds) and
        ``fetched``, how many files were had that are not in the snapshot.

    Raises:
        ForeignSnapshotError: The snapshot is of another tree, by its stamp or by its own memory.
        CannotBuildError: It could not be restored.
    """
    check_stamp(folder)
    lines: list[str] = []
    _node(tools, "restore.mjs", _plan(folder, tools) | {"commands": commands}, lines.append)
    answer: dict[str, Any] = json.loads(lines[-1])
    if f"{TREE}={digest(folder / 'fs.json')}" not in answer["commandLine"].split():
        raise ForeignSnapshotError("the memory of the snapshot names another tree")
    return answer


def _plan(folder: Path, tools: Tools) -> dict[str, Any]:
    return {"folder": str(folder), "v86": str(tools.v86 / "build"), "memory": MEMORY}


def _node(tools: Tools, program: str, plan: dict[str, Any], say: Callable[[str], None]) -> None:
    """Run a program with a plan, and pass on its lines while it works."""
    with tempfile.TemporaryDirectory(prefix="coursebook-machine-") as name:
        written = Path(name) / "plan.json"
        written.write_text(json.dumps(plan), encoding="utf-8")
        errors = Path(name) / "errors"
        with (
            errors.open("wb") as stderr,
            subprocess.Popen(
                [tools.node, PROGRAMS / program, written],
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                errors="replace",
            ) as process,
        ):
            assert process.stdout is not None
            for line in process.stdout:
                say(line.rstrip("\n"))
        if process.returncode != 0:
            told = errors.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
            raise CannotBuildError(f"{program} failed in Node:\n{told}", REPORT)
