"""What the service worker keeps: for the next visit, and without any server."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from books import Book
from coursebook.agreement.hosting import host
from coursebook.live import files, vendor
from coursebook.publish import publish
from machines import PACKS, PARTS, stand_in

pytestmark = pytest.mark.browser

KEEP = """async ([site, live]) => {
    const { keepForOffline } = await import(new URL(`${live}/offline.js`, site));
    return keepForOffline(new URL(site));
}"""
"""What the machine's engine does when it has started for the first time."""

LENGTHS = """async (addresses) => Promise.all(addresses.map(async (address) => {
    const answer = await fetch(address);
    return (await answer.blob()).size;
}))"""

LONG_AGO = 1_600_000_000
"""Seconds since 1970."""

NAMES = "async () => (await caches.keys()).sort()"

CHAPTER = """\
---
file_format: mystnb
kernelspec: {name: bash}
---
# Cells

## Here

```{code-cell} bash
echo one
```
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book with a machine that stands in, and one chapter with a cell."""
    book = Book(tmp_path_factory.mktemp("offline") / "a-book")
    book.chapter("part/cells", CHAPTER)
    book.chapter("part/other", "# Other\n\nText.\n")
    vendor.build(print)
    book.build()
    publish(book.tree, stand_in(book.tree.machine))
    return book


@contextlib.contextmanager
def below_a_path(site: Path, folder: Path) -> Iterator[str]:
    """Serve a site as a part of a larger one, with other files beside it."""
    shutil.copytree(site, folder / "some" / "book")
    (folder / "some" / "else.html").write_text("<title>else</title>")
    # A browser takes what has not changed for long to be good for days, if nobody says otherwise.
    for file in folder.rglob("*"):
        os.utime(file, (LONG_AGO, LONG_AGO))
    with host(folder, sub_path="/") as found:
        yield f"{found.address}some/book/"


def machine_files(book: Book) -> dict[str, int]:
    """Return address and bytes of all parts that a start needs."""
    [machine] = [path for path in (book.tree.site / "machine").iterdir() if path.is_dir()]
    place = f"machine/{machine.name}"
    return {f"{place}/{name}": len(content) for name, content in PARTS.values()}


def test_pages_and_machine_are_there_when_the_server_is_gone(
    site: Book, page: Page, tmp_path: Path
) -> None:
    parts = machine_files(site)
    with below_a_path(site.tree.site, tmp_path) as address:
        page.goto(f"{address}index.html")
        pack = f"{next(iter(parts)).rpartition('/')[0]}/{next(iter(PACKS))}"
        page.evaluate(LENGTHS, [f"{address}{pack}"])
        page.goto(f"{address}part/cells.html")
        assert page.evaluate(KEEP, [address, files.folder()]) == []
        page.goto(f"{address}slides/part/cells.html")
        page.wait_for_function("() => globalThis.Reveal?.isReady()")
    refused: list[str] = []
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.goto(f"{address}part/cells.html?again=1")
    expect(page.get_by_role("heading", name="Cells")).to_be_visible()
    expect(page.locator(".cb-run").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.cb-top')).display") == "flex"
    wanted = [f"{address}{name}" for name in parts]
    assert page.evaluate(LENGTHS, wanted) == list(parts.values())
    live = f"{address}{files.folder()}"
    names = page.evaluate("address => fetch(address).then(a => a.json())", f"{live}/files.json")
    assert {"start.js", "vendor/editor.js"} <= set(names)
    assert 0 not in page.evaluate(LENGTHS, [f"{live}/{name}" for name in names])
    assert page.evaluate(LENGTHS, [f"{address}{pack}"]) == [len(next(iter(PACKS.values())))]
    current = page.evaluate(
        "address => fetch(address).then(a => a.json())", f"{address}machine/current.json"
    )
    assert current["machine"] in wanted[0]
    page.goto(f"{address}slides/part/cells.html")
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    assert refused == []
    # Who was not here before is told by the browser, not by a page that is another one.
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"{address}part/other.html")


def test_a_page_that_changed_is_never_stale_and_other_sites_are_left_alone(
    site: Book, page: Page, tmp_path: Path
) -> None:
    with below_a_path(site.tree.site, tmp_path) as address:
        page.goto(f"{address}part/cells.html")
        page.evaluate("async () => { await caches.open('of another site') }")
        page.evaluate(KEEP, [address, files.folder()])
        place = tmp_path / "some" / "book" / "part" / "cells.html"
        place.write_text(place.read_text().replace("Here", "There"))
        page.goto(f"{address}index.html")
        page.goto(f"{address}part/cells.html")
        expect(page.get_by_role("heading", name="There")).to_be_visible()
        assert page.evaluate("navigator.serviceWorker.controller !== null")
        page.goto(f"{address}slides")
        assert page.url == f"{address}slides/", "the host's own ways on are gone"
        page.goto(f"{address}../else.html")
        assert page.title() == "else"
        assert page.evaluate("navigator.serviceWorker.controller === null")
        assert "of another site" in page.evaluate(NAMES)
        kept = "async () => (await (await caches.open('cb /some/book/ pages')).keys()).length"
        assert page.evaluate(kept) > 3


def test_another_build_drops_what_was_kept_of_the_one_before(
    site: Book, page: Page, tmp_path: Path
) -> None:
    old, new = files.folder(), "live/0123456789ab"
    with below_a_path(site.tree.site, tmp_path) as address:
        for name in ("index", "part/cells"):
            page.goto(f"{address}{name}.html")
        page.evaluate(KEEP, [address, old])
        before = page.evaluate(NAMES)
        assert len(before) == 3
        page.goto(f"{address}slides/part/cells.html")
        root = tmp_path / "some" / "book"
        (root / old).rename(root / new)
        for html in root.rglob("*.html"):
            html.write_text(html.read_text().replace(old, new))
        shutil.rmtree(root / "machine")
        machine = stand_in(root / "machine", b"other")
        (root / "machine" / "current.json").write_text(f'{{"machine": "{machine.name}"}}')
        page.goto(f"{address}part/cells.html")
        assert page.evaluate(KEEP, [address, new]) == []
        assert page.evaluate(NAMES) == [
            f"cb /some/book/ {new}",
            f"cb /some/book/ machine/{machine.name}",
            "cb /some/book/ pages",
        ]
    page.goto(f"{address}part/cells.html")
    expect(page.locator(".cb-run").first).to_be_visible()
    # The deck was seen with the build before: it would ask for what is gone.
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"{address}slides/part/cells.html")


def test_a_part_that_was_cut_off_is_not_kept(site: Book, page: Page, tmp_path: Path) -> None:
    with below_a_path(site.tree.site, tmp_path) as address:
        [state] = (tmp_path / "some" / "book" / "machine").glob("*/state.bin.zst")
        state.write_bytes(state.read_bytes()[:-1])
        page.goto(f"{address}part/cells.html")
        missing = page.evaluate(KEEP, [address, files.folder()])
        assert [name.rpartition("/")[2] for name in missing] == ["state.bin.zst"]
        state.write_bytes(PARTS["state"][1])
        size = "async ([address, cache]) => (await (await fetch(address, { cache })).blob()).size"
        relative = state.relative_to(tmp_path / "some" / "book").as_posix()
        # As the engine asks once more for a part whose hash is wrong.
        anew = [f"{address}{relative}", "reload"]
        assert page.evaluate(size, anew) == len(PARTS["state"][1])
    assert page.evaluate(size, [f"{address}{relative}", "default"]) == len(PARTS["state"][1])


def test_a_cell_runs_again_after_the_server_is_gone(
    site: Book, page: Page, tmp_path: Path, machine_folder: Path
) -> None:
    """The real machine, and no stand-in: run, stop the server, reload, run."""
    publish(site.tree, machine_folder)
    with below_a_path(site.tree.site, tmp_path) as address:
        page.goto(f"{address}part/cells.html")
        assert page.evaluate("navigator.serviceWorker.getRegistration()") is None
        run(page)
        assert page.evaluate(KEEP, [address, files.folder()]) == []
    page.reload()
    run(page)
    assert page.evaluate("navigator.serviceWorker.controller.state") == "activated"


def run(page: Page) -> None:
    """Press Run, and wait for what the cell prints."""
    page.get_by_role("button", name="Run bash cell 1").click()
    cell = page.locator(".cell[data-cb-cell]")
    expect(cell).to_have_attribute("data-cb-ran", "", timeout=60_000)
    expect(cell).to_contain_text("one")
