"""What tests of the machine share: a site around it, and a tab that runs cells."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import BrowserContext, Page

from coursebook.agreement.hosting import Files, host
from coursebook.paths import FRONTEND
from coursebook.sphinx_ext.policy import DIRECTIVES

PATIENCE = 120
"""Seconds that an answer is waited for; never a measure of speed."""

PLACE = "some/where"
"""The site lies below a folder of its host, as it does on most."""

POLICY = "; ".join(" ".join((name, *sources)) for name, sources in DIRECTIVES.items())

PAGE = f"""<!doctype html><meta charset="utf-8"><title>Cells</title>
<meta http-equiv="Content-Security-Policy" content="{POLICY}"><p><a href="next.html">next</a>
<script type="module" src="cells.js"></script>
"""

SCRIPT = """  const { choose } = await import("../live/0123456789ab/engines/choice.js");
  const { TroubleError } = await import("../live/0123456789ab/engines/engine.js");
  window.troubles = [];
  window.progress = [];
  window.chooseEngine = async () => {
    const choice = await choose("machine");
    window.engine = choice.engine;
    window.why = choice.why;
    engine?.addEventListener("trouble", ({ detail }) => troubles.push(detail));
    engine?.addEventListener("progress", ({ detail }) => progress.push(detail));
  };
  window.start = () =>
    engine.start().then(
      () => null,
      (error) => {
        const { message, mend } = error;
        return { known: error instanceof TroubleError, message, mend };
      },
    );
  window.run = async (language, source, chapter) => {
    const messages = (window.messages = []);
    const topic = chapter.split("/").at(-1);
    const asked = { language, source, chapter, topic, cell: 0 };
    const result = await engine.run(asked, (message) => messages.push(message));
    const printed = (name) =>
      messages.filter((one) => one.name === name).map(({ text }) => text).join("");
    return {
      ...result,
      printed: messages.filter(({ text }) => text).map(({ text }) => text).join(""),
      stdout: printed("stdout"),
      stderr: printed("stderr"),
      outputs: messages.filter(({ output }) => output).map(({ output }) => output),
    };
  };
  window.within = (seconds, promise) =>
    Promise.race([
      promise,
      new Promise((_, reject) =>
        setTimeout(() => reject(new Error(`no answer in ${seconds} s`)), seconds * 1000),
      ),
    ]);
  await window.chooseEngine();
  window.isOpen = true;
"""


class Faulty(Files):
    """Answers of a host, and what may ail it.

    Attributes:
        types: What it calls all files but pages and our own scripts.
        damaged_once: Ends of addresses that come cut off the first time.
        missing: Names of files that are not there, for as long as they stand here.
        appended: Script that stands below that of a file, by the file's name.
        asked: Every address that was asked for.
    """

    types: str | None = None
    damaged_once: ClassVar[set[str]] = set()
    missing: ClassVar[set[str]] = set()
    appended: ClassVar[dict[str, str]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:  # noqa: N802 - the library calls it so
        """Answer a request."""
        self.asked.append(self.path)
        name = self.path.rpartition("/")[2].partition("?")[0]
        if name in self.missing:
            self.send_error(404)
            return
        if name in self.appended:
            whole = Path(self.translate_path(self.path)).read_bytes() + self.appended[name].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Content-Length", str(len(whole)))
            self.end_headers()
            self.wfile.write(whole)
            return
        if name not in self.damaged_once:
            super().do_GET()
            return
        self.damaged_once.discard(name)
        whole = Path(self.translate_path(self.path)).read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(whole) // 2))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(whole[: len(whole) // 2])

    def guess_type(self, path: Any) -> str:
        """Name the type of a file; ``types`` for all that are not pages or scripts of ours."""
        ending = Path(str(path)).suffix
        if self.types and ending not in (".html", ".js"):
            return self.types
        return super().guess_type(path)


@contextlib.contextmanager
def hosted(folder: Path, **faults: Any) -> Iterator[str]:
    """Serve a folder on loopback and yield the address of its root."""
    with host(folder, sub_path="/", answers=type("Ailing", (Faulty,), faults)) as site:
        yield site.address


def make_site(root: Path, machine: Path | None) -> Path:
    """Put a site of two pages into a folder, with a machine of its own that may be damaged.

    Args:
        root: An empty folder: what the host shows.
        machine: A folder that ``machine build`` made; None for a site without a machine.

    Returns:
        The folder of the machine's files, or of the site if there is none.
    """
    site = root / PLACE
    (site / "live").mkdir(parents=True)
    (site / "live" / "0123456789ab").symlink_to(FRONTEND / "live")
    (site / "pages").mkdir()
    for name in ("cells.html", "next.html"):
        (site / "pages" / name).write_text(PAGE, encoding="utf-8")
    (site / "pages" / "cells.js").write_text(SCRIPT, encoding="utf-8")
    if machine is None:
        return site
    folder = site / "machine" / machine.name
    folder.mkdir(parents=True)
    current = json.dumps({"machine": machine.name})
    (folder.parent / "current.json").write_text(current, encoding="utf-8")
    for name in ["manifest.json", *files_of(machine)]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        link(machine / name, folder / name)
    return folder


def files_of(machine: Path) -> list[str]:
    """Return the names of all files that a manifest lists."""
    parts = json.loads((machine / "manifest.json").read_text(encoding="utf-8"))["parts"]
    packs = parts.pop("packs")
    return [part["file"] for part in [*parts.values(), *packs]]


def link(source: Path, target: Path) -> None:
    """Make a hard link where that is possible, else a copy."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


class Tab:
    """A tab of a reader's, with a page of cells open."""

    def __init__(self, context: BrowserContext, address: str, *, name: str = "cells.html") -> None:
        self.page: Page = context.new_page()
        self.open(f"{address}{PLACE}/pages/{name}")

    def open(self, address: str) -> None:
        """Go to a page of the site, by its full address."""
        self.page.goto(address)
        self.until("window.isOpen")

    def reload(self) -> None:
        """Reload the page."""
        self.page.reload()
        self.until("window.isOpen")

    def back(self) -> None:
        """Go back to the page before this one."""
        self.page.go_back()
        self.until("window.isOpen")

    def ask(self, script: str, *values: Any, seconds: int = PATIENCE) -> Any:
        """Evaluate an expression of JavaScript, in which ``values`` are known by that name."""
        return self.page.evaluate(
            f"([values, seconds]) => within(seconds, (async () => ({script}))())",
            [list(values), seconds],
        )

    def begin(self, language: str, source: str, chapter: str = "part/topic") -> None:
        """Run a cell without waiting for its end."""
        self.page.evaluate(
            "(values) => { window.running = run(...values); }", [language, source, chapter]
        )

    def result(self, seconds: int = PATIENCE) -> Any:
        """Wait for the end of the cell that runs."""
        return self.ask("running", seconds=seconds)

    def run(
        self, language: str, source: str, chapter: str = "part/topic", seconds: int = PATIENCE
    ) -> Any:
        """Run a cell: its result, with ``stdout``, ``stderr``, ``printed`` and ``outputs``."""
        self.begin(language, source, chapter)
        return self.result(seconds)

    def bash(self, source: str, **options: Any) -> Any:
        """Run a cell of bash."""
        return self.run("bash", source, **options)

    def python(self, source: str, **options: Any) -> Any:
        """Run a cell of Python."""
        return self.run("python", source, **options)

    def until(self, script: str) -> None:
        """Wait until an expression holds on the page."""
        # Playwright's own way evaluates a string within the page, which its policy forbids.
        holds = self.page.evaluate(
            f"""async (seconds) => {{
                const end = performance.now() + seconds * 1000;
                while (!({script}) && performance.now() < end) {{
                  await new Promise((resolve) => setTimeout(resolve, 20));
                }}
                return Boolean({script});
            }}""",
            PATIENCE,
        )
        assert holds, f"never came true: {script}"

    def troubles(self) -> list[dict[str, Any]]:
        """Return what the engine has told, and forget it."""
        told: list[dict[str, Any]] = self.ask("troubles.splice(0)")
        return told
