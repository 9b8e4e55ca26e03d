"""The rooms of the readers: one for each browser and chapter, made on demand, ended in time."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from coursebook.execute import index, plan, tools
from coursebook.execute.live_room import LiveRoom, StartError
from coursebook.execute.room import RoomClosedError
from coursebook.execute.runner import have_walls
from coursebook.paths import Tree

MOST_ROOMS = 8
IDLE_SECONDS = 30 * 60.0

CROWDED = (
    f"The room of this chapter was ended, because {MOST_ROOMS} others were in use. "
    "Run its cells again from the top."
)
IDLE = "The room of this chapter was ended after half an hour. Run its cells again from the top."
FULL = f"{MOST_ROOMS} chapters run cells at the moment. Stop one of them, and run this cell again."


class NoRoomError(Exception):
    """There are as many rooms as may be, and each runs a cell."""


@dataclass(eq=False)
class Lodging:
    """A reader's room of one chapter.

    Attributes:
        session: The browser.
        chapter: Address of the chapter.
        ran: How many cells ran.
        since: When the first of them did, in seconds since 1970.
        used: When it was last used, by the monotonic clock.
        guests: How many cells run in it or wait for their turn.
        ended: Whether it is gone.
    """

    session: str
    chapter: str
    room: LiveRoom
    ran: int = 0
    since: float | None = None
    used: float = field(default_factory=time.monotonic)
    guests: int = 0
    ended: bool = False

    def python(self) -> dict[str, str | None]:
        """Tell which interpreter runs Python cells, and which other one bash has activated."""
        program = self.room.program or self.room.own_python
        active = self.room.virtual_environment and f"{self.room.virtual_environment}/bin/python"
        return {"program": program, "active": active if active and active != program else None}

    def state(self) -> dict[str, Any]:
        """Tell whose state a reader sees."""
        since = self.since and round(self.since * 1000)
        return {
            "chapter": self.chapter,
            "ran": self.ran,
            "since": since,
            "python": self.python(),
        }

    def end(self) -> None:
        """End everything in it, also a cell that runs."""
        self.ended = True
        self.room.abandon()
        # The thread that runs a cell comes back at once, and must not find its files closed.
        if self.room.turn.acquire(timeout=5):
            self.room.close()
            self.room.turn.release()


class Rooms:
    """All rooms of a serving session; its methods may be called from any thread, and may block.

    Args:
        tree: The book.
        say: Is told what the lecturer should know.
        most: How many rooms there may be.
        idle: After how many seconds without a cell a room is ended.
    """

    def __init__(
        self,
        tree: Tree,
        say: Callable[[str], None] = lambda message: None,
        *,
        most: int = MOST_ROOMS,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self.tree, self.say, self.most, self.idle = tree, say, most, idle
        self.lodgings: dict[tuple[str, str], Lodging] = {}
        self.farewells: dict[tuple[str, str], str] = {}
        self.lock = threading.RLock()
        self.walls: bool | None = None
        self.closed = threading.Event()
        self.sweeper: threading.Thread | None = None

    def find(self, session: str, chapter: str) -> Lodging | None:
        """Return a room that stands."""
        with self.lock:
            return self.lodgings.get((session, chapter))

    def enter(self, session: str, chapter: str, topic: str) -> Lodging:
        """Return the room of a chapter, made if need be.

        Raises:
            NoRoomError: There are too many that cannot be ended.
            RoomClosedError: The server ends.
            CourseError: The book's package index is wrong.
        """
        # One at a time: a room is made in a fifth of a second.
        with self.lock:
            standing = self.lodgings.get((session, chapter))
            if standing:
                standing.used = time.monotonic()
                return standing
            if self.closed.is_set():
                raise RoomClosedError("the server ends")
            self._make_place()
            self.tree.cells.mkdir(parents=True, exist_ok=True)
            if self.walls is None:
                self.walls = have_walls(self.tree, self.say)
            packages = index.build(self.tree)
            room = LiveRoom(
                topic,
                plan.stage(self.tree.cells),
                packages.folder,
                walls=self.walls,
                equipment=self._equipment(chapter),
            )
            lodging = Lodging(session, chapter, room.__enter__())
            self.lodgings[session, chapter] = lodging
            self.farewells.pop((session, chapter), None)
            if self.sweeper is None:
                self.sweeper = threading.Thread(target=self._sweep, daemon=True)
                self.sweeper.start()
            return lodging

    def _equipment(self, chapter: str) -> plan.Equipment:
        """Return what the chapter's tools add; the build has installed them, if it could."""
        walls = bool(self.walls)
        named = tools.of_chapter(self.tree, chapter, walls=walls)
        try:
            return tools.equip(self.tree, named, walls=walls, progress=self.say)
        except tools.NotInstalledError as error:
            self.say(str(tools.not_installed(named, chapter, 0, error)))
            return plan.NO_EQUIPMENT

    @contextlib.contextmanager
    def guest(self, lodging: Lodging) -> Iterator[None]:
        """Keep a room from being ended for want of use."""
        with self.lock:
            lodging.guests += 1
        try:
            yield
        finally:
            with self.lock:
                lodging.guests -= 1
                lodging.used = time.monotonic()

    def prepare(self, lodging: Lodging) -> None:
        """Let the interpreters stand ready, if nothing prevents it."""
        with contextlib.suppress(StartError, RoomClosedError, OSError):
            lodging.room.prepare()

    def end(self, session: str, chapter: str) -> None:
        """End a room, if it stands."""
        with self.lock:
            lodging = self.lodgings.pop((session, chapter), None)
        if lodging:
            lodging.end()

    def farewell(self, session: str, chapter: str) -> str | None:
        """Return, once, why a room is gone that a reader may look for."""
        with self.lock:
            return self.farewells.pop((session, chapter), None)

    def close(self) -> None:
        """End all rooms, and let none be made again."""
        self.closed.set()
        with self.lock:
            lodgings = list(self.lodgings.values())
            self.lodgings.clear()
        for lodging in lodgings:
            lodging.end()

    def _make_place(self) -> None:
        """End the room that was not used for the longest time, if there are too many."""
        if len(self.lodgings) < self.most:
            return
        quiet = [lodging for lodging in self.lodgings.values() if not lodging.guests]
        if not quiet:
            raise NoRoomError(FULL)
        self._dismiss(min(quiet, key=lambda lodging: lodging.used), CROWDED)

    def _dismiss(self, lodging: Lodging, why: str) -> None:
        key = (lodging.session, lodging.chapter)
        self.farewells[key] = why
        del self.lodgings[key]
        lodging.end()

    def _sweep(self) -> None:
        """End rooms that nobody uses."""
        while not self.closed.wait(min(60.0, self.idle / 4)):
            with self.lock:
                for lodging in list(self.lodgings.values()):
                    if not lodging.guests and time.monotonic() - lodging.used > self.idle:
                        self._dismiss(lodging, IDLE)
