"""What the processes of a room's interpreter are doing, and ending them; see proc(5).

Runs in the room's first process, as the user of the cells or above him: nobody else may see which
system call a process sits in.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

PROCESSES = Path("/proc")
READ = {"x86_64": 0, "aarch64": 63}
"""Number of the system call read."""

END_SECONDS = 2.0
"""How long processes that start others faster than they end are fought with."""


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
    end = time.monotonic() + END_SECONDS
    while True:
        # Its own end first: it must not start what has just been ended.
        several = sorted(members(session), key=lambda process: process != session)
        alive = [process for process in several if itself or process != session]
        alive = [process for process in alive if lives(process)]
        for process in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        # What was forked since the list was made is in the next one: a fork bomb takes several.
        if not alive or time.monotonic() > end:
            return
        time.sleep(0.01)


def lives(process: int) -> bool:
    """Tell whether a process can still do something: the dead wait in the list to be buried."""
    try:
        status = (PROCESSES / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    # "7 (its name) Z 1 …", and the name may hold a parenthesis.
    return status.rpartition(")")[2].split()[0] not in "ZX"
