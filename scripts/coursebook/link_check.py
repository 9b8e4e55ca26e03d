"""Asking servers whether what a link leads to is there: politely, and without believing too much.

Of each server one address at a time is asked, of a few servers at once. ``HEAD`` comes first; a
server that does not like it is asked by ``GET``. A server that is busy is asked again, when it says
or a little later. Only what certainly is not there counts as dead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import urllib3

AT_ONCE = 4
"""Servers that are asked at the same time."""

SECONDS = 20.0
"""How long an answer may take."""

AGAIN = 2
"""How often a server is asked again that is busy or does not answer."""

LONGEST_WAIT = 30
"""Seconds that a busy server may ask us to wait."""

LARGEST = 4_000_000
"""Bytes of a page in which a place is looked for."""

AGENT = "coursebook-links/1 (looks whether the links of a course are alive)"

GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
MOVED = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
BUSY = (429, 500, 502, 503, 504)


class State(Enum):
    """What is known about a link."""

    ALIVE = "alive"
    MOVED = "moved"
    UNSURE = "unsure"
    DEAD = "dead"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class Answer:
    """What a server said.

    Attributes:
        state: What that means for the link.
        words: Why, in a few words; the new address of what has moved.
    """

    state: State
    words: str = ""


class LinkChecker:
    """Asks; keeps its connections for as long as it lives.

    Args:
        backoff: Seconds before a busy server is asked again; twice as many the next time.
    """

    def __init__(self, backoff: float = 2.0) -> None:
        retry = urllib3.Retry(
            total=AGAIN + 5,
            connect=AGAIN,
            read=AGAIN,
            status=AGAIN,
            redirect=5,
            status_forcelist=BUSY,
            backoff_factor=backoff,
            raise_on_status=False,
            raise_on_redirect=False,
            retry_after_max=LONGEST_WAIT,
        )
        self.pool = urllib3.PoolManager(
            num_pools=AT_ONCE * 4,
            retries=retry,
            timeout=urllib3.Timeout(connect=SECONDS, read=SECONDS),
            headers={"User-Agent": AGENT, "Accept": "text/html,*/*;q=0.8"},
        )

    def ask_all(
        self, addresses: Iterable[str], heard: Callable[[str, Answer], None] | None = None
    ) -> dict[str, Answer]:
        """Ask for every address.

        Args:
            addresses: With their fragments, if they have one.
            heard: Is told each answer when it comes, by several threads.
        """
        by_server: dict[str, list[str]] = {}
        for address in addresses:
            by_server.setdefault(urlsplit(address).netloc, []).append(address)

        def ask_server(wanted: list[str]) -> Iterator[tuple[str, Answer]]:
            for address in wanted:
                answer = self.ask(address)
                if heard is not None:
                    heard(address, answer)
                yield address, answer

        with ThreadPoolExecutor(AT_ONCE) as threads:
            found = threads.map(lambda wanted: list(ask_server(wanted)), by_server.values())
            return dict(pair for pairs in found for pair in pairs)

    def ask(self, address: str) -> Answer:
        """Ask for one address."""
        page, fragment = urldefrag(address)
        wanted = unquote(fragment) if fragment and not fragment.startswith(":~:") else ""
        try:
            if not wanted:
                answer = self._judge("HEAD", page)
                if answer.state in (State.ALIVE, State.MOVED):
                    return answer
            return self._judge("GET", page, wanted)
        except urllib3.exceptions.LocationValueError as error:
            return Answer(State.DEAD, f"it is no address: {error}")
        except urllib3.exceptions.HTTPError as error:
            return _failure(error)

    def _judge(self, method: str, page: str, fragment: str = "") -> Answer:
        """Send one question, follow redirects, and look at what comes."""
        response = self.pool.request(method, page, preload_content=False)
        try:
            status = response.status
            if status in GONE:
                return Answer(State.DEAD, _words(status))
            if status >= 400 or status in BUSY:
                return Answer(State.UNSURE, _words(status))
            if fragment and not _has_place(response, fragment):
                return Answer(State.UNSURE, f"the page is there, its place `#{fragment}` is not")
            history = response.retries.history if response.retries else ()
            steps = [step for step in history if step.redirect_location]
            if steps and all(step.status in MOVED for step in steps):
                for step in steps:
                    page = urljoin(page, str(step.redirect_location))
                return Answer(State.MOVED, page)
            return Answer(State.ALIVE)
        finally:
            response.close()


def _has_place(response: urllib3.BaseHTTPResponse, fragment: str) -> bool:
    """Tell whether a page has an element of that name; what is no HTML may have any."""
    if "html" not in response.headers.get("Content-Type", ""):
        return True
    text = response.read(LARGEST).decode("utf-8", "replace")
    name = re.escape(fragment)
    return bool(re.search(rf"""\b(?:id|name)\s*=\s*(?:"{name}"|'{name}'|{name}[\s>])""", text))


def _failure(error: urllib3.exceptions.HTTPError) -> Answer:
    """Judge a question that nobody has answered."""
    cause = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) else error
    if isinstance(cause, urllib3.exceptions.NameResolutionError):
        return Answer(State.UNREACHED, "there is no server of that name")
    if isinstance(cause, urllib3.exceptions.SSLError):
        return Answer(State.UNSURE, f"its certificate is not trusted here: {cause}")
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        return Answer(State.UNREACHED, "its server takes no connection")
    if isinstance(cause, urllib3.exceptions.TimeoutError):
        return Answer(State.UNREACHED, f"no answer in {SECONDS:g} seconds")
    return Answer(State.UNSURE, f"the answer broke off: {cause}")


def _words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
