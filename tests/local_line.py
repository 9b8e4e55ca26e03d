"""A page's line to the local engine: its WebSocket, and the cookie that opens it."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from typing import IO, Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from coursebook.serving.server import CELLS


class Visit:
    """A page's line to the local engine, and its cells."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line
        self.count = 0

    def say(self, do: str, **words: Any) -> int:
        """Send a message; return its number."""
        self.count += 1
        self.line.send(json.dumps({"do": do, "id": self.count, **words}))
        return self.count

    def hear(self, **wanted: Any) -> dict[str, Any]:
        """Return the next message that has all of the given values."""
        while True:
            message: dict[str, Any] = json.loads(self.line.recv(60))
            if wanted.items() <= message.items():
                return message

    def run(self, language: str, source: str, chapter: str = "bench/cells") -> dict[str, Any]:
        """Run a cell; return its result."""
        topic = chapter.rpartition("/")[2]
        number = self.say("run", language=language, source=source, chapter=chapter, topic=topic)
        return self.hear(id=number)


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection, so that its cookie is seen."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Stay."""


def cookie_of(address: str) -> str:
    """Exchange the token of an address for the cookie of a new browser."""
    try:
        urllib.request.build_opener(Stay).open(address, timeout=10).close()
    except urllib.error.HTTPError as answer:
        with answer:
            return str(answer.headers["Set-Cookie"]).partition(";")[0]
    raise ValueError("the address holds no token")


@contextmanager
def visit(address: str, cookie: str) -> Iterator[Visit]:
    """Open a line as a page of the address does."""
    found = re.match(r"http://([^/]+)/", address)
    assert found
    headers = {"Cookie": cookie}
    origin = Origin(f"http://{found[1]}")
    with connect(f"ws://{found[1]}{CELLS}", origin=origin, additional_headers=headers) as line:
        opened = Visit(line)
        opened.hear(type="welcome")
        yield opened
