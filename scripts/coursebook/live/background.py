"""Building the machine while a book is being served: it takes minutes, and nobody waits for it.

It is a process of its own, the command that everybody can type: a thread could not be stopped.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import IO

from coursebook.execute import index
from coursebook.live.machine import Shelf
from coursebook.machine import make
from coursebook.paths import ENGINE, Tree
from coursebook.problems import CourseError

Say = Callable[[str], None]


class MachineBuilder:
    """Puts the machine on a shelf as soon as one stands.

    Args:
        tree: The book whose packages it has.
        shelf: Where the server finds it.
        say: Is told when it begins, when it stands, and why it cannot.
    """

    def __init__(self, tree: Tree, shelf: Shelf, say: Say) -> None:
        self.tree = tree
        self.shelf = shelf
        self.say = say
        self.tried = False
        self.closed = False
        self.task: asyncio.Task[None] | None = None
        self.process: subprocess.Popen[bytes] | None = None

    async def look(self) -> None:
        """Take the machine that stands, if one does; what stands costs nobody a wait."""
        try:
            self.shelf.machine = await asyncio.to_thread(make.standing, self.tree)
        except CourseError:
            self.shelf.machine = None  # the packages of the book are wrong: its build says so

    def begin(self) -> None:
        """Begin, unless it was tried or is under way; a book with wrong packages is tried again."""
        if not self.tried and (self.task is None or self.task.done()):
            self.task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Stop what is under way, with all that it has started."""
        self.closed = True
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        if self.task is not None:
            await self.task

    async def _work(self) -> None:
        try:
            await asyncio.to_thread(index.build, self.tree)
        except CourseError:
            return
        self.tried = True
        await self.look()
        if self.shelf.machine is not None:
            return
        if self.closed:
            return
        self.say("building the Linux of the reader's tab in the background: minutes, once")
        with tempfile.TemporaryFile() as said:
            # Begun here and at once: what is cancelled while it begins could not be stopped.
            self.process = self._begun(said)
            code = await asyncio.to_thread(self.process.wait)
            said.seek(0)
            lines = said.read().decode(errors="replace").splitlines()
        if code == -signal.SIGTERM:
            return  # by `close`
        if code == 0:
            await self.look()
            self.say("the Linux of the reader's tab stands")
            return
        # Its steps, and then why it cannot go on.
        problem = next((n for n, line in enumerate(lines) if "cannot" in line), -3)
        for line in lines[problem:]:
            self.say(line)

    def _begun(self, said: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "coursebook", "machine", "build", "--root", self.tree.root],
            env={**os.environ, "PYTHONPATH": str(ENGINE.parent)},
            stdin=subprocess.DEVNULL,
            stderr=said,
            # A group of its own, so that what it has started ends with it.
            start_new_session=True,
        )
