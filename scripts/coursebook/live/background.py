"""Building the machine while a book is being served: it takes minutes, and nobody waits for it.

It is a process of its own, the command that everybody can type: a thread could not be stopped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable

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
        self.task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin, unless it was tried or is under way."""
        if not self.tried and (self.task is None or self.task.done()):
            self.task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Stop what is under way."""
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task

    async def _work(self) -> None:
        try:
            self.shelf.machine = await asyncio.to_thread(make.standing, self.tree)
        except CourseError:
            return  # the packages of the book are wrong: told by its build, tried after the next
        self.tried = True
        if self.shelf.machine is not None:
            return
        self.say("building the Linux of the reader's tab in the background: minutes, once")
        if await self._build() == 0:
            self.shelf.machine = await asyncio.to_thread(make.standing, self.tree)
            self.say("the Linux of the reader's tab stands")

    async def _build(self) -> int:
        """Run ``machine build``, and pass on its last lines if it fails."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "coursebook", "machine", "build", "--root", self.tree.root),
            env={**os.environ, "PYTHONPATH": str(ENGINE.parent)},
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        said: list[str] = []
        try:
            async for line in process.stderr:
                said.append(line.decode(errors="replace").rstrip())
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
        if code != 0:
            problem = next((n for n, line in enumerate(said) if "cannot" in line), len(said) - 3)
            for told in said[max(problem, 0) :]:
                self.say(told)
        return code
