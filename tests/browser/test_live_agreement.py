"""The commands that run the course's cells in a tab, with the real machine."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from commands import type_in
from coursebook.paths import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.patient]


CHAPTER = "book/foundations/activation.md"
"""One chapter; all of them take longer than a test may. ``course.py check --live`` runs them."""


def test_the_cells_of_a_chapter_print_in_the_tab_what_they_printed_in_the_build(
    machine_folder: Path,
) -> None:
    answer = type_in("check", REPOSITORY, "--live", CHAPTER, seconds=600)
    assert answer.returncode == 0, answer.stderr
    counted = re.search(r"(?m)^(\d+) cells: (\d+) ran in the tab", answer.stdout)
    assert counted, answer.stdout
    assert int(counted[2]) > 10
    assert ", 0 differ;" in answer.stdout
    assert "can be done in the tab" in answer.stderr


def test_the_live_bench_presses_run_and_counts(machine_folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    answer = type_in(
        "bench",
        REPOSITORY,
        *("--live", "--runs", "1", "--measures", "pages,local,facts", "--json", str(file)),
        seconds=900,
    )
    assert answer.returncode == 0, answer.stderr
    figures = json.loads(file.read_text(encoding="utf-8"))["live"]
    assert figures["engine bytes before a click"] == [0]
    assert figures["bytes to uv venv"] > figures["bytes to the first output"] > [1e6]
    assert figures["image bytes"] > figures["state bytes"] > [1e6]
    assert all(len(values) == 1 and values[0] >= 0 for values in figures.values())
    told = (
        "Run → first output, cold",
        "the same over 20 Mbit/s",
        "memory of the tab",
        "frames per second while a cell loops",
        "your own computer, first cell",
    )
    for row in told:
        assert re.search(rf"^{re.escape(row)}  .*\d", answer.stdout, re.MULTILINE), row
