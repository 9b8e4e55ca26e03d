"""What a site holds so that its cells can run: live files, bundles, the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from books import Book
from commands import type_in
from coursebook.live import equipment, files, machine, vendor
from coursebook.machine import make, tools
from coursebook.machine.missing import CannotBuildError
from coursebook.publish import publish, update
from machines import PACKAGES, PACKS, PARTS, stand_in

CHAPTER = "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n# Cells\n\n"
CHAPTER += "```{code-cell} bash\necho one\n```\n"


@pytest.fixture
def cells(book: Book) -> Book:
    """A book with a chapter that has a cell, and one that has none."""
    book.chapter("part/cells", CHAPTER)
    book.chapter("part/text", "# Text\n\nWords.\n")
    return book


def test_pages_with_cells_load_one_module_and_its_styles_and_others_nothing(cells: Book) -> None:
    cells.build()
    for drawn, up in ((cells.page("part/cells"), "../"), (cells.deck("part/cells"), "../../")):
        found = [
            str(tag.get("src") or tag["href"])
            for tag in drawn.select("head [src*=live], head [href*=live]")
        ]
        assert found == [f"{up}{files.folder()}/start.css", f"{up}{files.folder()}/start.js"]
        [module] = drawn.select("script[src*=live]")
        assert module["type"] == "module"
    for drawn in (cells.page("part/text"), cells.deck("part/text"), cells.page("index")):
        assert not drawn.select("[src*=live], [href*=live]")


def test_all_live_files_stand_once_at_the_root_and_are_listed(cells: Book) -> None:
    cells.build()
    place = cells.tree.site / files.folder()
    standing = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    listed = json.loads((place / files.LIST).read_text())
    assert standing == {*listed, files.LIST}
    assert {"start.js", "start.css", "offline.js"} <= standing
    assert [path.name for path in (cells.tree.site / "live").iterdir()] == [place.name]
    assert not (cells.published_deck / "live").exists()
    assert (cells.tree.site / "service-worker.js").is_file()


def test_a_change_of_a_live_file_is_another_address_on_every_page_with_cells(
    cells: Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cells.build()
    before = files.folder()
    source = tmp_path / "live"
    source.mkdir()
    for name in ("start.js", "start.css", "service-worker.js"):
        (source / name).write_text("// another one\n")
    monkeypatch.setattr(files, "SOURCE", source)
    cells.build()
    assert files.folder() != before
    for html in (cells.html("part/cells"), cells.deck("part/cells").decode()):
        assert f"{files.folder()}/start.js" in html
        assert before not in html
    assert not (cells.tree.site / before).exists()


def test_nothing_is_copied_again_where_nothing_changed(cells: Book) -> None:
    cells.build()
    update(cells.tree)
    times = {path: path.stat().st_mtime_ns for path in (cells.tree.site / "live").rglob("*")}
    cells.problems()
    assert update(cells.tree) == []
    assert {
        path: path.stat().st_mtime_ns for path in (cells.tree.site / "live").rglob("*")
    } == times


def test_the_bundles_are_among_the_live_files(cells: Book) -> None:
    vendor.build(print)
    cells.build()
    place = cells.tree.site / files.folder() / "vendor"
    assert sorted(path.name for path in place.iterdir()) == sorted(vendor.SHIPPED)


def test_where_npm_is_out_of_reach_the_book_builds_and_says_so_once(
    cells: Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unreachable(folder: Path) -> Path:
        raise CannotBuildError("Node could not be fetched", "check the network")

    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(tools, "fetch_node", unreachable)
    told: list[str] = []
    equipment.editor_and_terminal(lambda message: None, told.append)
    assert told == [
        "cells are edited in a plain field, and have no terminal: Node could not be fetched\n"
        "    hint: check the network"
    ]
    cells.build()
    assert not (cells.tree.site / files.folder() / "vendor").exists()
    assert (cells.tree.site / files.folder() / "start.js").is_file()


# The machine


def test_a_machine_is_published_below_its_name_with_what_the_tab_needs(cells: Book) -> None:
    folder = stand_in(cells.tree.machine)
    cells.problems()
    publish(cells.tree, folder)
    place = cells.tree.site / "machine"
    assert json.loads((place / "current.json").read_text()) == {"machine": folder.name}
    top = place / folder.name
    standing = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}
    names = {name for name, _ in PARTS.values()} | set(PACKS)
    assert standing == names | {"manifest.json"} | {f"{one['licence']}.txt" for one in PACKAGES}
    for name in names:
        assert (top / name).read_bytes() == (folder / name).read_bytes()
        # Links: a site of 60 MB costs nothing.
        assert (top / name).stat().st_ino == (folder / name).stat().st_ino


def test_it_is_copied_where_no_links_can_be_made(
    cells: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_disk(self: Path, target: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", other_disk)
    folder = stand_in(cells.tree.machine)
    cells.problems()
    publish(cells.tree, folder)
    state = cells.tree.site / "machine" / folder.name / "state.bin.zst"
    assert state.read_bytes() == (folder / "state.bin.zst").read_bytes()
    assert state.stat().st_nlink == 1


def test_an_old_machine_goes_from_the_site_and_so_does_one_that_is_left_out(cells: Book) -> None:
    cells.problems()
    publish(cells.tree, stand_in(cells.tree.machine))
    new = stand_in(cells.tree.machine, b"new")
    publish(cells.tree, new)
    place = cells.tree.site / "machine"
    assert {path.name for path in place.iterdir() if path.is_dir()} == {new.name}
    publish(cells.tree)
    assert not (place / "current.json").exists()
    assert not (place / new.name).exists()
    assert (new / "state.bin.zst").is_file(), "what was built stays"


def test_serving_hands_a_machine_out_from_where_it_was_built(cells: Book) -> None:
    shelf = machine.Shelf()
    assert shelf.answer("machine/current.json") is None
    shelf.machine = folder = stand_in(cells.tree.machine)
    assert json.loads(bytes(shelf.answer("machine/current.json") or b"")) == {
        "machine": folder.name
    }
    assert shelf.answer(f"machine/{folder.name}/v86.packed") == folder / "v86.packed"
    assert shelf.answer(f"machine/{folder.name}/licences/bash.txt") == folder / "licences/bash"
    for name in ("kernel", "machine.json", "../../../_config.yml", "licences/bash"):
        assert shelf.answer(f"machine/{folder.name}/{name}") is None
    assert shelf.answer("index.html") is None


def test_where_the_machine_cannot_be_built_the_book_is_built_without(
    cells: Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}")
    told: list[str] = []
    assert equipment.machine(cells.tree, lambda message: None, told.append) is None
    [message] = told
    assert message.startswith("cells will not run in the reader's tab: its machine cannot be built")
    assert "hint: sudo apt-get install mmdebstrap" in message


def test_the_command_publishes_a_machine_that_stands(
    cells: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stand_in(cells.tree.machine)
    monkeypatch.setattr(make, "standing", lambda tree: folder)
    assert equipment.machine(cells.tree, pytest.fail, pytest.fail) == folder


def test_the_command_can_leave_the_machine_out(cells: Book) -> None:
    answer = type_in("build", cells.root)  # tests type --no-machine
    assert answer.returncode == 0, answer.stderr
    assert "Linux" not in answer.stderr
    assert not list(cells.tree.site.glob("machine/*.json"))
    assert (cells.tree.site / "index.html").is_file()
