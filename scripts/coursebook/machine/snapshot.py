"""The memory of the machine, taken in Node when its prompt is warm, and tried out there."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coursebook.machine import manifest
from coursebook.machine.manifest import ForeignSnapshotError, digest
from coursebook.machine.missing import CannotBuildError
from coursebook.machine.packs import FRAME
from coursebook.machine.tools import Tools

PROGRAMS = Path(__file__).parent / "node"

MEMORY = 160
"""Megabytes. With 128, large installations fail; with 256, the tab takes twice as much."""

COMMAND_LINE = (
    "console=ttyS0 nokaslr mitigations=off nopti init_on_alloc=0 tsc=reliable nowatchdog audit=0 "
    "apparmor=0 random.trust_cpu=on transparent_hugepage=never "
    "initcall_blacklist=tracer_init_tracefs quiet"
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

WARM_CELLS = (
    ("bash", "echo warm; (cd /tmp && pwd); ls /nowhere; x=$(echo 1); read -t 0; no-such", 127),
    ("bash", "cat <<<warm >/dev/null; for i in 1 2 3; do :; done; [[ a == a ]]", 0),
    ("bash", "hash -r; unset -v x; true", 0),
    ("python", "print('warm')\n1 + 1", 0),
    ("python", "def f():\n    return 1 / 0\nf()", 1),
    ("python", "print(1 +", 1),
    ("python", "from IPython.display import HTML, display\ndisplay(HTML('<b>warm</b>'), [1])", 0),
    ("python", "import os, sys, subprocess, pathlib, json\nprint(sys.prefix, file=sys.stderr)", 0),
    ("python", "print(subprocess.run(['true']).returncode)\nfrom pathlib import Path", 0),
    ("python", "!true", 0),
)
"""The first cells of their kind take longest: language, source, exit status."""

FIRST = (
    ("bash", "mkdir -p ~/first; cd ~/first; ls; (echo); cd; rmdir ~/first; no-such-command"),
    ("python", "import os\nos.makedirs('first', exist_ok=True)\nos.chdir('first')\nos.chdir('..')"),
    ("python", "os.rmdir('first')\nprint(1)\n1"),
    ("python", "1 / 0"),
    ("bash", "for x in 1 2; do printf '%s\\n' ${EPOCHREALTIME/[.,]/} $(( x + 1 )); done | cat"),
    (
        "bash",
        "f() { local y=$1; case $y in a*) [[ $y == *b ]] ;; esac; }; f ab && type f; unset f x",
    ),
    ("python", "import time, sys\nprint(time.time_ns(), sys.path, sys.prefix)\n[n for n in (1,)]"),
    ("bash", "hash -r; unset OLDPWD; true"),
    # The next cell is the first again, of an interpreter in which no name was set.
    ("python", "get_ipython().reset(new_session=True)"),
)
"""The first cells of a reader: what they need of files is in the memory of the snapshot."""

LEVEL, WINDOW = 22, 25
"""How the snapshot is compressed. The window, 32 MB, is what unpacking costs of memory: with twice
as much, it would be smaller by 0.3 percent, and with half of it, larger by 2."""

REPORT = "that is a bug of the machine, or of its packages: report these lines"


def take(folder: Path, tools: Tools, mark: str, say: Callable[[str], None]) -> None:
    """Boot the machine of a folder, warm it up, and write its snapshot.

    Raises:
        CannotBuildError: The machine did not boot, or a command of the warm-up failed.
    """
    plan = _plan(folder) | {
        "commandLine": f"{COMMAND_LINE} {TREE}={digest(folder / 'fs.json')}",
        "warmUp": WARM_UP,
        "warmCells": WARM_CELLS,
        "first": FIRST,
        "cells": "warm-",
        "memory": MEMORY,
        "frame": FRAME,
        "mark": mark,
        "level": LEVEL,
        "windowLog": WINDOW,
    }
    _node(tools, "snapshot.mjs", plan, say)


def run_steps(folder: Path, tools: Tools, steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Restore a snapshot, and do something in it.

    Args:
        folder: A machine that stands.
        tools: Node and v86.
        steps: What ``restore.mjs`` describes: cells, commands typed, commands of root.

    Returns:
        ``restored`` in milliseconds, ``answers``, one for each step, ``fetched``, the bytes of
        packs that were needed, and ``touched``, the frames, in the order of the first time.

    Raises:
        ForeignSnapshotError: The snapshot is of another tree, by its manifest or by its memory.
        CannotBuildError: It could not be restored.
    """
    told = manifest.check(folder)
    lines: list[str] = []
    _node(tools, "restore.mjs", _plan(folder) | {"steps": list(steps)}, lines.append)
    answer: dict[str, Any] = json.loads(lines[-1])
    if f"{TREE}={told['tree']}" not in answer["commandLine"].split():
        raise ForeignSnapshotError("the memory of the snapshot names another tree")
    return answer


def _plan(folder: Path) -> dict[str, Any]:
    return {"folder": str(folder)}


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
