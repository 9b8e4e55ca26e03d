"""Starting a packed course as a lecturer does, for tests."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Shown:
    """A course that is being shown.

    Attributes:
        address: Of its front page.
        process: The Python that shows it.
    """

    address: str
    process: subprocess.Popen[str]

    def stop(self) -> tuple[int, str]:
        """Press Ctrl-C, and return the exit code and all that was printed since."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=20)
        return self.process.returncode, rest


def refusal(program: Path, *arguments: str) -> str:
    """Start a course that cannot be shown, and return what is said about it."""
    answer = subprocess.run(
        [sys.executable, "-S", program.name, "--no-open", *arguments],
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    return answer.stderr


@contextlib.contextmanager
def shown(program: Path, *, python: str = sys.executable, **variables: str) -> Iterator[Shown]:
    """Let a bare Python run a packed course, or the file to start of an unpacked one.

    ``-S`` takes away what is installed here: the lecture hall does not have it.

    Args:
        program: What is run.
        python: What runs it.
        variables: All of its environment.
    """
    command = [python, "-S", "-W", "error", program.name, "--no-open"]
    with subprocess.Popen(
        command,
        cwd=program.parent,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding=variables.get("PYTHONIOENCODING", "utf-8"),
    ) as process:
        assert process.stdout
        try:
            told = ""
            while "Ctrl-C stops" not in told:
                line = process.stdout.readline()
                assert line, told
                told += line
            found = re.search(r"http://127\.0\.0\.1:\d+/", told)
            assert found, told
            yield Shown(found[0], process)
        finally:
            process.kill()
