"""A running `serve` for tests of the local engine: its address, its window, its answers."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

import room_parts
from books import Book
from commands import start
from coursebook.serving.server import CELLS

WAIT = 60.0
"""Seconds that a state is waited for; never a measure of speed."""


@dataclass
class Served:
    """A running `serve`.

    Attributes:
        address: What it printed, with the token.
        lines: All that it printed.
    """

    process: subprocess.Popen[str]
    book: Book
    lines: list[str] = field(default_factory=list)
    address: str = ""

    @property
    def name(self) -> str:
        """Host and port."""
        return self.address.split("/")[2]

    @property
    def token(self) -> str:
        return self.address.partition("?token=")[2]

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Ask for an address, and follow nothing."""
        connection = http.client.HTTPConnection(self.name, timeout=WAIT)
        connection.request("GET", path, headers={"Host": self.name, **headers})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        told = {name.lower(): text for name, text in answer.getheaders()}
        return answer.status, told, body

    def refusal(self, origin: str | None, cookie: str, path: str = CELLS) -> tuple[int, str]:
        """Open a line, and return the code and reason with which it is closed."""
        headers = {"Cookie": cookie} if cookie else {}
        with connect(
            f"ws://{self.name}{path}",
            origin=Origin(origin) if origin else None,
            additional_headers=headers,
        ) as line:
            with contextlib.suppress(ConnectionClosed):
                line.send(json.dumps({"do": "run", "id": 1, "language": "bash", "source": "echo"}))
            with pytest.raises(ConnectionClosed):
                line.recv(WAIT)
            return line.close_code or 0, line.close_reason or ""


@contextlib.contextmanager
def serve(book: Book, until: str = "built in", port: int = 0) -> Iterator[Served]:
    """Type `serve`, wait until its window says something, and Ctrl-C at the end."""
    with contextlib.suppress(FileExistsError):  # served before
        room_parts.lend(book.tree.cells)
    with start("serve", book.root, "--no-open", "--port", str(port)) as process:
        running = Served(process, book)
        assert process.stdout
        for line in process.stdout:
            running.lines.append(line)
            if found := re.match(r"serving (\S+)", line):
                running.address = found[1]
            if line.startswith(until):
                break

        def read() -> None:
            assert process.stdout
            running.lines += process.stdout

        reader = threading.Thread(target=read)
        reader.start()
        try:
            yield running
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(WAIT)
            reader.join()
