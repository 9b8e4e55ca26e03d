"""The same visits to the pages of the rivals: cold, then warm, then the same cell once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coursebook.agreement.hosting import host
from coursebook.bench.figures import Collected
from coursebook.bench.live_browser import WAIT, clock, opened
from coursebook.bench.rivals import lite, parts, plain_pyodide

STAMP = r"\b[0-9]{19}\b"
"""What ``time.time_ns()`` prints."""


@dataclass(frozen=True)
class Rival:
    """Another way to run a cell in a page.

    Attributes:
        name: What figures call it.
        folder: Its site.
        page: The page below it.
        button: Selector of what starts it.
        output: Selector of what it prints.
        again: Whether its button runs the cell once more.
    """

    name: str
    folder: Path
    page: str
    button: str
    output: str
    again: bool

    def visit(self, profile: Path, figures: Collected) -> None:
        """Come for the first time and for the second."""
        pressed = [self.button, self.output, STAMP, WAIT]
        with host(self.folder) as site:
            for when in ("cold", "warm"):
                with opened(profile) as page:
                    page.goto(site.address + self.page, wait_until="networkidle")
                    if when == "cold":
                        figures.note(f"{self.name}, page bytes", site.weight)
                    figures.note(f"{self.name}, {when}", clock(page, "press", pressed))
                    if when == "cold":
                        figures.note(f"{self.name}, bytes to the first output", site.weight)
                        if self.again:
                            figures.note(f"{self.name}, second", clock(page, "press", pressed))


def put_together(tools: Path, work: Path, say: Callable[[str], None]) -> list[Rival]:
    """Fetch and build all rivals.

    Args:
        tools: Where Node and its like are kept.
        work: An empty folder.
        say: Is told what is being done.

    Raises:
        NoRivalError: A registry is out of reach.
    """
    say("fetching Pyodide and JupyterLite, which live cells are compared with")
    pyodide = parts.fetch_pyodide(tools, work / "npm")
    plain_pyodide.write(pyodide, work / "plain")
    wheels = parts.fetch_wheels(work / "wheels")
    programs = parts.make_environment(work / "environment")
    (work / "building").mkdir()
    lite.write(pyodide, wheels, programs, work / "building", work / "lite")
    return [
        Rival("Pyodide", work / "plain", plain_pyodide.PAGE, "button", "pre", again=True),
        Rival(
            "JupyterLite",
            work / "lite",
            lite.PAGE,
            "[class*=try_it]",
            ".jp-OutputArea-output",
            again=False,
        ),
    ]
