"""Links that lead out of the book: all are found at their lines, and asked for politely."""

from __future__ import annotations

import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from books import Book
from commands import type_in
from coursebook.course.book import read_book
from coursebook.course.external_links import addresses, external_links
from coursebook.link_check import LinkChecker, State


@dataclass
class Server:
    """A server that answers as a path says, and remembers what it was asked."""

    address: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    now: int = 0
    most: int = 0


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on loopback."""
    seen = Server()
    lock = threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def answer(self) -> None:
            with lock:
                seen.asked.append((self.command, self.path))
                seen.agents.add(self.headers["User-Agent"])
                seen.now += 1
                seen.most = max(seen.most, seen.now)
                before = seen.asked.count((self.command, self.path))
            status, head, body = 200, {"Content-Type": "text/html"}, b""
            if self.path == "/gone":
                status = 404
            elif self.path == "/moved":
                status, head["Location"] = 301, "/here"
            elif self.path == "/busy" and before == 1:
                status, head["Retry-After"] = 429, "0"
            elif self.path == "/no-head" and self.command == "HEAD":
                status = 405
            elif self.path == "/forbidden":
                status = 403
            elif self.path == "/places":
                body = b'<h2 id="there">x</h2>'
            self.send_response(status)
            for name, text in {**head, "Content-Length": str(len(body))}.items():
                self.send_header(name, text)
            with lock:
                # Whoever has the answer may ask the next before this thread goes on.
                seen.now -= 1
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET = answer  # noqa: N815 - names of the library

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        seen.address = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield seen
        running.shutdown()
        thread.join()


def test_what_a_server_says_is_judged_with_care(server: Server) -> None:
    wanted = {
        "/here": State.ALIVE,
        "/gone": State.DEAD,
        "/moved": State.MOVED,
        "/busy": State.ALIVE,
        "/no-head": State.ALIVE,
        "/forbidden": State.UNSURE,
        "/places#there": State.ALIVE,
        "/places#nowhere": State.UNSURE,
    }
    links = [server.address + path for path in wanted]
    answers = LinkChecker(backoff=0).ask_all(links)
    assert {path: answers[server.address + path].state for path in wanted} == wanted
    assert answers[server.address + "/moved"].words == server.address + "/here"
    assert server.most == 1, "one question at a time"
    assert all("coursebook" in agent for agent in server.agents)
    asked = Counter(server.asked)
    assert asked["GET", "/here"] == 0, "the head is enough"
    assert asked["HEAD", "/busy"] == 2, "a busy server is asked again"


def test_a_server_that_is_not_there_is_told_from_one_that_says_no() -> None:
    (answer,) = LinkChecker(backoff=0).ask_all(["http://127.0.0.1:9/"]).values()
    assert answer.state is State.UNREACHED


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](https://a.org/b_(c)).", ["https://a.org/b_(c)"]),
        ("See <https://a.org/b#c>, https://b.org/d, or (https://c.org).",
         ["https://a.org/b#c", "https://b.org/d", "https://c.org"]),
        (":source: https://a.org/issues/1", ["https://a.org/issues/1"]),
        ('[a](https://a.org "title") [b](b.md)', ["https://a.org"]),
    ],
)  # fmt: skip
def test_an_address_ends_where_its_link_does(text: str, found: list[str]) -> None:
    assert list(addresses(text)) == found


def test_dead_links_are_told_with_all_their_lines(book: Book, server: Server) -> None:
    here = server.address
    book.write("book/_part.md", f"From an [included file]({here}/gone).\n")
    book.chapter(
        "a",
        f"# A\n\n{{% if slide %}}\n[on a slide]({here}/gone)\n{{% endif %}}\n"
        f"[good]({here}/here), `{here}/in-code`\n\n```bash\ncurl {here}/in-a-block\n```\n\n"
        "```{include} _part.md\n```\n\n"
        f":::{{admonition}} Box\n[moved]({here}/moved) and [no]({here}/forbidden)\n:::\n",
    )
    links = external_links(book.tree, read_book(book.tree))
    assert {address.removeprefix(here) for address in links} == {
        *("/gone", "/here", "/moved", "/forbidden"),
    }
    answer = type_in("links", book.root)
    assert answer.returncode == 1, answer.stderr
    dead = [line for line in answer.stderr.splitlines() if "[dead-link]" in line]
    places = [line.partition(": ")[0] for line in dead]
    assert places == ["book/_part.md:1", "book/a.md:4"]
    assert "404 Not Found" in dead[0]
    assert "has moved for good [moved-link]" in answer.stderr
    assert f"write {here}/here" in answer.stderr
    assert "could not be judged: 403 Forbidden [unsure-link]" in answer.stderr


def test_without_a_network_nothing_is_called_dead(book: Book) -> None:
    book.chapter("a", "# A\n\n[away](http://127.0.0.1:9/)\n")
    answer = type_in("links", book.root)
    assert answer.returncode == 3, answer.stderr
    assert "0 of 1 servers answer: this verb needs the network" in answer.stderr
    assert "dead" not in answer.stderr
