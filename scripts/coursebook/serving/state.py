"""What every open page is told: which build it shows, what changed, what is wrong."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict

from coursebook.live.machine import Shelf
from coursebook.problems import Problem


class State:
    """The news of a serving session, handed to any number of listening pages.

    Attributes:
        problems: What the last build found; empty after a good one.
        shelf: The machine of the reader's tab, when it stands.
    """

    def __init__(self) -> None:
        # A page that reconnects to another server process sees another name, and reloads.
        self.session = secrets.token_hex(4)
        self.build = 0
        self.problems: list[Problem] = []
        self.shelf = Shelf()
        self.changed: list[str] = []
        self.building = False
        self._closed = False
        self._news = asyncio.Condition()

    async def tell(
        self,
        *,
        building: bool,
        problems: Sequence[Problem] | None = None,
        changed: Sequence[str] | None = None,
    ) -> None:
        """Announce a step.

        Args:
            building: Whether a build is running now.
            problems: What a finished build found; None leaves what was told before.
            changed: Addresses that a good build has replaced; None where nothing was published.
        """
        async with self._news:
            self.building = building
            if problems is not None:
                self.problems = list(problems)
            if changed is not None:
                self.build += 1
                self.changed = list(changed)
            self._news.notify_all()

    async def close(self) -> None:
        """Let all listeners go."""
        async with self._news:
            self._closed = True
            self._news.notify_all()

    def name(self) -> str:
        """Name the last good build of this session."""
        return f"{self.session}-{self.build}"

    def message(self) -> str:
        """Put the present state into one server-sent event (HTML Living Standard, section 9.2)."""
        data = {
            "session": self.session,
            "build": self.build,
            "building": self.building,
            "changed": self.changed,
            "problems": [asdict(problem) for problem in self.problems],
        }
        return f"data: {json.dumps(data)}\n\n"

    async def listen(self) -> AsyncIterator[str]:
        """Yield the state now and whenever it changes, until the server closes."""
        told = ""
        while not self._closed:
            async with self._news:
                # Compared under the lock, so that nothing told in between is missed.
                while not self._closed and (message := self.message()) == told:
                    await self._news.wait()
            if not self._closed:
                told = message
                yield message
