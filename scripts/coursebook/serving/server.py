"""The loopback server: the last good build, and the rooms in which its cells run live.

Each page gets a line that listens for news of builds and names the local engine. It is put in on
the way out; no built file knows of it.
"""

from __future__ import annotations

import html
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from coursebook.course.slide_list import SLIDES_FILE
from coursebook.paths import FRONTEND, SLIDES, Tree
from coursebook.problems import CourseError, Problem
from coursebook.renderings import DECK, output
from coursebook.serving.cells import serve_cells
from coursebook.serving.guard import STRANGER, Guard
from coursebook.serving.rooms import Rooms
from coursebook.serving.state import State

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from starlette.websockets import WebSocket

HOST = "127.0.0.1"
PREFIX = "/_coursebook"
CELLS = f"{PREFIX}/cells"
"""Where pages reach the rooms, by WebSocket; asked plainly, it says whether they may."""
LISTENER = (
    f'<meta name="cb-local-engine" content="{CELLS}">'
    f'<link rel="stylesheet" href="{PREFIX}/panel.css">'
    f'<script type="module" src="{PREFIX}/listen.js" data-cb-served="%s"></script>'
)
"""Put into each page. A build may end between the answer and the first news that the page hears, so
the page is told of which build it is."""
EDGE = (
    f'<link rel="stylesheet" href="{PREFIX}/edge.css">'
    f'<script type="module" src="{PREFIX}/edge.js"></script>'
)
"""Put into decks as well: it marks a slide that holds too much."""
TRIES = 50
"""How many ports are tried, one after the other."""

UNFRAMED = (
    (b"content-security-policy", b"frame-ancestors 'self'"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
)
"""Sent with every answer: nobody else may show a page of ours, where a click would run a cell.

No Cross-Origin-Resource-Policy: the frame of rich output has no origin, and loads files of ours."""

FOR_EVER = re.compile(r"(?:.*/)?(?:live/[0-9a-f]{12}|machine/[0-9a-f]{16})/.+")
"""Addresses that name what they hold by its hash."""

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
        # With the protocol named, or asyncio would not send small messages at once (TCP_NODELAY).
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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


def application(tree: Tree, state: State, guard: Guard, rooms: Rooms) -> Starlette:
    """Make the ASGI application that serves one book."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import FileResponse, JSONResponse, StreamingResponse
    from starlette.routing import Mount, Route, WebSocketRoute
    from starlette.staticfiles import StaticFiles

    # A thread for each cell that runs or waits, and some for what is done beside it.
    pool = ThreadPoolExecutor(64, "cells")

    async def events(request: Request) -> Response:
        return StreamingResponse(
            state.listen(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def slides(request: Request) -> Response:
        # Missing before the first good build, when no deck can ask.
        return FileResponse(
            output(tree, DECK).parent / SLIDES_FILE, headers={"Cache-Control": "no-cache"}
        )

    async def may_run(request: Request) -> Response:
        can = guard.session(request.cookies) is not None
        why = "Cells run on this computer, by course.py serve." if can else STRANGER
        return JSONResponse({"can": can, "why": why}, headers={"Cache-Control": "no-store"})

    async def cells(websocket: WebSocket) -> None:
        await serve_cells(websocket, guard, rooms, pool)

    async def page(request: Request) -> Response:
        if "token" in request.query_params:
            return entrance(guard, request)
        return answer(tree, state, guard.names, request.path_params["path"])

    return Starlette(
        routes=[
            Route(f"{PREFIX}/events", events),
            Route(CELLS, may_run),
            WebSocketRoute(CELLS, cells),
            Route(f"{PREFIX}/{SLIDES_FILE}", slides),
            Mount(PREFIX, StaticFiles(directory=FRONTEND / "serve")),
            Route("/{path:path}", page),
        ],
        middleware=[
            Middleware(Unframed),
            # A page elsewhere must not reach this server under a name of its own (DNS rebinding).
            Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"]),
        ],
    )


class Unframed:
    """Adds to every answer the headers that keep other sites from showing it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *UNFRAMED]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def entrance(guard: Guard, request: Request) -> Response:
    """Take a token, and lead on to the address without it; the cookie opens the local engine."""
    from starlette.responses import HTMLResponse, RedirectResponse

    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    session = guard.admit(request.query_params["token"])
    if session is None:
        body = f'<p>It is of an earlier start.</p><p>{STRANGER}</p><p><a href="/">Read on</a></p>'
        return HTMLResponse(frame("This address does not open any more", body), 403, headers)
    response = RedirectResponse(request.url.path, 303, headers)
    # Its path keeps it from pages, and from other servers on this computer that do not ask for it.
    response.set_cookie(guard.cookie, session, path=PREFIX, httponly=True, samesite="strict")
    return response


def answer(tree: Tree, state: State, names: tuple[str, ...], path: str) -> Response:
    """Answer a request for a file of the site.

    Args:
        tree: The book.
        state: What to show where there is no site yet.
        names: Names of this server, to which a page may open a line.
        path: The address below the root of the site, decoded.
    """
    from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

    for_ever = "public, max-age=31536000, immutable"
    headers = {"Cache-Control": for_ever if FOR_EVER.fullmatch(path) else "no-cache"}
    part = state.shelf.answer(path)
    if isinstance(part, bytes):
        return Response(part, headers=headers, media_type="application/json")
    if part is not None:
        # Links and slow copies would delay every save. What has no ending is a licence.
        return FileResponse(part, headers=headers, media_type=MEDIA.get(part.suffix, "text/plain"))
    # Asked before the file is read: a page that is too new is reloaded for nothing, once.
    served = state.name()
    file = inside(tree.site, path)
    if file is not None and file.is_dir():
        if path and not path.endswith("/"):
            return RedirectResponse(f"/{path}/")
        file = file / "index.html"
    if file is None or not file.is_file():
        headers = {"Cache-Control": "no-cache"}
        if not tree.site.exists():
            page = listening(waiting_page(state), served)
            return HTMLResponse(page, 200 if state.building else 500, headers)
        return HTMLResponse(listening(not_found(path), served), 404, headers)
    if file.suffix == ".html":
        text = connecting(file.read_text(encoding="utf-8"), names)
        if path.startswith(f"{SLIDES}/"):
            text = text.replace("</body>", f"{EDGE}</body>", 1)
        return HTMLResponse(listening(text, served), headers=headers)
    return FileResponse(file, headers=headers, media_type=MEDIA.get(file.suffix))


def listening(text: str, served: str) -> str:
    """Let a page hear the news of builds after the one that it is of."""
    return text.replace("</body>", f"{LISTENER % served}</body>", 1)


def connecting(text: str, names: tuple[str, ...]) -> str:
    """Let a page's policy allow WebSockets to this server: not for every browser does ``'self'``.

    Source: https://github.com/w3c/webappsec-csp/issues/7
    """
    lines = "".join(f" ws://{name}" for name in names)
    return text.replace("connect-src 'self'", f"connect-src 'self'{lines}", 1)


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
