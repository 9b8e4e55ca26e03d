"""Who may run cells on this computer: whoever opened the address that the window shows.

The address holds a token, made anew at each start. It is exchanged at once for a cookie that no
script can read and no other site can send, and the browser is led on to the clean address. Only
with that cookie, from a page of ours, and under a name of ours does a cell run. The token stands in
no file and no page, so that nobody else on this computer gets it by asking the server.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

REFUSED = 4403
"""Code by which a connection is closed that may not run cells (RFC 6455 leaves 4000 to 4999 to
applications)."""

STRANGER = "To run cells on this computer, open the address that course.py serve printed."
"""What a page without the cookie is told."""

FOREIGN = "Only a page of this book runs cells on this computer."
"""What a page of somebody else is told."""


class Guard:
    """The token of one start, and the browsers that showed it.

    Args:
        names: Names of this server as a browser writes them, such as ``127.0.0.1:8000``.
    """

    def __init__(self, names: tuple[str, ...], port: int) -> None:
        self.names = names
        # Cookies know no ports: a second book on another one must not replace this one's.
        self.cookie = f"cb-local-{port}"
        self.token = secrets.token_urlsafe(32)
        self.tickets: set[str] = set()
        self.sessions: set[str] = set()

    def ticket(self) -> str:
        """Return a token that opens once.

        It is for the browser that is started by us: every user of this computer sees the
        arguments of a command.
        """
        ticket = secrets.token_urlsafe(32)
        self.tickets.add(ticket)
        return ticket

    def admit(self, token: str) -> str | None:
        """Exchange a token for the cookie's value; None if it is not right."""
        known = [one for one in (self.token, *self.tickets) if _equal(one, token)]
        if not known:
            return None
        self.tickets.discard(known[0])
        session = secrets.token_urlsafe(32)
        self.sessions.add(session)
        return session

    def session(self, cookies: Mapping[str, str]) -> str | None:
        """Return the session that a browser belongs to, or None."""
        shown = cookies.get(self.cookie, "")
        return next((one for one in self.sessions if _equal(one, shown)), None)

    def refusal(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> str | None:
        """Return why a connection may not run cells; None if it may.

        Args:
            headers: Of the request that opened it. A browser writes ``Origin`` itself, and a page
                cannot change it.
            cookies: Of the same request.
        """
        host = headers.get("host", "").lower()
        if host not in self.names or headers.get("origin", "").lower() != f"http://{host}":
            return FOREIGN
        return None if self.session(cookies) else STRANGER


def _equal(one: str, other: str) -> bool:
    """Compare in a time that tells nothing of where they differ."""
    return secrets.compare_digest(one.encode(), other.encode())
