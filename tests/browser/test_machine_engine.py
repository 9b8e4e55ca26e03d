"""The machine of a reader's tab: what cells do in it, what lasts, and what may go wrong."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error

from browser.machine_site import PLACE, Tab, hosted, make_site
from coursebook import browser as chromium

pytestmark = pytest.mark.browser

CAP = 200_000
"""Bytes that a cell may print; ``OUTPUT_CAP`` of ``execute/room.py``."""

HOLD = """async (milliseconds) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("cb-machine");
    const mine = sessionStorage.getItem("cb-tab");
    for await (const [name, file] of folder.entries()) {
        if (!name.startsWith(`${mine}.`)) continue;
        const held = await file.createWritable({ keepExistingData: true });
        setTimeout(() => held.abort(), milliseconds);
    }
}"""
"""Holds the saves of a tab, so that nobody may remove them, for some time."""


@pytest.fixture(scope="module")
def site(machine_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a host with a whole machine."""
    root = tmp_path_factory.mktemp("site")
    make_site(root, machine_folder)
    with hosted(root) as address:
        yield address


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for the tests of this module: tabs share its caches and its storage."""
    made = browser.new_context()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared() -> list[Tab]:
    """The tab that tests share."""
    return []


@pytest.fixture
def tab(shared: list[Tab], context: BrowserContext, site: str) -> Tab:
    """A tab whose machine runs; a test finds it as the one before left it, unless that failed."""
    with contextlib.suppress(IndexError, Error):
        assert shared[0].ask("start()", seconds=20) is None
        if shared[0].bash("true", seconds=20)["end"] == "done":
            shared[0].troubles()
            return shared[0]
    for broken in shared:
        broken.page.close()
    shared[:] = [Tab(context, site)]
    assert shared[0].ask("start()") is None
    return shared[0]


@pytest.fixture
def fresh(context: BrowserContext, site: str) -> Iterator[Tab]:
    """A tab of its own."""
    made = Tab(context, site)
    yield made
    made.page.close()


# Cells


def test_starting_tells_bytes_and_steps(fresh: Tab) -> None:
    assert fresh.ask("start()") is None
    told = fresh.ask("progress")
    assert {one["step"] for one in told} == {"Loading a small Linux", "Waking it up"}
    assert [one["bytes"] for one in told] == sorted(one["bytes"] for one in told)
    assert told[-1]["bytes"] == told[-1]["total"] > 1_000_000


def test_a_shell_lives_on_from_cell_to_cell(tab: Tab) -> None:
    first = tab.bash("greeting=hello; cd /tmp; echo $greeting; false")
    assert (first["stdout"], first["status"], first["end"]) == ("hello\n", 1, "done")
    second = tab.bash('echo "$? $greeting $PWD"; cd')
    assert (second["stdout"], second["status"]) == ("1 hello /tmp\n", 0)
    assert second["at"] == {"virtualEnv": "", "folder": "/home/learner"}


def test_an_interpreter_lives_on_and_shows_values(tab: Tab) -> None:
    assert tab.python("import sys\nanswer = 6 * 7\nprint('said')")["stdout"] == "said\n"
    shown = tab.python("answer")
    assert [one["data"]["text/plain"] for one in shown["outputs"]] == ["42"]
    failed = tab.python("1 / 0")
    assert (failed["status"], failed["outputs"][0]["ename"]) == (1, "ZeroDivisionError")


def test_bash_and_python_share_files_and_the_folder_of_the_chapter(tab: Tab) -> None:
    assert (
        tab.bash("pwd; echo 1 >shared", chapter="part/rooms")["stdout"] == "/home/learner/rooms\n"
    )
    read = tab.python(
        "import os; print(os.getcwd(), open('shared').read(), end='')", chapter="part/rooms"
    )
    assert read["stdout"] == "/home/learner/rooms 1\n"
    assert tab.ask("engine.state().chapter") == "part/rooms"


def test_both_streams_come_in_the_order_in_which_they_were_written(tab: Tab) -> None:
    answer = tab.bash("for n in 1 2 3; do echo out$n; echo err$n >&2; done")
    assert answer["printed"] == "out1\nerr1\nout2\nerr2\nout3\nerr3\n"
    assert answer["stderr"] == "err1\nerr2\nerr3\n"
    answer = tab.python(
        "import sys\nfor n in range(3):\n"
        "  print('out', n, flush=True)\n  print('err', n, file=sys.stderr)"
    )
    assert answer["printed"] == "".join(f"out {n}\nerr {n}\n" for n in range(3))


def test_rich_outputs_stand_between_the_lines_where_they_were_shown(tab: Tab) -> None:
    tab.python("print('before'); display({'text/html': '<b>x</b>'}, raw=True); print('after')")
    kinds = tab.ask("messages.map((one) => one.text ?? one.output.data['text/html'])")
    assert kinds == ["before\n", "<b>x</b>", "after\n"]


def test_an_environment_that_bash_activated_is_offered_to_python(tab: Tab) -> None:
    own = {"program": "/usr/local/bin/python3", "active": None}
    assert tab.ask("engine.python()") == own
    tab.bash("python3 -m venv --without-pip .venv && source .venv/bin/activate && which python")
    python = tab.ask("engine.python()")
    assert python == own | {"active": "/home/learner/topic/.venv/bin/python"}
    tab.ask("engine.usePython(values[0])", python["active"])
    answer = tab.python("import sys; print(sys.prefix)")
    assert answer["stdout"] == "/home/learner/topic/.venv\n"
    assert tab.ask("engine.python()") == {"program": python["active"], "active": None}
    tab.ask("engine.usePython(values[0])", python["program"])
    assert tab.python("import sys; print(sys.prefix)")["stdout"] == "/usr/local\n"
    tab.bash("deactivate; rm -r .venv")
    assert tab.ask("engine.python()") == own


@pytest.mark.parametrize(
    ("program", "why"), [("/nowhere/python", "is not there"), ("/bin/false", "does not start")]
)
def test_a_python_that_does_not_start_is_told_and_replaced(
    tab: Tab, program: str, why: str
) -> None:
    tab.ask("engine.usePython(values[0])", program)
    [trouble] = tab.troubles()
    assert trouble["message"] == f"{program} {why}, so Python cells run in /usr/local/bin/python3."
    assert tab.python("import sys; print(sys.executable)")["stdout"] == "/usr/local/bin/python3\n"


@pytest.mark.parametrize(
    ("language", "source"),
    [("bash", 'read -r line; echo "got $line"'), ("python", "print('got', input())")],
)
def test_a_cell_that_reads_says_that_it_waits_and_gets_its_line(
    tab: Tab, language: str, source: str
) -> None:
    tab.begin(language, source)
    tab.until("messages.some(({ type, waits }) => type === 'waits' && waits)")
    tab.ask("engine.input('a line\\n')")
    assert tab.result()["stdout"].endswith("got a line\n")


def test_the_end_of_input_is_heard(tab: Tab) -> None:
    tab.begin("bash", "cat; echo over")
    tab.until("messages.some(({ waits }) => waits)")
    tab.ask("engine.input('one\\n')")
    tab.ask("engine.endInput()")
    assert tab.result()["stdout"] == "one\nover\n"


def test_an_interpreter_can_be_started_anew_and_files_stay(tab: Tab) -> None:
    tab.bash("kept=1; touch ~/kept")
    tab.ask("engine.restart('bash')")
    assert tab.bash('echo "${kept-gone}"; pwd; cd; ls kept')["stdout"] == (
        "gone\n/home/learner/topic\nkept\n"
    )


def test_the_terminal_shows_its_prompt_and_works_in_the_same_files(tab: Tab) -> None:
    tab.bash("echo seen >~/from-a-cell")
    tab.page.evaluate("""() => {
        window.screen_ = "";
        const decoder = new TextDecoder();
        engine.terminal.open((bytes) => { screen_ += decoder.decode(bytes, { stream: true }); });
        engine.terminal.resize(91, 31);
    }""")
    tab.until("screen_.includes('$ ')")
    tab.ask("engine.terminal.write('cat ~/from-a-cell; stty size; x=1\\r')")
    tab.until("/seen\\r\\n31 91\\r\\n/.test(screen_)")
    tab.ask("engine.terminal.close()")
    tab.page.evaluate(
        "() => { screen_ = ''; engine.terminal.open((bytes) => { screen_ += 'x'; }); }"
    )
    tab.until("screen_.length > 0")
    tab.ask("engine.terminal.close()")


# Bad cells


@pytest.mark.parametrize(
    ("language", "source", "after", "printed"),
    [
        ("bash", "kept=1; while true; do :; done", "echo $kept", "1\n"),
        ("bash", "kept=1; sleep 1000", "echo $kept", "1\n"),
        ("python", "kept = 1\nwhile True: pass", "print(kept)", "1\n"),
    ],
)
def test_an_endless_loop_stops_and_its_variables_stay(
    tab: Tab, language: str, source: str, after: str, printed: str
) -> None:
    tab.begin(language, source)
    time.sleep(1)
    tab.ask("engine.interrupt()")
    assert tab.result()["end"] == "interrupted"
    assert tab.run(language, after)["stdout"] == printed
    assert tab.troubles() == []


def test_what_ignores_stop_ends_with_its_interpreter_and_files_stay(tab: Tab) -> None:
    tab.begin("bash", "kept=1; touch ~/stays; trap '' INT; echo deaf; while true; do :; done")
    tab.until("messages.some(({ text }) => text?.includes('deaf'))")
    tab.ask("engine.interrupt()")
    assert tab.result()["end"] == "died"
    assert tab.troubles() == []
    assert tab.bash('echo "${kept-gone}"; cd; ls stays')["stdout"] == "gone\nstays\n"


def test_the_page_stays_smooth_while_a_cell_loops_and_prints(tab: Tab) -> None:
    tab.begin("bash", "while true; do echo a line; sleep 0.01; done")
    frames = tab.ask("""new Promise((resolve) => {
        const begun = performance.now();
        let count = 0;
        const frame = () => {
          count += 1;
          if (performance.now() - begun < 2000) requestAnimationFrame(frame);
          else resolve((count * 1000) / (performance.now() - begun));
        };
        requestAnimationFrame(frame);
    })""")
    tab.ask("engine.interrupt()")
    assert tab.result()["end"] == "interrupted"
    assert frames >= 50


def test_a_fork_bomb_ends_with_stop_and_the_machine_works_again(tab: Tab) -> None:
    tab.begin("bash", "bomb() { bomb | bomb & }; bomb; sleep 1000")
    time.sleep(3)
    tab.ask("engine.interrupt()")
    assert tab.result()["end"] in ("interrupted", "died", "lost")
    assert tab.bash("echo works")["stdout"] == "works\n"


def test_after_an_emptied_home_cells_run_and_reset_brings_it_back(tab: Tab) -> None:
    tab.bash("rm -rf ~ 2>/dev/null; rm -rf ~/* ~/.[a-z]*; ls -A ~", chapter="part/after")
    assert tab.bash("echo works", chapter="part/after")["stdout"] == "works\n"
    # New interpreters find the folder of the chapter again.
    for language, end in (("bash", "exit"), ("python", "exit()")):
        assert tab.run(language, end, chapter="part/after")["end"] == "died"
    assert tab.bash("pwd", chapter="part/after")["stdout"] == "/home/learner/after\n"
    where = tab.python("import os; print(os.getcwd())", chapter="part/after")
    assert where["stdout"] == "/home/learner/after\n"
    tab.ask("engine.reset()")
    assert tab.ask("engine.state().ran") == 0
    assert "index" in tab.bash("ls ~")["stdout"]


@pytest.mark.parametrize(
    ("language", "source", "status"),
    [
        ("bash", "echo bye; exit 3", 3),
        ("bash", "echo bye; exec false", 1),
        ("bash", "echo bye; kill -9 $$", 137),
        ("python", "print('bye'); exit()", 0),
        ("python", "import os; print('bye', flush=True); os.kill(os.getpid(), 9)", 137),
    ],
)
def test_an_interpreter_that_ends_is_followed_by_the_next(
    tab: Tab, language: str, source: str, status: int
) -> None:
    died = tab.run(language, source)
    assert (died["end"], died["stdout"], died["status"]) == ("died", "bye\n", status)
    after = {"bash": "echo next; pwd", "python": "import os; print('next'); print(os.getcwd())"}
    assert tab.run(language, after[language])["stdout"] == "next\n/home/learner/topic\n"


def test_a_file_larger_than_the_machine_fails_and_cells_go_on(tab: Tab) -> None:
    answer = tab.bash("head -c 1G /dev/zero >large; status=$?; rm -f large; ( exit $status )")
    assert answer["status"] != 0
    assert tab.bash("echo works; ls large 2>/dev/null")["stdout"] == "works\n"


@pytest.mark.parametrize(
    ("language", "source", "after"),
    [
        ("bash", "yes | head -c 100M", "echo next"),
        ("bash", "yes >&2", "echo next"),
        ("python", "while True: print('x' * 70)", "print('next')"),
    ],
)
def test_a_flood_of_output_is_cut_off(tab: Tab, language: str, source: str, after: str) -> None:
    flood = tab.run(language, source)
    assert flood["end"] == "too-much"
    assert CAP - 10 <= len(flood["printed"]) <= CAP
    assert tab.run(language, after)["printed"] == "next\n"


@pytest.mark.parametrize(
    ("language", "source", "after"),
    [
        ("bash", "echo first; exec >&- 2>&-; echo lost", "exec >/dev/tty 2>&1; echo next"),
        ("python", "import sys; print('first'); sys.stdout.close(); print('lost')", None),
    ],
)
def test_a_cell_that_closes_stdout_still_ends(
    tab: Tab, language: str, source: str, after: str | None
) -> None:
    answer = tab.run(language, source)
    assert answer["stdout"].startswith("first\n")
    if after:
        assert tab.run(language, after)["stdout"] == "next\n"
    tab.ask("engine.restart(values[0])", language)


def test_bytes_that_are_no_text_show_as_such(tab: Tab) -> None:
    answer = tab.bash(r"printf 'a\xffb\x00c\x1b[31mred\x1b[0m\a\r\n'; printf 'half \xe2\x82'")
    assert answer["stdout"] == "a\ufffdb\0c\x1b[31mred\x1b[0m\a\r\nhalf \ufffd"
    whole = tab.bash(r"printf '\xe2'; sleep 0.2; printf '\x82'; sleep 0.2; printf '\xac'")
    assert whole["stdout"] == "€"


@pytest.mark.parametrize("source", ["echo 'open", "cat <<END\nopen", "if true", "((("])
def test_unfinished_shell_is_an_error_and_not_an_endless_wait(tab: Tab, source: str) -> None:
    answer = tab.bash(source)
    assert answer["end"] == "done"
    assert answer["status"] != 0 or "delimited by end-of-file" in answer["stderr"]
    assert tab.bash("true; echo next")["stdout"] == "next\n"


def test_a_cell_of_five_thousand_lines_runs(tab: Tab) -> None:
    lines = "\n".join(f"count=$(( count + 1 )) # line {n}" for n in range(4999))
    assert tab.bash(f"count=0\n{lines}\necho $count")["stdout"] == "4999\n"
    lines = "\n".join("count += 1" for _ in range(4999))
    assert tab.python(f"count = 0\n{lines}\nprint(count)")["stdout"] == "4999\n"


def test_a_mark_that_is_cut_into_pieces_is_none_of_the_text(tab: Tab) -> None:
    told = tab.page.evaluate("""async () => {
        const { MarkReader } = await import("../live/0123456789ab/engines/machine/marks.js");
        const all = new TextEncoder().encode("a\\0b\\0WORD:at:/v\\n/f\\0\\0WORD:0\\0c\\0WORD");
        const found = [];
        for (let size = 1; size <= all.length; size++) {
          const reader = new MarkReader("WORD");
          let text = "", marks = [];
          for (let at = 0; at < all.length; at += size) {
            reader.read(all.subarray(at, at + size),
              (bytes) => { text += new TextDecoder().decode(bytes); },
              (mark) => marks.push(`${mark}@${text.length}`));
          }
          found.push(JSON.stringify([text, marks]));
        }
        return [...new Set(found)];
    }""")
    assert told == ['["a\\u0000bc",["at:/v\\n/f@3","0@3"]]']


def test_reset_while_a_cell_runs(tab: Tab) -> None:
    tab.begin("bash", "touch left; sleep 1000")
    time.sleep(0.5)
    tab.ask("engine.reset()")
    assert tab.result()["end"] == "lost"
    assert tab.bash("ls left")["status"] == 2


# What lasts


def test_the_state_lasts_over_a_reload_and_on_the_next_page(fresh: Tab, site: str) -> None:
    fresh.bash("kept=1; echo 2 >file")
    fresh.python("value = 3")
    fresh.ask("engine.flush()")
    fresh.reload()
    assert fresh.ask("start()") is None
    state = fresh.ask("engine.state()")
    assert (state["restored"], state["ran"], state["chapter"]) == (True, 2, "part/topic")
    assert fresh.bash("echo $kept; cat file; date +%s")["stdout"].startswith("1\n2\n")
    fresh.ask("engine.flush()")
    fresh.open(f"{site}{PLACE}/pages/next.html")
    assert fresh.python("print(value)")["stdout"] == "3\n"
    clock = int(fresh.bash("date +%s")["stdout"])
    assert abs(clock - time.time()) < 30


def test_back_finds_the_state_of_the_page_that_was_left(fresh: Tab, site: str) -> None:
    fresh.bash("step=1")
    fresh.ask("engine.flush()")
    fresh.open(f"{site}{PLACE}/pages/next.html")
    fresh.bash("step=2")
    fresh.ask("engine.flush()")
    fresh.back()
    assert fresh.bash("echo $step")["stdout"] == "2\n"


def test_reset_forgets_what_was_saved(fresh: Tab) -> None:
    fresh.bash("touch left")
    fresh.ask("engine.flush()")
    fresh.ask("engine.reset()")
    fresh.reload()
    assert fresh.bash("ls left")["status"] == 2


def test_reset_forgets_a_save_that_its_writer_still_holds(fresh: Tab) -> None:
    """A worker that is ended in the middle of a save lets go of its file somewhat later."""
    fresh.bash("touch left")
    fresh.ask("engine.flush()")
    fresh.page.evaluate(HOLD, 1500)
    fresh.ask("engine.reset()")
    assert fresh.bash("ls left")["status"] == 2


def test_a_reload_while_it_starts_harms_nothing(fresh: Tab) -> None:
    fresh.bash("kept=1")
    fresh.ask("engine.flush()")
    for wait in (0.0, 0.2, 0.6):
        fresh.reload()
        fresh.page.evaluate("() => { start(); }")
        time.sleep(wait)
    fresh.reload()
    assert fresh.bash("echo $kept")["stdout"] == "1\n"


def test_a_second_tab_has_a_machine_of_its_own(tab: Tab, fresh: Tab) -> None:
    tab.bash("echo first >~/whose")
    assert fresh.bash("cat ~/whose")["status"] == 1
    # A duplicated tab begins with a copy of everything that its original's session keeps.
    name = tab.ask("sessionStorage.getItem('cb-tab')")
    fresh.ask("engine.flush()")
    fresh.page.evaluate("(name) => sessionStorage.setItem('cb-tab', name)", name)
    fresh.reload()
    fresh.bash("echo second >~/whose")
    assert fresh.ask("sessionStorage.getItem('cb-tab')") != name
    assert tab.bash("cat ~/whose")["stdout"] == "first\n"


def test_saves_of_closed_tabs_are_thrown_away_but_for_three(
    context: BrowserContext, site: str
) -> None:
    for _ in range(5):
        tab = Tab(context, site)
        tab.bash("true")
        tab.ask("engine.flush()")
        tab.page.close()
    tab = Tab(context, site)
    tab.bash("true")
    count = """navigator.storage.getDirectory()
        .then((root) => root.getDirectoryHandle("cb-machine"))
        .then(async (folder) => {
            const tabs = new Set();
            for await (const name of folder.keys()) tabs.add(name.split(".")[0]);
            return tabs.size;
        })"""
    # Three of closed tabs, those of the tab that other tests share, and its own.
    assert tab.ask(count) <= 5
    tab.page.close()


def test_a_save_of_another_build_is_not_used(
    browser: Browser, machine_folder: Path, tmp_path: Path
) -> None:
    folder = make_site(tmp_path, machine_folder)
    with hosted(tmp_path) as address, visit(browser, address) as tab:
        tab.bash("touch left")
        tab.ask("engine.flush()")
        other = folder.with_name("f" * 16)
        folder.rename(other)
        rewrite(folder.parent / "current.json", json.dumps({"machine": other.name}))
        tab.reload()
        assert tab.bash("ls left")["status"] == 2
        assert tab.ask("engine.state().restored") is False


# What fails outside


@contextlib.contextmanager
def visit(browser: Browser, address: str) -> Iterator[Tab]:
    """A tab in a profile of its own, with nothing cached."""
    context = browser.new_context()
    try:
        yield Tab(context, address)
    finally:
        context.close()


def rewrite(path: Path, content: bytes | str) -> None:
    """Replace a file of a site, which may be a link to that of the machine."""
    path.unlink()
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def parts_of(folder: Path) -> dict[str, str]:
    """Return the names of a machine's files."""
    parts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["parts"]
    names = {key: part["file"] for key, part in parts.items() if key != "packs"}
    return {**names, "manifest": "manifest.json"}


@pytest.mark.parametrize(
    ("part", "fault", "said"),
    [
        ("state", "missing", "is missing on the server"),
        ("state", "cut off", "arrived cut off"),
        ("state", "of another build", "belongs to another build"),
        ("wasm", "cut off", "arrived cut off"),
        ("libv86", "missing", "is missing on the server"),
        ("manifest", "missing", "list of the machine's files is missing"),
        ("manifest", "cut off", "list of the machine's files is missing"),
    ],
)
def test_a_damaged_part_is_told_in_one_sentence_and_mended_by_a_reload(
    browser: Browser, machine_folder: Path, tmp_path: Path, part: str, fault: str, said: str
) -> None:
    folder = make_site(tmp_path, machine_folder)
    file = folder / parts_of(folder)[part]
    whole = file.read_bytes()
    if fault == "missing":
        file.unlink()
    else:
        other = whole[:-1] + bytes([whole[-1] ^ 1])
        rewrite(file, whole[: len(whole) // 2] if fault == "cut off" else other)
    with hosted(tmp_path) as address, visit(browser, address) as tab:
        trouble = tab.ask("start()")
        assert (trouble["known"], trouble["mend"]) == (True, "reload")
        assert said in trouble["message"]
        assert trouble["message"].count(". ") == 0
        file.unlink(missing_ok=True)
        file.write_bytes(whole)
        assert tab.ask("start()") is None


def test_what_came_damaged_is_fetched_again_once(
    browser: Browser, machine_folder: Path, tmp_path: Path
) -> None:
    names = parts_of(make_site(tmp_path, machine_folder))
    damaged = {names["state"], names["wasm"], names["manifest"]}
    with hosted(tmp_path, damaged_once=damaged) as address, visit(browser, address) as tab:
        assert tab.ask("start()") is None
        assert tab.bash("echo works")["stdout"] == "works\n"
    assert not damaged


def test_a_snapshot_of_another_tree_is_refused(
    browser: Browser, machine_folder: Path, tmp_path: Path
) -> None:
    folder = make_site(tmp_path, machine_folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rewrite(folder / "manifest.json", json.dumps({**manifest, "tree": "0" * 64}))
    with hosted(tmp_path) as address, visit(browser, address) as tab:
        trouble = tab.ask("start()")
    assert trouble["message"] == "The machine's memory and its files are of different builds."


def test_a_missing_pack_is_told_and_stop_ends_the_wait(
    browser: Browser, machine_folder: Path, tmp_path: Path
) -> None:
    folder = make_site(tmp_path, machine_folder)
    with hosted(tmp_path) as address, visit(browser, address) as tab:
        tab.bash("touch stays; sleep 1")
        tab.ask("engine.flush()")
        (folder / "packs").rename(folder / "away")
        tab.begin("bash", "cat /usr/local/lib/python3*/turtle.py | wc -l")
        tab.until("troubles.length > 0")
        for trouble in tab.troubles():
            assert "A part of the machine is missing on the server" in trouble["message"]
        tab.ask("engine.interrupt()")
        assert tab.result()["end"] in ("interrupted", "lost")
        # What any other program needs may lie in a pack as well.
        (folder / "away").rename(folder / "packs")
        assert tab.bash("ls stays")["stdout"] == "stays\n"


@pytest.mark.parametrize("types", ["text/plain", "application/octet-stream", "text/html"])
def test_wrong_types_of_files_do_not_matter(
    browser: Browser, machine_folder: Path, tmp_path: Path, types: str
) -> None:
    make_site(tmp_path, machine_folder)
    with hosted(tmp_path, types=types) as address, visit(browser, address) as tab:
        assert tab.ask("start()") is None
        assert tab.bash("echo works")["stdout"] == "works\n"


def test_a_full_disk_is_told_once_and_cells_go_on(
    browser: Browser, machine_folder: Path, tmp_path: Path
) -> None:
    make_site(tmp_path, machine_folder)
    with hosted(tmp_path) as address, visit(browser, address) as tab:
        session = tab.page.context.new_cdp_session(tab.page)
        origin = address.rstrip("/")
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 100_000})
        tab.bash("echo one")
        tab.ask("engine.flush()")
        assert "no room to keep" in tab.ask("engine.state().note")
        assert tab.bash("echo two")["stdout"] == "two\n"


def test_without_a_machine_or_what_it_needs_the_reader_is_told_why(
    browser: Browser, tmp_path: Path
) -> None:
    make_site(tmp_path, None)
    with hosted(tmp_path) as address, visit(browser, address) as tab:
        assert "was built without a machine" in tab.ask("window.why")
        tab.page.add_init_script("delete globalThis.WebAssembly")
        tab.reload()
        assert "it lacks WebAssembly" in tab.ask("window.why")


LATE_FORCE = """async ([force, marks]) => {
    const { Room } = await import("../live/0123456789ab/engines/machine/room.js");
    const { CONSOLE } = await import("../live/0123456789ab/engines/machine/guest.js");
    const say = (mark) => hear.get(CONSOLE.bash)(new TextEncoder().encode(`\\0m:${mark}\\0`));
    const hear = new Map();
    const rung = [];
    let forced;
    const force_heard = new Promise((resolve) => (forced = resolve));
    const guest = {
        listen: (console, listener) => hear.set(console, listener),
        post: async () => {},
        ring: (language, name) => { if (rung.push(name) !== 2) setTimeout(() => say("0")); },
        control: (script) => script.startsWith("force")
            ? new Promise((answer) => forced(answer))
            : Promise.resolve(""),
        interrupt: () => {},
        share: () => 1,
    };
    const room = new Room(guest, { mark: "m", python: "python3" }, () => {}, () => {});
    const cell = (source) => ({ language: "bash", source, chapter: "one", topic: "one" });
    const slow = room.run(cell("slow"), () => {});
    while (rung.length < 2) await new Promise((resolve) => setTimeout(resolve));
    room.stop();
    const answer = await force_heard;
    say("130");
    const ends = [(await slow).end];
    const next = room.run(cell("next"), () => {});
    answer(force);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const early = rung.length;
    for (const mark of marks) say(mark);
    ends.push((await next).end);
    return [ends, early];
}"""
"""The double of a guest, whose first cell ends just before its interpreter is ended by force."""


def test_what_ends_a_stopped_cell_by_force_does_not_hit_the_next_one(tab: Tab) -> None:
    """The console may tell of the end later than root does, who was asked for it."""
    ended = tab.page.evaluate(LATE_FORCE, ["1", ["ended:137", "0"]])
    assert ended == [["interrupted", "done"], 2]
    spared = tab.page.evaluate(LATE_FORCE, ["0", []])
    assert spared == [["interrupted", "done"], 3]


def test_too_little_memory_is_told(fresh: Tab) -> None:
    trouble = fresh.page.evaluate("""async () => {
        const { Machine } = await import("../live/0123456789ab/engines/machine/machine.js");
        WebAssembly.compile = () => { throw new RangeError("could not allocate memory"); };
        const site = new URL("../", location.href).href;
        return new Machine(() => {}).start({ site, tab: "x", fresh: false }).catch(String);
    }""")
    assert "not enough memory" in trouble


def test_a_host_that_went_away_is_told(
    browser: Browser, machine_folder: Path, tmp_path: Path
) -> None:
    make_site(tmp_path, machine_folder)
    with visit_of_closed_host(browser, tmp_path) as tab:
        trouble = tab.ask("start()")
    assert (trouble["known"], trouble["mend"]) == (True, "reload")


@contextlib.contextmanager
def visit_of_closed_host(browser: Browser, root: Path) -> Iterator[Tab]:
    """A tab whose host stopped after the page had come."""
    with contextlib.ExitStack() as stack:
        with hosted(root) as address:
            tab = stack.enter_context(visit(browser, address))
        yield tab


def test_by_plain_http_everything_works_but_nothing_is_kept(
    browser: Browser, machine_folder: Path, tmp_path: Path
) -> None:
    make_site(tmp_path, machine_folder)
    with hosted(tmp_path) as address:
        # Only loopback counts as safe without TLS; another name for it does not.
        rule = "--host-resolver-rules=MAP plain.test 127.0.0.1"
        arguments = [*chromium.ARGUMENTS, rule]
        plain = browser.browser_type.launch(executable_path=chromium.require(), args=arguments)
        try:
            with visit(plain, address.replace("127.0.0.1", "plain.test")) as tab:
                assert tab.ask("isSecureContext") is False
                assert tab.bash("echo works")["stdout"] == "works\n"
                assert "keeps nothing" in tab.ask("engine.state().note")
        finally:
            plain.close()
