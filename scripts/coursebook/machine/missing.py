"""What this computer lacks is told with what to type."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LINES = 8
"""How many of a program's last lines a message has."""


class CannotBuildError(Exception):
    """The machine cannot be built here; nothing is wrong with the book.

    Attributes:
        hint: What to type, or to install.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class MovedOnError(CannotBuildError):
    """The mirrors have no longer what the lock names."""


def run(
    command: Sequence[str | Path],
    what: str,
    hint: str,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a program of the system, and return what it printed.

    Args:
        command: The program and its arguments.
        what: The step, for the message: "the packages could not be fetched".
        hint: What the reader of the message shall type.
        cwd: Where to run it.
        env: Its whole environment; ours by default.

    Raises:
        CannotBuildError: The program is not there, or failed; its last lines are told.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, capture_output=True, text=True, errors="replace", check=False, cwd=cwd, env=env
        )
    except FileNotFoundError as error:
        raise CannotBuildError(f"{what}: there is no {words[0]} here", hint) from error
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()[-LINES:]
        raise CannotBuildError("\n    ".join([what + ":", *lines]), hint)
    return done.stdout


def follow(command: Sequence[str | Path], what: str, hint: str, say: Callable[[str], None]) -> None:
    """Run a program that takes minutes, and pass on what it prints, line by line.

    Raises:
        CannotBuildError: It failed; its last lines are told again.
    """
    last = deque[str](maxlen=LINES)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last.append(line.rstrip("\n"))
            say(last[-1])
    if process.returncode != 0:
        raise CannotBuildError("\n    ".join([what + ":", *last]), hint)
