"""The machine of this book runs cells: its snapshot is restored in Node, and asked.

Node stands for the browser here: the same v86, the same packs, the same bells and marks. What the
page makes of them is tested in a browser.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from coursebook.execute.plan import ENVIRONMENT
from coursebook.machine import manifest, snapshot, tools
from coursebook.machine.make import facts
from coursebook.paths import FRONTEND, REPOSITORY, Tree

Answer = dict[str, Any]
Ask = Callable[..., list[Answer]]

CTRL_C = "\x03"


def bash(source: str, **more: Any) -> dict[str, Any]:
    return {"language": "bash", "cell": source, **more}


def python(source: str, **more: Any) -> dict[str, Any]:
    return {"language": "python", "cell": source, **more}


def streams(answer: Answer) -> list[tuple[str, str]]:
    return [
        (output["name"], output["text"])
        for output in answer["outputs"]
        if output["output_type"] == "stream"
    ]


def printed(answer: Answer) -> str:
    return "".join(text for name, text in streams(answer) if name == "stdout")


@pytest.fixture(scope="module")
def ask(machine_folder: Path) -> Ask:
    """Restores the machine for each call, and does some steps in it."""
    had = tools.fetch(Tree(REPOSITORY).machine / "tools")

    def answers(*steps: Mapping[str, Any]) -> list[Answer]:
        answered: list[Answer] = snapshot.run_steps(machine_folder, had, steps)["answers"]
        return answered

    return answers


def test_what_a_cell_writes_comes_in_order_and_stderr_is_told_apart(ask: Ask) -> None:
    [answer] = ask(bash("echo a; echo b >&2; echo c"))
    assert streams(answer) == [("stdout", "a\n"), ("stderr", "b\n"), ("stdout", "c\n")]
    assert (answer["status"], answer["end"]) == (0, "done")


def test_the_shell_lives_on_and_tells_where_it_stands(ask: Ask) -> None:
    _, last = ask(bash("cd /tmp; word=kept; false"), bash('echo "$word"; (exit 7)'))
    assert printed(last) == "kept\n"
    assert last["status"] == 7
    assert last["at"] == {"virtualEnv": "", "folder": "/tmp"}


def test_python_tells_the_value_of_its_last_line_and_is_fresh(ask: Ask) -> None:
    first, second = ask(
        python("names = sorted(dir())\nprint('text')\n[len(In), Out]"), python("names")
    )
    assert streams(first) == [("stdout", "text\n")]
    assert first["outputs"][-1] == {
        "output_type": "execute_result",
        "data": {"text/plain": "[2, {}]"},
        "metadata": {},
        "execution_count": 1,
    }
    shown = second["outputs"][-1]["data"]["text/plain"]
    assert "warm" not in shown and "'f'" not in shown and "subprocess" not in shown


def test_an_exception_and_what_is_displayed_are_outputs_of_their_own(ask: Ask) -> None:
    _, shown, failed = ask(
        python("from IPython.display import HTML, display"),
        python("import sys\nprint('1')\ndisplay(HTML('<b>2</b>'))\nprint('3', file=sys.stderr)"),
        python("1 / 0"),
    )
    kinds = [output.get("text") or output["data"]["text/html"] for output in shown["outputs"]]
    assert kinds == ["1\n", "<b>2</b>", "3\n"]
    [error] = failed["outputs"]
    assert (error["output_type"], error["ename"]) == ("error", "ZeroDivisionError")
    assert (failed["status"], failed["end"]) == (1, "done")


def test_tools_of_cells_stand_where_the_build_has_them(ask: Ask) -> None:
    checked, tested = ask(
        bash("printf 'import os\\n' > a.py; ruff check --output-format concise a.py"),
        bash(
            "cd /tmp; echo 'def test(): assert 1' > test_a.py; pytest -q; realpath $(which pytest)"
        ),
    )
    assert printed(checked).startswith("a.py:1:8: F401")
    assert "1 passed" in printed(tested)
    assert printed(tested).endswith("/opt/tools/pytest/bin/pytest\n")


def test_an_environment_made_in_bash_is_what_python_can_be_switched_to(ask: Ask) -> None:
    made, seen, _, switched = ask(
        bash("python3 -m venv --without-pip .venv && source .venv/bin/activate; which python"),
        python("import os, sys\nprint(os.path.exists('.venv/pyvenv.cfg'), sys.prefix)"),
        {"control": "use /home/learner/.venv/bin/python"},
        python("import sys\nprint(sys.prefix, sys.base_prefix)"),
    )
    assert printed(made) == "/home/learner/.venv/bin/python\n"
    assert made["at"]["virtualEnv"] == "/home/learner/.venv"
    assert printed(seen) == "True /usr/local\n"
    assert printed(switched) == "/home/learner/.venv /usr/local\n"


def test_an_interpreter_that_ends_is_followed_by_a_new_one(ask: Ask) -> None:
    left, after, killed, again = ask(
        bash("word=lost; exit 3"),
        bash("echo [$word]"),
        python("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
        python("'back'"),
    )
    assert (left["end"], left["status"]) == ("died", 3)
    assert printed(after) == "[]\n"
    assert (killed["end"], killed["status"]) == ("died", 137)
    assert again["outputs"][0]["data"]["text/plain"] == "'back'"


def test_ctrl_c_ends_a_loop_and_nothing_else(ask: Ask) -> None:
    answers = ask(
        bash("word=kept; while true; do :; done", after=[[400, CTRL_C]], patience=20_000),
        bash("echo $word"),
        python("word = 'kept'\nwhile True: pass", after=[[400, CTRL_C]], patience=20_000),
        python("print(word)"),
    )
    assert [answer["end"] for answer in answers] == ["done"] * 4
    # Of bash, that is: which of its commands Ctrl-C met last decides the status.
    assert answers[0]["status"] in (0, 130)
    assert [printed(answers[1]), printed(answers[3])] == ["kept\n", "kept\n"]
    assert answers[2]["outputs"][-1]["ename"] == "KeyboardInterrupt"


def test_a_cell_reads_what_is_typed_and_root_can_tell_that_it_waits(ask: Ask) -> None:
    read, asked = ask(
        bash("read -r answer; echo got $answer", after=[[300, "forty two\n"]]),
        python("print('hi', input('name? '))", after=[[300, "Ada\n"]]),
    )
    assert printed(read) == "got forty two\n"
    assert printed(asked).endswith("hi Ada\n")


def test_root_can_tell_that_a_cell_waits_for_input(ask: Ask) -> None:
    looping, waiting = ask(
        bash("sleep 2", meanwhile=[600, "waits bash"]),
        bash("cat >/dev/null", meanwhile=[600, "waits bash"], after=[[1500, "\x04"]]),
    )
    assert (looping["meanwhile"], waiting["meanwhile"]) == ("0", "1")


def test_a_long_cell_is_run_to_its_last_line(ask: Ask) -> None:
    lines = "".join(f"# {number} {'x' * 30}\n" for number in range(600))
    [answer] = ask(bash(f"{lines}echo ${{#lines}} end"))
    assert len(lines) > 20_000
    assert printed(answer) == "0 end\n"


def test_the_learner_finds_the_room_that_the_build_has(ask: Ask) -> None:
    [answer] = ask(
        bash("hostname; whoami; stty size <&1; which python3 pip uv; env -0 | tr '\\0' '\\n'")
    )
    host, user, size, *rest = printed(answer).splitlines()
    assert (host, user, size) == ("room", "learner", "40 100")
    assert rest[:3] == ["/usr/local/bin/python3", "/usr/local/bin/pip", "/usr/local/bin/uv"]
    found = dict(line.split("=", 1) for line in rest[3:])
    assert {name: found[name] for name in ENVIRONMENT} == dict(ENVIRONMENT)
    assert set(found) - set(ENVIRONMENT) == {"PWD", "SHLVL", "_"}


def test_the_clock_goes_on_and_chance_is_everybodys_own(ask: Ask) -> None:
    source = python("import os, time\nprint(os.urandom(8).hex(), time.time())")
    first, _, second = (
        printed(one) if "outputs" in one else "" for one in ask(source, {"restart": True}, source)
    )
    assert first.split()[0] != second.split()[0]
    assert 0 < float(second.split()[1]) - float(first.split()[1]) < 600


def test_a_machine_is_what_its_manifest_names(machine_folder: Path) -> None:
    told = manifest.check(machine_folder)
    assert machine_folder.name == manifest.name(machine_folder)
    assert all((machine_folder / name).is_file() for name in manifest.files(machine_folder))
    assert sum(pack["bytes"] for pack in told["parts"]["packs"]) > 10_000_000
    parts = {part["name"] for part in facts(machine_folder)["packages"]}
    assert {"ipython", "uv", "v86", "seabios", "busybox-static", "python3.13"} <= parts
    assert all(
        (machine_folder / part["licence"]).stat().st_size > 100
        for part in facts(machine_folder)["packages"]
    )


def test_the_emulator_has_places_for_all_that_a_long_visit_compiles(machine_folder: Path) -> None:
    compiler = FRONTEND / "live/engines/machine/compiler.js"
    script = f"""
import fs from "node:fs";
const {{ tuneCompiler }} = await import({json.dumps(compiler.as_uri())});
const module = await WebAssembly.compile(fs.readFileSync("v86.wasm"));
const table = new WebAssembly.Table({{ element: "anyfunc", initial: 1924 }});
const env = {{}};
for (const {{ name, kind }} of WebAssembly.Module.imports(module)) {{
  env[name] = kind === "table" ? table : () => 0;
}}
const {{ exports }} = await WebAssembly.instantiate(module, {{ env }});
exports.rust_init();
tuneCompiler({{ wm: {{ wasm_table: table }} }}, exports);
console.log(table.length - 1924 + 899, exports.get_jit_config(1));
"""
    node = tools.fetch(Tree(REPOSITORY).machine / "tools").node
    answer = subprocess.run(
        [node, "--input-type=module", "--eval", script],
        cwd=machine_folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["2400", "1"]
