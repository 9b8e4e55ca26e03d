"""What an author sees while writing: `serve`, in a real browser."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from books import Book
from browser.speaker import SLIDE, talk
from commands import start, type_in

pytestmark = pytest.mark.browser

WAIT = 60_000
"""Milliseconds that a state is waited for; never a measure of speed."""


@dataclass
class Serving:
    """A running `serve`, with what its window has shown so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def wait_for(self, pattern: str, since: int = 0) -> re.Match[str]:
        """Wait until the window shows something."""
        end = time.monotonic() + WAIT / 1000
        while time.monotonic() < end:
            for line in self.lines[since:]:
                if found := re.search(pattern, line):
                    return found
            assert self.process.poll() is None, "\n".join(self.lines)
            time.sleep(0.02)
        raise AssertionError("\n".join(self.lines))

    @property
    def address(self) -> str:
        """Where it serves."""
        return self.wait_for(r"serving (http://127\.0\.0\.1:\d+/)")[1]


@contextlib.contextmanager
def serve_of(
    book: Book, port: int = 0, *, machine: bool = False, **variables: str
) -> Iterator[Serving]:
    """Type `serve`, and Ctrl-C at the end."""
    words = ("--no-open", "--port", str(port))
    with start("serve", book.root, *words, machine=machine, **variables) as process:
        running = Serving(process)
        reader = threading.Thread(target=running.read)
        reader.start()
        try:
            yield running
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=WAIT / 1000)
            reader.join()


@pytest.fixture
def serving(book: Book) -> Iterator[Serving]:
    """`serve` on a book whose chapter is longer than a window."""
    paragraphs = "\n\n".join(f"Paragraph {number}." for number in range(80))
    book.chapter("long", f"# Long\n\nOpening.\n\n## Middle\n\n{paragraphs}\n\n## End\n\nLast.\n")
    with serve_of(book) as running:
        running.wait_for(r"^built in ")
        yield running


def test_a_saved_change_shows_without_losing_the_place(
    book: Book, serving: Serving, page: Page
) -> None:
    page.goto(f"{serving.address}long.html")
    page.locator("#end").scroll_into_view_if_needed()
    page.evaluate("scrollTo({ top: 900, behavior: 'instant' })")
    expect(page.locator("html")).to_have_attribute("data-cb-build", re.compile("-1$"))
    text = (book.root / "book/long.md").read_text()
    book.write("book/long.md", text.replace("Opening.", "Another opening."))
    expect(page.get_by_text("Another opening.")).to_be_attached(timeout=WAIT)
    page.wait_for_function("scrollY === 900")


def test_a_deck_stays_on_its_slide(book: Book, serving: Serving, page: Page) -> None:
    page.goto(f"{serving.address}slides/long.html")
    page.wait_for_function("document.querySelector('.reveal.ready') !== null")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("#/end$"))
    text = (book.root / "book/long.md").read_text()
    book.write("book/long.md", text.replace("Last.", "The very last."))
    expect(page.get_by_text("The very last.", exact=True)).to_be_visible(timeout=WAIT)
    expect(page).to_have_url(re.compile("#/end$"))


def test_both_windows_of_a_talk_show_what_is_saved(
    book: Book, serving: Serving, page: Page
) -> None:
    speaker = talk(page, f"{serving.address}slides/long.html#/end")
    expect(speaker.notes).to_contain_text("Last.")
    text = (book.root / "book/long.md").read_text()
    book.write("book/long.md", text.replace("Last.", "The very last."))
    for place in (page.locator(SLIDE), speaker.slide, speaker.notes):
        expect(place).to_contain_text("The very last.", timeout=WAIT)
    expect(page.locator(SLIDE)).to_have_id("end")
    expect(speaker.slide).to_have_id("end")


def test_a_mistake_shows_in_page_and_window_while_the_last_good_build_stays(
    book: Book, serving: Serving, page: Page
) -> None:
    page.goto(f"{serving.address}long.html")
    text = (book.root / "book/long.md").read_text()
    book.write("book/long.md", text.replace("Opening.", "{% if sldie %}\nx\n{% endif %}"))
    panel = page.get_by_role("alert")
    expect(panel).to_contain_text("book/long.md:3", timeout=WAIT)
    expect(panel).to_contain_text("sldie")
    expect(panel).to_contain_text("slide")
    expect(page.get_by_text("Opening.")).to_be_attached()
    serving.wait_for(r"book/long\.md:3: ")
    serving.wait_for("the last good build stays")
    # An edit elsewhere does not hide it.
    book.write("book/index.md", "# Front page\n\nWelcome again.\n")
    serving.wait_for(r"book/long\.md:3: ", since=len(serving.lines))
    expect(panel).to_contain_text("book/long.md:3")
    book.write("book/long.md", text.replace("Opening.", "Mended."))
    expect(page.get_by_text("Mended.")).to_be_attached(timeout=WAIT)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_new_and_a_renamed_chapter_show_everywhere(
    book: Book, serving: Serving, page: Page
) -> None:
    page.goto(f"{serving.address}long.html")
    book.chapter("new", "# A new chapter\n\nText.\n")
    expect(page.get_by_role("link", name="A new chapter").first).to_be_attached(timeout=WAIT)
    book.write("book/new.md", "# A better name\n\nText.\n")
    expect(page.get_by_role("link", name="A better name").first).to_be_attached(timeout=WAIT)
    expect(page.get_by_role("link", name="A new chapter")).to_have_count(0)


def test_changed_settings_are_used(book: Book, serving: Serving, page: Page) -> None:
    page.goto(f"{serving.address}long.html")
    config = (book.root / "_config.yml").read_text()
    book.write("_config.yml", config.replace("A book for a test", "Another name"))
    expect(page).to_have_title(re.compile("Another name"), timeout=WAIT)


def test_built_files_know_nothing_of_the_server(book: Book, serving: Serving) -> None:
    with urllib.request.urlopen(f"{serving.address}long.html") as answer:
        assert b"/_coursebook/listen.js" in answer.read()
    for file in book.tree.site.rglob("*.html"):
        assert "_coursebook" not in file.read_text()


def test_only_loopback_names_are_answered(serving: Serving) -> None:
    request = urllib.request.Request(serving.address, headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 400
    refused.value.close()


@pytest.mark.parametrize("path", ["../_config.yml", "%2e%2e/_config.yml", "..%2f_config.yml"])
def test_nothing_outside_the_site_is_served(serving: Serving, path: str) -> None:
    port = int(serving.address.rsplit(":", 1)[1].strip("/"))
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(
            f"GET /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404"), answer[:200]


def test_ctrl_c_ends_it_at_once_and_leaves_nothing_behind(serving: Serving) -> None:
    os.killpg(serving.process.pid, signal.SIGINT)
    serving.process.wait(timeout=30)
    assert "Traceback" not in "\n".join(serving.lines)
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(serving.process.pid, 0)
            time.sleep(0.05)


def test_a_second_serve_of_the_same_book_says_why_not(book: Book, serving: Serving) -> None:
    answer = type_in("serve", book.root, "--no-open", "--port", "0")
    assert answer.returncode == 1
    assert "another `serve` or `build` works on this book [already-building]" in answer.stderr


def test_a_taken_port_leads_to_the_next_free_one(book: Book) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serve_of(book, port) as running:
            assert port < int(running.address.rsplit(":", 1)[1].strip("/")) < port + 50


def test_a_book_that_never_built_says_what_to_mend(book: Book, page: Page) -> None:
    book.write("book/index.md", "# Front page\n\n{% endif %}\n")
    with serve_of(book) as running:
        running.wait_for("there is no good build yet")
        page.goto(running.address)
        expect(page.get_by_role("alert")).to_contain_text("book/index.md:3", timeout=WAIT)
        book.write("book/index.md", "# Front page\n\nWelcome.\n")
        expect(page.get_by_text("Welcome.")).to_be_visible(timeout=WAIT)
