"""What the processes of a room's interpreter are doing, and ending them; see proc(5).

Runs in the room's first process, as the user of the cells or above him: nobody else may see which
system call a process sits in.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

PROCESSES = Path("/proc")
READ = {"x86_64": 0, "aarch64": 63}
"""Number of the system call read."""


def members(session: int) -> Iterator[int]:
    """Yield the processes of a session."""
    for entry in PROCESSES.iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                if os.getsid(int(entry.name)) == session:
                    yield int(entry.name)


def waits(session: int, terminal: str) -> bool | None:
    """Tell whether a process of a session waits for input from its terminal.

    Args:
        session: The interpreter's process number, by which its session goes.
        terminal: Path of the terminal.

    Returns:
        None where the system does not tell.
    """
    number = READ.get(os.uname().machine)
    if number is None or not (PROCESSES / "self" / "syscall").exists():
        return None
    for process in members(session):
        with contextlib.suppress(OSError):
            place = PROCESSES / str(process)
            # "0 0x0 …": number of the call, then its arguments; "running" while it computes.
            call, *arguments = (place / "syscall").read_text(encoding="utf-8").split()
            if call == str(number) and arguments:
                descriptor = str(int(arguments[0], 16))
                # The second name is that of any process's own terminal: getpass uses it.
                if str((place / "fd" / descriptor).readlink()) in (terminal, "/dev/tty"):
                    return True
    return False


def end_session(session: int, *, itself: bool) -> None:
    """End what an interpreter has started.

    Args:
        session: The interpreter's process number.
        itself: Whether it ends, too.
    """
    if not PROCESSES.is_dir():
        if itself:
            os.killpg(session, signal.SIGKILL)
        return
    # Its own end first: it must not start what has just been ended.
    several = sorted(members(session), key=lambda process: process != session)
    for process in several:
        if itself or process != session:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
