"""Taking apart what an interpreter of a live room writes to its terminal, while it writes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any

from coursebook.execute.room import Interpreter

LONGEST_MARK = 70_000
"""Bytes of a mark; it may hold two paths, which an environment may make as long as it likes."""

Listener = Callable[[dict[str, Any]], None]
"""Is told ``{"type": "stream", "name": …, "text": …}``, ``{"type": "output", "output": …}`` and
``{"type": "waits", "waits": …}``."""


class Ear:
    """Takes apart what an interpreter writes to its terminal: text, and marks between.

    Attributes:
        printed: Bytes of text so far.
        deaf: Whether text is counted only.
        done: The status, once its mark came.
    """

    def __init__(self, mark: str, interpreter: Interpreter, listener: Listener) -> None:
        self.interpreter, self.listener = interpreter, listener
        word = mark.encode()
        self.begin = b"\0" + word + b":"
        self.marks = re.compile(rb"\x00%s:(letter|err|out|at:([^\n\0]*)\n([^\0]*)|\d+)\x00" % word)
        self.name = "stdout"
        self.decoders = {
            name: codecs.getincrementaldecoder("utf-8")(errors="replace")
            for name in ("stdout", "stderr")
        }
        self.printed = 0
        self.deaf = False
        self.done: int | None = None
        self.virtual_environment = self.folder = ""

    def listen(self) -> str | None:
        """Tell all text that has come up to a mark.

        Returns:
            ``letter`` if a letter follows in the letter box; call again until it is None.
        """
        while self.done is None:
            pending = self.interpreter.pending
            found = self.marks.search(pending)
            if not found:
                kept = self._beginning(pending)
                self._say(pending[:kept])
                self.interpreter.pending = pending[kept:]
                return None
            self._say(pending[: found.start()])
            self.interpreter.pending = pending[found.end() :]
            kind = found[1]
            if kind == b"letter":
                self._flush()
                return "letter"
            if kind in (b"err", b"out"):
                self.name = "stderr" if kind == b"err" else "stdout"
            elif kind.startswith(b"at:"):
                self.virtual_environment, self.folder = (
                    part.decode("utf-8", errors="replace") for part in found.groups()[1:]
                )
            else:
                self.done = int(kind)
        return None

    def finish(self) -> None:
        """Tell what is left of the text."""
        if self.done is None:
            self._say(self.interpreter.pending)
            self.interpreter.pending = b""
        self._flush()

    def _beginning(self, pending: bytes) -> int:
        """Return where a mark may begin whose end has not come yet, or else the end."""
        place = pending.find(b"\0")
        while place >= 0:
            rest = pending[place : place + LONGEST_MARK + 1]
            if self.begin.startswith(rest[: len(self.begin)]) and len(rest) <= LONGEST_MARK:
                return place
            place = pending.find(b"\0", place + 1)
        return len(pending)

    def _say(self, data: bytes) -> None:
        self.printed += len(data)
        text = self.decoders[self.name].decode(data)
        if text and not self.deaf:
            self.listener({"type": "stream", "name": self.name, "text": text})

    def _flush(self) -> None:
        """Tell bytes of a letter whose rest never came."""
        for name, decoder in self.decoders.items():
            text = decoder.decode(b"", final=True)
            if text and not self.deaf:
                self.listener({"type": "stream", "name": name, "text": text})
