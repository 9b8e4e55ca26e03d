"""What live cells cost: seconds, bytes and memory, in a real headless browser, over loopback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursebook.agreement.hosting import Host, Link, host
from coursebook.agreement.site import engine_address, require_browser, require_machine
from coursebook.agreement.tab import tab
from coursebook.bench import live_book, live_commands, live_local
from coursebook.bench.figures import Collected
from coursebook.bench.live_book import number
from coursebook.bench.live_browser import clock, opened, run, start, tab_memory
from coursebook.bench.rivals import measured
from coursebook.course.book import read_book
from coursebook.course.cells import book_cells
from coursebook.machine import make
from coursebook.paths import TOOLS, Tree

SLOW_LINK = 20e6
"""Bits per second of the throttled link."""

FRAME_SECONDS = 3.0
"""How long frames are counted."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Visit:
    """A reader who opens the page and presses Run.

    Attributes:
        site: Where it is served.
        profile: The browser's folder.
        figures: Where what was measured goes.
    """

    site: Host
    profile: Path
    figures: Collected

    def cold(self) -> None:
        """Come for the first time, and try everything."""
        with opened(self.profile) as page:
            page.goto(self.site.address + live_book.PAGE, wait_until="networkidle")
            self.figures.note("page bytes", self.site.weight)
            self.figures.note("engine bytes before a click", machinery(self.site))
            for name, figure in FIRST_CELLS:
                self.figures.note(figure, run(page, number(name)))
                if name == "first":
                    self.figures.note("bytes to the first output", self.site.weight)
            run(page, number("uv venv"))
            self.figures.note("bytes to uv venv", self.site.weight)
            page.wait_for_timeout(1000)
            memory = tab_memory(self.profile)
            self.figures.note("memory", memory.own)
            self.figures.note("memory, shared too", memory.shared_too)
            self.figures.note("memory at most", memory.most)
            for name in ("loop", "printing"):
                start(page, number(name))
                rate = clock(page, "framesPerSecond", FRAME_SECONDS * 1000)
                self.figures.note(f"frames while {name}", rate)
                self.figures.note(f"stop {name}", clock(page, "stopCell", number(name)))

    def again(self, figure: str) -> None:
        """Come with what the browser has kept, or over another link, and run the first cell."""
        with opened(self.profile) as page:
            page.goto(self.site.address + live_book.PAGE, wait_until="networkidle")
            self.figures.note(figure, run(page, number("first")))


FIRST_CELLS = (
    ("first", "cold"),
    ("first python", "first python"),
    ("second bash", "second bash"),
    ("second python", "second python"),
)
"""Cells in the order in which they run, with the names of their figures in milliseconds."""


def machinery(site: Host) -> int:
    """Return bytes of the machine and of the modules that run cells; not what every page loads."""
    return sum(
        answer.size
        for answer in site.sent
        if answer.path.startswith(("machine/", "live/"))
        and not answer.path.partition("?")[0].rpartition("/")[2].startswith("start.")
    )


def measure_pages(folder: Path, work: Path, turn: int, figures: Collected) -> None:
    """Measure a first visit, a second one, and one over a slow link.

    Args:
        folder: The built site.
        work: Where profiles go.
        turn: Which run it is.
        figures: Where what was measured goes.
    """
    profile = work / f"profile-{turn}"
    with host(folder) as site:
        Visit(site, profile, figures).cold()
        Visit(site, profile, figures).again("warm")
    with host(folder) as site:
        site.link = Link(SLOW_LINK)
        Visit(site, work / f"slow-{turn}", figures).again("cold over a slow link")


def measure_commands(tree: Tree, folder: Path, runs: int, figures: Collected) -> None:
    """Measure a learner's commands, in one machine that lives on."""
    with host(folder) as site, tab(site.address, engine_address(folder)) as opened_tab:
        opened_tab.start()
        live_commands.measure(tree, opened_tab, runs, figures)


def measure_facts(tree: Tree, folder: Path, figures: Collected) -> None:
    """Note what the machine weighs and took to build, and the share of cells that it runs."""
    machine = make.build(tree, lambda message: None)
    figures.note("image seconds", 1000 * sum(make.facts(machine)["seconds"].values()))
    files = [path for path in (folder / "machine").rglob("*") if path.is_file()]
    figures.note("image bytes", sum(path.stat().st_size for path in files))
    states = [path.stat().st_size for path in files if path.name.startswith("state")]
    figures.note("state bytes", sum(states))
    figures.note("share", share(tree))


def share(tree: Tree) -> float:
    """Return the part of the book's cells that the tab can run, from 0 to 1."""
    cells = {
        (sequence.path, cell.line): cell.local
        for sequence in book_cells(read_book(tree).chapters)
        for cell in sequence.cells
        if cell.runs
    }
    return 1 - sum(cells.values()) / len(cells) if cells else 1.0


def measure(tree: Tree, work: Path, measures: Sequence[str], runs: int, say: Say) -> Collected:
    """Take all measures that were asked for; ours and the rivals' in turn.

    Args:
        tree: The book at hand; its machine is measured.
        work: An empty folder.
        measures: Some of ``pages``, ``commands``, ``local``, ``rivals`` and ``facts``.
        runs: How often everything is measured.
        say: Is told what is being done.

    Raises:
        NotLiveError: There is no browser or no machine.
        NoRivalError: A rival could not be fetched.
    """
    figures = Collected()
    require_browser()
    folder = work / "none"
    if set(measures) - {"rivals"}:
        require_machine(tree, say)
        say("building a page with the cells to measure")
        folder = live_book.build_live_book(tree, work / "book")
        engine_address(folder)
    rivals = measured.put_together(TOOLS, work, say) if "rivals" in measures else []
    for turn in range(1, runs + 1):
        say(f"run {turn} of {runs}: each in a browser that has never seen it, then again")
        if "pages" in measures:
            measure_pages(folder, work, turn, figures)
        for rival in rivals:
            rival.visit(work / f"{rival.name}-{turn}", figures)
    if "commands" in measures:
        say("commands of a learner, in one machine")
        measure_commands(tree, folder, runs, figures)
    if "facts" in measures:
        measure_facts(tree, folder, figures)
    # Last, because serve takes the machine out of the site and hands it out itself.
    if "local" in measures:
        for turn in range(1, runs + 1):
            say(f"run {turn} of {runs}: cells on this computer, as under serve")
            live_local.measure(work / "book", work / f"local-{turn}", figures)
    return figures
