"""Checking all slides of a rendered book: none holds more than it shows.

1. Put the files of the site together, as a host would have them.
2. Measure every slide in a real browser; of one that holds too much, try where to split it.
3. Leave out what the front matter exempts, and say which exemptions are not needed.
"""

from __future__ import annotations

import contextlib
import functools
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from coursebook.agreement.hosting import host
from coursebook.course.slide_list import SLIDES_FILE, Slide, read_slides
from coursebook.overflow.browsers import Result, Watch, measure_all
from coursebook.overflow.exemptions import Exemption, not_needed, read_exemptions
from coursebook.overflow.findings import FAULTS
from coursebook.overflow.findings import problems as problems_of
from coursebook.overflow.proposal import propose
from coursebook.overflow.tab import DeckTab, State
from coursebook.paths import Tree
from coursebook.problems import Problem
from coursebook.publish import published_files
from coursebook.renderings import DECK, output

Say = Callable[[str], None]


def check_slides(tree: Tree, say: Say, watch: Watch | None = None) -> list[Problem]:
    """Measure all slides.

    Args:
        tree: The book, rendered.
        say: Is told how many slides were measured.
        watch: Is told before each slide.

    Raises:
        NoBrowserError: There is no Chromium, and none could be installed.
    """
    slides = read_slides(output(tree, DECK).parent / SLIDES_FILE)
    text = functools.cache(functools.partial(read_lines, tree))

    def advise(
        tab: DeckTab, place: int, slide: Slide, states: Sequence[State]
    ) -> tuple[object, ...]:
        if not any(is_too_high(state) for state in states):
            return ()
        return (propose(slide, functools.partial(tab.fits, place), text),)

    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="slides-") as name:
        lay_out(tree, Path(name))
        with host(Path(name)) as site:
            results = measure_all(site.address, slides, advise, watch)
    seconds = time.monotonic() - started
    say(f"{len(results)} slides measured in {seconds:.1f} s")
    found = []
    for docname, deck in slides.items():
        mine = [result for result in results if result.docname == docname]
        found += with_exemptions(chapter_file(tree, docname), deck, mine, text)
    return sorted(set(found))


def with_exemptions(
    path: str, deck: Sequence[Slide], results: Sequence[Result], text: Callable[[str], list[str]]
) -> list[Problem]:
    """Tell the problems of one chapter.

    Args:
        path: Its file, from the root of the book.
        deck: Its slides.
        results: What was measured of them.
        text: Returns the lines of a file.
    """
    exemptions: list[Exemption] = []
    found: list[Problem] = []
    if path.endswith(".md"):
        sections = [slide.section for slide in deck]
        exemptions, found = read_exemptions(path, "\n".join(text(path)), sections)
    exempt = {exemption.section: exemption for exemption in exemptions}
    needed, unknown = set(), set()
    for result in results:
        section = result.slide.section
        problems = list(problems_of(result, text))
        if section not in exempt:
            found += problems
        elif result.left:
            found += [one for one in problems if one.code in FAULTS]
            unknown.add(section)
        elif problems:
            needed.add(section)
    measured = {result.slide.id for result in results}
    unknown |= {slide.section for slide in deck if slide.id not in measured}
    found += [
        not_needed(path, exemption)
        for section, exemption in exempt.items()
        if section not in needed | unknown
    ]
    return found


def is_too_high(state: State) -> bool:
    """Tell whether something is beyond the upper or lower margin."""
    return any(
        finding.kind == "over" and finding.sides.keys() & {"top", "bottom"}
        for finding in state.findings
    )


def lay_out(tree: Tree, folder: Path) -> None:
    """Put the files of a rendered book where a host would have them; as links, to save copying."""
    for address, file in published_files(tree, None).items():
        place = folder / address
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(file.resolve())


def chapter_file(tree: Tree, docname: str) -> str:
    """Name the file of a chapter, from the root of the book."""
    file = tree.book / f"{docname}.md"
    return tree.relative(file if file.exists() else file.with_suffix(".ipynb"))


def read_lines(tree: Tree, name: str) -> list[str]:
    """Return the lines of a file, by its name from the root of the book."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (tree.root / name).read_text(encoding="utf-8").split("\n")
    return []
