#!/usr/bin/env python3
"""Shows this course in your browser, from your own computer, without any network.

    python which-python.pyz      straight from the one file, with nothing unpacked
    python start.py              or in the folder that it was unpacked into

It needs Python 3.8 or newer and nothing else, writes no file, and answers nobody but browsers of
this computer. Stop it with Ctrl-C.
"""

# This file leaves the house: it stands in the archive as it is here, and runs on whatever Python a
# lecture hall has. So no newer syntax, and nothing but the standard library.

from __future__ import annotations

import argparse
import json
import os
import posixpath
import re
import sys
import threading
import webbrowser
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import TextIOWrapper
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import quote, unquote, urlsplit

OLDEST = (3, 8)
LOOPBACK = "127.0.0.1"

SITE = "site"
"""The folder of the course, in the archive and where it was unpacked."""

ABOUT = "about.json"
"""Title, number of files, and the port that is tried first."""

MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".ipynb": "application/json",
    ".wasm": "application/wasm",
    ".zst": "application/octet-stream",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".pdf": "application/pdf",
    ".xml": "application/xml",
}
"""Browsers insist on these. The operating system's own table is often wrong, above all for .js."""

OTHER = "application/octet-stream"

FOR_EVER = re.compile(r"(?:live/[0-9a-f]{12}|machine/[0-9a-f]{16})/.+")
"""Addresses that name what they hold by its hash."""

HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "frame-ancestors 'self'"),
    ("Referrer-Policy", "same-origin"),
)


class BrokenPackError(Exception):
    """The course cannot be shown; the message says why, and what to do."""


class Course:
    """All files of the course.

    Attributes:
        about: What ``about.json`` says.
        files: Address below the root of the site → what reads it. What is not among them does not
            exist, so that no address leads to any other file of this computer.
    """

    def __init__(self, about: dict[str, Any], files: dict[str, Callable[[], bytes]]) -> None:
        self.about = about
        self.files = files


def open_course(program: Path) -> Course:
    """Find the course: in the archive that runs, or beside the program.

    Args:
        program: The path of this file; within an archive it begins with the archive's.

    Raises:
        BrokenPackError: The course is not there, or not whole.
    """
    around = program.parent.absolute()
    return open_archive(around) if around.is_file() else open_folder(around)


def open_archive(path: Path) -> Course:
    """Read a course out of its archive, which stays open."""
    try:
        archive = zipfile.ZipFile(path)
        about = json.loads(archive.read(ABOUT).decode("utf-8"))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise BrokenPackError(f"{path} is not whole ({error}): copy it again") from error
    # A browser asks for many files at once, and an archive counts its readers without a lock.
    one_at_a_time = threading.Lock()

    def read(name: str) -> bytes:
        with one_at_a_time:
            return archive.read(name)

    start = len(SITE) + 1
    names = [name for name in archive.namelist() if name.startswith(f"{SITE}/")]
    return Course(about, {name[start:]: partial(read, name) for name in names})


def open_folder(folder: Path) -> Course:
    """Read a course from the folder that it was unpacked into."""
    site = folder / SITE
    found = [path for path in site.rglob("*") if path.is_file()]
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        whole = len(found) >= about["files"]
    except (OSError, ValueError, KeyError):
        whole = False
    if not whole:
        raise BrokenPackError(
            f"{folder} does not hold the whole course: unpack all of the archive, and not this\n"
            "file alone. Or unpack nothing, and type: python which-python.pyz"
        )
    return Course(about, {path.relative_to(site).as_posix(): path.read_bytes for path in found})


class Server(ThreadingHTTPServer):
    """Answers browsers of this computer.

    Args:
        course: What it shows.
        port: Where; 0 lets the system choose.
    """

    daemon_threads = True
    # Windows would let two programs have the same port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, course: Course, port: int) -> None:
        super().__init__((LOOPBACK, port), Answer)
        self.course = course
        self.hosts = {f"{name}:{self.server_port}" for name in (LOOPBACK, "localhost")}

    def server_bind(self) -> None:
        """Take the port. The usual way also looks up a name, and may ask the network for it."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of every error but one: a browser may close a connection at any time."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Answer(BaseHTTPRequestHandler):
    """Answers one connection of a browser."""

    protocol_version = "HTTP/1.1"
    # Head and body are written one after the other: the second must not wait for an answer.
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """Send a file, or say why not."""
        if self.headers.get("Host") not in self.server.hosts:
            # Some other name leads here: a page of somebody else tries to read this one.
            self.send_text(403, "This course is shown to this computer alone.")
            return
        path = posixpath.normpath(unquote(urlsplit(self.path).path)).lstrip("/")
        name = "index.html" if path in ("", ".") else path
        files = self.server.course.files
        if name not in files and f"{name}/index.html" in files:
            if not urlsplit(self.path).path.endswith("/"):
                self.send(301, "text/plain", b"", ("Location", f"/{quote(name)}/"))
                return
            name = f"{name}/index.html"
        if name not in files:
            self.send_text(404, "No such page. The course begins at /")
            return
        try:
            content = files[name]()
        except (OSError, zipfile.BadZipFile, zlib.error) as error:
            print(f"{name} cannot be read: {error}", file=sys.stderr)
            self.send_text(500, "This file cannot be read. Is the stick still there?")
            return
        kind = MEDIA.get(posixpath.splitext(name)[1].lower(), OTHER)
        fresh = "public, max-age=31536000, immutable" if FOR_EVER.fullmatch(name) else "no-cache"
        self.send(200, kind, content, ("Cache-Control", fresh))

    def do_HEAD(self) -> None:
        """Say what `do_GET` would send."""
        self.do_GET()

    def send_text(self, status: int, text: str) -> None:
        """Send a line to read."""
        self.send(status, MEDIA[".txt"], f"{text}\n".encode(), ("Cache-Control", "no-store"))

    def send(self, status: int, kind: str, content: bytes, *headers: tuple[str, str]) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in (*HEADERS, *headers):
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def version_string(self) -> str:
        """Do not tell which Python answers."""
        return "course"

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: a lecturer's window is on the wall."""


def serve_on(course: Course, port: int | None) -> Server:
    """Take the port that was asked for, or the course's own, or any that is free.

    The course's own comes first, because browsers keep a reader's changes for each port.

    Raises:
        BrokenPackError: The port that was asked for is taken.
    """
    if port is not None:
        try:
            return Server(course, port)
        except (OSError, OverflowError) as error:
            raise BrokenPackError(f"port {port} cannot be had ({error}): take another") from error
    try:
        return Server(course, int(course.about["port"]))
    except OSError:
        return Server(course, 0)


def main() -> int:
    """Show the course until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Show this course, from this computer alone.")
    parser.add_argument("--port", type=int, help="where (default: any that is free)")
    parser.add_argument("--no-open", action="store_true", help="do not open the browser")
    given = parser.parse_args()
    if sys.version_info < OLDEST:
        return fail(f"this needs Python {OLDEST[0]}.{OLDEST[1]} or newer; here is {sys.version}")
    for stream in (sys.stdout, sys.stderr):
        # A title may have letters that the window of a lecture hall has not.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        show(given.port, opens=not given.no_open)
    except BrokenPackError as error:
        return fail(str(error))
    except KeyboardInterrupt:
        print("\nstopped")
    return 0


def show(port: int | None, opens: bool) -> None:
    """Serve for ever.

    Args:
        port: Where; None for the course's own, or any that is free.
        opens: Whether to open the browser.

    Raises:
        BrokenPackError: The course is not whole, or the port is taken.
    """
    course = open_course(Path(__file__))
    with serve_on(course, port) as server:
        address = f"http://{LOOPBACK}:{server.server_port}/"
        title = course.about["title"]
        print(f"{title}: {address}\nslides: {address}slides/\nCtrl-C stops", flush=True)
        if opens:
            # In a thread of its own: some browsers come back only when they are closed.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        server.serve_forever()


def fail(message: str) -> int:
    """Tell what is wrong, also in a window that closes with the program."""
    print(message, file=sys.stderr)
    if os.name == "nt" and sys.stdin and sys.stdin.isatty():
        input("Press Enter to close this window.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
