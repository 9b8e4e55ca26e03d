"""The clean room: what a cell finds there, what it cannot reach, and what lasts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import room_parts
from coursebook.course.cell import Cell
from coursebook.execute import index, plan
from coursebook.execute.room import NoWallsError, Room
from coursebook.paths import REPOSITORY, Tree

Say = Callable[..., str]
ROOTS = ("bin", "dev", "etc", "home", "lib", "proc", "run", "sbin", "tmp", "usr")


@pytest.fixture(scope="session")
def staged() -> Path:
    return room_parts.staged()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with one package."""
    tree = Tree(tmp_path_factory.mktemp("book"))
    tree.packages.parent.mkdir(parents=True)
    tree.cells.mkdir(parents=True)
    tree.packages.write_text('[tiny."1.0"]\nfiles."tiny.py" = "SIZE = 1\\n"\n', encoding="utf-8")
    folder = index.build(tree).folder
    assert folder
    return folder


def text(outputs: list[dict[str, Any]]) -> str:
    return "".join(
        output["text"] if output["output_type"] == "stream" else str(output) for output in outputs
    )


def speak(room: Room) -> Say:
    def say(source: str, language: str = "bash", status: int = 0) -> str:
        done = room.run(Cell(language, source))
        assert (done.end, done.status) == ("done", status), done
        return text(done.outputs)

    return say


@pytest.fixture(scope="module", params=["walls", "open air"])
def either(request: pytest.FixtureRequest, staged: Path, packages: Path) -> Iterator[Say]:
    """One room for all tests that leave it as it was, of both kinds."""
    with Room("topic", staged, packages, walls=request.param == "walls") as room:
        yield speak(room)


@pytest.fixture(scope="module")
def say(staged: Path, packages: Path) -> Iterator[Say]:
    """One room with walls, for all tests that leave it as it was."""
    with Room("topic", staged, packages) as room:
        yield speak(room)


def test_activation_lasts_from_cell_to_cell_and_ends_with_deactivate(either: Say) -> None:
    either("python3 -m venv --without-pip .venv\nsource .venv/bin/activate")
    assert either("which python").endswith("/home/learner/topic/.venv/bin/python\n")
    assert either("echo ${PATH%%:*}").endswith("/home/learner/topic/.venv/bin\n")
    either("deactivate; rm -r .venv")
    assert ".venv" not in either("which python3; echo ${VIRTUAL_ENV:-none}")


def test_variables_functions_aliases_and_the_folder_last(either: Say) -> None:
    either("greeting=hello; hail() { echo $greeting $1; }; alias hi='hail you'; cd /")
    assert either("hi; pwd") == "hello you\n/\n"
    either("cd - >/dev/null")


def test_the_status_of_a_cell_is_seen_by_the_next(either: Say) -> None:
    assert either("( exit 7 )", status=7) == ""
    assert either("echo $?") == "7\n"


def test_a_message_of_the_shell_reads_as_in_a_terminal(either: Say) -> None:
    assert either("nothing-here", status=127) == "bash: nothing-here: command not found\n"


def test_everything_that_is_printed_comes_in_true_order(either: Say) -> None:
    source = "echo one; echo two >&2; python3 -c \"import os; os.write(2, b'three\\n')\"; echo four"
    assert either(source) == "one\ntwo\nthree\nfour\n"


def test_python_prints_in_true_order_whoever_prints(either: Say) -> None:
    source = (
        "import os, subprocess, sys\n"
        "print('one')\nprint('two', file=sys.stderr)\nos.write(1, b'three\\n')\n"
        "subprocess.run(['echo', 'four'])\nprint('five')"
    )
    assert either(source, "python") == "one\ntwo\nthree\nfour\nfive\n"


def test_python_and_bash_share_their_files(either: Say) -> None:
    either("from pathlib import Path\nPath('note').write_text('from Python\\n');", "python")
    assert either("cat note; rm note") == "from Python\n"


def test_a_cell_may_hold_what_a_shell_or_a_terminal_would_mangle(either: Say) -> None:
    assert either("cat <<'END'\n$HOME `ls` \"${#array[@]}\" {{ x }} äöü €\nEND") == (
        '$HOME `ls` "${#array[@]}" {{ x }} äöü €\n'
    )


def test_a_cell_that_reads_its_input_finds_its_end(either: Say) -> None:
    assert either("cat; read answer; echo $?") == "1\n"
    assert "EOFError" in either("input()", "python", status=1)


def test_a_shell_that_talks_to_nobody_still_ends_its_cells(say: Say) -> None:
    say("exec 8>&1 9>&2 >/dev/null 2>&1")
    assert say("echo lost") == ""
    say("exec >&8 2>&9")
    assert say("echo back") == "back\n"


def test_python_sees_what_a_learner_would_see(say: Say) -> None:
    program = (
        "import os, sys\n"
        "print(sys.path, sys.executable, sys.prefix, sys.base_prefix, sys.argv)\n"
        "print(__name__, sys.stdin.isatty(), sorted(os.environ))\n"
    )
    cell = say(program, "python")
    say(f"cat > typed.py <<'END'\n{program}END")
    # The same, typed at the prompt of python3; bash adds variables of its own.
    typed = say('env -u PWD -u SHLVL -u OLDPWD -u _ python3 -c "$(cat typed.py)"; rm typed.py')
    assert cell == typed.replace("['-c']", "['']")
    assert "/run/cells" not in cell


def test_site_packages_hold_pip_alone(say: Say) -> None:
    listed = say(
        "python3 -c 'import os, site; print(*(name for folder in site.getsitepackages() "
        "if os.path.isdir(folder) for name in os.listdir(folder)))'"
    ).split()
    assert {name.partition("-")[0] for name in listed} == {"pip"}
    assert say("pip list --format freeze").startswith("pip==")
    assert "No module named" in say("import nbclient", "python", status=1)


def test_a_cell_can_import_what_its_own_folder_holds_even_by_the_name_of_ours(say: Say) -> None:
    say("echo 'WHO = \"mine\"' > docutils.py")
    assert say("import docutils; print(docutils.WHO)", "python") == "mine\n"
    say("rm -r docutils.py __pycache__")


def test_leaving_by_an_exception_is_an_error_like_others(say: Say) -> None:
    told = say("import sys\nsys.exit('enough')", "python", status=1)
    assert "SystemExit: enough" in told
    assert "/run/cells" not in told
    assert say("print('alive')", "python") == "alive\n"


def test_the_syntax_of_notebooks_works(say: Say) -> None:
    assert say("%%bash\necho from bash", "python") == "from bash\n"
    assert "['one']" in say("told = !echo one\ntold", "python")
    assert "'text/plain': '3'" in say("import asyncio\nawait asyncio.sleep(0)\n3", "python")


def test_the_learner_is_a_learner(say: Say) -> None:
    assert say("id -un; id -u; hostname; echo $HOME $USER; pwd") == (
        "learner\n1000\nroom\n/home/learner learner\n/home/learner/topic\n"
    )
    assert say("grep -c '^Cap[PE][rf][mf].*[1-9a-f]' /proc/self/status", status=1) == "0\n"


def test_only_listed_variables_come_in(say: Say) -> None:
    seen = set(say("env | cut -d= -f1").split())
    assert seen - {"PWD", "OLDPWD", "SHLVL", "_", "LINES", "COLUMNS"} == set(plan.ENVIRONMENT)


def test_nothing_of_the_builder_is_there(say: Say) -> None:
    hidden = [str(REPOSITORY), str(Path(sys.prefix)), str(Path.home() / ".cache"), "/opt"]
    if not plan.interpreter().system:
        hidden.append(str(plan.interpreter().prefix))
    for place in hidden:
        assert say(f"test -e {place}", status=1) == ""
    listed = set(say("ls /").split())
    assert listed <= {*ROOTS, "lib32", "lib64", "libx32"}
    told = say(
        "ls -la / /usr/local /usr/local/bin ~; df; cat /etc/passwd /etc/hosts; python3 -m site; "
        "python3 -m sysconfig; cat /proc/1/environ /proc/$$/environ 2>/dev/null | tr '\\0' ' '"
    )
    for secret in hidden:
        assert secret not in told
    assert "/home/learner" in told
    names = say("uname -n; python3 -c 'import platform; print(platform.node())'; whoami").split()
    assert names == ["room", "room", "learner"]


def test_there_is_no_network_but_loopback(say: Say) -> None:
    refused = say(
        "import socket\nsocket.create_connection(('192.0.2.1', 80), 5)", "python", status=1
    )
    assert "Network is unreachable" in refused
    served = (
        "import socket, threading\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "client = socket.create_connection(server.getsockname())\n"
        "server.accept()[0].send(b'here')\nprint(client.recv(9))"
    )
    assert say(served, "python") == "b'here'\n"


@pytest.mark.parametrize("place", ["/x", "/usr/x", "/usr/local/bin/x", "/etc/x", "/run/cells/x"])
def test_a_cell_cannot_write_outside_its_home(say: Say, place: str) -> None:
    told = say(f"touch {place}", status=1)
    assert "Read-only file system" in told or "Permission denied" in told


def test_the_learners_index_and_tmp_are_his_to_change(say: Say) -> None:
    say("echo spoilt >> ~/index/wheelhouse/tiny-1.0-py3-none-any.whl; touch /tmp/x")
    assert say("tail -n 1 ~/index/wheelhouse/tiny-1.0-py3-none-any.whl; rm /tmp/x").endswith(
        "spoilt\n"
    )


def test_every_room_gets_an_index_of_its_own(staged: Path, packages: Path) -> None:
    with Room("next", staged, packages) as room:
        assert "spoilt" not in speak(room)("cat ~/index/wheelhouse/tiny-1.0-py3-none-any.whl")


def test_deleting_everything_harms_nobody(staged: Path, packages: Path) -> None:
    ours = REPOSITORY / "pyproject.toml"
    before = ours.read_bytes()
    with Room("topic", staged, packages) as room:
        say = speak(room)
        room.run(Cell("bash", f"rm -rf ~ /bin/* /usr/local /etc /run {REPOSITORY} 2>/dev/null"))
        assert say("ls ~/index /home/learner/topic 2>&1 | wc -l") == "2\n"
        assert say("echo alive") == "alive\n"
    assert ours.read_bytes() == before
    assert Path("/usr/bin/env").exists()
    assert (packages / "wheelhouse").is_dir()


def test_killing_everything_ends_the_cell_alone(staged: Path) -> None:
    with Room("topic", staged, None) as room:
        room.run(Cell("python", "1"))
        assert room.run(Cell("bash", "sleep 60 & kill -9 -1; echo after")).end == "done"
        assert room.run(Cell("python", "1")).end == "died"
        assert room.run(Cell("bash", "ps -e | grep -c sleep")).outputs[0]["text"] == "0\n"


@pytest.mark.parametrize("walls", [True, False])
@pytest.mark.parametrize(
    ("language", "source", "status"),
    [
        ("bash", "echo last words; kill -9 $$", -9),
        ("bash", "echo last words; exit 3", 3),
        ("bash", "exec echo last words", 0),
        ("python", "print('last words'); import os; os._exit(4)", 4),
        ("python", "print('last words'); exit()", 0),
        ("python", "print('last words'); import os, signal; os.kill(os.getpid(), 11)", -11),
    ],
)
def test_the_death_of_an_interpreter_is_told_with_its_last_words(
    staged: Path, walls: bool, language: str, source: str, status: int
) -> None:
    with Room("topic", staged, None, walls=walls) as room:
        done = room.run(Cell(language, source))
    assert (done.end, done.status) == ("died", status)
    # An interactive bash says that it leaves; Python writes each line, as on any terminal.
    assert text(done.outputs).removesuffix("exit\n") == "last words\n"


@pytest.mark.parametrize("walls", [True, False])
def test_no_process_outlives_its_room(staged: Path, walls: bool) -> None:
    mark = f"987{os.getpid()}{int(walls)}"
    with Room("topic", staged, None, walls=walls) as room:
        speak(room)(f"sleep {mark} &")
        assert room_parts.running(mark)
        place = room.place
    assert not room_parts.running(mark)
    assert not place.exists()


def test_a_room_dies_with_its_builder(staged: Path, tmp_path: Path) -> None:
    mark = f"654{os.getpid()}"
    program = (
        "import os, sys\nfrom pathlib import Path\n"
        "from coursebook.course.cell import Cell\nfrom coursebook.execute.room import Room\n"
        "room = Room('topic', Path(sys.argv[1]), None).__enter__()\n"
        f"room.run(Cell('bash', 'sleep {mark} &'))\n"
        "print('up', flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", program, str(staged)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.stdout == "up\n", done.stderr
    for _ in range(100):
        if not room_parts.running(mark):
            break
        subprocess.run(["sleep", "0.05"], check=True)
    assert not room_parts.running(mark)


def test_a_builder_who_is_not_root_gets_the_same_room(staged: Path, tmp_path: Path) -> None:
    """Root plays a plain user, in a user namespace that gives him no power."""
    program = (
        "import os, sys\nfrom pathlib import Path\n"
        "from coursebook.course.cell import Cell\nfrom coursebook.execute.room import Room\n"
        "assert os.geteuid() != 0\n"
        "with Room('topic', Path(sys.argv[1]), None) as room:\n"
        "    done = room.run(Cell('bash', 'id -un; pwd; touch /usr/x; touch ~/x && ls ~'))\n"
        "    print(done.outputs[0]['text'], end='')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", program, str(staged)]
    if os.geteuid() == 0:
        command = ["unshare", "--user", "--map-user=1234", "--map-group=1234", *command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.stdout == (
        "learner\n/home/learner/topic\ntouch: cannot touch '/usr/x': Read-only file system\n"
        "topic  x\n"
    ), done.stderr


def test_a_host_that_refuses_walls_says_so(staged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = plan.walled

    def broken(*arguments: Any) -> dict[str, Any]:
        return whole(*arguments) | {"binds": [("/nowhere-at-all", "/x")]}

    monkeypatch.setattr(plan, "walled", broken)
    with pytest.raises(NoWallsError, match="mount"), Room("topic", staged, None):
        pass
