"""Driving the Firefox of this machine, headless, by WebDriver BiDi.

Playwright drives a Firefox of its own making; what readers have is the distribution's. The part of
the protocol that is used here: https://w3c.github.io/webdriver-bidi/
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("firefox-esr", "firefox")
HINT = "type: sudo apt-get install firefox-esr"
START_SECONDS = 60.0
ANSWER_SECONDS = 120.0

# Firefox calls home at its start unless told not to; nothing here may leave the machine.
PREFERENCES = {
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "browser.region.update.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}

LISTENING = re.compile(r"WebDriver BiDi listening on (?P<address>ws://\S+)")


class FirefoxError(Exception):
    """Firefox did not do what it was asked; the message is what it said."""


def require() -> str:
    """Return the path of a Firefox, installing Debian's where that is allowed."""
    if found := find():
        return found
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        for command in (["update", "-qq"], ["install", "-y", "-qq", "firefox-esr"]):
            subprocess.run(["apt-get", *command], env=environment, check=True, capture_output=True)
    found = find()
    assert found, f"the tests need a Firefox\n    {HINT}"
    return found


def find() -> str | None:
    """Return the path of a Firefox, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Firefox:
    """One tab of a headless Firefox.

    Attributes:
        requests: Every address that was asked for, in order.
        complaints: What the console was told as an error, by the page or by Firefox itself; a
            Content-Security-Policy that was broken is among them.
    """

    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire
        self.number = 0
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
        self.tab = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; events that come meanwhile are noted."""
        self.number += 1
        self.wire.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            told = json.loads(self.wire.recv(timeout=deadline - time.monotonic()))
            if told.get("id") == self.number:
                if told["type"] == "error":
                    raise FirefoxError(f"{method}: {told['message']}")
                found: dict[str, Any] = told["result"]
                return found
            self.note(told)

    def note(self, event: dict[str, Any]) -> None:
        """Keep what an event tells."""
        about = event.get("params", {})
        if event.get("method") == "network.beforeRequestSent":
            self.requests.append(about["request"]["url"])
        elif event.get("method") == "log.entryAdded" and about["level"] == "error":
            self.complaints.append(str(about["text"]))

    def go(self, address: str) -> None:
        """Open an address and wait until its page is complete."""
        self.send("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def come_to_front(self) -> None:
        """Let the tab have the focus, as one that somebody looks at."""
        self.send("browsingContext.activate", context=self.tab)

    def size(self, width: int, height: int) -> None:
        """Give the tab a size in CSS pixels."""
        viewport = {"width": width, "height": height}
        self.send("browsingContext.setViewport", context=self.tab, viewport=viewport)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression, awaited; it must be made of plain JSON."""
        answer = self.send(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self.tab},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise FirefoxError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def wait_for(self, expression: str, seconds: float = 60.0) -> Any:
        """Wait until an expression is true, and return its value."""
        deadline = time.monotonic() + seconds
        while not (found := self.evaluate(expression)):
            assert time.monotonic() < deadline, f"never came true: {expression}"
            time.sleep(0.05)
        return found

    def click(self, element: str) -> None:
        """Click into the middle of an element, as a hand does.

        Args:
            element: An expression that gives it.
        """
        x, y = self.evaluate(
            f"(({element}).scrollIntoView({{block: 'center', behavior: 'instant'}}),"
            f" ((box) => [box.x + box.width / 2, box.y + box.height / 2])"
            f"(({element}).getBoundingClientRect()))"
        )
        hand = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        actions = [{"type": "pointer", "id": "hand", "actions": hand}]
        self.send("input.performActions", context=self.tab, actions=actions)

    def drag(self, *points: tuple[int, int]) -> None:
        """Press the mouse at the first of some points, and let it go at the last."""
        (x, y), *others = points
        hand: list[dict[str, Any]] = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            *({"type": "pointerMove", "x": x, "y": y, "duration": 30} for x, y in others),
            {"type": "pointerUp", "button": 0},
        ]
        actions = [{"type": "pointer", "id": "hand", "actions": hand}]
        self.send("input.performActions", context=self.tab, actions=actions)

    def turn_to_another_tab(self) -> None:
        """Wait for a second tab or window, and go on there."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            contexts = self.send("browsingContext.getTree")["contexts"]
            others = [one["context"] for one in contexts if one["context"] != self.tab]
            if others:
                self.tab = others[0]
                return
            assert time.monotonic() < deadline, "no other window opened"
            time.sleep(0.05)

    def press(self, *keys: str) -> None:
        """Press keys together and let them go; special ones by their WebDriver code points."""
        held = [{"type": "keyDown", "value": key} for key in keys]
        freed = [{"type": "keyUp", "value": key} for key in reversed(keys)]
        actions = [{"type": "key", "id": "keyboard", "actions": [*held, *freed]}]
        self.send("input.performActions", context=self.tab, actions=actions)

    def picture(self, path: Path) -> None:
        """Write what the tab shows to a PNG file."""
        shown = self.send("browsingContext.captureScreenshot", context=self.tab)
        path.write_bytes(base64.b64decode(shown["data"]))


@contextlib.contextmanager
def firefox() -> Iterator[Firefox]:
    """Start a Firefox with a profile of its own, and end it."""
    program = require()
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as name:
        profile = Path(name)
        lines = (
            f"user_pref({json.dumps(key)}, {json.dumps(value)});"
            for key, value in PREFERENCES.items()
        )
        (profile / "user.js").write_text("\n".join(lines) + "\n", encoding="utf-8")
        log = profile / "log.txt"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [
                    *(program, "--headless", "--no-remote", "--remote-debugging-port", "0"),
                    *("--profile", name, "about:blank"),
                ],
                stdout=stream,
                stderr=subprocess.STDOUT,
                env={**os.environ, "MOZ_CRASHREPORTER_DISABLE": "1", "HOME": name},
            )
        try:
            with connect(f"{listening(process, log)}/session", max_size=None) as wire:
                yield Firefox(wire)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def listening(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until Firefox says where it listens."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := LISTENING.search(log.read_text(encoding="utf-8", errors="replace")):
            return found["address"]
        time.sleep(0.05)
    raise FirefoxError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
