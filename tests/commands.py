"""Typing commands on a test's book, as its author does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from coursebook.paths import REPOSITORY

FRONT_DOOR = REPOSITORY / "scripts" / "course.py"
VARIABLES = {**os.environ, "PYTHONUNBUFFERED": "1"}


def command(verb: str, root: Path, *arguments: str, machine: bool = False) -> list[str]:
    """Spell a command of ``course.py``.

    A test's book gets no Linux unless the test asks for it: to build one takes minutes.
    """
    without = ["--no-machine"] if verb in ("build", "serve", "pack") and not machine else []
    return [sys.executable, str(FRONT_DOOR), verb, "--root", str(root), *without, *arguments]


def type_in(
    verb: str,
    root: Path,
    *arguments: str,
    machine: bool = False,
    seconds: float = 180,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, which must come in time, with more variables for it."""
    return subprocess.run(
        command(verb, root, *arguments, machine=machine),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        env={**VARIABLES, **variables},
    )


def start(
    verb: str, root: Path, *arguments: str, machine: bool = False, **variables: str
) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        command(verb, root, *arguments, machine=machine),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        env={**VARIABLES, **variables},
    )
