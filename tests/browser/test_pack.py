"""A lecture without a network: one file on a stick shows the whole course."""

from __future__ import annotations

import ast
import contextlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from uv import find_uv_bin

from books import Book
from browser.live_book import DOUBLE, HEAD, cell
from browser.live_site import Watch
from browser.packs import Shown, refusal, shown
from commands import type_in
from coursebook.live import vendor
from coursebook.pack import start
from coursebook.pack.archive import file_name, pack, port_of
from coursebook.publish import publish
from machines import stand_in

DOT = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90">'
    '<circle cx="45" cy="45" r="40"/></svg>'
)

STICK = "Vorträge für Übermorgen"
"""The folder of a lecturer who has other things on his stick, too."""


@dataclass
class Typed:
    """What the command did: the book that it built, and the file that it wrote."""

    book: Book
    file: Path
    said: str


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """A book with cells and a figure, built and packed by the command."""
    vendor.build(lambda message: None)
    book = Book(tmp_path_factory.mktemp("pack") / "a-book")
    book.write("book/figures/dot.svg", DOT)
    book.chapter("part/cells", f"{HEAD}# Cells\n\n## Here\n\n{cell('echo one')}")
    book.chapter("part/words", "# Words\n\n## Figure\n\n![a dot](../figures/dot.svg)\n")
    target = book.root / STICK / "lecture.zip"
    answer = type_in("pack", book.root, "--output", str(target))
    assert answer.returncode == 0, answer.stderr
    return Typed(book, target, answer.stderr)


@pytest.fixture(scope="module")
def book(typed: Typed) -> Book:
    """The same book, with a machine that stands in."""
    publish(typed.book.tree, stand_in(typed.book.tree.machine))
    return typed.book


@pytest.fixture(scope="module")
def stick(book: Book, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packed course on a stick, beside nothing else."""
    folder = tmp_path_factory.mktemp("stick") / STICK
    folder.mkdir()
    return pack(book.tree.site, "Größe & Umfang?", folder / "größe und umfang.pyz").path


@pytest.fixture(scope="module")
def course(stick: Path) -> Iterator[Shown]:
    """The course, shown straight out of its file."""
    with shown(stick) as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has seen nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    yield context
    context.close()


@dataclass
class Answered:
    """What the server said."""

    status: int
    headers: Message
    body: bytes


def ask(course: Shown, path: str, method: str = "GET", **headers: str) -> Answered:
    """Send one request, with the headers as they are given."""
    connection = http.client.HTTPConnection(urlsplit(course.address).netloc, timeout=20)
    with contextlib.closing(connection):
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return Answered(answer.status, answer.headers, answer.read())


# In the lecture


@pytest.mark.browser
def test_page_deck_and_cells_work_and_nothing_asks_another_computer(
    course: Shown, context: BrowserContext
) -> None:
    watch = Watch(context, course.address)
    context.route(
        "**/engines/choice.js",
        lambda route: route.fulfill(path=DOUBLE, content_type="text/javascript"),
    )
    page = context.new_page()
    page.goto(course.address)
    page.get_by_role("link", name="Cells").first.click()
    code = page.locator(".cell[data-cb-cell]").first
    code.locator(".cb-run").click()
    code.and_(page.locator("[data-cb-state=done]")).wait_for()
    expect(code.locator(".cb-result-body")).to_have_text("one\n")
    page.goto(f"{course.address}slides/part/words.html")
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    page.keyboard.press("ArrowRight")
    expect(
        page.locator("section.present .cb-body svg, section.present .cb-body img")
    ).to_be_visible()
    page.goto(f"{course.address}slides/part/cells.html#/here")
    slide = page.locator("section.present .cell[data-cb-cell]")
    slide.locator(".cb-run").click()
    slide.and_(page.locator("[data-cb-state=done]")).wait_for()
    assert watch.wrong == []


@pytest.mark.browser
def test_every_page_and_every_deck_opens_without_a_complaint(
    course: Shown, context: BrowserContext, book: Book
) -> None:
    watch = Watch(context, course.address)
    page = context.new_page()
    pages = sorted(book.tree.site.rglob("*.html"))
    assert len(pages) > 6
    for path in pages:
        address = path.relative_to(book.tree.site).as_posix()
        if address.startswith("live/"):
            continue  # the frame of rich output is no page
        answer = page.goto(course.address + address, wait_until="networkidle")
        assert answer and answer.ok, address
    assert watch.wrong == []


def test_ctrl_c_ends_it_in_peace(stick: Path) -> None:
    with shown(stick) as course:
        assert course.stop() == (0, "\nstopped\n")


def test_a_window_without_the_letters_of_the_title_shows_the_course_all_the_same(
    stick: Path,
) -> None:
    with shown(stick, PYTHONIOENCODING="ascii") as course:
        assert ask(course, "/").status == 200


def test_the_stick_is_only_read(stick: Path) -> None:
    before = sorted(stick.parent.rglob("*"))
    with shown(stick) as course:
        assert ask(course, "/").status == 200
        course.stop()
    assert sorted(stick.parent.rglob("*")) == before == [stick]


def test_two_courses_at_the_same_time_take_two_ports(stick: Path, course: Shown) -> None:
    with shown(stick) as other:
        assert other.address != course.address
        assert ask(other, "/").status == 200


def test_a_port_that_is_taken_is_told(stick: Path, course: Shown) -> None:
    port = str(urlsplit(course.address).port)
    assert f"port {port} cannot be had" in refusal(stick, "--port", port)


# Unpacked


def test_unpacked_it_runs_by_the_one_file_to_start(stick: Path, tmp_path: Path) -> None:
    folder = tmp_path / STICK
    shutil.unpack_archive(stick, folder, "zip")
    # What some systems leave behind in every folder does no harm.
    (folder / "site" / "Thumbs.db").write_bytes(b"")
    before = sorted(folder.rglob("*"))
    with shown(folder / "start.py") as course:
        assert ask(course, "/slides/part/cells.html").status == 200
        course.stop()
    assert sorted(folder.rglob("*")) == before


def test_the_one_file_alone_says_what_is_missing(tmp_path: Path) -> None:
    shutil.copy(start.__file__, tmp_path / "start.py")
    assert "unpack all of the archive" in refusal(tmp_path / "start.py")


def test_a_copy_that_broke_off_is_refused(stick: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.pyz"
    half.write_bytes(stick.read_bytes()[:-2000])
    refusal(half)


def test_a_damaged_file_is_told_and_the_others_are_shown(stick: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pyz"
    content = bytearray(stick.read_bytes())
    with zipfile.ZipFile(stick) as archive:
        entry = archive.getinfo("site/slides/part/words.html")
    content[entry.header_offset + 200] ^= 0xFF
    damaged.write_bytes(content)
    with shown(damaged) as course:
        assert ask(course, "/slides/part/words.html").status == 500
        assert ask(course, "/part/words.html").status == 200
        assert "words.html cannot be read" in course.stop()[1]


# The server


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/slides/", "text/html; charset=utf-8"),
        ("/service-worker.js", "text/javascript; charset=utf-8"),
        ("/machine/current.json", "application/json"),
        ("/MACHINE/state.bin.zst", "application/octet-stream"),
    ],
)
def test_files_are_of_the_right_kind(course: Shown, book: Book, path: str, kind: str) -> None:
    [machine] = [one.name for one in (book.tree.site / "machine").iterdir() if one.is_dir()]
    answer = ask(course, path.replace("MACHINE", f"machine/{machine}"))
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    for_ever = "immutable" in answer.headers["Cache-Control"]
    assert for_ever == path.startswith("/MACHINE")


def test_every_file_arrives_as_it_was_built_however_many_are_asked_for_at_once(
    course: Shown, book: Book
) -> None:
    paths = [path for path in book.tree.site.rglob("*") if path.is_file()]

    def is_whole(path: Path) -> bool:
        answer = ask(course, f"/{path.relative_to(book.tree.site).as_posix()}")
        return answer.body == path.read_bytes()

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(is_whole, paths))


def test_a_browser_may_ask_for_the_head_alone(course: Shown) -> None:
    whole, head = ask(course, "/"), ask(course, "/", "HEAD")
    assert head.headers["Content-Length"] == str(len(whole.body))
    assert head.body == b""


def test_an_address_of_a_folder_leads_to_its_index(course: Shown) -> None:
    answer = ask(course, "/slides")
    assert (answer.status, answer.headers["Location"]) == (301, "/slides/")


@pytest.mark.parametrize("name", ["evil.example", "evil.example:80", "localhost", ""])
def test_a_page_of_somebody_else_reads_nothing(course: Shown, name: str) -> None:
    """A foreign name may be made to lead to this computer; the header still says which it was."""
    answer = ask(course, "/", Host=name)
    assert answer.status == 403
    assert b"<html" not in answer.body


def test_localhost_is_this_computer_too(course: Shown) -> None:
    assert ask(course, "/", Host=f"localhost:{urlsplit(course.address).port}").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/start.py",
        "/../about.json",
        "/%2e%2e/about.json",
        "/..%2fabout.json",
        "/nowhere",
        "//etc/passwd",
    ],
)
def test_nothing_but_the_course_is_shown(course: Shown, path: str) -> None:
    assert ask(course, path).status == 404


def test_nobody_can_write(course: Shown) -> None:
    assert ask(course, "/", "POST").status == 501
    assert ask(course, "/", "PUT").status == 501


# The file


def test_the_same_site_gives_the_same_bytes(book: Book, stick: Path, tmp_path: Path) -> None:
    copied = tmp_path / "site"
    shutil.copytree(book.tree.site, copied)
    again = pack(copied, "Größe & Umfang?", tmp_path / "again.pyz").path
    assert again.read_bytes() == stick.read_bytes()


def test_it_is_named_after_the_book_in_letters_that_every_stick_can_write() -> None:
    assert file_name("Which Python?") == "which-python"
    assert file_name("Größe & Umfang?") == "groe-umfang"
    assert file_name("概要") == "course"
    assert port_of("Which Python?") == port_of("Which Python?") != port_of("Another course")


def test_the_program_needs_no_word_and_no_library_that_its_oldest_python_lacks() -> None:
    source = Path(start.__file__).read_text(encoding="utf-8")
    oldest = ".".join(map(str, start.OLDEST))
    assert f"Python {oldest} or newer" in source
    ast.parse(source, feature_version=start.OLDEST)
    words = [f"--target={oldest}-", "--no-tips", "--violations", start.__file__]
    command = [str(Path(sys.executable).with_name("vermin")), *words]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


def pythons() -> dict[str, str]:
    """Return version and path of every Python of this machine that a course can be shown by."""
    words = ["python", "list", "--only-installed", "--offline", "--no-config"]
    listed = subprocess.run(
        [find_uv_bin(), *words, "--output-format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [one["path"] for one in json.loads(listed.stdout)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    paths += map(str, sorted(pyenv.glob("versions/*/bin/python")))
    found = {sys.version.split()[0]: sys.executable}
    for path in paths:
        asked = [path, "-S", "-c", "import sys; print(sys.version.split()[0])"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        version = answer.stdout.strip()
        if answer.returncode == 0 and tuple(map(int, version.split(".")[:2])) >= start.OLDEST:
            found.setdefault(version, path)
    return found


def test_every_python_of_this_machine_shows_the_course(stick: Path) -> None:
    for version, python in pythons().items():
        with shown(stick, python=python) as course:
            page = ask(course, "/part/cells.html")
            assert (version, page.status) == (version, 200)
            assert b"<title>" in page.body
            assert ask(course, "/nowhere.html").status == 404
            code, said = course.stop()
        assert (version, code) == (version, 0), said
        assert "Traceback" not in said and "Warning" not in said, said


def test_packing_is_one_command(typed: Typed) -> None:
    assert "python lecture.zip" in typed.said
    with zipfile.ZipFile(typed.file) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
    assert {"start.py", "__main__.py", "site/index.html", "site/slides/index.html"} <= names
    assert "site/machine/current.json" not in names, "it was left out"
    assert [path.name for path in typed.file.parent.iterdir()] == ["lecture.zip"]
    with shown(typed.file) as course:
        assert ask(course, "/part/cells.html").status == 200


def test_a_book_with_a_mistake_is_not_packed(tmp_path: Path) -> None:
    book = Book(tmp_path / "book")
    book.chapter("part/broken", "# Broken\n\n{% if slide %}\n")
    answer = type_in("pack", book.root)
    assert answer.returncode == 1
    assert "unclosed-if" in answer.stderr
    assert not book.tree.packs.exists()
