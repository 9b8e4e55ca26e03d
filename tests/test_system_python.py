"""Where the machine has its system's Python alone, the cells find it by the names of the course."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import room_parts
from coursebook.course.cell import Cell
from coursebook.execute import plan
from coursebook.execute.room import Room


def system_python() -> plan.Interpreter:
    """Return the Python that stands in /usr."""
    program = shutil.which("python3", path="/usr/bin")
    assert program, "the rooms of other machines are tried with /usr/bin/python3: install it"
    version = subprocess.run(
        [program, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    return plan.Interpreter(Path(program).resolve(), Path("/usr"), version, system=True)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    staged = room_parts.staged()
    found = system_python()
    monkeypatch.setattr(plan, "interpreter", lambda: found)
    return Room("topic", staged, None)


def test_a_virtual_environment_can_be_made_by_hand_from_the_name_in_the_course(room: Room) -> None:
    with room:
        done = room.run(
            Cell(
                "bash",
                "mkdir -p hand/bin && ln -s /usr/local/bin/python3 hand/bin/python\n"
                'echo "home = /usr/local/bin" > hand/pyvenv.cfg\n'
                "hand/bin/python -c 'import sys; print(sys.prefix, sys.base_prefix)'",
            )
        )
    text = "".join(output["text"] for output in done.outputs)
    assert (done.status, text) == (0, "/home/learner/topic/hand /usr\n")
