"""Running the cells of a book: once, kept, and every mistake told at its line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import room_parts
from coursebook import execute
from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence
from coursebook.execute import cache, plan, runner
from coursebook.paths import REPOSITORY, Tree
from coursebook.problems import CourseError, Problem

TOPIC = "book/part/topic.md"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    made = Tree(tmp_path / "a-book")
    room_parts.lend(made.cells)
    return made


def bash(*sources: str, path: str = TOPIC) -> CellSequence:
    return CellSequence(path, tuple(Cell("bash", source) for source in sources))


def texts(tree: Tree, sequence: CellSequence) -> list[str]:
    return [
        "".join(output.get("text", "") for output in outputs)
        for outputs in execute.outputs(tree, sequence)
    ]


def problem(tree: Tree, cell: Cell) -> Problem:
    with pytest.raises(CourseError) as caught:
        execute.run(tree, [CellSequence(TOPIC, (cell,))])
    (found,) = caught.value.problems
    return found


def test_cells_run_in_order_in_one_room_and_their_outputs_are_kept(tree: Tree) -> None:
    cells = (
        Cell("bash", "echo 'x = 20' > told.py"),
        Cell("python", "import told\ntold.x + 1"),
        Cell("bash", "ls -d told.py"),
    )
    sequence = CellSequence(TOPIC, cells)
    report = execute.run(tree, [sequence])
    assert (report.ran, report.interpreters) == (1, 2)
    first, second, third = execute.outputs(tree, sequence)
    assert first == []
    assert second[0]["output_type"] == "execute_result"
    assert second[0]["data"] == {"text/plain": "21"}
    assert third == [{"output_type": "stream", "name": "stdout", "text": "told.py\n"}]


def test_equal_cells_run_once_and_lines_do_not_matter(tree: Tree) -> None:
    here, there = (
        CellSequence(TOPIC, (Cell("bash", "echo $RANDOM", line=line),)) for line in (8, 80)
    )
    report = execute.run(tree, [here, there])
    assert (report.sequences, report.ran, report.interpreters) == (1, 1, 1)
    assert texts(tree, here) == texts(tree, there)


def test_nothing_is_started_when_nothing_changed(tree: Tree) -> None:
    sequence = bash("echo $RANDOM")
    execute.run(tree, [sequence])
    before = texts(tree, sequence)
    said: list[str] = []
    report = execute.run(tree, [sequence], progress=said.append)
    assert (report.sequences, report.ran, report.interpreters, said) == (1, 0, 0, [])
    assert texts(tree, sequence) == before


@pytest.mark.parametrize(
    "changed",
    [
        CellSequence(TOPIC, (Cell("bash", "echo b"),)),
        CellSequence(TOPIC, (Cell("python", "echo a"),)),
        CellSequence(TOPIC, (Cell("bash", "echo a", ("raises-exception",)),)),
        CellSequence(TOPIC, (Cell("bash", "echo a", timeout=3),)),
        CellSequence(TOPIC, (Cell("bash", "echo a", masks=("a",)),)),
        CellSequence("book/part/other.md", (Cell("bash", "echo a"),)),
    ],
)
def test_whatever_decides_an_output_decides_its_name(changed: CellSequence) -> None:
    assert cache.key(changed, "", walls=True) != cache.key(bash("echo a"), "", walls=True)
    assert cache.key(bash("echo a"), "", walls=True) != cache.key(bash("echo a"), "", walls=False)
    assert cache.key(bash("echo a"), "", walls=True) != cache.key(bash("echo a"), "i", walls=True)


def test_a_changed_index_makes_the_cells_run_again(tree: Tree) -> None:
    sequence = bash("ls ~/index/wheelhouse 2>&1 | head -n 1")
    for version in ("1.0", "1.1"):
        tree.packages.parent.mkdir(parents=True, exist_ok=True)
        tree.packages.write_text(f'[tiny."{version}"]\nfiles."tiny.py" = ""\n', encoding="utf-8")
        assert execute.run(tree, [sequence]).ran == 1
        assert texts(tree, sequence) == [f"tiny-{version}-py3-none-any.whl\n"]


def test_outputs_that_were_never_made_are_a_bug_not_an_empty_page(tree: Tree) -> None:
    with pytest.raises(KeyError):
        execute.outputs(tree, bash("echo never"))


def test_a_damaged_file_of_outputs_is_thrown_away_and_its_cells_run_again(tree: Tree) -> None:
    sequence = bash("echo whole")
    execute.run(tree, [sequence])
    (kept,) = tree.cells.glob("*.json")
    for damage in ("", "{", "[]", '{"cells": 3}', '{"cells": [{"outputs": "x"}]}'):
        kept.write_text(damage, encoding="utf-8")
        assert execute.run(tree, [sequence]).ran == 1
        assert texts(tree, sequence) == ["whole\n"]


def test_old_outputs_are_removed_and_used_ones_stay(tree: Tree) -> None:
    execute.run(tree, [bash("echo old"), bash("echo used")])
    long_ago = time.time() - 90 * 24 * 3600
    for file in tree.cells.glob("*.json"):
        if "old" in file.read_text(encoding="utf-8"):
            os.utime(file, (long_ago, long_ago))
    execute.run(tree, [bash("echo used")])
    (left,) = tree.cells.glob("*.json")
    assert "used" in left.read_text(encoding="utf-8")


def test_two_rooms_print_the_same_byte_for_byte(tree: Tree, tmp_path: Path) -> None:
    """What changes from run to run by itself is masked."""
    tree.packages.parent.mkdir(parents=True)
    tree.packages.write_text('[tiny."1.0"]\nfiles."tiny.py" = ""\n', encoding="utf-8")
    sequence = CellSequence(
        TOPIC,
        (
            Cell("bash", "uv venv && source .venv/bin/activate && uv pip install tiny"),
            Cell("bash", "sleep 0.01 & wait; mktemp -d; time true; uv pip freeze"),
            Cell("python", "print(object()); lambda: 1"),
            Cell(
                "python", "import tempfile\nprint(tempfile.mkdtemp())\n1/0", ("raises-exception",)
            ),
            Cell("bash", "date +%s%N", masks=(r"\d{10,}",)),
        ),
    )
    execute.run(tree, [sequence])
    first = next(tree.cells.glob("*.json")).read_bytes()
    again = Tree(tmp_path / "another" / "place")
    again.packages.parent.mkdir(parents=True)
    again.packages.write_bytes(tree.packages.read_bytes())
    room_parts.lend(again.cells)
    execute.run(again, [sequence])
    second = next(again.cells.glob("*.json")).read_bytes()
    assert first == second
    assert b"+ tiny==1.0" in first


@pytest.mark.parametrize("walls", [True, False])
def test_no_output_tells_of_the_building_machine(tree: Tree, walls: bool) -> None:
    sequence = CellSequence(
        TOPIC,
        (
            Cell(
                "bash",
                "pwd; echo ~ $HOME $PATH; which python3 uv; "
                "python3 -c 'import sys; print(sys.path)'",
            ),
            Cell(
                "bash",
                "uv venv && source .venv/bin/activate; echo $VIRTUAL_ENV; "
                "head -n 1 .venv/pyvenv.cfg",
            ),
            Cell(
                "python", "import sys, os\n(sys.executable, sys.prefix, os.getcwd(), os.__file__)"
            ),
            Cell("python", "raise ValueError(os.getcwd())", ("raises-exception",)),
        ),
    )
    execute.run(tree, [sequence], walls=walls)
    kept = next(tree.cells.glob("*.json")).read_text(encoding="utf-8")
    room_paths = ("/home/learner/topic", "/usr/local/bin/python3", "/usr/local/bin/uv")
    for told in room_paths if not plan.interpreter().system else room_paths[:1]:
        assert told in kept
    secrets = [str(REPOSITORY), str(tree.root), str(Path(sys.prefix)), "/cells-"]
    if str(plan.interpreter().prefix) not in ("/usr", "/usr/local"):
        secrets.append(str(plan.interpreter().prefix))
    for secret in secrets:
        assert secret not in kept


def test_without_walls_one_line_warns(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    said: list[str] = []
    sequence = bash("pwd")
    execute.run(tree, [sequence], progress=said.append)
    assert [line for line in said if "warning" in line] == [
        "warning: cells run without walls, in a temporary folder (darwin has no namespaces)"
    ]
    assert texts(tree, sequence) == ["/home/learner/topic\n"]


def test_a_failing_cell_is_told_at_its_line_with_its_last_words(tree: Tree) -> None:
    found = problem(tree, Cell("bash", "echo no such luck; false", line=12))
    assert (found.path, found.line, found.code) == (TOPIC, 12, "cell-failed")
    assert found.message == "cell 1 failed with status 1"
    assert "raises-exception" in found.hint
    assert "| no such luck" in found.hint
    assert not list(tree.cells.glob("*.json"))


def test_an_exception_is_told_with_its_traceback(tree: Tree) -> None:
    found = problem(tree, Cell("python", "def f():\n    return 1/0\nf()", line=3))
    assert (found.line, found.code) == (3, "cell-failed")
    assert "| ZeroDivisionError: division by zero" in found.hint
    assert "Cell In[1], line 2" in found.hint


@pytest.mark.parametrize(
    "cell", [Cell("bash", "false"), Cell("python", "1/0"), Cell("python", "(")]
)
def test_a_cell_that_was_to_fail_may(tree: Tree, cell: Cell) -> None:
    failing = Cell(cell.language, cell.source, ("raises-exception",))
    sequence = CellSequence(TOPIC, (failing, Cell(cell.language, "# still alive")))
    execute.run(tree, [sequence])
    assert execute.results(tree, sequence)[0]["status"] != 0


@pytest.mark.parametrize("cell", [Cell("bash", "true"), Cell("python", "1")])
def test_a_cell_that_was_to_fail_must(tree: Tree, cell: Cell) -> None:
    found = problem(tree, Cell(cell.language, cell.source, ("raises-exception",), 5))
    assert (found.line, found.code) == (5, "cell-did-not-fail")


@pytest.mark.parametrize(
    "cell",
    [
        Cell("bash", "echo begun; sleep 60", line=4, timeout=0.5),
        Cell("bash", "while :; do :; done", line=4, timeout=0.5),
        Cell("python", "while True: pass", line=4, timeout=0.5),
        Cell("bash", "trap '' TERM INT; sleep 60", line=4, timeout=0.5),
    ],
)
def test_a_cell_over_its_time_limit_is_told(tree: Tree, cell: Cell) -> None:
    began = time.monotonic()
    found = problem(tree, cell)
    assert (found.line, found.code) == (4, "cell-timeout")
    assert found.message == "cell 1 took more than 0.5 s"
    assert "`:timeout: 1`" in found.hint
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "cell",
    [
        Cell("bash", "head -c 100000000 /dev/zero | tr '\\0' x", line=4),
        Cell("bash", "yes", line=4),
        Cell("python", "print('x' * 100_000_000)", line=4),
        Cell("python", "while True: print('y')", line=4),
        Cell("python", "'x' * 100_000_000", line=4),
    ],
)
def test_a_cell_that_prints_without_end_is_stopped_at_the_cap(tree: Tree, cell: Cell) -> None:
    import tracemalloc

    tracemalloc.start()
    found = problem(tree, cell)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.line, found.code) == (4, "cell-output")
    assert found.message == "cell 1 printed more than 200 kB"
    assert peak < 30_000_000


def test_a_cell_may_print_up_to_the_cap(tree: Tree) -> None:
    sequence = bash("head -c 199000 /dev/zero | tr '\\0' x")
    execute.run(tree, [sequence])
    assert texts(tree, sequence) == ["x" * 199_000]


def test_a_cell_that_ends_its_shell_is_told(tree: Tree) -> None:
    found = problem(tree, Cell("bash", "echo bye; exit 3", line=4))
    assert (found.line, found.code) == (4, "cell-ended")
    assert found.message == "cell 1 ended its own bash (status 3)"


def test_a_cell_that_tries_the_network_is_told_that_there_is_none(tree: Tree) -> None:
    source = "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/')"
    found = problem(tree, Cell("python", source, line=4))
    assert (found.line, found.code) == (4, "cell-failed")
    assert "no network but loopback" in found.hint


def test_a_cell_that_writes_outside_its_room_is_told_where_it_may(tree: Tree) -> None:
    found = problem(tree, Cell("bash", "echo x > /usr/share/x", line=4))
    assert (found.line, found.code) == (4, "cell-failed")
    assert "under /home/learner and /tmp alone" in found.hint


def test_a_cell_that_fills_its_disk_is_told(tree: Tree) -> None:
    found = problem(tree, Cell("bash", "cd /tmp; head -c 400000000 /dev/zero > x", line=4))
    assert (found.line, found.code) == (4, "cell-failed")
    assert "512 MB" in found.hint


def test_the_mistakes_of_all_chapters_are_told_together(tree: Tree) -> None:
    sequences = [bash("false", path=f"book/part/{name}.md") for name in "abc"]
    sequences.append(bash("echo fine", path="book/part/d.md"))
    with pytest.raises(CourseError) as caught:
        execute.run(tree, sequences)
    assert [one.path for one in caught.value.problems] == [f"book/part/{name}.md" for name in "abc"]
    assert texts(tree, sequences[3]) == ["fine\n"]


def test_what_comes_after_a_failing_cell_is_not_run(tree: Tree) -> None:
    with pytest.raises(CourseError) as caught:
        execute.run(tree, [bash("cd nowhere", "false")])
    assert len(caught.value.problems) == 1


def test_a_cell_that_is_to_be_skipped_does_not_run(tree: Tree) -> None:
    skipped = Cell("bash", "false", ("skip-execution",))
    sequence = CellSequence(TOPIC, (skipped, Cell("bash", "echo ran")))
    execute.run(tree, [sequence])
    assert texts(tree, sequence) == ["", "ran\n"]
    assert execute.run(tree, [CellSequence(TOPIC, (skipped,))]).sequences == 0


def test_rich_outputs_stand_where_they_were_shown(tree: Tree) -> None:
    source = (
        "from IPython.display import HTML, display\nprint('before')\n"
        "display(HTML('<b>shown</b>'))\nprint('after')\n"
        "handle = display('old', display_id=True); handle.update('new')"
    )
    sequence = CellSequence(TOPIC, (Cell("python", source),))
    execute.run(tree, [sequence])
    ((one, two, three, four),) = execute.outputs(tree, sequence)
    assert (one["text"], three["text"]) == ("before\n", "after\n")
    assert two["data"]["text/html"] == "<b>shown</b>"
    assert four["data"] == {"text/plain": "'new'"}
    assert set(four) == {"output_type", "data", "metadata"}


PROGRAM = """
import sys
from pathlib import Path
from coursebook import execute
from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence
from coursebook.paths import Tree
cells = tuple(Cell("bash", source) for source in sys.argv[2:])
print("begun", flush=True)
report = execute.run(Tree(Path(sys.argv[1])), [CellSequence("book/part/topic.md", cells)])
print(report.ran)
"""


@pytest.fixture
def spawn(tree: Tree) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Run cells in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def begin(*sources: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tree.root), *sources],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def test_two_builds_at_once_do_not_spoil_each_other(
    tree: Tree, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    processes = [spawn("echo same", "sleep 0.2; echo $((6 * 7))") for _ in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    (kept,) = [path for path in tree.cells.iterdir() if path.suffix == ".json"]
    assert json.loads(kept.read_text(encoding="utf-8"))["cells"][1]["outputs"][0]["text"] == "42\n"


def test_ctrl_c_leaves_no_process_and_no_half_file(
    tree: Tree, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    mark = f"321{os.getpid()}"
    process = spawn("echo first", f"sleep {mark}")
    assert _wait_for(lambda: room_parts.running(mark))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in errors
    assert not room_parts.running(mark)
    assert not [path for path in tree.cells.iterdir() if path.suffix == ".json"]


def _wait_for(condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_bug_in_a_room_ends_all_of_them(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runner, "judge", broken)
    began = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        execute.run(tree, [bash("echo a"), bash("sleep 30")])
    assert time.monotonic() - began < 20
