"""What a command costs: time, work and memory, with all processes that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursebook.paths import ENGINE

INTERVAL = 0.05
"""Seconds between two looks at the processes."""


@dataclass(frozen=True)
class Cost:
    """What a command cost.

    Attributes:
        seconds: From start to end, as a clock shows.
        work: Processor seconds of all processes; a busy machine does not change them much.
        peak: The most memory that all processes held at one time, in bytes. What they share is
            counted once for each.
    """

    seconds: float
    work: float
    peak: int


def run(command: Sequence[str], folder: Path, more: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and watch it.

    Args:
        command: Its words.
        folder: Where it runs, and leaves ``log.txt``.
        more: Variables for it, besides those of this process.

    Raises:
        RuntimeError: It failed; the text is what it printed.
    """
    import psutil

    variables = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPATH": str(ENGINE.parent),
        **(more or {}),
    }
    work: dict[int, float] = {}
    peak = 0
    log = folder / "log.txt"
    started = time.perf_counter()
    with log.open("wb") as stream:
        process = psutil.Popen(
            command, cwd=folder, env=variables, stdout=stream, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            held = 0
            for one in (process, *process.children(recursive=True)):
                try:
                    times = one.cpu_times()
                    held += one.memory_info().rss
                except psutil.Error:
                    continue  # it ended between two looks
                work[one.pid] = times.user + times.system
            peak = max(peak, held)
            time.sleep(INTERVAL)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{log.read_text(errors='replace')[-4000:]}")
    return Cost(seconds, sum(work.values()), peak)


def build_ours(root: Path, *, machine: bool = False) -> Cost:
    """Build site and deck from nothing, by the command that authors type.

    Args:
        root: The book.
        machine: Whether the site gets the Linux of the tab; then it must stand already.
    """
    words = ["build", "--quiet", "--root", str(root), *([] if machine else ["--no-machine"])]
    return run([sys.executable, "-m", "coursebook", *words], root)


def build_plain(root: Path) -> Cost:
    """Build the site from nothing by plain Jupyter Book of the same environment."""
    program = Path(sys.executable).parent / "jupyter-book"
    return run([str(program), "build", "--quiet", str(root)], root)
