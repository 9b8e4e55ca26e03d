"""The house stands as CONTRIBUTING.md draws it: imports point one way, names are spelt once."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from coursebook.paths import ENGINE, FRONTEND, REPOSITORY

LAYERS = (
    ("paths", "problems", "library_hints"),
    (
        "disk",
        "browser",
        "link_check",
        "course",
        "warning_stream",
        "renderings",
        "fingerprint",
        "failed_markup",
    ),
    ("execute",),
    ("machine",),
    ("live",),
    ("sphinx_ext",),
    ("render",),
    ("workers", "counterparts", "publish", "preload", "pack"),
    ("steps", "serving"),
    ("agreement",),
    ("overflow", "pdf"),
    ("bench",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
"""From the ground up. A unit imports what is below it, and itself."""

LIBRARIES = {
    "jupyter_book": {"render", "preload", "bench"},
    "sphinx": {"sphinx_ext", "render", "workers", "preload"},
    "docutils": {"sphinx_ext", "failed_markup", "preload"},
    "sphinx_revealjs": {"sphinx_ext", "preload"},
    "starlette": {"serving"},
    "uvicorn": {"commands"},
    "watchfiles": {"serving"},
    "playwright": {"agreement", "browser", "overflow", "bench", "pdf"},
    "pypdf": {"pdf"},
    "segno": {"pdf"},
    "bs4": {"pdf"},
    "urllib3": {"link_check"},
    "IPython": {"execute"},
}
"""Who alone may import a library."""

TREE_NAMES = {"_build", "_config.yml", "_toc.yml", "_index", "book", "templates", "scripts"}
"""Folders and files of the tree that ``paths.py`` alone puts into a path."""

COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
SCRIPT_IMPORT = re.compile(
    r"""\b(?:import|export)\b\s*(?:[\w*${}\s,]+\bfrom\b\s*)?\(?\s*["'](\.[^"']+)["']"""
)
"""What a module of the browser imports of ours, at once or on first use; not types in comments."""

LONGEST = 400
LARGEST = 1_000_000

PRIVATE = re.compile(
    r"/root/\w"
    r"|/home/(?!(?:learner|builder|me|ada)\b)[a-z]\w*"
    r"|/Users/\w"
    r"|/work"
    r"/(?:main|shared|helpers)"
)
"""A path of somebody's machine; ``/home/learner`` is the room's, the others are invented."""


def modules() -> list[Path]:
    """Name every Python module of the engine."""
    return sorted(ENGINE.rglob("*.py"))


def unit(path: Path) -> str:
    """Say to which part of the engine a module belongs."""
    first = path.relative_to(ENGINE).parts[0]
    return first.removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything that a module imports, wherever it does."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write imports in full"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(REPOSITORY).as_posix()}:{line}"


def tracked() -> list[Path]:
    """Name every file that is in git, or about to be."""
    answer = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [REPOSITORY / name for name in answer.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


# Imports


def test_every_part_of_the_engine_has_its_layer() -> None:
    known = {name for layer in LAYERS for name in layer} | {"__init__"}
    assert {unit(path) for path in modules()} == known


def test_imports_point_one_way() -> None:
    height = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    wrong = []
    for path in modules():
        mine = unit(path)
        for line, name in imported(path):
            parts = name.split(".")
            if parts[0] != "coursebook":
                continue
            theirs = parts[1]
            if theirs != mine and height[theirs] >= height.get(mine, -1):
                wrong.append(f"{place(path, line)}: {mine} imports {name}")
    assert wrong == []


def test_only_two_modules_import_by_name() -> None:
    """``cli`` its verbs, and ``preload`` the libraries that take long, of which none is ours."""
    users = {path for path in modules() for _, name in imported(path) if name == "importlib"}
    assert users == {ENGINE / "cli.py", ENGINE / "preload.py"}
    assert "coursebook." not in code_of(ENGINE / "preload.py")


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_met_at_one_place(library: str) -> None:
    users = {
        unit(path): place(path, line)
        for path in modules()
        for line, name in imported(path)
        if name.split(".")[0] == library
    }
    assert users, f"nobody imports {library} any more: take it off the list"
    assert set(users) <= LIBRARIES[library], users


def test_the_front_door_needs_the_standard_library_alone() -> None:
    door = REPOSITORY / "scripts" / "course.py"
    needed = {name.split(".")[0] for _, name in imported(door)}
    assert needed - set(sys.stdlib_module_names) == {"coursebook"}


def test_what_runs_inside_a_room_knows_nothing_of_the_engine() -> None:
    inside = [path for path in modules() if "inside" in path.parts]
    assert inside
    for path in inside:
        assert not [name for _, name in imported(path) if name.startswith("coursebook")], path


def script_imports() -> dict[Path, set[Path]]:
    """Say of every module in JavaScript what it imports by the place where it stands."""
    found = {}
    for path in [*FRONTEND.rglob("*.js"), *(ENGINE / "machine").rglob("*.mjs")]:
        code = COMMENT.sub("", path.read_text(encoding="utf-8"))
        found[path] = {(path.parent / name).resolve() for name in SCRIPT_IMPORT.findall(code)}
    return found


def test_scripts_import_nobody_who_imports_them() -> None:
    imports = script_imports()
    assert any(path.name == "choice.js" for path in imports[FRONTEND / "live/cells/host.js"])
    left = {path: imports[path] & imports.keys() for path in imports}
    while free := [path for path, wanted in left.items() if not wanted & left.keys()]:
        for path in free:
            del left[path]
    assert sorted(place(path, 0) for path in left) == []


# The tree


def joined_names(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the constant parts of paths: ``root / "here"``, ``Path("here")``."""
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.expr):
            continue
        parts: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            parts = [node.right]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            parts = node.args if called in ("Path", "PurePosixPath", "joinpath") else []
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield node.lineno, part.value.split("/")[0]


def test_only_one_module_knows_the_tree() -> None:
    wrong = [
        f"{place(path, line)}: {name}"
        for path in modules()
        # The bench writes books as an author elsewhere does, for plain Jupyter Book as well.
        if unit(path) != "paths" and "bench" not in path.with_suffix("").parts
        for line, name in joined_names(path)
        if name in TREE_NAMES
    ]
    assert wrong == []


def test_the_front_end_is_reached_through_the_renderings_and_the_server_alone() -> None:
    users = {
        unit(path)
        for path in modules()
        for _, name in imported(path)
        if name == "coursebook.paths.FRONTEND"
    }
    assert users <= {"live", "sphinx_ext", "serving", "overflow", "pdf"}


def test_the_engine_knows_nothing_of_the_course() -> None:
    course = {path.stem for path in (REPOSITORY / "book").rglob("*.md")} - {"index"}
    assert course
    wrong = [
        f"{place(path, 0)}: {topic}"
        for path in modules()
        for topic in course
        if re.search(rf"\b(foundations|practice)/{topic}\b", code_of(path))
    ]
    assert wrong == []


def code_of(path: Path) -> str:
    """Return a module without its documentation, where examples may stand."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        node.body = [  # type: ignore[attr-defined]
            part
            for part in body
            if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        ] or [ast.Pass()]
    return ast.unparse(tree)


# Files


def test_no_module_is_too_long_to_be_read() -> None:
    files = [REPOSITORY / "scripts" / "course.py", *modules(), *sorted(FRONTEND.rglob("*.js"))]
    lengths = {place(path, 0): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_large_file_is_in_the_repository() -> None:
    large = [
        path.relative_to(REPOSITORY).as_posix()
        for path in tracked()
        if path.stat().st_size > LARGEST
    ]
    assert large == []


def test_nothing_generated_is_in_the_repository() -> None:
    generated = {"_build", ".venv", "__pycache__", "node_modules"}
    found = [path for path in tracked() if generated & set(path.relative_to(REPOSITORY).parts)]
    assert found == []


def test_no_file_tells_of_a_machine_that_made_it() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if PRIVATE.search(line):
                found.append(f"{place(path, number)}: {line.strip()[:80]}")
    assert found == []


def test_text_files_end_their_lines_as_unix_does() -> None:
    answer = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    wrong = [line for line in answer.stdout.splitlines() if re.match(r"i/(crlf|mixed)", line)]
    assert wrong == []


def test_the_lock_names_one_registry() -> None:
    lock = (REPOSITORY / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://([^/\"]+)", lock)) == {"pypi.org", "files.pythonhosted.org"}
