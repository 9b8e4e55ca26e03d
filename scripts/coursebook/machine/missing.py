"""What this computer lacks is told with what to type."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


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
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()[-8:]
        raise CannotBuildError("\n    ".join([what + ":", *lines]), hint)
    return done.stdout
