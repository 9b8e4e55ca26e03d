"""The local engine: who may run cells on the author's computer, in which room, and for how long."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

import room_parts
from books import Book
from coursebook.serving.guard import FOREIGN, REFUSED, STRANGER, Guard
from coursebook.serving.rooms import CROWDED, FULL, IDLE, NoRoomError, Rooms
from coursebook.serving.server import CELLS
from local_line import Visit, cookie_of, visit
from serving_books import WAIT, Served, serve

CELL = (
    "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n# One\n\n```{code-cell}\npwd\n```\n"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that do not end it."""
    book = Book(tmp_path_factory.mktemp("served"))
    book.chapter("one", CELL)
    with serve(book) as running:
        yield running


@pytest.fixture
def page(served: Served) -> Iterator[Visit]:
    """A page of a browser that has not been here before."""
    with visit(served.address, cookie_of(served.address)) as opened:
        yield opened


def text(page: Visit, source: str, chapter: str = "part/one", language: str = "bash") -> str:
    """Run a cell on a page and return what it printed."""
    topic = chapter.rpartition("/")[2]
    number = page.say("run", language=language, source=source, chapter=chapter, topic=topic)
    said = ""
    while True:
        message = page.hear()
        if message["type"] == "stream":
            said += message["text"]
        if message.get("id") == number:
            assert (message["type"], message["end"]) == ("result", "done"), message
            return said


def gone(mark: str) -> bool:
    """Wait until no process has a word among its arguments."""
    end = time.monotonic() + WAIT
    while room_parts.running(mark) and time.monotonic() < end:
        time.sleep(0.05)
    return not room_parts.running(mark)


# Who may run cells


def test_the_token_is_exchanged_for_a_cookie_that_no_script_and_no_site_gets(
    served: Served,
) -> None:
    status, headers, body = served.get(f"/one.html?token={served.token}")
    assert (status, headers["location"], body) == (303, "/one.html", "")
    assert headers["referrer-policy"] == "no-referrer"
    name, *flags = headers["set-cookie"].split("; ")
    port = served.name.partition(":")[2]
    assert name.startswith(f"cb-local-{port}=")
    assert set(flags) == {"HttpOnly", "SameSite=strict", "Path=/_coursebook"}
    assert served.token not in name


def test_the_cookie_opens_the_local_engine_and_nothing_else_does(served: Served) -> None:
    cookie = cookie_of(served.address)
    _, _, body = served.get(CELLS, Cookie=cookie)
    assert json.loads(body)["can"] is True
    for wrong in ("", f"{cookie.partition('=')[0]}={served.token}", f"{cookie}x"):
        _, _, body = served.get(CELLS, Cookie=wrong)
        assert json.loads(body) == {"can": False, "why": STRANGER}
        assert served.refusal(f"http://{served.name}", wrong) == (REFUSED, STRANGER)


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://{}", "http://localhost", "http://{}0"]
)
def test_a_page_of_somebody_else_runs_nothing_even_with_the_cookie(
    served: Served, origin: str | None
) -> None:
    foreign = origin and origin.format(served.name)
    assert served.refusal(foreign, cookie_of(served.address)) == (REFUSED, FOREIGN)


def test_the_address_of_an_earlier_start_opens_nothing(served: Served) -> None:
    status, headers, body = served.get("/?token=of-yesterday")
    assert status == 403
    assert "set-cookie" not in headers
    assert STRANGER in body


def test_a_foreign_host_is_refused(served: Served) -> None:
    cookie = cookie_of(served.address)
    for path in ("/", CELLS, f"/?token={served.token}"):
        status, headers, _ = served.get(path, Host="evil.example", Cookie=cookie)
        assert status == 400
        assert "set-cookie" not in headers
    host, port = served.name.split(":")
    with (
        pytest.raises(InvalidStatus, match="400"),
        connect(
            f"ws://evil.example:{port}{CELLS}",
            sock=socket.create_connection((host, int(port))),
            origin=Origin(f"http://evil.example:{port}"),
            additional_headers={"Cookie": cookie},
        ),
    ):
        pass


def test_the_token_stands_in_no_page_no_file_and_once_in_the_window(served: Served) -> None:
    cookie = cookie_of(served.address)
    secret = cookie.partition("=")[2]
    for path in ("/", "/one.html", "/nowhere", "/_coursebook/listen.js", "/?token=wrong"):
        _, headers, body = served.get(path, Cookie=cookie)
        assert served.token not in body + str(headers)
        assert secret not in body + str(headers)
    with visit(served.address, cookie) as page:
        text(page, "echo")
    for file in served.book.root.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert served.token.encode() not in content, file
            assert secret.encode() not in content, file
    assert sum(served.token in line for line in served.lines) == 1
    assert not any(secret in line for line in served.lines)


def test_a_page_without_the_cookie_is_served_and_knows_of_the_engine(served: Served) -> None:
    status, _, body = served.get("/one.html")
    assert status == 200
    assert f'<meta name="cb-local-engine" content="{CELLS}">' in body
    assert f"connect-src 'self' ws://{served.name} ws://localhost:" in body
    built = (served.book.tree.site / "one.html").read_text(encoding="utf-8")
    assert "cb-local-engine" not in built


def test_no_other_site_can_show_a_page_of_ours(served: Served) -> None:
    for path in ("/", "/one.html", "/nowhere", CELLS, "/_coursebook/listen.js", "/?token=x"):
        _, headers, _ = served.get(path)
        assert headers["content-security-policy"] == "frame-ancestors 'self'"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["x-content-type-options"] == "nosniff"


def test_files_that_are_named_by_their_hash_may_be_kept_for_ever(served: Served) -> None:
    _, _, body = served.get("/one.html")
    found = re.search(r"live/[0-9a-f]{12}/start\.js", body)
    assert found
    _, headers, _ = served.get(f"/{found[0]}", Range="bytes=0-9")
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]
    assert headers["content-range"].startswith("bytes 0-9/")
    for path in ("/one.html", "/live/0123456789ab/nowhere.js"):
        assert served.get(path)[1]["cache-control"] == "no-cache"


def test_a_ticket_opens_once_and_the_token_again_and_again() -> None:
    guard = Guard(("127.0.0.1:1",), 1)
    ticket = guard.ticket()
    assert guard.admit(ticket)
    assert guard.admit(ticket) is None
    assert guard.admit("") is None
    sessions = {guard.admit(guard.token), guard.admit(guard.token)}
    assert len(sessions) == 2
    assert None not in sessions


# Rooms


def test_cells_of_a_page_run_in_the_chapters_own_folder(page: Visit) -> None:
    assert text(page, "pwd; id -un; hostname; ls ~/index 2>&1 | wc -l") == (
        "/home/learner/one\nlearner\nroom\n1\n"
    )
    assert text(page, "import os; print(os.getcwd())", language="python") == "/home/learner/one\n"


def test_two_chapters_do_not_see_each_other(page: Visit) -> None:
    text(page, "mine=1; touch ~/mine")
    assert text(page, "echo ${mine-none}; ls -m ~", chapter="part/two") == "none\ntwo\n"
    assert text(page, "echo $mine; ls -m ~") == "1\nmine, one\n"


def test_a_reload_of_the_page_keeps_the_state_and_another_browser_begins_anew(
    served: Served,
) -> None:
    cookie = cookie_of(served.address)
    with visit(served.address, cookie) as page:
        text(page, "kept=5; touch kept")
        assert page.run("bash", ":", "part/one")["end"] == "done"
    with visit(served.address, cookie) as page:
        page.say("open", chapter="part/one", topic="one")
        state = page.hear(type="state")
        assert (state["chapter"], state["ran"], state["restored"]) == ("part/one", 2, True)
        assert text(page, "echo $kept; ls") == "5\nkept\n"
    with visit(served.address, cookie_of(served.address)) as other:
        assert text(other, "echo ${kept-none}; ls") == "none\n"


def test_a_reset_gives_a_new_room_and_ends_the_cell_that_runs(page: Visit) -> None:
    text(page, "touch old")
    number = page.say(
        "run", language="bash", source="echo up; sleep 60", chapter="part/one", topic="one"
    )
    page.hear(type="stream", text="up\n")
    page.say("reset")
    assert page.hear(id=number)["end"] == "lost"
    assert text(page, "ls") == ""


def test_two_cells_at_once_run_one_after_the_other(page: Visit) -> None:
    several = [
        page.say("run", language="bash", chapter="c", topic="c", source=f"echo {number}; sleep 0.1")
        for number in range(10)
    ]
    assert [page.hear(type="stream")["text"] for _ in several] == [f"{n}\n" for n in range(10)]


def test_a_second_page_of_a_chapter_waits_for_the_first_and_can_give_up(served: Served) -> None:
    cookie = cookie_of(served.address)
    words = {"language": "bash", "chapter": "c", "topic": "c"}
    with visit(served.address, cookie) as one, visit(served.address, cookie) as two:
        first = one.say("run", source="echo up; read line; echo $line", **words)
        one.hear(type="stream", text="up\n")
        second = two.say("run", source="echo second", **words)
        assert "another page" in two.hear(type="trouble")["message"]
        two.say("interrupt")
        assert two.hear(id=second)["end"] == "interrupted"
        third = two.say("run", source="echo third", **words)
        one.say("input", text="typed\n")
        assert one.hear(type="stream")["text"] == "typed\n"
        assert one.hear(id=first)["end"] == "done"
        assert two.hear(type="stream")["text"] == "third\n"
        assert two.hear(id=third)["end"] == "done"


def test_a_page_that_goes_away_stops_its_cell(served: Served) -> None:
    cookie = cookie_of(served.address)
    with visit(served.address, cookie) as page:
        page.say("run", language="bash", chapter="c", topic="c", source="a=1; echo; sleep 7654321")
        page.hear(type="stream")
        assert room_parts.running("7654321")
    assert gone("7654321")
    with visit(served.address, cookie) as page:
        assert text(page, "echo $a", chapter="c") == "1\n"


def test_the_python_of_the_cells_can_be_changed(page: Visit) -> None:
    text(page, "python3 -m venv --without-pip .venv; . .venv/bin/activate")
    number = page.say("use-python", program="/home/learner/one/.venv/bin/python")
    state = page.hear(type="state")
    assert state["python"] == {
        "program": "/home/learner/one/.venv/bin/python",
        "active": None,
    }
    assert page.hear(id=number)["type"] == "done"
    program = "import sys; print(sys.prefix)"
    assert text(page, program, language="python") == "/home/learner/one/.venv\n"
    number = page.say("use-python", program="/nowhere")
    assert page.hear(id=number)["message"] == "/nowhere did not start."
    assert text(page, program, language="python") == "/usr/local\n"


def test_a_message_that_is_not_understood_harms_nothing(page: Visit) -> None:
    page.line.send("[]")
    page.line.send('{"do": "fly"}')
    number = page.say("run", language="bash", source="pwd", chapter="x", topic="../../etc")
    assert page.hear(id=number)["type"] == "failed"
    number = page.say("run", language="bash")
    assert page.hear(id=number)["type"] == "failed"
    assert text(page, "echo still here") == "still here\n"


def test_the_reader_is_told_that_his_room_is_gone(page: Visit) -> None:
    for number in range(9):
        text(page, f"mine={number}", chapter=f"chapter-{number}")
    words = {"language": "bash", "chapter": "chapter-0", "topic": "chapter-0"}
    page.say("run", source="echo ${mine-none}", **words)
    assert page.hear(type="trouble")["message"] == CROWDED
    assert page.hear(type="stream")["text"] == "none\n"


def test_a_wrong_index_is_told_in_one_sentence(served: Served, page: Visit) -> None:
    wrong = served.book.write("book/_index/packages.toml", "not toml")
    number = page.say("run", language="bash", source="pwd", chapter="c", topic="c")
    answer = page.hear(id=number)
    wrong.unlink()
    assert answer["type"] == "failed"
    assert answer["message"].startswith("The book's package index is wrong: ")
    assert "packages.toml" in answer["message"]


# Ends


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_rooms_end_with_the_server_however_it_ends(
    tmp_path: Path, number: signal.Signals
) -> None:
    book = Book(tmp_path / "book")
    mark = f"76543{int(number)}"
    with serve(book, until="serving") as running, contextlib.ExitStack() as stack:
        page = stack.enter_context(visit(running.address, cookie_of(running.address)))
        page.say("run", language="bash", chapter="c", topic="c", source=f"echo; sleep {mark}")
        page.hear(type="stream")
        running.process.send_signal(number)
        with pytest.raises(ConnectionClosed):
            page.hear(type="nothing")
        running.process.wait(WAIT)
        assert gone(mark)
    said = "".join(running.lines)
    assert not [part for part in ("warden.py", "live_room.py", "cells.py") if part in said]


@pytest.fixture
def few(tmp_path: Path) -> Iterator[Rooms]:
    """Place for two rooms."""
    book = Book(tmp_path / "book")
    room_parts.lend(book.tree.cells)
    rooms = Rooms(book.tree, most=2)
    rooms.walls = True
    yield rooms
    rooms.close()


def test_the_room_that_was_not_used_for_the_longest_time_makes_place(few: Rooms) -> None:
    one, two = few.enter("me", "one", "one"), few.enter("me", "two", "two")
    assert few.enter("me", "one", "one") is one
    with few.guest(one):
        few.enter("me", "three", "three")
    assert two.ended
    assert few.find("me", "two") is None
    assert few.farewell("me", "two") == CROWDED
    assert few.farewell("me", "two") is None
    assert few.find("me", "one") is one


def test_no_room_is_taken_from_a_cell_that_runs(few: Rooms) -> None:
    one, two = few.enter("me", "one", "one"), few.enter("me", "two", "two")
    with few.guest(one), few.guest(two), pytest.raises(NoRoomError, match=re.escape(FULL)):
        few.enter("me", "three", "three")


def test_a_room_that_nobody_uses_is_ended(tmp_path: Path) -> None:
    book = Book(tmp_path / "book")
    room_parts.lend(book.tree.cells)
    rooms = Rooms(book.tree, idle=0.2)
    rooms.walls = True
    lodging = rooms.enter("me", "one", "one")
    with rooms.guest(lodging):
        time.sleep(0.5)
        assert not lodging.ended
    end = time.monotonic() + WAIT
    while not lodging.ended and time.monotonic() < end:
        time.sleep(0.02)
    assert rooms.farewell("me", "one") == IDLE
    rooms.close()
