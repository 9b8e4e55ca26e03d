"""The clean room: where the cells of one chapter run.

One bash and one Python, each started when the first cell of its language needs it, living from
cell to cell in the same files. Both are driven in one way, for which neither Jupyter's kernels
nor pexpect are used:

* Everything that a cell prints, by whichever process on whichever descriptor, goes to one
  terminal and is read here in the order in which it was written. Jupyter's kernels carry stdout,
  stderr and the output of child processes by three ways, which race.
* The end of a cell is a mark on that terminal, behind the cell's last byte. bash_kernel guesses
  it from the prompt, which a cell may change or print.
* Nothing is read faster than it is needed: a cell that prints 100 MB stops at the cap, and so
  does its memory here.
* The first process of the room reports the death of an interpreter at once, and the kernel ends
  all others with it.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from coursebook.course.cell import Cell
from coursebook.execute import plan

OUTPUT_CAP = 200_000
"""Bytes that one cell may print."""

SHOWN_CAP = 2_000_000
"""Bytes of pictures and other rich outputs that one cell may show."""

START_SECONDS = 60.0
"""How long an interpreter may take to say that it is ready."""


class RoomClosedError(Exception):
    """The room was closed from outside while a cell ran."""


class NoWallsError(Exception):
    """This host gives no namespaces; the message says which step it refused."""


@dataclass
class Execution:
    """What became of a cell.

    Attributes:
        outputs: In nbformat's form, as the cell wrote them.
        status: Exit status of its last command; 1 for an exception in Python.
        end: How it ended: ``done``, ``timeout``, ``too-much``, or ``died``.
        virtual_environment: The one that is active in bash after the cell; empty without one.
        folder: Where bash is after the cell; empty for Python.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    status: int = 0
    end: str = "done"
    virtual_environment: str = ""
    folder: str = ""

    @property
    def failed(self) -> bool:
        """Whether it ran to its end and reported a failure."""
        return self.end == "done" and self.status != 0


@dataclass
class Interpreter:
    """The master's side of a running interpreter."""

    terminal: int
    bell: int
    letters: int
    status: int = 0
    pending: bytes = b""
    mail: bytes = b""

    def close(self) -> None:
        """Let go of its descriptors."""
        for descriptor in (self.terminal, self.bell, self.letters):
            os.close(descriptor)


class Room:
    """A clean room; use it as a context.

    Args:
        topic: Name of the chapter and of its work folder.
        staged: What ``plan.stage`` returned.
        index: The toy index, if there is one.
        walls: Whether to use namespaces.
        equipment: What the chapter's tools add.

    Raises:
        NoWallsError: On entry: walls were wanted, and this host refuses them.
    """

    def __init__(
        self,
        topic: str,
        staged: Path,
        index: Path | None,
        *,
        walls: bool = True,
        equipment: plan.Equipment = plan.NO_EQUIPMENT,
    ) -> None:
        self.topic, self.staged, self.index, self.walls = topic, staged, index, walls
        self.equipment = equipment
        self.mark = secrets.token_hex(12)
        self.interpreters: dict[str, Interpreter] = {}
        self.started = 0
        self.ended: dict[str, int] = {}
        self.heard = b""
        self.descriptors: deque[int] = deque()

    def __enter__(self) -> Self:
        # A short name: the paths of the room without walls lie in it.
        self.place = Path(tempfile.mkdtemp(prefix="cells-")).resolve()
        # Beside each other: the room is mounted on the one and must still find the other.
        self.root, self.post = self.place / "room", self.place / "post"
        self.root.mkdir()
        self.post.mkdir()
        self.master, theirs = socket.socketpair()
        try:
            self.warden = subprocess.Popen(
                # Isolated and without site: no .pth file of the builder's Python runs here.
                [sys.executable, "-I", "-S", str(plan.INSIDE / "warden.py"), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # Nothing of ours for a cell to find in /proc.
                env={"LANG": "C.UTF-8"},
                # Ctrl-C belongs to us; the warden goes when our end of the socket closes.
                start_new_session=True,
            )
            theirs.close()
            self._send(self._plan())
            first = self._hear(time.monotonic() + START_SECONDS)
            if "refused" in first:
                raise NoWallsError(first["refused"])
            if "ready" not in first:
                raise RuntimeError(f"the room did not start: {first}")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def abandon(self) -> None:
        """End every process of the room, from another thread than the one that uses it."""
        # Shut down, not closed: the user of the room is waiting for it, and wakes up.
        with contextlib.suppress(OSError):
            self.master.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End every process of the room, and remove it."""
        self.master.close()
        if hasattr(self, "warden"):
            try:
                self.warden.wait(10)
            except subprocess.TimeoutExpired:
                self.warden.kill()
                self.warden.wait()
        for interpreter in self.interpreters.values():
            interpreter.close()
        self.interpreters.clear()
        while self.descriptors:
            os.close(self.descriptors.popleft())
        shutil.rmtree(self.place, ignore_errors=True)

    @property
    def substitutions(self) -> list[tuple[str, str]]:
        """Texts of the building machine that an output may hold, and how they read in the room."""
        return [] if self.walls else [(str(self.root), ""), *self.equipment.binds]

    def run(self, cell: Cell) -> Execution:
        """Run one cell.

        Raises:
            RoomClosedError: ``close`` was called meanwhile.
            RuntimeError: The interpreter did not start; a bug of ours.
        """
        interpreter = self.interpreters.get(cell.language) or self._start(cell.language)
        if not self._hand_over(cell.language, cell.source, interpreter, "cell"):
            return Execution()
        done = self._listen(cell.language, time.monotonic() + cell.timeout)
        interpreter.status = done.status
        return done

    def _hand_over(self, language: str, source: str, interpreter: Interpreter, name: str) -> bool:
        """Give a cell to an interpreter.

        Args:
            language: The cell's.
            source: The cell's.
            interpreter: Of this language, and waiting for a cell.
            name: Of the file in the post that carries it.

        Returns:
            Whether it runs; a shell does nothing for comments.
        """
        if language == "bash" and not _has_command(source):
            # A comment leaves `$?` as it is, and would be taken to fail as the cell before did.
            return False
        if language == "bash" and interpreter.status:
            # `$?` is the one thing that does not last by itself from cell to cell.
            source = f"( exit {interpreter.status} ); {source}"
        place = self.post / name
        place.write_text(source, encoding="utf-8")
        place.chmod(0o644)
        with contextlib.suppress(BrokenPipeError):
            os.write(interpreter.bell, f"{name}\n".encode())
        return True

    def _plan(self) -> dict[str, Any]:
        rest = (self.index, self.topic, self.mark, self.equipment)
        if self.walls:
            return plan.walled(self.root, self.post, self.staged, *rest)
        return plan.open_air(self.root, self.post, *rest)

    def _start(self, language: str, program: str | None = None) -> Interpreter:
        self._send({"start": language, "program": program})
        deadline = time.monotonic() + START_SECONDS
        while "started" not in (answer := self._hear(deadline)):
            if "ended" in answer:  # the other interpreter
                self.ended[answer["ended"]] = answer["status"]
        interpreter = Interpreter(
            self.descriptors.popleft(), self.descriptors.popleft(), self.descriptors.popleft()
        )
        os.set_blocking(interpreter.terminal, False)
        os.set_blocking(interpreter.letters, False)
        self.interpreters[language] = interpreter
        self.started += 1
        # What a shell says while it starts is not a cell's.
        ready = self._listen(language, deadline)
        if ready.end != "done" or ready.status:
            raise RuntimeError(f"{language} did not get ready: {ready}")
        return interpreter

    def _listen(self, language: str, deadline: float) -> Execution:
        """Collect what an interpreter says until its mark, and no more than the cap."""
        interpreter = self.interpreters[language]
        marks = re.compile(rb"\x00%s:(letter|at:([^\n\0]*)\n([^\0]*)|\d+)\x00" % self.mark.encode())
        execution = Execution()
        printed = shown = 0
        poll = select.poll()
        poll.register(interpreter.terminal, select.POLLIN)
        poll.register(self.master, select.POLLIN)
        while True:
            found = marks.search(interpreter.pending)
            if found:
                printed += found.start()
                _add_text(execution.outputs, interpreter.pending[: found.start()])
                interpreter.pending = interpreter.pending[found.end() :]
                if found[1].startswith(b"at:"):
                    execution.virtual_environment, execution.folder = (
                        part.decode("utf-8", errors="replace") for part in found.groups()[1:]
                    )
                    continue
                if found[1] == b"letter":
                    letter = self._letter(interpreter, deadline)
                    shown += len(interpreter.mail) if letter is None else len(letter)
                    if letter is not None:
                        execution.outputs.append(json.loads(letter))
                        continue
                else:
                    execution.status = int(found[1])
                    execution.end = "done" if printed <= OUTPUT_CAP else "too-much"
                    return execution
            waiting = deadline - time.monotonic()
            # A mark may stand behind the last byte that is allowed.
            over = printed + len(interpreter.pending) > OUTPUT_CAP + 64 or shown > SHOWN_CAP
            if over or waiting <= 0 or language in self.ended:
                if language in self.ended and not over and self._read(interpreter) > 0:
                    continue  # it is dead, but not all that it said has been read
                _add_text(execution.outputs, interpreter.pending)
                interpreter.pending = b""
                execution.end = "too-much" if over else "died" if waiting > 0 else "timeout"
                execution.status = self.ended.get(language, 0)
                return execution
            ready = dict(poll.poll(min(waiting, 3600) * 1000))
            if self.master.fileno() in ready:
                message = self._hear(deadline)
                self.ended[message["ended"]] = message["status"]
            if interpreter.terminal in ready and self._read(interpreter) < 0:
                # Nobody holds the other side any more; the warden is about to say so.
                poll.unregister(interpreter.terminal)

    def _read(self, interpreter: Interpreter) -> int:
        """Read what the terminal has; return how much, or -1 if its other side is closed."""
        try:
            data = os.read(interpreter.terminal, 65536)
        except BlockingIOError:
            return 0
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return -1
        interpreter.pending += data
        return len(data) or -1

    def _letter(self, interpreter: Interpreter, deadline: float) -> bytes | None:
        """Take one line from the letter box; None if it is too long, or never comes."""
        while b"\n" not in interpreter.mail:
            waiting = deadline - time.monotonic()
            if len(interpreter.mail) > SHOWN_CAP or waiting <= 0:
                return None
            if not select.select([interpreter.letters], [], [], waiting)[0]:
                return None
            data = os.read(interpreter.letters, 65536)
            if not data:
                return None
            interpreter.mail += data
        letter, _, interpreter.mail = interpreter.mail.partition(b"\n")
        return letter

    def _send(self, message: dict[str, Any]) -> None:
        self.master.sendall(json.dumps(message).encode() + b"\n")

    def _hear(self, deadline: float) -> dict[str, Any]:
        """Take one message of the warden, with the descriptors that came with it."""
        while b"\n" not in self.heard:
            try:
                self.master.settimeout(max(deadline - time.monotonic(), 0.1))
                data, descriptors, _, _ = socket.recv_fds(self.master, 65536, 16)
            except OSError as error:
                raise RoomClosedError(str(error)) from error
            self.descriptors.extend(descriptors)
            if not data:
                raise RoomClosedError("the warden is gone")
            self.heard += data
        line, _, self.heard = self.heard.partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message


def _add_text(outputs: list[dict[str, Any]], data: bytes) -> None:
    """Append what was printed as a stream."""
    if data:
        text = data.decode("utf-8", errors="replace")
        outputs.append({"output_type": "stream", "name": "stdout", "text": text})


def _has_command(source: str) -> bool:
    """Tell whether a shell would do anything."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())
