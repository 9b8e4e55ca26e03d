"""The bench measures what it says."""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path

import pytest

import room_parts
from commands import type_in
from coursebook import execute
from coursebook.bench import live_book, live_report, report
from coursebook.bench.books import chapter, write_book
from coursebook.bench.figures import Collected
from coursebook.bench.measure import run
from coursebook.bench.pages import weigh_page
from coursebook.bench.rivals import lite
from coursebook.bench.slides import checked
from coursebook.course.book import read_book
from coursebook.course.cells import book_cells
from coursebook.course.chapter import render_chapter
from coursebook.execute import index
from coursebook.paths import REPOSITORY, Tree


def test_the_plain_book_has_the_text_of_our_pages() -> None:
    ours = render_chapter(chapter(7, 30, conditionals=True), "pages", "x.md")[0]
    plain = chapter(7, 30, conditionals=False)
    assert not ours.problems
    assert ours.text.split() == plain.split()
    assert "{%" not in plain


def test_a_generated_chapter_is_always_the_same_and_never_like_another() -> None:
    assert chapter(3, 30, conditionals=True) == chapter(3, 30, conditionals=True)
    assert chapter(3, 30, conditionals=True) != chapter(4, 30, conditionals=True)


def test_a_generated_book_has_prose_code_references_a_grid_and_conditionals() -> None:
    text = chapter(3, 30, conditionals=True)
    for part in ("```bash", "```python", "{ref}`", "](../part-", "{grid}", "{% if slide %}"):
        assert part in text


def test_memory_and_work_of_child_processes_count(tmp_path: Path) -> None:
    child = "x = bytearray(80_000_000); sum(range(6_000_000)); import time; time.sleep(0.5)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    cost = run([sys.executable, "-c", parent], tmp_path)
    assert cost.peak > 80_000_000
    assert cost.seconds > 0.5
    assert cost.work > 0


def test_a_command_that_fails_gives_no_figure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="it is broken"):
        run([sys.executable, "-c", "raise SystemExit('it is broken')"], tmp_path)


def test_a_page_weighs_what_a_browser_loads(tmp_path: Path) -> None:
    files = {
        "part/page.html": '<link rel="stylesheet" href="../s/a.css?v=1">'
        '<script type="module" src="../s/a.js"></script>'
        '<script src="https://example.org/far.js"></script><img src="//example.org/x.png">',
        "s/a.css": '@import "b.css"; p { color: red }',
        "s/b.css": "p { margin: 0 }",
        "s/a.js": 'import { b } from "./b.js";\nconst later = () => import("./later.js");\n',
        "s/b.js": "export const b = 1;\n",
        "s/later.js": "export const nothing = 'loaded by a click';\n",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    page = weigh_page(tmp_path, tmp_path / "part/page.html")
    loaded = [text for name, text in files.items() if name != "s/later.js"]
    assert page.weight == sum(len(gzip.compress(text.encode())) for text in loaded)
    assert page.elsewhere == ("https://example.org/far.js", "//example.org/x.png")


def test_bench_prints_ratios_and_writes_them_for_machines(tmp_path: Path) -> None:
    write_book(tmp_path / "book", 2, conditionals=True)
    file = tmp_path / "figures.json"
    answer = type_in(
        "bench",
        tmp_path / "book",
        "--chapters",
        "1,2",
        "--skip-plain",
        "--slides",
        "0",
        "--json",
        str(file),
    )
    assert answer.returncode == 0, answer.stderr
    assert re.search(r"^2 ÷ 1 chapters, ours +\d+\.\d\d$", answer.stdout, re.MULTILINE)
    figures = json.loads(file.read_text())
    assert set(figures["books"]) == {"1", "2"}
    assert figures["books"]["2"]["ours"]["peak"] > 0
    assert figures["book"]["again"]["interpreters"] == 0
    assert str(REPOSITORY) not in file.read_text()


def test_measuring_slides_is_timed_on_as_many_as_were_wished_for(tmp_path: Path) -> None:
    figures = checked(tmp_path / "book", 35)
    assert figures["slides"] == 35
    assert 0 < figures["seconds"] < figures["check"]["seconds"]
    printed = report.table({"books": {}, "slides": figures})
    assert re.search(r"^35 slides measured, light and dark +\d+\.\d\d s$", printed, re.MULTILINE)


def test_a_figure_is_the_middle_of_what_was_measured() -> None:
    figures = Collected()
    for value in (900.0, 20.0, 30.0):
        figures.note("cold", value)
    assert figures.medians() == {"cold": 30.0}


def test_live_figures_stand_beside_their_goals_and_those_of_others() -> None:
    medians = {"cold": 1500.0, "Pyodide, cold": 3000.0, "memory": 4e8, "share": 1.0}
    lines = live_report.table(medians).splitlines()
    assert re.fullmatch(r"Run → first output, cold +1\.50 s +≤ 3 s", lines[1])
    assert re.fullmatch(r"memory of the tab +400\.0 MB +≤ 450 MB", lines[2])
    assert re.fullmatch(r"cold, ours ÷ Pyodide +0\.50", lines[-1])


def test_the_cells_to_measure_print_what_the_build_masks(tmp_path: Path) -> None:
    """So a clock in the page can tell a reader's output from the stored one."""
    root = tmp_path / "book"
    live_book.write_live_book(Tree(REPOSITORY), root)
    sequences = [one for one in book_cells(read_book(Tree(root)).chapters) if one.cells]
    room_parts.lend(Tree(root).cells)
    execute.run(Tree(root), sequences)
    kept = execute.results(Tree(root), sequences[0])
    shown = ["".join(output["text"] for output in one["outputs"]) for one in kept]
    assert len(shown) == len(live_book.CELLS)
    for text, cell in zip(shown, live_book.CELLS, strict=True):
        assert ("…" in text) != cell.endless, text
        assert not re.search(live_book.STAMP, text)


def test_wheels_for_the_rival_are_locked_as_pyodide_does(tmp_path: Path) -> None:
    folder = index.build(Tree(REPOSITORY)).folder
    assert folder
    wheels = sorted(folder.glob("wheelhouse/*-1.*-py3-none-any.whl"))
    locked = lite.locked(wheels)
    assert len(locked) == len({wheel.name.partition("-")[0] for wheel in wheels})
    assert any(package["depends"] for package in locked.values())
    for name, package in locked.items():
        assert package["imports"] == [name.replace("-", "_")]
        assert set(package["depends"]) <= set(locked)
