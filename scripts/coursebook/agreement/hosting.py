"""A host of static files that knows nothing of us, on loopback: what a published site stands on.

It serves from a sub-path, as many hosts do, notes what it sent, and can be as slow as a link.
"""

from __future__ import annotations

import contextlib
import socket
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


class Files(SimpleHTTPRequestHandler):
    """Answers one browser with the files of a folder, and notes what it sends."""

    protocol_version = "HTTP/1.1"
    # Head and body are written one after the other: the second must not wait for an answer.
    disable_nagle_algorithm = True

    def __init__(self, request: Any, client_address: Any, server: Server) -> None:
        self.site, self.sub_path = server.site, server.sub_path
        super().__init__(request, client_address, server, directory=str(server.folder))

    def translate_path(self, path: str) -> str:
        """Find the file of an address."""
        below = path.partition("?")[0].removeprefix(self.sub_path)
        outside = not path.startswith(self.sub_path)
        # A name that no site has: what stands outside of the sub-path is not found.
        return super().translate_path("/outside-of-the-site" if outside else f"/{below}")

    def copyfile(self, source: IO[bytes], outputfile: IO[bytes]) -> None:  # type: ignore[override]
        """Send a file as fast as the link is."""
        answer = Answer(self.path.removeprefix(self.sub_path))
        self.site.sent.append(answer)
        while piece := source.read(PIECE):
            self.site.link.take(len(piece))
            # Noted before: who has read an answer to its end finds it here.
            answer.size += len(piece)
            outputfile.write(piece)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Answers several at the same time.

    Args:
        folder: The root of the site.
        sub_path: Under which it stands.
        answers: What answers a browser.
    """

    daemon_threads = True

    def __init__(self, folder: Path, sub_path: str, answers: type[Files]) -> None:
        super().__init__((LOOPBACK, 0), answers)
        self.folder, self.sub_path = folder, sub_path
        self.site = Host(f"http://{LOOPBACK}:{self.server_address[1]}{sub_path}")
        self.connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer whoever has connected."""
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Let go of a connection."""
        self.connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Be gone, also for browsers that keep a connection open."""
        super().server_close()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of every error but one: a browser may close a connection at any time."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def host(folder: Path, *, sub_path: str = SUB_PATH, answers: type[Files] = Files) -> Iterator[Host]:
    """Serve a folder for as long as the context lasts.

    Args:
        folder: The root of the site.
        sub_path: Under which it stands, with slashes at both ends; ``/`` for the root of the host.
        answers: What answers a browser; a test's may be at fault.
    """
    server = Server(folder, sub_path, answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
