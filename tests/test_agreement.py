"""What the tab prints, and what the build has kept: when they agree, and what an author is told."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

import room_parts
from books import Book
from commands import type_in
from coursebook import execute
from coursebook.agreement import compare, dialect, whole
from coursebook.agreement.hosting import Answer, Link, host
from coursebook.agreement.site import NotLiveError, engine_address
from coursebook.agreement.tab import LiveRun, Tab, TabError, address
from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence
from coursebook.paths import Tree

LS = Cell("bash", "ls")


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def printed(*outputs: Any, cell: Cell = LS, words: compare.Words = ()) -> str:
    return compare.live(cell, LiveRun(list(outputs)), words).text


# Comparing


def test_it_does_not_matter_how_the_tab_cuts_a_stream_and_which_one_it_is() -> None:
    whole_text = compare.kept({"outputs": [stream("red one\ntwo\n")], "status": 0})
    cut = printed(stream("\x1b[3"), stream("1mred\x1b[0m on", "stderr"), stream("e\r\ntwo\n"))
    assert cut == whole_text.text


def test_what_changes_by_itself_reads_alike_and_masks_hold() -> None:
    cell = Cell("bash", "uv lock", masks=("[0-9]+ kB",))
    told = printed(stream("Resolved 3 in 120"), stream("ms, 17 kB at 0xffc01234\n"), cell=cell)
    assert told == "Resolved 3 in …, … at 0x…\n"


def test_a_result_is_told_by_all_its_kinds() -> None:
    result = {
        "output_type": "execute_result",
        "data": {"text/plain": "42", "text/html": ["<b>", "42</b>"]},
        "metadata": {},
        "execution_count": 1,
    }
    told = printed(stream("no newline"), result)
    assert told == (
        "no newline\n[execute_result text/html]\n<b>42</b>\n[execute_result text/plain]\n42\n"
    )


def test_an_exception_is_told_with_its_name_and_traceback() -> None:
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'a'", "traceback": ["a", "b"]}
    assert printed(error) == "[error KeyError]\na\nb\n"


def test_what_a_cell_shows_again_takes_the_place_of_what_it_showed() -> None:
    shown = {"output_type": "display_data", "data": {"text/plain": "old"}, "metadata": {}}
    again = {"data": {"text/plain": "new"}, "metadata": {}, "transient": {"display_id": "a"}}
    update = {"output_type": "update_display_data", **again}
    told = printed({**shown, "transient": {"display_id": "a"}}, stream("x\n"), update)
    assert told == "[display_data text/plain]\nnew\nx\n"


def test_a_difference_is_shown_as_lines_of_the_build_and_of_the_tab() -> None:
    build = compare.Printed("one\ntwo\nthree\n", 0)
    tab = compare.Printed("one\n2\nthree\n", 1)
    assert compare.difference(build, build) == ""
    assert compare.difference(build, tab).splitlines() == [
        "-exit status 0",
        "+exit status 1",
        "@@ -1,3 +1,3 @@",
        " one",
        "-two",
        "+2",
        " three",
    ]


def test_a_missing_newline_at_the_end_is_a_difference_too() -> None:
    told = compare.difference(compare.Printed("one\n", 0), compare.Printed("one", 0))
    assert told == "-the output ends with '\\n'\n+the output ends with ''"


def test_a_long_difference_is_cut() -> None:
    build = compare.Printed("".join(f"{number}\n" for number in range(100)), 0)
    lines = compare.difference(build, compare.Printed("x" * 500, 0)).splitlines()
    assert len(lines) == compare.SHOWN_LINES + 1
    assert lines[-1].startswith("… and ")
    assert max(map(len, lines)) <= compare.SHOWN_WIDTH + 1


def test_versions_of_the_tab_read_as_those_of_the_build_where_they_stand_alone() -> None:
    words = dialect.words(["3.13.0", "x86_64", "25.0"], ["3.13.5", "i686", "25.0"])
    assert words == [("3.13.5", "3.13.0"), ("i686", "x86_64")]
    assert printed(stream("Python 3.13.5 on i686\n"), words=words) == "Python 3.13.0 on x86_64\n"
    assert printed(stream("3.13.50 and my-i686\n"), words=words) == "3.13.50 and my-i686\n"


def test_an_answer_that_is_no_word_is_not_used() -> None:
    assert dialect.words(["3.13.0", "x86_64"], ["command not found", ""]) == []


def test_a_chapter_has_the_address_of_its_page() -> None:
    assert address(CellSequence("book/part/locks.md", ())) == "part/locks"


# The host


def test_the_host_serves_below_its_sub_path_alone_and_notes_what_it_sent(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "a.wasm").write_bytes(b"12345")
    with host(tmp_path, sub_path="/deep/down/") as site:
        with urllib.request.urlopen(f"{site.address}part/a.wasm") as answer:
            assert answer.read() == b"12345"
            assert answer.headers["Content-Type"] == "application/wasm"
        root = site.address.removesuffix("deep/down/")
        for wrong in (f"{root}part/a.wasm", root):
            with pytest.raises(HTTPError, match="404"):
                urllib.request.urlopen(wrong)
        assert site.sent == [Answer("part/a.wasm", 5)]
        assert site.weight == 5


def test_a_host_that_is_gone_answers_nobody_on_an_open_connection_either(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("here")
    with host(tmp_path) as site:
        parts = urlsplit(site.address)
        connection = HTTPConnection(parts.netloc)
        connection.request("GET", f"{parts.path}a.txt")
        assert connection.getresponse().read() == b"here"
        assert connection.sock is not None, "it stays open"
    with pytest.raises(ConnectionError):
        connection.request("GET", f"{parts.path}a.txt")
        connection.getresponse()
    connection.close()


def test_a_link_is_as_slow_as_it_is_said_to_be_for_all_answers_together(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(100_000))
    with host(tmp_path) as site:
        site.link = Link(4e6)
        begun = time.monotonic()
        for _ in range(2):
            with urllib.request.urlopen(f"{site.address}large") as answer:
                answer.read()
        assert 0.35 < time.monotonic() - begun < 3


# The tab, with an engine that answers from a table


ENGINE = """
export const available = async () => ({ can: %s, why: "this tab has no memory" });
export const create = () => ({
  started: 0,
  resets: 0,
  async start() { this.started += 1; },
  async reset() { this.resets += 1; this.seen = []; },
  interrupt() { this.stop?.({ status: 130, end: "interrupted", milliseconds: 1, at: null }); },
  endInput() { this.stop?.({ status: 1, end: "done", milliseconds: 1, at: null }); },
  async run(request, listener) {
    (this.seen ??= []).push(request.source);
    const [verb, ...words] = request.source.split(" ");
    const done = { status: 0, end: "done", milliseconds: 1000, at: null };
    const say = (text) => listener({ type: "stream", name: "stdout", text });
    if (verb === "echo") say(words.join(" ") + "\\n");
    if (verb === "seen") say(`${this.seen.length} of ${request.chapter}, ${request.topic}\\n`);
    if (verb === "break") throw new Error("the machine's files are gone");
    if (verb === "fail") return { ...done, status: 3 };
    if (verb === "kill") return { ...done, end: "died", status: -9 };
    if (verb === "read") setTimeout(() => listener({ type: "waits", waits: true }));
    if (verb === "read" || verb === "sleep") return new Promise((end) => { this.stop = end; });
    return done;
  },
});
"""


@pytest.fixture
def open_tab(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Tab]]:
    """Open a bare page; its engine knows a handful of words and runs nothing."""
    context = browser.new_context()
    folder = tmp_path / "site"
    folder.mkdir()

    with host(folder) as site:

        def opened(can: str = "true") -> Tab:
            (folder / "engine.js").write_text(ENGINE % can)
            return Tab(context.new_page(), site.address, "engine.js")

        yield opened
    context.close()


def trial(*sources: str | Cell) -> CellSequence:
    cells = [
        one if isinstance(one, Cell) else Cell("bash", one, line=number)
        for number, one in enumerate(sources, 10)
    ]
    return CellSequence("book/part/trial.md", tuple(cells))


def test_a_cell_that_runs_too_long_is_stopped(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    tab.start()
    run = tab.run(trial(Cell("bash", "sleep", timeout=0.1)), 0, 2.0)
    assert (run.late, run.end, run.status) == (True, "interrupted", 130)


def test_a_cell_that_reads_meets_the_end_of_its_input(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    tab.start()
    run = tab.run(trial("read"), 0)
    assert (run.late, run.status) == (False, 1)


def test_a_tab_that_cannot_run_the_engine_says_why(open_tab: Callable[..., Tab]) -> None:
    with pytest.raises(TabError, match=r"^this tab has no memory$"):
        open_tab("false").start()


def test_an_engine_that_breaks_down_under_a_cell_loses_it(open_tab: Callable[..., Tab]) -> None:
    tab = open_tab()
    tab.start()
    run = tab.run(trial("break"), 0)
    assert run.end == "lost"
    assert run.outputs == [stream("the machine's files are gone\n", "stderr")]


def test_a_site_without_a_machine_is_no_live_site(tmp_path: Path) -> None:
    with pytest.raises(NotLiveError, match="without its machine"):
        engine_address(tmp_path)
    for address_of_file in ("live/0123456789ab/engines/machine/engine.js", "machine/current.json"):
        (tmp_path / address_of_file).parent.mkdir(parents=True)
        (tmp_path / address_of_file).touch()
    assert engine_address(tmp_path) == "live/0123456789ab/engines/machine/engine.js"


def test_without_a_browser_a_live_check_says_so_in_a_line(book: Book) -> None:
    answer = type_in("check", book.root, "--live", CHROMIUM=str(book.root / "none"))
    assert answer.returncode == 3
    assert "the cells cannot run in a tab here: there is no Chromium" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_live_check_of_a_chapter_that_is_none_names_the_nearest(book: Book) -> None:
    book.chapter(
        "part/chapter",
        "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n"
        "# One\n\n```{code-cell}\necho one\n```\n",
    )
    answer = type_in("check", book.root, "--live", "book/part/chaptr.md")
    assert answer.returncode == 1
    assert "no chapter of this book with cells [no-such-chapter]" in answer.stderr
    assert "did you mean book/part/chapter.md?" in answer.stderr


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    made = Tree(tmp_path / "a-book")
    room_parts.lend(made.cells)
    return made


def checked(tree: Tree, tab: Tab, *sequences: CellSequence) -> whole.Report:
    execute.run(tree, sequences)
    tab.start()
    return whole.check(tree, sequences, tab)


def test_cells_that_agree_give_no_problem_and_are_counted_once(
    tree: Tree, open_tab: Callable[..., Tab]
) -> None:
    page = trial("echo one", Cell("bash", "echo two", ("slide-only",), line=20))
    slides = trial("echo one", Cell("bash", "echo two", ("slide-only",), line=20), "echo three")
    report = checked(tree, open_tab(), page, page, slides)
    assert report.problems == []
    assert (len(report.cells), report.ran, report.share) == (3, 3, 1.0)
    assert str(report).startswith("3 cells: 3 ran in the tab in 5 s, 3 agree, ")


def test_each_chapter_begins_anew_and_has_its_address(
    tree: Tree, open_tab: Callable[..., Tab]
) -> None:
    build = 'seen() { echo "1 of part/trial, trial"; }; '
    report = checked(tree, open_tab(), trial("echo x"), trial(f"{build}seen"))
    # The engine of this test knows no functions: it sees another word, and prints nothing.
    (problem,) = report.problems
    assert problem.code == "tab-differs"
    assert "-1 of part/trial, trial" in problem.hint


def test_a_difference_is_told_at_its_cell_unless_it_is_explained(
    tree: Tree, open_tab: Callable[..., Tab]
) -> None:
    report = checked(
        tree,
        open_tab(),
        trial("pwd", Cell("bash", "whoami", line=30, differs="it is another computer"), "echo on"),
    )
    (problem,) = report.problems
    assert (problem.path, problem.line, problem.code) == ("book/part/trial.md", 10, "tab-differs")
    assert problem.message == "cell 1 prints something else in the reader's tab"
    assert "\n    | -/home/learner/trial" in problem.hint
    assert (len(report.differing), len(report.explained)) == (2, 1)


def test_an_explanation_that_is_not_needed_is_told(
    tree: Tree, open_tab: Callable[..., Tab]
) -> None:
    cell = Cell("bash", "echo on", line=30, differs="it is another computer")
    (problem,) = checked(tree, open_tab(), trial(cell)).problems
    assert (problem.line, problem.code) == (30, "tab-agrees")
    assert problem.hint == "remove `:differs:`"


def test_the_exit_status_counts(tree: Tree, open_tab: Callable[..., Tab]) -> None:
    cell = Cell("bash", "fail 2> /dev/null", ("raises-exception",), line=30)
    (problem,) = checked(tree, open_tab(), trial(cell)).problems
    assert "-exit status 127" in problem.hint
    assert "+exit status 3" in problem.hint


def test_a_cell_that_ends_its_shell_or_never_ends_is_told_even_if_it_may_differ(
    tree: Tree, open_tab: Callable[..., Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "PATIENCE", 0.5)
    killed = Cell("bash", "kill -0 $$", line=30, differs="it is another computer")
    slept = Cell("bash", "sleep 0.1", line=40, timeout=1, differs="it is another computer")
    problems = checked(tree, open_tab(), trial(killed, slept)).problems
    assert [(one.line, one.code) for one in problems] == [(30, "tab-ended"), (40, "tab-timeout")]
    assert "ended its own bash" in problems[0].message
    assert "took more than 0.5 s" in problems[1].message


def test_local_cells_do_not_run_in_the_tab_and_are_counted(
    tree: Tree, open_tab: Callable[..., Tab]
) -> None:
    report = checked(
        tree,
        open_tab(),
        trial(
            Cell("bash", "pwd", ("local",), line=30, needs="a large computer"),
            Cell("bash", "pwd", ("skip-execution",), line=40),
            "echo on",
        ),
    )
    assert report.problems == []
    assert (len(report.cells), report.ran, report.share) == (2, 1, 0.5)
