"""Processes that render: one for each rendering, so that both use both cores."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Iterator, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection

from coursebook.paths import Tree
from coursebook.problems import Problem
from coursebook.render import Session
from coursebook.renderings import Rendering


@contextlib.contextmanager
def docutils_of_our_own() -> Iterator[None]:
    """Keep docutils' global registries as Sphinx wants them while sessions live."""
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    with patch_docutils(), docutils_namespace():
        yield


class Worker:
    """A session in a process of its own, so that both renderings use both cores.

    Args:
        tree: The book.
        rendering: Which form of it.
        speaker_notes: Whether a deck holds what is for the speaker alone.
    """

    def __init__(self, tree: Tree, rendering: Rendering, speaker_notes: bool = False) -> None:
        self.tree = tree
        self.rendering = rendering
        self.speaker_notes = speaker_notes
        self.live = ""
        self._start()

    def _start(self) -> None:
        # A process that has threads (the server of `serve`) must not fork itself; this asks a
        # helper without any, which has the slow imports done.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["coursebook.preload"])
        self.connection, remote = context.Pipe()
        self.process = context.Process(
            target=_work,
            args=(self.tree, self.rendering, self.speaker_notes, remote),
            daemon=True,
            name=self.rendering.name,
        )
        # Ctrl-C reaches the whole group; only this process decides what it means. Blocked here,
        # because children take the mask over; it is delivered to this process right after.
        # The tracker must run before: its own start would lift the mask.
        resource_tracker.ensure_running()
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        remote.close()

    def restart(self) -> None:
        """Begin anew with what the settings and templates are now."""
        self.close()
        self._start()

    def begin(self, live: str) -> None:
        """Ask for a build; ``finish`` waits for it.

        Args:
            live: The address of the live files. What an application is set up with, it keeps:
                another address needs another process.
        """
        if self.live not in ("", live):
            self.restart()
        self.live = live
        self.connection.send(live)

    def finish(self) -> list[Problem]:
        """Wait for the build and return its warnings.

        Raises:
            RuntimeError: A bug of ours (or of a library) ended it; the text is its traceback.
        """
        try:
            problems, failure = self.connection.recv()
        except EOFError:
            self.process.join()
            code = self.process.exitcode
            raise RuntimeError(f"the {self.rendering.name} process ended with {code}") from None
        if failure:
            raise RuntimeError(failure)
        found: list[Problem] = problems
        return found

    def close(self) -> None:
        """End the process."""
        self.connection.close()
        self.process.terminate()
        self.process.join()


def _work(tree: Tree, rendering: Rendering, speaker_notes: bool, connection: Connection) -> None:
    """Build whenever asked, until the other end is closed."""
    os.chdir(tree.root)
    while True:
        with docutils_of_our_own():
            session = Session(tree, rendering, speaker_notes)
            while not session.broken:
                try:
                    live = connection.recv()
                except EOFError:
                    return
                try:
                    connection.send((session.build(live), ""))
                except Exception:  # the parent raises it again, with this traceback
                    connection.send(([], traceback.format_exc()))
                    session.broken = True


def render(workers: Sequence[Worker], live: str) -> list[Problem]:
    """Build all renderings at the same time and return all warnings, sorted.

    A warning that both renderings give is told once.

    Args:
        workers: One for each rendering.
        live: The address of the live files, from the root of the site.
    """
    for worker in workers:
        worker.begin(live)
    return sorted({problem for worker in workers for problem in worker.finish()})
