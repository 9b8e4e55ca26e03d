"""The toy package index: what pip and uv find there, and what its author is told."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from coursebook.execute import index
from coursebook.paths import REPOSITORY, Tree
from coursebook.problems import CourseError, Problem

BOOK = """
[core."1.0"]
files."core/__init__.py" = '''
__version__ = "@version@"
'''

[core."1.1"]
like = "1.0"
requires-python = ">=3.11"
yanked = "broken"

[my-app."2.0"]
summary = "An app."
requires = ["core>=1", 'winonly; sys_platform == "win32"']
extras.fast = ["turbo"]
scripts.my-app = "my_app:main"
tags = ["py3-none-any", "cp313-cp313-win_amd64"]
files."my_app.py" = "def main(): print('@name@ @version@')"

[loud."0.1"]
sdist = true
files."setup.py" = "print('hello')"
"""

Write = Callable[[str], Tree]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the description of an index into a new book."""

    def made(text: str) -> Tree:
        tree = Tree(tmp_path / "a-book")
        tree.packages.parent.mkdir(parents=True, exist_ok=True)
        tree.cells.mkdir(parents=True, exist_ok=True)
        tree.packages.write_text(text, encoding="utf-8")
        return tree

    return made


def built(tree: Tree) -> Path:
    folder = index.build(tree).folder
    assert folder
    return folder


def problems(tree: Tree) -> tuple[Problem, ...]:
    with pytest.raises(CourseError) as caught:
        index.build(tree)
    return caught.value.problems


class Links(HTMLParser):
    """Collects the links of a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs))


def test_a_book_without_packages_has_no_index(tmp_path: Path) -> None:
    assert index.build(Tree(tmp_path)) == index.Packages(None, "")


def test_the_pages_are_a_simple_index_with_relative_links_and_hashes(write: Write) -> None:
    folder = built(write(BOOK))
    names = [link["href"] for link in Links(folder / "simple/index.html").found]
    assert names == ["core/", "loud/", "my-app/"]
    for page in folder.glob("simple/*/index.html"):
        for link in Links(page).found:
            target, _, digest = str(link["href"]).partition("#sha256=")
            data = (page.parent / target).resolve().read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest
            assert target.startswith("../../wheelhouse/")
    old, new = Links(folder / "simple/core/index.html").found
    assert old["data-requires-python"] == ">=3.9"
    assert "data-yanked" not in old
    assert (new["data-requires-python"], new["data-yanked"]) == (">=3.11", "broken")


def test_a_wheel_holds_its_files_metadata_scripts_and_a_true_record(write: Write) -> None:
    folder = built(write(BOOK))
    assert sorted(path.name for path in folder.glob("wheelhouse/my_app*")) == [
        "my_app-2.0-cp313-cp313-win_amd64.whl",
        "my_app-2.0-py3-none-any.whl",
    ]
    with zipfile.ZipFile(folder / "wheelhouse/my_app-2.0-py3-none-any.whl") as wheel:
        assert wheel.read("my_app.py") == b"def main(): print('my-app 2.0')"
        metadata = wheel.read("my_app-2.0.dist-info/METADATA").decode()
        assert "Requires-Dist: core>=1\n" in metadata
        assert 'Requires-Dist: turbo; extra == "fast"\n' in metadata
        assert wheel.read("my_app-2.0.dist-info/entry_points.txt") == (
            b"[console_scripts]\nmy-app = my_app:main\n"
        )
        record = wheel.read("my_app-2.0.dist-info/RECORD").decode()
        assert {line.split(",")[0] for line in record.splitlines()} == set(wheel.namelist())
    with zipfile.ZipFile(folder / "wheelhouse/my_app-2.0-cp313-cp313-win_amd64.whl") as wheel:
        assert b"Root-Is-Purelib: false" in wheel.read("my_app-2.0.dist-info/WHEEL")


def test_a_release_is_like_another_but_for_its_own_name(write: Write) -> None:
    folder = built(write(BOOK))
    with zipfile.ZipFile(folder / "wheelhouse/core-1.1-py3-none-any.whl") as wheel:
        assert wheel.read("core/__init__.py") == b'__version__ = "1.1"\n'


def test_a_source_archive_holds_its_files_and_pkg_info(write: Write) -> None:
    folder = built(write(BOOK))
    with tarfile.open(folder / "wheelhouse/loud-0.1.tar.gz") as archive:
        assert archive.getnames() == ["loud-0.1/PKG-INFO", "loud-0.1/setup.py"]


def test_two_builds_are_the_same_byte_for_byte(write: Write, tmp_path: Path) -> None:
    tree = write(BOOK)
    releases = index.read_packages(tree.packages.read_bytes(), "packages.toml")
    index.write_index(releases, tmp_path / "one")
    index.write_index(releases, tmp_path / "two")
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) == 9
    for path in files:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == other.read_bytes()


def test_an_archive_bears_a_fixed_date(write: Write) -> None:
    """Or the hashes in the lock files of the course would change with every build."""
    folder = built(write(BOOK))
    with zipfile.ZipFile(folder / "wheelhouse/core-1.0-py3-none-any.whl") as wheel:
        assert {entry.date_time for entry in wheel.infolist()} == {(2024, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in wheel.infolist()} == {3}


def test_an_unchanged_index_is_not_built_again(write: Write) -> None:
    tree = write(BOOK)
    folder = built(tree)
    (folder / "mark").touch()
    assert (built(tree) / "mark").exists()
    assert built(write(BOOK + "\n")) != folder


def test_uv_installs_from_it(write: Write, tmp_path: Path) -> None:
    folder = built(write(BOOK))
    uv, place = str(Path(sys.executable).with_name("uv")), str(tmp_path / "env")
    environment = {"UV_OFFLINE": "1", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run([uv, "venv", "-q", "-p", sys.executable, place], check=True, env=environment)
    simple = folder.as_uri() + "/simple"
    install = [uv, "pip", "install", "-q", "-p", place, "--default-index", simple, "my-app"]
    subprocess.run(install, check=True, env=environment)
    told = subprocess.run([tmp_path / "env/bin/my-app"], capture_output=True, text=True, check=True)
    assert told.stdout == "my-app 2.0\n"


def test_the_index_of_this_course_is_sound(tmp_path: Path) -> None:
    data = (REPOSITORY / "book/_index/packages.toml").read_bytes()
    releases = index.read_packages(data, "book/_index/packages.toml")
    index.write_index(releases, tmp_path / "index")
    for release in releases:
        for name, text in release.contents().items():
            if name.endswith(".py"):
                compile(text, name, "exec")


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ('[core."1.0"\n', 1, "not TOML", ""),
        ("core = 1\n", 0, "`core` is not a table of releases", '`[core."1.0"]`'),
        ('\n[core."one"]\nfiles."a.py" = ""\n', 2, "`one` is not a version", "PEP 440"),
        ('[core."1"]\n\nfils."a.py" = ""\n', 3, "no key `fils`", "did you mean `files`?"),
        ('[core."1"]\nrequires = "x"\nfiles."a.py" = ""\n', 2, "`requires` is a list", ""),
        ('[core."1"]\nfiles."a.py" = ""\nrequires = ["x >"]\n', 3, "not a requirement", ""),
        ('[core."1"]\nfiles."a.py" = ""\nrequires-python = "new"\n', 3, "range of versions", ""),
        ('[core."1"]\nfiles."a.py" = ""\ntags = ["linux"]\n', 3, "not the tag of a wheel", "cp313"),
        ('[core."1"]\nfiles."../a.py" = ""\n', 2, "`../a.py` is not a file of a package", ""),
        ('[a."1"]\nfiles."a.py" = ""\n[core."1"]\nsummary = "x"\n', 3, "core 1 has no files", ""),
        ('[core."1"]\nlike = "2"\n', 2, "core 1 is like 2, which is not there", "another release"),
        ('[core."1"]\nlike = "1"\nfiles."a.py" = ""\n', 2, "core 1 is like itself", ""),
    ],
)
def test_a_mistake_is_told_at_its_line(
    write: Write, text: str, line: int, message: str, hint: str
) -> None:
    found = problems(write(text))
    assert (found[0].path, found[0].code) == ("book/_index/packages.toml", "bad-index")
    assert found[0].line == line
    assert message in found[0].message
    assert hint in found[0].hint


def test_all_mistakes_are_told_together(write: Write) -> None:
    text = '[a."x"]\nfiles."a.py" = ""\n[b."1"]\nrequires = ["?"]\nfiles."b.py" = ""\n'
    assert [problem.line for problem in problems(write(text))] == [1, 4]


def test_what_the_docstring_shows_is_an_index(write: Write) -> None:
    shown = re.search(r"a table for each release::\n\n(.*?)\n\nKeys", index.__doc__ or "", re.S)
    assert shown
    text = "\n".join(line.removeprefix("    ") for line in shown[1].splitlines())
    assert (built(write(text)) / "wheelhouse/numlib-1.26.0-py3-none-any.whl").exists()
