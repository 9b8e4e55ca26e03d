"""Tools of cells: each locked, apart from all others, and told when it cannot be had."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import room_parts
import small_project
from books import Book
from coursebook import execute
from coursebook.course.book import read_book
from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence
from coursebook.course.tool_groups import FULL, TOOL, names
from coursebook.execute import channel, interpreters, plan, tools
from coursebook.paths import REPOSITORY, Tree
from coursebook.problems import CourseError
from coursebook.serving.rooms import Rooms
from test_readme import IN_CELLS

TOPIC = "book/part/topic.md"

CHANNEL = """
[toy."1.0"]
depends = []
files."bin/toy-config" = '''#!/bin/sh
echo "-L@prefix@/lib"
'''
files."etc/conda/activate.d/toy.sh" = 'export TOY="$CONDA_PREFIX/share"'
files."share/@name@-@version@/data" = "@version@"

[toy."1.0".compiled."lib/libtoy.so"]
source = 'const char *place(void) { static const char at[] = "@prefix@"; return at; }'
flags = ["-shared", "-fPIC", "-Wl,-soname,libtoy.so"]

[toy."1.0".compiled."bin/toy"]
source = '''
#include <stdio.h>
const char *place(void);
int main(void) { puts(place()); return 0; }
'''
flags = ["lib/libtoy.so", "-Wl,-rpath,$ORIGIN/../lib"]

[toy."2.0"]
like = "1.0"
depends = ["nothing >=9"]
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A book that adds a command to one tool, and a channel to another."""
    made = Tree(tmp_path_factory.mktemp("book") / "a-book")
    room_parts.lend(made.cells)
    programs = made.tools / "rattler" / "bin"
    programs.mkdir(parents=True)
    ours = REPOSITORY / "book" / "_tools" / "rattler" / "bin" / "rattler-env"
    (programs / ours.name).write_bytes(ours.read_bytes())
    (made.tools / "rattler" / "channel.toml").write_text(CHANNEL, encoding="utf-8")
    return made


def said(tree: Tree, sequence: CellSequence, *, walls: bool = True) -> list[str]:
    execute.run(tree, [sequence], walls=walls)
    return [
        "".join(output.get("text", "") for output in outputs)
        for outputs in execute.outputs(tree, sequence)
    ]


def cells(*sources: str, use: tuple[str, ...] = ()) -> CellSequence:
    return CellSequence(TOPIC, tuple(Cell("bash", source) for source in sources), use)


@pytest.mark.parametrize("walls", [True, False])
def test_a_chapter_finds_the_tools_that_it_names_and_no_others(tree: Tree, walls: bool) -> None:
    sequence = cells(
        "printf 'import os\\n' > a.py; ruff check --output-format concise a.py; true",
        "command -v mypy pytest; ls /opt/tools $HOME/../../opt/tools 2> /dev/null; true",
        "python3 -c 'import importlib.util as u; print(u.find_spec(\"ruff\"))'",
        "cat $(dirname $(realpath $(command -v ruff)))/../pyvenv.cfg",
        use=("ruff",),
    )
    checked, others, inside, settings = said(tree, sequence, walls=walls)
    assert "a.py:1:8: F401" in checked
    assert {line for line in others.split() if not line.startswith("/")} == {"ruff"}
    assert "mypy" not in others
    assert inside == "None\n"
    assert str(REPOSITORY) not in settings


def test_a_tool_of_another_state_makes_the_cells_run_again(tree: Tree) -> None:
    before = execute.name(tree, cells("true", use=("rattler",)))
    assert before != execute.name(tree, cells("true"))
    extra = tree.tools / "rattler" / "bin" / "more"
    extra.write_text("#!/bin/sh\n", encoding="utf-8")
    assert execute.name(tree, cells("true", use=("rattler",))) != before
    extra.unlink()
    assert execute.name(tree, cells("true", use=("rattler",))) == before


def test_an_environment_of_conda_is_made_from_the_books_channel(tree: Tree) -> None:
    sequence = cells(
        "rattler-env create here toy=1",
        "here/bin/toy; here/bin/toy-config; rattler-env list here; ls here/share",
        'eval "$(rattler-env activate here)"; command -v toy; echo $TOY',
        "rattler-env activate here --shell powershell --platform win-64 | grep Path",
        "rattler-env create there toy=2 2>&1; ls there 2>&1; true",
        use=("rattler",),
    )
    made, used, active, elsewhere, refused = said(tree, sequence)
    home = "/home/learner/topic/here"
    assert made.split() == ["toy", "1.0", "0"]
    assert used.split()[:2] == [home, f"-L{home}/lib"], "the prefix is put into both"
    assert used.split()[-1] == "toy-1.0", "a name of a file is filled in as its text is"
    assert active.split() == [f"{home}/bin/toy", f"{home}/share"]
    assert f'"{home};{home}/Library/mingw-w64/bin;' in elsewhere, "as on Windows"
    assert "nothing" in refused
    assert "cannot access 'there'" in refused


def test_a_channel_is_the_same_byte_for_byte_whenever_it_is_made(tmp_path: Path) -> None:
    packages = channel.read_packages(CHANNEL.encode(), "channel.toml")
    for place in ("one", "two"):
        channel.write_channel(packages, tmp_path / place, print)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / place).rglob("*") if path.is_file()}
        for place in ("one", "two")
    )
    assert one == two
    assert {"toy-1.0-0.tar.bz2", "repodata.json"} <= set(one)


def test_a_packed_interpreter_lives_wherever_it_is_put(tmp_path: Path) -> None:
    build = interpreters.both()[0]
    assert build
    for path, (data, link, mode, _) in interpreters.files(build, "/opt/placeholder").items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if link:
            place.symlink_to(link)
        else:
            place.write_bytes(data)
            place.chmod(mode)
    ask = "import sys, json, ssl; print(sys.prefix, sys.version.split()[0], json.__file__)"
    run = subprocess.run(
        [tmp_path / "bin" / "python", "-c", ask], capture_output=True, text=True, check=True, env={}
    )
    prefix, version, module = run.stdout.split()
    assert (prefix, version) == (str(tmp_path), build.version)
    assert module.startswith(str(tmp_path))


def test_where_a_package_cannot_be_made_the_channel_does_without_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    warnings: list[str] = []
    packages = channel.read_packages(CHANNEL.encode(), "channel.toml")
    channel.write_channel(packages, tmp_path / "made", warnings.append)
    assert warnings[0] == (
        "warning: the channel has no toy 1.0: there is no C compiler; install gcc or clang"
    )
    assert not list((tmp_path / "made").rglob("*.bz2"))


def test_a_second_python_that_cannot_be_had_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreters, "FETCHED", tmp_path / "pythons")
    monkeypatch.setattr(interpreters, "both", cache(lambda: (None, None)))
    monkeypatch.setenv("UV_OFFLINE", "1")
    said: list[str] = []
    interpreters.fetch_other(said.append)
    interpreters.fetch_other(said.append)
    assert len(said) == 2
    assert said[1].startswith("warning: there is no second Python here")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[a."1"]\nfiles = \n', 2, "not TOML"),
        ('[a."1"]\nfiles."x" = ""\n\n[a."2"]\nlik = "1"\n', 4, "no key `lik`"),
        ('[a."1"]\nlike = "7"\n', 1, "not there"),
        ('[a."1"]\nfiles = "x"\n', 1, "`files` is a table"),
        ("a = 1\n", 1, "a table of versions"),
    ],
)
def test_a_mistake_in_a_channel_is_told_at_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(CourseError) as caught:
        channel.read_packages(text.encode(), "channel.toml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("bad-channel", line)
    assert words in problem.message


def test_a_source_that_does_not_compile_is_told_with_what_the_compiler_said(
    tmp_path: Path,
) -> None:
    tree = Tree(tmp_path / "a-book")
    tree.cells.mkdir(parents=True)
    file = tree.tools / "rattler" / "channel.toml"
    file.parent.mkdir(parents=True)
    file.write_text('\n[toy."1"]\ncompiled.toy.source = "int main(void) { retrun 0; }"\n', "utf-8")
    with pytest.raises(CourseError) as caught:
        channel.build(tree, "rattler")
    (problem,) = caught.value.problems
    place = ("book/_tools/rattler/channel.toml", 2, "bad-channel")
    assert (problem.path, problem.line, problem.code) == place
    assert "retrun" in problem.hint
    assert list(tree.cells.iterdir()) == []


@pytest.mark.parametrize(
    ("head", "options", "place", "code", "hint"),
    [
        ("tools: [ruf]\n", "", 4, "unknown-tool", "did you mean `ruff`?"),
        ("tools: ruff\n", "", 4, "bad-tools", "write `tools: [ruff, mypy]`"),
        ("tools: [{ruff: 1}]\n", "", 4, "bad-tools", "write `tools: [ruff, mypy]`"),
        ("tools: [spark]\n", "", 4, "unknown-tool", "`:stored: spark`"),
        ("", ":stored: sparc\n:tags: [local]\n:needs: Java\n", 7, "unknown-tool", "`spark`"),
        ("", ":stored: ruff\n", 7, "unknown-tool", "write `tools: [ruff]`"),
        ("", ":stored: spark\n", 7, "bad-stored", "write `:tags: [local]`"),
    ],
)
def test_a_wrong_name_is_told_at_its_line(
    tmp_path: Path, head: str, options: str, place: int, code: str, hint: str
) -> None:
    text = (
        f"---\nfile_format: mystnb\nkernelspec: {{name: bash}}\n{head}---\n# Topic\n\n"
        f"```{{code-cell}}\n{options}true\n```\n"
    )
    book = Book(tmp_path / "a-book")
    book.chapter("topic", text)
    found = list(read_book(book.tree).problems)
    if not found:
        from coursebook.course.cells import read_cells

        with pytest.raises(CourseError) as caught:
            read_cells(text, "book/topic.md")
        found = list(caught.value.problems)
    (problem,) = found
    assert (problem.line, problem.code) == (place, code)
    assert hint in problem.hint


@pytest.fixture
def out_of_reach(tmp_path: Path) -> Iterator[None]:
    """A tool whose package is nowhere, as if there were no network."""
    project = tmp_path / "project"
    small_project.write(project)
    (project / "index" / "wheelhouse").rename(project / "index" / "gone")
    with small_project.in_use(project), pytest.MonkeyPatch.context() as patch:
        patch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
        yield


@pytest.mark.usefixtures("out_of_reach")
def test_a_tool_that_cannot_be_installed_is_told_with_what_uv_said(tree: Tree) -> None:
    with pytest.raises(CourseError) as caught:
        execute.run(tree, [cells("heavy", use=("light",))])
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == (TOPIC, "tool-not-installed")
    assert "light" in problem.message
    assert "    | " in problem.hint


def test_a_reader_of_the_page_has_the_same_tools(tree: Tree) -> None:
    file = tree.book / "part" / "topic.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("---\ntools: [ruff]\n---\n# Topic\n\n:stored: spark\n", encoding="utf-8")
    walls = plan.interpreter() is not None
    assert tools.of_chapter(tree, "part/topic", walls=walls)[:1] == ("ruff",)
    assert tools.of_chapter(tree, "../../../etc/passwd", walls=walls) == ()
    rooms = Rooms(tree)
    try:
        room = rooms.enter("session", "part/topic", "topic").room
        heard: list[dict[str, object]] = []
        room.run_cell("bash", "ruff --version", heard.append)
        assert any(str(one.get("text", "")).startswith("ruff ") for one in heard)
    finally:
        rooms.close()


def test_what_the_readme_says_of_cells_is_in_their_groups() -> None:
    direct = {
        package
        for kind in (TOOL, FULL)
        for name in names(kind)
        for package in tools.direct(kind + name)
    }
    assert direct >= IN_CELLS
    groups = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    others = {
        re.split(r"[<>=]", one)[0].lower()
        for name, group in groups.items()
        if not name.startswith((TOOL, FULL))
        for one in group
    }
    assert IN_CELLS & others == set()
