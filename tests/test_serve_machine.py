"""The machine under `serve`: handed out from where it stands, built where nobody waits for it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from books import Book
from browser.test_serve import serve_of
from coursebook.live.background import MachineBuilder
from coursebook.live.machine import Shelf
from coursebook.machine import make
from machines import PARTS, stand_in


def in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine in another thread: the browser of other tests has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def note(book: Book, folder: Path) -> None:
    """Let a machine count as built from what the book is now."""
    notes = book.tree.machine / "standing"
    notes.mkdir(parents=True, exist_ok=True)
    (notes / make.inputs(book.tree)).write_text(f"{folder.name}\n")


def test_a_machine_that_stands_is_there_with_the_first_page(book: Book) -> None:
    folder = stand_in(book.tree.machine)
    note(book, folder)
    with serve_of(book, machine=True) as running:
        running.wait_for(r"^built in ")
        with urllib.request.urlopen(f"{running.address}machine/current.json") as answer:
            assert json.load(answer) == {"machine": folder.name}
            assert answer.headers["Cache-Control"] == "no-cache"
        state = f"{running.address}machine/{folder.name}/state.bin.zst"
        with urllib.request.urlopen(state) as answer:
            assert answer.read() == PARTS["state"][1]
            assert "immutable" in answer.headers["Cache-Control"]
        with urllib.request.urlopen(f"{running.address}machine/licences.html") as answer:
            assert f"{folder.name}/licences/bash.txt" in answer.read().decode()
        with urllib.request.urlopen(
            f"{running.address}machine/{folder.name}/licences/bash.txt"
        ) as answer:
            assert answer.headers.get_content_type() == "text/plain"
    assert not (book.tree.site / "machine" / folder.name).exists(), "no save copies it"


def test_without_it_the_book_is_served_and_the_window_says_why_once(
    book: Book, tmp_path: Path
) -> None:
    with serve_of(book, machine=True, PATH=str(tmp_path)) as running:
        running.wait_for(r"^built in ")
        running.wait_for("building the Linux of the reader's tab in the background")
        running.wait_for("hint: sudo apt-get install mmdebstrap")
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{running.address}machine/current.json")
        assert missing.value.code == 404
        missing.value.close()
        lines = len(running.lines)
        book.write("book/index.md", "# Front page\n\nWelcome again.\n")
        running.wait_for(r"^built in ", since=lines)
        assert sum("hint: sudo apt-get" in line for line in running.lines) == 1


def test_who_stops_serving_stops_what_is_being_built(
    book: Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    program = tmp_path / "python"
    program.write_text(
        f"#!/bin/sh\nsleep 1000 &\necho $! >{begun}.new\nmv {begun}.new {begun}\nwait\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    said: list[str] = []

    async def serve() -> None:
        builder = MachineBuilder(book.tree, Shelf(), said.append)
        builder.begin()
        while not begun.exists():
            await asyncio.sleep(0.02)
        builder.begin()
        await builder.close()

    in_a_loop_of_its_own(asyncio.wait_for(serve(), 60))
    assert len(said) == 1
    # The last one of the group may take a moment to be gone.
    for _ in range(200):
        if not alive(begun.read_text().strip()):
            return
        time.sleep(0.05)
    raise AssertionError("what was started goes on")


def alive(process: str) -> bool:
    """Tell whether a process runs; a dead one that nobody has asked for does not."""
    try:
        status = (Path("/proc") / process / "stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_book_with_wrong_packages_is_tried_again_when_they_are_mended(book: Book) -> None:
    wrong = book.write("book/_index/packages.toml", '[x."1"]\nnonsense = 1\n')

    async def serve() -> None:
        shelf = Shelf()
        builder = MachineBuilder(book.tree, shelf, pytest.fail)
        builder.begin()
        assert builder.task
        await builder.task
        assert shelf.machine is None
        wrong.write_text("")
        folder = stand_in(book.tree.machine)
        note(book, folder)
        builder.begin()
        await builder.task
        assert shelf.machine == folder

    in_a_loop_of_its_own(serve())
