"""Measure building against plain Jupyter Book, in one run on this machine.

Generated books (prose, code blocks, cross-references, a grid, conditionals; no cells) are built
from nothing by this engine, site and deck, and by plain Jupyter Book, which makes the site alone.
Then a chapter is saved as under `serve`, and a book of many slides is checked. Last come the cells
and pages of the book at hand. Times are printed, never judged. With 300 chapters this takes several
minutes.

With --live, it measures running cells in a browser tab instead, beside plain Pyodide and
jupyterlite-sphinx. That takes a quarter of an hour, and fetches both rivals.

With --deck, it makes the same sixty slides with plain sphinx-revealjs, Slidev and Marp as well, and
measures building, opening, turning and printing. It fetches the rivals from npm into _build/rivals.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from coursebook.commands import MISSING, say
from coursebook.paths import Tree

CHAPTERS = "30,100,300"
SLIDES = 300
RUNS = 7
MEASURES = {
    "live": ("pages", "commands", "local", "rivals", "facts"),
    "deck": ("build", "open", "turn", "print"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's own arguments."""
    parser.add_argument(
        "--chapters",
        type=_counts,
        default=_counts(CHAPTERS),
        metavar="N,N",
        help=f"sizes of the generated books (default: {CHAPTERS})",
    )
    parser.add_argument("--skip-plain", action="store_true", help="leave plain Jupyter Book out")
    parser.add_argument("--skip-book", action="store_true", help="leave the book at hand out")
    parser.add_argument(
        "--slides",
        type=int,
        default=SLIDES,
        metavar="N",
        help="slides of the book that is checked, 0 for none (default: %(default)s)",
    )
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--live", action="store_true", help="measure running cells in a tab")
    kinds.add_argument("--deck", action="store_true", help="measure decks beside other tools'")
    parser.add_argument(
        "--runs",
        type=_count,
        default=RUNS,
        metavar="N",
        help=f"with --live and --deck: how often everything is measured (default: {RUNS})",
    )
    parser.add_argument(
        "--measures",
        type=_measures,
        metavar="A,B",
        help="some of them (default: all); "
        + "; ".join(f"with --{kind}: {', '.join(names)}" for kind, names in MEASURES.items()),
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to a file")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("write a number above 0")
    return int(text)


def _counts(text: str) -> list[int]:
    counts = [int(number) for number in text.split(",")]
    if not counts or min(counts) < 1:
        raise argparse.ArgumentTypeError("write numbers of chapters such as 30,100")
    return counts


def _measures(text: str) -> tuple[str, ...]:
    found = tuple(text.split(","))
    if not any(set(found) <= set(names) for names in MEASURES.values()):
        kinds = "; or of ".join(", ".join(names) for names in MEASURES.values())
        raise argparse.ArgumentTypeError(f"write some of {kinds}")
    return found


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Measure and print.

    Returns:
        0, or 3 where --live finds no browser or no machine, or --deck no rival.
    """
    if arguments.live:
        return main_live(arguments, tree)
    if arguments.deck:
        return main_deck(arguments)
    from coursebook.bench.report import table

    with tempfile.TemporaryDirectory(prefix="coursebook-bench-") as name:
        figures = measure(arguments, tree, Path(name))
    print(table(figures))
    write(arguments, figures)
    return 0


def main_live(arguments: argparse.Namespace, tree: Tree) -> int:
    """Measure live cells, and print."""
    from coursebook.agreement.site import NotLiveError
    from coursebook.bench.live import measure as measure_live
    from coursebook.bench.live_report import table
    from coursebook.bench.rivals.parts import NoRivalError

    measures = arguments.measures or MEASURES["live"]
    try:
        with tempfile.TemporaryDirectory(prefix="coursebook-bench-") as name:
            figures = measure_live(tree, Path(name), measures, arguments.runs, say)
    except (NotLiveError, NoRivalError) as error:
        say(f"nothing could be measured: {error}")
        return MISSING
    print(table(figures.medians()))
    write(arguments, {"live": figures.values})
    return 0


def main_deck(arguments: argparse.Namespace) -> int:
    """Measure decks, and print."""
    from coursebook import browser
    from coursebook.bench.deck import measure as measure_deck
    from coursebook.bench.deck_report import table
    from coursebook.bench.rivals.parts import NoRivalError
    from coursebook.machine.missing import CannotBuildError

    measures = arguments.measures or MEASURES["deck"]
    try:
        browser.require()
        with tempfile.TemporaryDirectory(prefix="coursebook-bench-") as name:
            figures = measure_deck(Path(name), measures, arguments.runs, say)
    except (browser.NoBrowserError, NoRivalError, CannotBuildError) as error:
        say(f"nothing could be measured: {error}")
        return MISSING
    print(table(figures.medians()))
    write(arguments, {"deck": figures.values})
    return 0


def write(arguments: argparse.Namespace, figures: dict[str, Any]) -> None:
    """Write all figures to a file, if one was named."""
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def measure(arguments: argparse.Namespace, tree: Tree, folder: Path) -> dict[str, Any]:
    """Take all measures of building that were asked for.

    Returns:
        Figures by name, as they are written to JSON; seconds and bytes.
    """
    from dataclasses import asdict

    from coursebook.bench.books import write_book
    from coursebook.bench.measure import build_ours, build_plain
    from coursebook.bench.saving import saved_and_seen
    from coursebook.bench.slides import checked

    def fresh(kind: str, chapters: int) -> Path:
        root = folder / f"{kind}-{chapters}"
        write_book(root, chapters, conditionals=kind == "ours")
        return root

    say("warming up: compiled modules and file caches")
    build_ours(fresh("ours", 3))
    if not arguments.skip_plain:
        build_plain(fresh("plain", 3))
    figures: dict[str, Any] = {"books": {}}
    for chapters in arguments.chapters:
        found = figures["books"][str(chapters)] = {}
        say(f"{chapters} chapters: site and deck from nothing")
        root = fresh("ours", chapters)
        found["ours"] = asdict(build_ours(root))
        if not arguments.skip_plain:
            say(f"{chapters} chapters: plain Jupyter Book from nothing, the site alone")
            found["plain"] = asdict(build_plain(fresh("plain", chapters)))
        say(f"{chapters} chapters: saving one, and looking at it in a browser")
        found["save"] = saved_and_seen(root, chapters)
    if arguments.slides:
        say(f"{arguments.slides} slides: all of them measured")
        figures["slides"] = checked(folder / "slides", arguments.slides)
    if not arguments.skip_book and tree.toc.is_file():
        from coursebook.bench.real_book import observe

        say("the book at hand: cells and pages")
        figures["book"] = asdict(observe(tree, folder / "book"))
    return figures
