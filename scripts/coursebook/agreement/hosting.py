"""A host of static files that knows nothing of us, on loopback: what a published site stands on.

It serves from a sub-path, as many hosts do, notes what it sent, and can be as slow as a link.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

LOOPBACK = "127.0.0.1"

PIECE = 16_384
"""Bytes that are sent at once; on a slow link, its grain."""

SUB_PATH = "/some/course/"
"""Below which the site stands."""


class Link:
    """A link of a certain speed that all answers share.

    Args:
        bits_per_second: Its speed; None for no limit.
    """

    def __init__(self, bits_per_second: float | None = None) -> None:
        self.bytes_per_second = bits_per_second / 8 if bits_per_second else None
        self.free_at = 0.0
        self.lock = threading.Lock()

    def take(self, size: int) -> None:
        """Wait until so many bytes would have passed."""
        if self.bytes_per_second is None:
            return
        with self.lock:
            self.free_at = max(self.free_at, time.monotonic()) + size / self.bytes_per_second
            wait = self.free_at - time.monotonic()
        if wait > 0:
            time.sleep(wait)


@dataclass
class Answer:
    """What was sent of a file: its path below the root, and the bytes of its body so far."""

    path: str
    size: int = 0


@dataclass
class Host:
    """A host under way.

    Attributes:
        address: Of the site's root, with a slash at the end.
        link: How fast it is; may be replaced while it runs.
        sent: Every file that was asked for, in order.
    """

    address: str
    link: Link = field(default_factory=Link)
    sent: list[Answer] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """Bytes of all answers so far."""
        return sum(answer.size for answer in self.sent)


class Server(ThreadingHTTPServer):
    """Answers several at the same time."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of every error but one: a browser may close a connection at any time."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def host(folder: Path, *, sub_path: str = SUB_PATH) -> Iterator[Host]:
    """Serve a folder for as long as the context lasts.

    Args:
        folder: The root of the site.
        sub_path: Under which it stands, with slashes at both ends.
    """
    found: Host

    class Answers(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body are written one after the other: the second must not wait for an answer.
        disable_nagle_algorithm = True

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def translate_path(self, path: str) -> str:
            below = path.partition("?")[0].removeprefix(sub_path)
            outside = not path.startswith(sub_path)
            # A name that no site has: what stands outside of the sub-path is not found.
            return super().translate_path("/outside-of-the-site" if outside else f"/{below}")

        def copyfile(self, source: IO[bytes], outputfile: IO[bytes]) -> None:  # type: ignore[override]
            answer = Answer(self.path.removeprefix(sub_path))
            found.sent.append(answer)
            while piece := source.read(PIECE):
                found.link.take(len(piece))
                # Noted before: who has read an answer to its end finds it here.
                answer.size += len(piece)
                outputfile.write(piece)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = Server((LOOPBACK, 0), Answers)
    found = Host(f"http://{LOOPBACK}:{server.server_address[1]}{sub_path}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
