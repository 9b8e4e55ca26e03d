"""The first process of a room: starts interpreters, and ends everything when its master goes away.

Started as ``python -I -S warden.py FD`` with a socket to its master. It speaks lines of JSON:

    <- the plan                       -> {"ready": true} or {"refused": "unshare: …"}
    <- {"start": "bash"}              -> {"started": "bash"} with three descriptors: the
                                         interpreter's terminal, its bell, its letter box
                                      -> {"ended": "bash", "status": -9}
    <- {"start": "python", "program": ".venv/bin/python"}    another interpreter of Python
    <- {"look": "bash"}               -> {"waits": "bash", "value": true}: a process sits in a
                                         read of the terminal; null where that cannot be known
    <- {"kill": "bash", "all": false}    ends what bash has started; with true bash, too

The last two serve rooms of a reader, whose terminal is also the input of his cells. In the build
a cell finds nothing to read.

It lives with nothing but the standard library, all of which is imported before the walls go up.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import resource
import select
import signal
import socket
import struct
import sys
import termios
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).parent))
import looking  # type: ignore[import-not-found]  # found beside this program, not by the package
import walls  # type: ignore[import-not-found]  # found beside this program, not by the package

BELL, TERMINAL, LETTERS = 252, 253, 254
"""Descriptors of an interpreter, out of the way of those that a cell opens."""

COLUMNS, ROWS = 100, 40


class Warden:
    """Starts and watches the interpreters of one room."""

    def __init__(self, master: socket.socket, plan: Mapping[str, Any]) -> None:
        self.master = master
        self.plan = plan
        self.names: dict[int, str] = {}
        self.sessions: list[int] = []
        self.terminals: dict[str, tuple[int, str]] = {}

    def tell(self, message: Mapping[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        """Send one line."""
        line = json.dumps(message).encode() + b"\n"
        if descriptors:
            socket.send_fds(self.master, [line], descriptors)
        else:
            self.master.sendall(line)

    def serve(self) -> None:
        """Work until the master closes his end."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        wake, waker = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(waker, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        # A master who went away while we spoke has closed his end as well.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.tell({"ready": True})
            self.listen(wake)

    def listen(self, wake: int) -> None:
        """Answer the master, and bury the dead when ``wake`` tells of them."""
        pending = b""
        while True:
            ready, _, _ = select.select([self.master.fileno(), wake], [], [])
            if wake in ready:
                os.read(wake, 4096)
                self.reap()
            if self.master.fileno() in ready:
                data = self.master.recv(65536)
                if not data:
                    return
                *lines, pending = (pending + data).split(b"\n")
                for line in lines:
                    self.answer(json.loads(line))

    def answer(self, message: Mapping[str, Any]) -> None:
        """Do what one line asks for."""
        if "start" in message:
            self.start(message["start"], message.get("program"))
        elif "look" in message and message["look"] in self.terminals:
            name = message["look"]
            self.tell({"waits": name, "value": looking.waits(*self.terminals[name])})
        elif "kill" in message and message["kill"] in self.terminals:
            process, _ = self.terminals[message["kill"]]
            looking.end_session(process, itself=message["all"] and process in self.names)

    def reap(self) -> None:
        """Bury the dead, and report those that were interpreters."""
        with contextlib.suppress(ChildProcessError):
            while True:
                process, status = os.waitpid(-1, os.WNOHANG)
                if process == 0:
                    return
                name = self.names.pop(process, None)
                if name:
                    self.tell({"ended": name, "status": os.waitstatus_to_exitcode(status)})

    def start(self, name: str, program: str | None = None) -> None:
        """Start an interpreter on a terminal of its own."""
        terminal, slave = pty.openpty()
        # A newline stays a newline, and nothing is echoed.
        modes = termios.tcgetattr(slave)
        modes[1] &= ~termios.OPOST
        modes[3] &= ~(termios.ECHO | (0 if self.plan["input"] else termios.ICANON))
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        if self.plan["walls"] and os.geteuid() == 0:
            # Or the learner could not open /dev/stderr.
            os.fchown(slave, self.plan["learner"], self.plan["learner"])
        bell, ringer = os.pipe()
        letters, letter_box = os.pipe()
        process = os.fork()
        if process == 0:
            self.become(name, program, slave, bell, letter_box)
        self.names[process] = name
        self.terminals[name] = (process, os.ttyname(slave))
        self.sessions.append(process)
        self.tell({"started": name}, (terminal, ringer, letters))
        for descriptor in (terminal, slave, bell, ringer, letters, letter_box):
            os.close(descriptor)

    def end_sessions(self) -> None:
        """End what the interpreters started, where no walls do it."""
        for process in self.sessions:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process, signal.SIGKILL)

    def become(
        self, name: str, program: str | None, slave: int, bell: int, letter_box: int
    ) -> NoReturn:
        """Turn this child into an interpreter."""
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGINT, signal.SIGCHLD, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            os.setsid()
            if self.plan["input"]:
                # Ctrl-C reaches whoever runs on the terminal of his session alone.
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                source_of_input = slave
            else:
                source_of_input = os.open(os.devnull, os.O_RDONLY)
            for source, target in (
                (source_of_input, 0),
                (slave, 1),
                (slave, 2),
                (bell, BELL),
                (slave, TERMINAL),
                (letter_box, LETTERS),
            ):
                os.dup2(source, target)
            os.closerange(3, BELL)
            if name == "bash":
                os.close(LETTERS)
            os.umask(0o022)
            if self.plan["walls"]:
                set_limits(self.plan["limits"])
                walls.become_learner(self.plan["learner"])
            settle(Path(self.plan["folder"]))
            usual, *arguments = self.plan["commands"][name]
            if program:
                # By its path: from that, an environment's Python knows where it lives.
                arguments[0] = program
            os.execve(program or usual, arguments, self.plan["environment"])
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(127)


def settle(folder: Path) -> None:
    """Go to the work folder, or as near as a cell has left it: it may have removed or shut it."""
    for place in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            os.chdir(place)
            return


def set_limits(limits: Mapping[str, int]) -> None:
    """Bound what one process of a cell can take."""
    for name, value in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["home_bytes"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))


def read_plan(master: socket.socket) -> Any:
    """Read the first line."""
    data = b""
    while not data.endswith(b"\n"):
        part = master.recv(65536)
        if not part:
            sys.exit(0)
        data += part
    return json.loads(data)


def main() -> None:
    """Build the room, then serve it."""
    master = socket.socket(fileno=int(sys.argv[1]))
    plan = read_plan(master)
    warden = Warden(master, plan)
    if not plan["walls"]:
        walls.fill_home(plan, Path(plan["home"]), Path(plan["folder"]))
        warden.serve()
        warden.end_sessions()
        return
    try:
        walls.enter_namespaces(plan["learner"])
    except (walls.WallsError, OSError) as error:
        warden.tell({"refused": str(error)})
        return
    first = os.fork()
    if first:
        # The room lives as long as its first process. Nobody else may hold the socket's end.
        master.close()
        os.waitpid(first, 0)
        return
    try:
        walls.build_root(plan)
    except (walls.WallsError, OSError) as error:  # shutil.Error is an OSError
        warden.tell({"refused": str(error)})
        os._exit(0)
    warden.serve()
    # The kernel ends every process of the room with its first one: pid_namespaces(7).
    os._exit(0)


if __name__ == "__main__":
    main()
