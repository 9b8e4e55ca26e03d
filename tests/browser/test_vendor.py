"""Editor and terminal as they are bundled, in a page with the policy of all our pages."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coursebook.live import vendor
from coursebook.machine import tools
from coursebook.paths import FRONTEND, TOOLS
from coursebook.sphinx_ext.policy import policy

pytestmark = pytest.mark.browser

HEAVIEST = 150_000
"""Bytes by gzip of either bundle: what the first edit may cost."""

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}"><title>Try</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="tokens.css"><link rel="stylesheet" href="place.css"></head>
<body><div id="place"></div><script type="module" src="try.js"></script></body></html>"""

PLACE = "#place { width: 640px; height: 240px; font: 16px/1.5 var(--cb-font-code) }"

EDITOR = """
import { mountEditor } from "./editor.js";
globalThis.said = [];
globalThis.editor = mountEditor(document.querySelector("#place"), {
  text: "for one in range(3):\\n    print('two')  # three",
  language: "LANGUAGE", label: "Code of cell 1", at: { x: 100, y: 40 },
  onRun: (key) => said.push(["run", key.shift]), onChange: (text) => said.push(["text", text]),
});
"""

TERMINAL = """
import { mountTerminal } from "./terminal.js";
globalThis.said = [];
globalThis.terminal = mountTerminal(document.querySelector("#place"), {
  onData: (text) => said.push(text), onResize: (columns, rows) => said.push([columns, rows]),
});
"""


@pytest.fixture(scope="module")
def bundles() -> Path:
    return vendor.build(print)


@pytest.fixture
def show(
    bundles: Path, page: Page, serve: Callable[[Path], str], tmp_path: Path
) -> Callable[[str], list[str]]:
    """Open a page that runs some script; return what was refused so far, and will be."""

    def opened(script: str) -> list[str]:
        for name in ("editor.js", "terminal.js"):
            shutil.copy(bundles / name, tmp_path)
        shutil.copy(FRONTEND / "shared" / "tokens.css", tmp_path)
        (tmp_path / "index.html").write_text(PAGE.format(policy=policy()))
        (tmp_path / "place.css").write_text(PLACE)
        (tmp_path / "try.js").write_text(script)
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.on("pageerror", lambda error: refused.append(str(error)))
        page.goto(serve(tmp_path))
        page.wait_for_function("globalThis.said")
        return refused

    return opened


def test_the_bundles_are_light_and_tell_their_licences(bundles: Path) -> None:
    for name in ("editor.js", "terminal.js"):
        assert len(gzip.compress((bundles / name).read_bytes())) <= HEAVIEST, name
    licences = (bundles / "licences.txt").read_text(encoding="utf-8")
    parts = vendor.packages(bundles)
    assert {"@codemirror/view", "@xterm/xterm", "style-mod"} <= {part["name"] for part in parts}
    for part in parts:
        assert f"{part['name']} {part['version']}\n" in licences
    assert licences.count("Permission is hereby granted") == len(parts)


def test_bundling_again_gives_the_same_bytes_and_tells_of_no_folder(
    bundles: Path, tmp_path: Path
) -> None:
    modules = tmp_path / "elsewhere" / "node_modules"
    node = tools.fetch_node(TOOLS)
    shutil.copytree(tools.fetch_npm(TOOLS, node), modules, symlinks=True)
    vendor.bundle(node, modules, tmp_path)
    for name in (*vendor.SHIPPED, "packages.json"):
        assert (tmp_path / name).read_bytes() == (bundles / name).read_bytes(), name
        assert b"node_modules" not in (bundles / name).read_bytes()


@pytest.mark.parametrize("language", ["python", "bash"])
def test_the_editor_colours_edits_undoes_and_runs(
    language: str, show: Callable[[str], list[str]], page: Page
) -> None:
    refused = show(EDITOR.replace("LANGUAGE", language))
    box = page.get_by_role("textbox", name="Code of cell 1")
    expect(box).to_contain_text("print")
    colour = "element => getComputedStyle(element).color"
    keyword = box.get_by_text("for", exact=True).evaluate(colour)
    comment = box.get_by_text("# three").evaluate(colour)
    assert len({keyword, comment, box.evaluate(colour)}) == 3
    page.evaluate("editor.focus()")
    page.keyboard.type("?")
    assert "\n" in page.evaluate("editor.text()").partition("?")[0], "where it was clicked"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+End")
    page.keyboard.type("!")
    assert page.evaluate("editor.text()").endswith("# three!")
    page.keyboard.press("Control+z")
    assert page.evaluate("editor.text()").endswith("# three")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Shift+Enter")
    runs = [one for one in page.evaluate("said") if one[0] == "run"]
    assert runs == [["run", False], ["run", True]]
    assert page.evaluate("editor.text()").count("\n") == 1
    page.evaluate("editor.setText('new')")
    assert page.evaluate("said.at(-1)") == ["text", "new"]
    page.keyboard.press("Control+z")
    assert "range" in page.evaluate("editor.text()")
    page.evaluate("editor.destroy()")
    assert page.locator("#place").evaluate("place => place.childElementCount") == 0
    assert refused == []


def test_escape_and_tab_leave_the_editor(show: Callable[[str], list[str]], page: Page) -> None:
    show(EDITOR.replace("LANGUAGE", "bash"))
    page.evaluate("document.querySelector('#place').insertAdjacentHTML('afterend', '<button>x')")
    page.evaluate("editor.focus()")
    page.keyboard.press("Tab")
    assert page.evaluate("editor.text()").count("  print") == 1
    assert "      print" in page.evaluate("editor.text()")
    page.keyboard.press("Escape")
    # Who hears what the page says needs his time.
    page.evaluate("{ const now = Date.now; Date.now = () => now() + 30_000; }")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="x")).to_be_focused()
    page.evaluate("editor.focus()")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Code of cell 1")).to_be_focused()


def test_the_terminal_prints_colours_fits_and_hears(
    show: Callable[[str], list[str]], page: Page
) -> None:
    refused = show(TERMINAL)
    page.evaluate("terminal.fit()")
    columns, rows = page.evaluate("said.at(-1)")
    assert 50 < columns < 80
    assert 8 <= rows <= 13
    page.evaluate(r"terminal.write('\x1b[31mred\x1b[0m \x1b[38;2;1;200;3mgreen\x1b[0m plain')")
    page.evaluate(r"terminal.write(new TextEncoder().encode('\r\nbytes \u00e9'))")
    lines = page.locator(".xterm-rows")
    expect(lines).to_contain_text("bytes é")
    colour = "element => getComputedStyle(element).color"
    assert lines.get_by_text("green", exact=True).evaluate(colour) == "rgb(1, 200, 3)"
    red = lines.get_by_text("red", exact=True).evaluate(colour)
    assert red != lines.get_by_text("plain").evaluate(colour)
    # The rows stand below each other only if xterm's own styles hold.
    first, second = (lines.locator("> div").nth(n).bounding_box() for n in (0, 1))
    assert first
    assert second
    assert second["y"] - first["y"] == pytest.approx(first["height"], abs=1)
    page.evaluate("terminal.focus()")
    page.keyboard.type("ls")
    assert page.evaluate("said.slice(-2)") == ["l", "s"]
    expect(page.locator(".xterm-accessibility")).to_contain_text("bytes é")
    assert refused == []


def test_the_terminal_follows_the_scheme_and_leaves_nothing(
    show: Callable[[str], list[str]], page: Page
) -> None:
    refused = show(TERMINAL)
    paper = "getComputedStyle(document.querySelector('.xterm-scrollable-element')).backgroundColor"
    light = page.evaluate(paper)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"{paper} !== {json.dumps(light)}")
    page.evaluate("terminal.dispose()")
    assert page.evaluate("document.adoptedStyleSheets.length") == 0
    assert refused == []
