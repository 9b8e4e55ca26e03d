"""A reader's room: what a cell says while it runs, what it is told, how it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

import room_parts
from coursebook.course.cell import Cell
from coursebook.execute import live_room
from coursebook.execute.live_room import LiveRoom, StartError
from coursebook.execute.room import Execution, Room, RoomClosedError


@dataclass
class Ran:
    """A cell that ran, with all that it said."""

    end: Execution
    messages: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def text(self, *names: str) -> str:
        return "".join(
            message["text"]
            for message in self.messages
            if message["type"] == "stream" and message["name"] in (names or ("stdout", "stderr"))
        )

    def outputs(self) -> list[dict[str, Any]]:
        return [message["output"] for message in self.messages if message["type"] == "output"]

    @property
    def how(self) -> tuple[str, int]:
        return self.end.end, self.end.status


Answer = Callable[[dict[str, Any]], None]


def run(room: LiveRoom, language: str, source: str, answer: Answer = lambda message: None) -> Ran:
    """Run a cell to its end; ``answer`` sees each message when it comes."""
    messages: list[dict[str, Any]] = []

    def listen(message: dict[str, Any]) -> None:
        messages.append(message)
        answer(message)

    started = time.monotonic()
    end = room.run_cell(language, source, listen)
    return Ran(end, messages, time.monotonic() - started)


def stop_at_first_word(room: LiveRoom) -> Answer:
    """Press Stop as soon as the cell says something."""
    return lambda message: room.interrupt() if message["type"] == "stream" else None


def when_it_waits(act: Callable[[], None]) -> Answer:
    """Do something each time the cell waits for input."""
    return lambda message: act() if message == {"type": "waits", "waits": True} else None


@pytest.fixture(params=["walls", "open air"])
def either(request: pytest.FixtureRequest) -> Iterator[LiveRoom]:
    """A room of both kinds."""
    with LiveRoom("topic", room_parts.staged(), None, walls=request.param == "walls") as room:
        yield room


@pytest.fixture(scope="module")
def room() -> Iterator[LiveRoom]:
    """One room for all tests that leave its interpreters alive."""
    with LiveRoom("topic", room_parts.staged(), None) as room:
        yield room


def test_what_a_cell_prints_is_told_while_it_prints(room: LiveRoom) -> None:
    """The cell waits for a file, which the listener makes when it hears of it."""
    heard = room.post / "heard"

    def answer(message: dict[str, Any]) -> None:
        if message.get("text") == "begun\n":
            heard.touch()

    ran = run(room, "bash", "echo begun; until [ -e /run/cells/post/heard ]; do :; done", answer)
    heard.unlink()
    assert ran.how == ("done", 0)


def test_the_outputs_are_those_of_the_build(room: LiveRoom) -> None:
    sources = [
        ("bash", "pwd; id -un; hostname; nothing-here"),
        ("bash", "if"),
        ("bash", 'echo "unclosed'),
        ("bash", "cat <<END\nnever ended"),
        ("bash", "echo one; ) ; echo two"),
        ("bash", "return 3"),
        ("bash", "local x=1; echo ${x:?bad}\necho next"),
        ("bash", "echo $- $0 $# $_ $LINENO ${#BASH_SOURCE[@]}; declare -F; alias; set -o | wc -l"),
        ("bash", "sleep 0 & wait; echo waited"),
        ("bash", "(exit 7)"),
        ("bash", "echo $?"),
        ("bash", "# nothing"),
        ("bash", "env | sort"),
        ("python", "import os, sys\nprint(sys.path, sys.argv, sys.executable, sorted(os.environ))"),
        ("python", "import sys, subprocess\nsubprocess.run(['echo', 'child'])\n1 / 0"),
        ("python", "!echo from the shell; false\n_exit_code"),
        ("python", "told = !echo one\ntold"),
        ("python", "import signal; signal.getsignal(signal.SIGINT)"),
    ]
    with (
        Room("topic", room_parts.staged(), None) as build,
        LiveRoom("topic", room_parts.staged(), None) as live,
    ):
        for language, source in sources:
            built = build.run(Cell(language, source))
            ran = run(live, language, source)
            said = [one["text"] for one in built.outputs if one["output_type"] == "stream"]
            rich = [one for one in built.outputs if one["output_type"] != "stream"]
            # Job numbers apart, which count the processes of a room.
            assert _without_numbers(ran.text()) == _without_numbers("".join(said)), source
            assert ran.outputs() == rich, source
            assert ran.how == (built.end, built.status), source


def _without_numbers(text: str) -> str:
    return "\n".join(
        line.rpartition(" ")[0] if line.startswith("[1] ") else line for line in text.split("\n")
    )


def test_pythons_stderr_is_told_apart_and_everything_keeps_its_order(room: LiveRoom) -> None:
    source = (
        "import logging, os, subprocess, sys\n"
        "print('one'); print('two', file=sys.stderr); print('three')\n"
        "logging.warning('four'); os.system('echo five >&2'); sys.stderr.write('six\\n')\n"
        "print(7);"
    )
    ran = run(room, "python", source)
    assert ran.text() == "one\ntwo\nthree\nWARNING:root:four\nfive\nsix\n7\n"
    assert ran.text("stderr") == "two\nWARNING:root:four\nsix\n"


def test_no_mark_gets_into_a_file_that_takes_the_place_of_stderr(room: LiveRoom) -> None:
    source = (
        "import os, sys\nkept = os.dup(2)\nfile = os.open('told', os.O_CREAT | os.O_RDWR)\n"
        "os.dup2(file, 2); print('to the file', file=sys.stderr); os.dup2(kept, 2)\n"
        "print(repr(open('told').read()))"
    )
    assert run(room, "python", source).text() == "'to the file\\n'\n"


def test_control_characters_and_halves_of_letters_come_through(room: LiveRoom) -> None:
    source = "printf 'gr\\303'; sleep 0.1; printf '\\274n \\377 \\0 \\33[31mred\\33[0m\\0'"
    assert run(room, "bash", source).text() == "grün \ufffd \0 \33[31mred\33[0m\0"


@pytest.mark.parametrize(
    ("language", "source", "said"),
    [
        ("bash", 'read -r -p "Name? " name; echo "<$name>"', "Name? <Ada>\n"),
        ("bash", "head -n 1", "Ada\n"),
        ("bash", "python3 -c 'print(input())'", "Ada\n"),
        ("python", "print(input('Name? '))", "Name? Ada\n"),
        ("python", "import sys; print(sys.stdin.readline().strip())", "Ada\n"),
        ("python", "!head -n 1", "Ada\n"),
        ("python", "from getpass import getpass; print(getpass('Word? '))", "Word? \nAda\n"),
    ],
)
def test_a_cell_that_reads_is_seen_to_wait_and_gets_what_is_typed(
    room: LiveRoom, language: str, source: str, said: str
) -> None:
    ran = run(room, language, source, when_it_waits(lambda: room.give("Ada\n")))
    assert ran.text() == said
    waits = [message["waits"] for message in ran.messages if message["type"] == "waits"]
    assert waits == [True, False]


def test_a_cell_that_computes_or_sleeps_is_not_said_to_wait(room: LiveRoom) -> None:
    ran = run(room, "bash", "sleep 0.4; timeout 0.4 bash -c 'while :; do :; done'")
    assert ran.messages == []


def test_input_can_be_ended(room: LiveRoom) -> None:
    ran = run(room, "bash", "cat; echo over", when_it_waits(room.end_input))
    assert ran.text() == "over\n"
    ran = run(room, "python", "input()", when_it_waits(room.end_input))
    assert ran.outputs()[0]["ename"] == "EOFError"


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("bash", "echo; while :; do :; done; echo not reached"),
        ("bash", "echo; for ((;;)); do ((1)); done; echo not reached"),
        ("bash", "echo; for one in 1 2 3; do sleep 60; done; echo not reached"),
        ("bash", "echo; sleep 60 | cat; echo not reached"),
        ("bash", "echo; sleep 60 || sleep 60 || echo not reached"),
        ("bash", "echo; word=$(sleep 60); echo not reached"),
        ("bash", "echo; (while :; do :; done); echo not reached"),
        ("bash", "echo; while (true); do (true); done; echo not reached"),
        ("bash", "echo; . <(echo 'sleep 60; echo not reached'); echo not reached"),
        ("bash", "f() { while :; do sleep 60; done; }; g() { while f; do f; done; }; echo; g; g"),
        ("bash", "echo; sleep 60 & wait; echo not reached"),
        ("bash", "echo; read -r; echo not reached"),
        ("bash", "echo; while IFS= read -r line; do :; done; echo not reached"),
        ("bash", "echo; select one in a b; do :; done; echo not reached"),
        ("bash", "echo; trap '' INT; sleep 60; trap - INT"),
        ("bash", "echo; python3 -c 'while True: pass'; echo not reached"),
        ("bash", "echo; exec 3>&1; bash -c 'trap : INT; while :; do sleep 60; done'; :"),
        ("python", "print(); import itertools\nfor _ in itertools.count(): pass\nprint('reached')"),
        ("python", "print(); import time; time.sleep(60); print('reached')"),
        ("python", "print(); input(); print('reached')"),
        ("python", "print()\n!sleep 60"),
        ("python", "print(); import subprocess; subprocess.run(['sleep', '60'])"),
        ("python", "import asyncio; print(); await asyncio.sleep(60); print('reached')"),
    ],
)
def test_stop_ends_the_cell_and_keeps_the_state(
    either: LiveRoom, language: str, source: str
) -> None:
    keep, show = ("kept=5", "echo $kept $-") if language == "bash" else ("kept = 5", "print(kept)")
    before = run(either, language, f"{keep}; {show}").text()
    ran = run(either, language, source, stop_at_first_word(either))
    assert ran.how == ("interrupted", 130)
    assert "reached" not in ran.text().replace("not reached\n", "reached", 0)
    assert ran.seconds < 3
    assert run(either, language, show).text() == before


def test_stop_is_quick(room: LiveRoom) -> None:
    for language, source in (
        ("bash", "echo; while :; do :; done"),
        ("python", "print()\nwhile True: pass"),
    ):
        ran = run(room, language, source, stop_at_first_word(room))
        assert ran.seconds < 0.3


def test_what_does_not_give_way_is_killed_and_followed_by_a_new_one(either: LiveRoom) -> None:
    source = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print()"
    source += "\ntime.sleep(60)"
    ran = run(either, "python", source, stop_at_first_word(either))
    assert ran.how == ("died", -9)
    assert run(either, "python", "print('new')").text() == "new\n"


def test_stop_between_two_cells_stops_nothing(either: LiveRoom) -> None:
    for language in ("bash", "python"):
        run(either, language, "kept=5")
        either.interrupt()
        show = "echo $kept" if language == "bash" else "print(kept)"
        assert run(either, language, show).text() == "5\n"


@pytest.mark.parametrize(
    ("language", "source", "status"),
    [
        ("bash", "exit 3", 3),
        ("bash", "exec false", 1),
        ("bash", "kill -9 $$", -9),
        ("bash", "set -e; false", 1),
        ("python", "exit()", 0),
        ("python", "import os; os.kill(os.getpid(), 11)", -11),
    ],
)
def test_an_interpreter_that_died_is_followed_by_a_new_one(
    either: LiveRoom, language: str, source: str, status: int
) -> None:
    run(either, "bash", "touch there; old=1")
    assert run(either, language, source).how == ("died", status)
    assert run(either, "bash", "ls there; pwd").text().startswith("there\n")
    assert run(either, "python", "print(1)").text() == "1\n"


def test_new_interpreters_find_their_folder_after_a_home_that_was_emptied(
    either: LiveRoom,
) -> None:
    folder = run(either, "bash", "pwd").text()
    run(either, "bash", "rm -rf ~ 2>/dev/null")
    assert run(either, "bash", "exit").end.end == "died"
    assert run(either, "python", "exit()").end.end == "died"
    assert run(either, "bash", "pwd; echo kept >file").text() == folder
    assert run(either, "python", "print(open('file').read(), end='')").text() == "kept\n"


def test_where_the_folder_is_shut_a_new_interpreter_starts_near_it(room: LiveRoom) -> None:
    run(room, "bash", "cd ~; mv topic away; touch topic")
    assert run(room, "bash", "exit").how == ("died", 0)
    assert run(room, "bash", "pwd").text() == "/home/learner\n"
    run(room, "bash", "rm topic; mv away topic; cd topic")


def test_an_interpreter_that_dies_between_two_cells_is_replaced(room: LiveRoom) -> None:
    assert run(room, "bash", "(sleep 0.1; kill -9 $$) & echo bye").how == ("done", 0)
    time.sleep(0.3)
    assert run(room, "bash", "echo again").text() == "again\n"


def test_a_cell_that_closes_its_descriptors_still_ends(room: LiveRoom) -> None:
    assert run(room, "bash", "exec 1>&- 2>&-; echo lost").end.end == "done"
    assert run(room, "python", "import os; os.close(1); os.close(2)").end.end == "done"
    room.restart("bash")
    room.restart("python")
    assert run(room, "bash", "echo back").text() == "back\n"
    assert run(room, "python", "print('back')").text() == "back\n"


def test_100_megabytes_are_cut_off_and_the_shell_lives_on(room: LiveRoom) -> None:
    ran = run(room, "bash", "kept=5; head -c 100000000 /dev/zero | tr '\\0' x")
    assert ran.end.end == "too-much"
    assert live_room.PRINTED_CAP <= len(ran.text()) < 2 * live_room.PRINTED_CAP
    assert run(room, "bash", "echo $kept").text() == "5\n"
    ran = run(room, "python", "while True: print('x' * 1000)")
    assert ran.end.end == "too-much"
    assert run(room, "python", "print(1)").text() == "1\n"


def test_a_fork_bomb_stays_inside_and_restart_ends_it() -> None:
    with LiveRoom("topic", room_parts.staged(), None) as room:
        timer = threading.Timer(1.5, room.interrupt)
        timer.start()
        run(room, "bash", "bomb() { bomb | bomb & }; bomb; sleep 60")
        timer.join()
        room.restart("bash")
        ran = run(room, "bash", "ps -e | wc -l")
        assert ran.how == ("done", 0)
        assert int(ran.text().split()[-1]) < 20


def test_a_cell_cannot_fill_the_disk(room: LiveRoom) -> None:
    ran = run(room, "bash", "head -c 1G /dev/zero > big; rm big")
    assert "No space left on device" in ran.text() or "File too large" in ran.text()


def test_restart_ends_a_running_cell_and_forgets_its_variables(either: LiveRoom) -> None:
    run(either, "bash", "old=1; touch file")
    ended: list[Ran] = []
    began = threading.Event()
    cell = threading.Thread(
        target=lambda: ended.append(
            run(either, "bash", "echo; sleep 60", lambda message: began.set())
        )
    )
    cell.start()
    began.wait(10)
    either.restart("bash")
    cell.join()
    assert ended[0].how == ("died", -9)
    assert run(either, "bash", "echo ${old-none} $(ls file)").text() == "none file\n"


def test_python_cells_can_run_in_an_environments_python(room: LiveRoom) -> None:
    ran = run(room, "bash", "python3 -m venv --without-pip .venv; . .venv/bin/activate")
    place = "/home/learner/topic/.venv"
    assert (ran.end.virtual_environment, ran.end.folder) == (place, "/home/learner/topic")
    room.use_python(f"{place}/bin/python")
    program = "import sys; print(sys.executable, sys.prefix, sys.base_prefix)"
    said = run(room, "python", program).text().split()
    assert said[:2] == [f"{place}/bin/python", place]
    assert said[2] != place
    room.use_python(None)
    assert run(room, "python", program).text().split()[0] == room.own_python
    assert run(room, "bash", "deactivate").end.virtual_environment == ""


def test_a_python_that_does_not_start_gives_way_to_the_rooms_own(room: LiveRoom) -> None:
    for wrong in ("/nowhere/python", "/bin/true", "/etc/passwd"):
        with pytest.raises(StartError):
            room.use_python(wrong)
        assert run(room, "python", "import sys; print(sys.executable)").text() == (
            f"{room.own_python}\n"
        )


def test_what_is_said_between_two_cells_is_not_lost(room: LiveRoom) -> None:
    run(room, "bash", "(sleep 0.1; echo late) &")
    time.sleep(0.3)
    assert "late\n" in run(room, "bash", "echo now").text()


def test_a_room_that_is_abandoned_lets_its_cell_go() -> None:
    with LiveRoom("topic", room_parts.staged(), None) as room:
        threading.Timer(0.3, room.abandon).start()
        with pytest.raises(RoomClosedError):
            run(room, "bash", "sleep 60")
