"""The line between a page and the rooms: JSON over a WebSocket, in the words of the pages' engine.

From the page, each with the ``id`` that its answer carries, unless it has none::

    {"do": "open", "id", "chapter", "topic"}      let a room stand ready; tell its state
    {"do": "run", "id", "chapter", "topic", "language", "source"}
    {"do": "input", "text"}   {"do": "end-input"}   {"do": "interrupt"}      for the cell that runs
    {"do": "restart", "id", "language"}   {"do": "use-python", "id", "program"}
    {"do": "reset", "id"}

To the page::

    {"type": "welcome"}                           cells may run
    {"type": "stream", "name", "text"}   {"type": "output", "output"}   {"type": "waits", "waits"}
    {"type": "result", "id", "status", "end", "milliseconds", "at": {"virtualEnv", "folder"}}
    {"type": "done", "id"}   {"type": "failed", "id", "message", "mend"}
    {"type": "state", "chapter", "ran", "since", "restored", "python": {"program", "active"}}
    {"type": "trouble", "message", "mend"}

Cells of one page run one after the other, in the order in which they came. A page that goes away
stops its cell; the room stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from coursebook.execute.live_room import StartError
from coursebook.execute.room import Execution, RoomClosedError
from coursebook.problems import CourseError
from coursebook.serving.guard import REFUSED, Guard
from coursebook.serving.rooms import Lodging, NoRoomError, Rooms

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

HELD_BACK = 1_000_000
"""Bytes of output that may wait for a slow page; then the cell waits."""

FRAME = 64_000
"""Letters that go into one message, where a cell says more than the line carries at once."""

TOPIC = re.compile(r"[\w-][\w.-]*")
"""A name of a folder, and nothing that leads elsewhere."""

Message = dict[str, Any]
Result = TypeVar("Result")


class Outbox:
    """Messages for a page: filled by the threads that run cells, emptied by the line's own loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.owner = threading.get_ident()
        self.news = asyncio.Event()
        self.room = threading.Condition()
        self.messages: list[Message] = []
        self.size = 0
        self.hurry = False

    def put(self, message: Message) -> None:
        """Add a message, from any thread; output waits while too much of it is on its way."""
        text = message.get("text", "")
        with self.room:
            if threading.get_ident() != self.owner:
                self.room.wait_for(lambda: self.size < HELD_BACK or self.hurry)
            last = self.messages[-1] if self.messages else {}
            together = last.get("name") == message.get("name") and len(last.get("text", "")) < FRAME
            if text and together:
                last["text"] += text
            else:
                self.messages.append(message)
            self.size += len(text)
        with contextlib.suppress(RuntimeError):  # the server has ended, and its loop with it
            self.loop.call_soon_threadsafe(self.news.set)

    def rush(self, hurry: bool) -> None:
        """Let nobody wait, because the cell shall stop or its page is gone."""
        with self.room:
            self.hurry = hurry
            self.room.notify_all()

    async def take(self) -> list[Message]:
        """Return all messages, as soon as there are any."""
        await self.news.wait()
        self.news.clear()
        with self.room:
            messages, self.messages, self.size = self.messages, [], 0
            self.room.notify_all()
        return messages


class Line:
    """One page's connection.

    Args:
        rooms: Where cells run.
        session: The browser.
        pool: Threads for what blocks.
    """

    def __init__(self, rooms: Rooms, session: str, pool: ThreadPoolExecutor) -> None:
        self.rooms, self.session, self.pool = rooms, session, pool
        self.outbox = Outbox()
        self.turn = asyncio.Lock()
        self.chapter: str | None = None
        self.running: Lodging | None = None
        self.stopped = False
        # Chapters that this page met, and whether cells had run in them before it came.
        self.restored: dict[str, bool] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def hear(self, message: Message) -> None:
        """Begin what a message asks for."""
        words: dict[str, Callable[[Message], Awaitable[None]]] = {
            "open": self.open,
            "run": self.run,
            "restart": self.restart,
            "reset": self.reset,
            "use-python": self.use_python,
        }
        do = message.get("do")
        if do in words:
            task = asyncio.ensure_future(self._answer(words[do], message))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        elif self.running and do == "input":
            self._apart(self.running.room.give, str(message.get("text", "")))
        elif self.running and do == "end-input":
            self._apart(self.running.room.end_input)
        elif do == "interrupt":
            self.interrupt()

    def interrupt(self) -> None:
        """Stop the cell that runs for this page, or waits for its turn."""
        self.stopped = True
        if self.running:
            self.outbox.rush(True)
            self.running.room.interrupt()

    async def open(self, message: Message) -> None:
        """Let a room stand ready before its first cell runs."""
        self._bid_farewell(str(message["chapter"]))
        lodging = await self._enter(message)
        self._apart(self.rooms.prepare, lodging)
        self._tell_state(lodging)
        self.outbox.put({"type": "done", "id": message["id"]})

    async def run(self, message: Message) -> None:
        """Run a cell."""
        async with self.turn:
            self.stopped = False
            started = time.monotonic()
            self._bid_farewell(str(message["chapter"]))
            lodging = await self._enter(message)
            with self.rooms.guest(lodging):
                execution = await self._take_turn(lodging, message)
            # The other interpreter, or the one that follows a dead one.
            self._apart(self.rooms.prepare, lodging)
            if execution.end != "lost":
                lodging.since = lodging.since or time.time()
                lodging.ran += 1
                self._tell_state(lodging)
            virtual_environment, folder = execution.virtual_environment, execution.folder
            self.outbox.put(
                {
                    "type": "result",
                    "id": message["id"],
                    "status": execution.status,
                    "end": execution.end,
                    "milliseconds": round((time.monotonic() - started) * 1000, 1),
                    "at": {"virtualEnv": virtual_environment, "folder": folder},
                }
            )

    async def _take_turn(self, lodging: Lodging, message: Message) -> Execution:
        """Run a cell as soon as no other page runs one in the same room."""
        if lodging.room.turn.locked() and lodging.room.running:
            self._trouble("This cell waits: another page of the chapter is running one.")
        while lodging.room.running and not self.stopped:
            await asyncio.sleep(0.05)
        if self.stopped:
            return Execution(status=130, end="interrupted")
        self.outbox.rush(False)
        self.running = lodging
        language = "python" if message["language"] == "python" else "bash"
        try:
            return await self._block(
                lodging.room.run_cell, language, str(message["source"]), self.outbox.put
            )
        except RoomClosedError:
            return Execution(status=1, end="lost")
        finally:
            self.running = None

    async def restart(self, message: Message) -> None:
        """Start an interpreter anew."""
        lodging = await self._standing()
        if lodging:
            self.outbox.rush(True)
            language = "python" if message["language"] == "python" else "bash"
            await self._block(lodging.room.restart, language)
            self._tell_state(lodging)
        self.outbox.put({"type": "done", "id": message["id"]})

    async def reset(self, message: Message) -> None:
        """End the chapter's room, and make it again."""
        self.outbox.rush(True)
        if self.chapter:
            standing = self.rooms.find(self.session, self.chapter)
            await self._block(self.rooms.end, self.session, self.chapter)
            self.restored[self.chapter] = False
            if standing:
                lodging = await self._enter({"chapter": self.chapter, "topic": standing.room.topic})
                self._apart(self.rooms.prepare, lodging)
                self._tell_state(lodging)
        self.outbox.put({"type": "done", "id": message["id"]})

    async def use_python(self, message: Message) -> None:
        """Run Python cells by another program."""
        lodging = await self._standing()
        if lodging:
            program = str(message["program"])
            own = program == lodging.room.own_python
            try:
                await self._block(lodging.room.use_python, None if own else program)
            finally:
                self._tell_state(lodging)
        self.outbox.put({"type": "done", "id": message["id"]})

    async def _answer(self, work: Callable[[Message], Awaitable[None]], message: Message) -> None:
        """Do the work, and tell what prevents it in one sentence."""
        try:
            await work(message)
        except StartError:
            what = message.get("program") or message.get("language") or "the interpreter"
            why = f"{what} did not start."
        except NoRoomError as error:
            why = str(error)
        except CourseError as error:
            why = f"The book's package index is wrong: {error.problems[0]}"
        except RoomClosedError:
            why = "course.py serve has ended."
        except (KeyError, ValueError) as error:
            why = f"The page said something that is not understood: {error}"
        except OSError as error:
            why = f"No room could be made: {error}"
        else:
            return
        self.outbox.put(
            {"type": "failed", "id": message.get("id"), "message": why, "mend": "reset"}
        )

    async def _enter(self, message: Message) -> Lodging:
        chapter, topic = str(message["chapter"]), str(message["topic"])
        if not TOPIC.fullmatch(topic):
            raise ValueError("topic")
        self.chapter = chapter
        lodging = await self._block(self.rooms.enter, self.session, chapter, topic)
        self.restored.setdefault(chapter, lodging.ran > 0)
        return lodging

    async def _standing(self) -> Lodging | None:
        return self.rooms.find(self.session, self.chapter) if self.chapter else None

    async def _block(self, work: Callable[..., Result], *arguments: Any) -> Result:
        return await self.outbox.loop.run_in_executor(self.pool, work, *arguments)

    def _apart(self, work: Callable[..., object], *arguments: Any) -> None:
        """Do something in another thread, and do not wait for it."""
        with contextlib.suppress(RuntimeError):  # the server ends
            self.pool.submit(work, *arguments)

    def _tell_state(self, lodging: Lodging) -> None:
        restored = self.restored.get(lodging.chapter, False)
        self.outbox.put({"type": "state", **lodging.state(), "restored": restored})

    def _trouble(self, message: str, mend: str | None = None) -> None:
        self.outbox.put({"type": "trouble", "message": message, "mend": mend})

    def _bid_farewell(self, chapter: str) -> None:
        """Tell why a room is gone whose state the reader may count on."""
        why = self.rooms.farewell(self.session, chapter)
        if why:
            self._trouble(why)


async def serve_cells(
    websocket: WebSocket, guard: Guard, rooms: Rooms, pool: ThreadPoolExecutor
) -> None:
    """Serve one connection until it closes; close it at once if it may not run cells."""
    from starlette.websockets import WebSocketDisconnect

    await websocket.accept()
    refusal = guard.refusal(websocket.headers, websocket.cookies)
    session = guard.session(websocket.cookies)
    if refusal or session is None:
        await websocket.close(REFUSED, refusal)
        return
    line = Line(rooms, session, pool)
    line.outbox.put({"type": "welcome"})

    async def send() -> None:
        while True:
            for message in await line.outbox.take():
                await websocket.send_text(json.dumps(message))

    sending = asyncio.ensure_future(send())
    try:
        while True:
            message = json.loads(await websocket.receive_text())
            if isinstance(message, dict):
                line.hear(message)
    except (WebSocketDisconnect, ValueError):
        pass
    finally:
        line.interrupt()
        line.outbox.rush(True)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
