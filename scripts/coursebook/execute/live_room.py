"""A clean room whose cells a reader runs: the build's, with ears, a keyboard and a Stop button.

What differs from the build: what a cell prints is told while it prints; its input is the terminal;
a cell has no time limit, but can be stopped; an interpreter that died is followed by a new one; the
Python of the cells can be another program, such as that of an environment. Programs, user, files,
limits and walls are the same, and so are the outputs.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursebook.execute import plan
from coursebook.execute.ear import Ear, Listener
from coursebook.execute.room import (
    Execution,
    Interpreter,
    Room,
    RoomClosedError,
)

PRINTED_CAP = 2_000_000
"""Bytes that one cell may print before it is stopped."""

QUIET_SECONDS = 0.05
"""How long a cell says nothing until it is asked whether it waits for input."""

CONTROL_C, CONTROL_D = b"\x03", b"\x04"

STEPS = (
    (0.0, "ask"),
    (0.05, "look"),
    (0.1, "ask"),
    (0.15, "look"),
    (0.2, "ask"),
    (0.25, "look"),
    (0.3, "end what it started"),
    (0.6, "end it"),
)
"""What is done to a cell that shall stop, and when, in seconds."""


class StartError(Exception):
    """An interpreter did not get ready; the message holds what it said."""


@dataclass
class Stop:
    """A wish that the running cell end, and how far it has been carried out."""

    since: float = 0.0
    steps: list[tuple[float, str]] = field(default_factory=list)


class LiveRoom(Room):
    """A room for a reader; use it as a context.

    One cell runs at a time: ``run_cell`` and ``restart`` wait for each other. All other methods
    may be called meanwhile, from any thread.

    Attributes:
        program: The Python of the cells, if it is not the room's own.
        virtual_environment: The one that is active in bash; empty without one.
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
        super().__init__(topic, staged, index, walls=walls, equipment=equipment)
        self.program: str | None = None
        self.virtual_environment = ""
        self.turn = threading.Lock()
        self.sending = threading.Lock()
        self.running: str | None = None
        self.stop: Stop | None = None
        self.generation = 0
        self.waits = False
        self.looking = False
        self.posted = 0
        self.wake, self.waker = os.pipe()
        for descriptor in (self.wake, self.waker):
            os.set_blocking(descriptor, False)

    def close(self) -> None:
        """End every process of the room, and remove it."""
        super().close()
        for descriptor in (self.wake, self.waker):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def prepare(self) -> None:
        """Let both interpreters stand ready.

        Raises:
            StartError: One did not get ready.
        """
        for language in ("bash", "python"):
            with self.turn:
                self._ensure(language)

    def run_cell(self, language: str, source: str, listener: Listener) -> Execution:
        """Run a cell, and tell what it says while it does.

        Returns:
            Its end is ``done``, ``died``, ``interrupted`` or ``too-much``; it has no outputs, for
            the listener got them.

        Raises:
            RoomClosedError: The room was closed meanwhile.
            StartError: The interpreter did not get ready.
        """
        with self.turn:
            interpreter = self._ensure(language)
            self.posted += 1
            name = f"cell-{self.posted}"
            self.stop, self.waits, self.looking, self.running = None, False, False, language
            try:
                if not self._hand_over(language, source, interpreter, name):
                    return Execution()
                execution = self._follow(language, interpreter, listener)
            finally:
                self.running = None
                (self.post / name).unlink(missing_ok=True)
            interpreter.status = execution.status
            if language == "bash":
                self.virtual_environment = execution.virtual_environment
            return execution

    def give(self, text: str) -> None:
        """Type into the running cell."""
        self._type(text.encode())

    def end_input(self) -> None:
        """End the running cell's input."""
        self._type(CONTROL_D)

    def interrupt(self) -> None:
        """Stop the running cell: first by Ctrl-C, then by force."""
        self._stop_it()
        self._wake()

    def restart(self, language: str) -> None:
        """Start an interpreter anew; a cell that runs in it dies.

        Raises:
            StartError: The new one did not get ready.
        """
        before = self.generation
        self._tell({"kill": language, "all": True})
        with self.turn:
            if language in self.interpreters and before == self.generation:
                while language not in self.ended:
                    self._note(self._hear(time.monotonic() + 10))
            if language == "bash":
                self.virtual_environment = ""
            self._ensure(language)

    def use_python(self, program: str | None) -> None:
        """Run Python cells by another program, from now on.

        Raises:
            StartError: It did not get ready; the room's own Python runs the cells again.
        """
        self.program = program
        try:
            self.restart("python")
        except StartError:
            self.program = None
            with self.turn:
                self._ensure("python")
            raise

    @property
    def own_python(self) -> str:
        """The room's own interpreter, as its cells name it."""
        return str(self._plan_made["commands"]["python"][0])

    def _plan(self) -> dict[str, Any]:
        self._plan_made = plan.with_input(super()._plan())
        return self._plan_made

    def _ensure(self, language: str) -> Interpreter:
        """Return the interpreter; start one if there is none, or it died."""
        if self.master.fileno() < 0:
            raise RoomClosedError("the room was closed")
        while select.select([self.master], [], [], 0)[0] or b"\n" in self.heard:
            self._note(self._hear(time.monotonic() + 1))
        if language in self.ended and language in self.interpreters:
            self.interpreters.pop(language).close()
        standing = self.interpreters.get(language)
        if standing:
            return standing
        self.ended.pop(language, None)
        self.generation += 1
        try:
            return self._start(language, self.program if language == "python" else None)
        except RuntimeError as error:
            self._tell({"kill": language, "all": True})
            raise StartError(str(error)) from error

    def _note(self, message: dict[str, Any]) -> None:
        """Take in what the warden says on his own."""
        if "ended" in message:
            self.ended[message["ended"]] = message["status"]

    def _tell(self, message: dict[str, Any]) -> None:
        with self.sending, contextlib.suppress(OSError):
            self._send(message)

    def _type(self, data: bytes) -> None:
        """Write to the terminal, which takes no more than a few thousand bytes at a time."""
        language = self.running
        interpreter = self.interpreters.get(language) if language else None
        end = time.monotonic() + 2
        while interpreter and data and time.monotonic() < end:
            try:
                data = data[os.write(interpreter.terminal, data) :]
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                return  # it died, or nobody holds the other side any more

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self.waker, b"\n")

    def _stop_it(self) -> None:
        if self.running and self.stop is None:
            self.stop = Stop(time.monotonic(), list(STEPS))

    def _follow(self, language: str, interpreter: Interpreter, listener: Listener) -> Execution:
        """Tell what an interpreter says until its mark, and stop it if asked to."""
        ear = Ear(self.mark, interpreter, listener)
        poll = select.poll()
        for descriptor in (interpreter.terminal, self.master.fileno(), self.wake):
            poll.register(descriptor, select.POLLIN)
        asked, self.looking = False, False
        while True:
            ear.deaf = self.stop is not None and ear.printed > PRINTED_CAP
            while ear.listen() == "letter":
                output = self._letter(interpreter, time.monotonic() + 10)
                if output is not None:
                    listener({"type": "output", "output": json.loads(output)})
            if ear.done is not None or language in self.ended:
                if ear.done is None and self._read(interpreter) > 0:
                    continue  # it is dead, but not all that it said has been read
                return self._end(language, ear, listener)
            if ear.printed > PRINTED_CAP:
                self._stop_it()
            self._carry_out(language)
            ready = dict(poll.poll(self._patience() * 1000))
            if self.wake in ready:
                os.read(self.wake, 4096)
            if self.master.fileno() in ready:
                message = self._hear(time.monotonic() + 10)
                self._note(message)
                if "waits" in message:
                    self._tell_waits(message["value"] is not False, listener)
                    asked = False
            if interpreter.terminal in ready:
                self._tell_waits(False, listener)
                if self._read(interpreter) < 0:
                    poll.unregister(interpreter.terminal)
            elif not ready and not asked:
                self._tell({"look": language})
                asked = True

    def _patience(self) -> float:
        """Return how many seconds to wait for news."""
        if self.stop and self.stop.steps:
            return max(self.stop.since + self.stop.steps[0][0] - time.monotonic(), 0)
        # Asked ten times a second while it is quiet.
        quiet, self.looking = (0.1 if self.looking else QUIET_SECONDS), True
        return quiet

    def _tell_waits(self, waits: bool, listener: Listener) -> None:
        if waits != self.waits:
            self.waits = waits
            listener({"type": "waits", "waits": waits})

    def _carry_out(self, language: str) -> None:
        """Do the next step of stopping, if its time has come."""
        while self.stop and self.stop.steps:
            after, step = self.stop.steps[0]
            if time.monotonic() < self.stop.since + after:
                return
            del self.stop.steps[0]
            if step == "end it":
                self._tell({"kill": language, "all": True})
                return
            if step == "look":
                self._tell({"look": language})
                continue
            if step == "end what it started":
                self._tell({"kill": language, "all": False})
            # A shell's own `read` starts over after Ctrl-C, and ends with its input. Not both at
            # once: bash may then find itself at its end.
            if after and self.waits:
                self._type(CONTROL_D)
            elif language == "bash" or after in (0.0, 0.3):
                self._type(CONTROL_C)

    def _end(self, language: str, ear: Ear, listener: Listener) -> Execution:
        ear.finish()
        self._tell_waits(False, listener)
        execution = Execution(status=ear.done if ear.done is not None else 0)
        execution.virtual_environment, execution.folder = ear.virtual_environment, ear.folder
        if ear.done is None:
            execution.end, execution.status = "died", self.ended.get(language, 0)
        elif ear.printed > PRINTED_CAP:
            execution.end, execution.status = "too-much", 130
        elif self.stop:
            execution.end, execution.status = "interrupted", 130
        return execution
