"""The loopback server: the last good build, with a line in each page that listens for news.

The line is put in on the way out. No built file knows of it.
"""

from __future__ import annotations

import html
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from coursebook.paths import FRONTEND, Tree
from coursebook.problems import CourseError, Problem
from coursebook.serving.state import State

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

HOST = "127.0.0.1"
PREFIX = "/_coursebook"
LISTENER = (
    f'<link rel="stylesheet" href="{PREFIX}/panel.css">'
    f'<script type="module" src="{PREFIX}/listen.js" data-cb-served="%s"></script>'
)
"""Put into each page. A build may end between the answer and the first news that the page hears, so
the page is told of which build it is."""
TRIES = 50
"""How many ports are tried, one after the other."""

MEDIA = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".ipynb": "application/json",
    ".wasm": "application/wasm",
    ".bin": "application/octet-stream",
    ".zst": "application/octet-stream",
}
"""What the operating system's own table often gets wrong, and browsers insist on."""


def free_socket(port: int) -> socket.socket:
    """Take a port on loopback, the next free one if it is taken.

    Args:
        port: The first to try; 0 lets the system choose.

    Raises:
        CourseError: None of the ports tried was free.
    """
    for candidate in range(port, port + TRIES) if port else (0,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, candidate))
        except (OSError, OverflowError):
            listener.close()
            continue
        return listener
    raise CourseError(
        [
            Problem(
                "",
                0,
                "no-free-port",
                f"the ports {port} to {port + TRIES - 1} are all taken",
                "choose another one: course.py serve --port 9000",
            )
        ]
    )


def application(tree: Tree, state: State) -> Starlette:
    """Make the ASGI application that serves one book."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import StreamingResponse
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    async def events(request: Request) -> Response:
        return StreamingResponse(
            state.listen(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def page(request: Request) -> Response:
        return answer(tree, state, request.path_params["path"])

    return Starlette(
        routes=[
            Route(f"{PREFIX}/events", events),
            Mount(PREFIX, StaticFiles(directory=FRONTEND / "serve")),
            Route("/{path:path}", page),
        ],
        # A page elsewhere must not reach this server under a name of its own (DNS rebinding).
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )


def answer(tree: Tree, state: State, path: str) -> Response:
    """Answer a request for a file of the site.

    Args:
        tree: The book.
        state: What to show where there is no site yet.
        path: The address below the root of the site, decoded.
    """
    from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

    headers = {"Cache-Control": "no-cache"}
    part = state.shelf.answer(path)
    if isinstance(part, bytes):
        return Response(part, headers=headers, media_type="application/json")
    if part is not None:
        # Named by a hash of what they hold. Links and slow copies would delay every save.
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return FileResponse(part, headers=headers, media_type=MEDIA.get(part.suffix))
    # Asked before the file is read: a page that is too new is reloaded for nothing, once.
    served = state.name()
    file = inside(tree.site, path)
    if file is not None and file.is_dir():
        if path and not path.endswith("/"):
            return RedirectResponse(f"/{path}/")
        file = file / "index.html"
    if file is None or not file.is_file():
        if not tree.site.exists():
            page = listening(waiting_page(state), served)
            return HTMLResponse(page, 200 if state.building else 500, headers)
        return HTMLResponse(listening(not_found(path), served), 404, headers)
    if file.suffix == ".html":
        text = file.read_text(encoding="utf-8")
        return HTMLResponse(listening(text, served), headers=headers)
    return FileResponse(file, headers=headers, media_type=MEDIA.get(file.suffix))


def listening(text: str, served: str) -> str:
    """Let a page hear the news of builds after the one that it is of."""
    return text.replace("</body>", f"{LISTENER % served}</body>", 1)


def inside(folder: Path, path: str) -> Path | None:
    """Return the file that an address names, or None if it would lead out of the folder."""
    target = (folder / path).resolve()
    return target if target.is_relative_to(folder.resolve()) else None


def frame(title: str, body: str) -> str:
    """Write a page of the server's own."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}'
        '</title><meta name="viewport" content="width=device-width"></head>'
        f'<body class="cb-serve-page"><h1>{html.escape(title)}</h1>{body}</body></html>'
    )


def waiting_page(state: State) -> str:
    """Tell a reader who comes before the first good build what is being waited for."""
    if state.building or not state.problems:
        return frame("The book is being built", "<p>This page will show it in a moment.</p>")
    return frame(
        "There is no good build yet",
        "<p>Mend what the panel below names; this page will then show the book.</p>",
    )


def not_found(path: str) -> str:
    """Tell that an address names no page of this book."""
    return frame(
        "No such page", f'<p><code>/{html.escape(path)}</code></p><p><a href="/">Home</a></p>'
    )
