"""What was measured, told to an author: file and line, by how much, when, and what to type."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from coursebook.course.slide_list import Block, Slide
from coursebook.overflow.browsers import Result
from coursebook.overflow.proposal import Proposal
from coursebook.overflow.split import BREAK, Split, first_line, opening_of_code
from coursebook.overflow.tab import SCHEMES, Finding, State
from coursebook.overflow.units import held
from coursebook.problems import Problem

Text = Callable[[str], Sequence[str]]

NAMES = {
    "frame": "what stands above the title",
    "title": "the title",
    "text": "this paragraph",
    "list": "this list",
    "definitions": "this list",
    "table": "this table",
    "grid": "this grid",
    "tabs": "what the tabs hold",
    "code": "this code",
    "cell": "this cell",
    "figure": "this figure",
    "box": "this box",
    "part": "this part",
}
"""How a block is called, by its kind."""

PARTS = {
    "list": "this item",
    "definitions": "this item",
    "table": "this row",
    "grid": "this column or card",
}
"""How a part of a block is called."""

PICTURES = {"img": "this image", "svg": "this drawing", "table": "this table"}
"""What is told of what is too wide, by the name of its element, rather than its block."""

FAULTS = ("slide-crash", "slide-hangs")
"""Codes of slides that could not be measured; nothing exempts from that."""

ALONE = {
    "title": "write a shorter title",
    "tabs": "put less into one tab, or give what it holds slides of their own",
    "cell": "let the cell print less, for example by `… | head`, or show it on the page alone:"
    " `:tags: [page-only]`",
    "code": "show fewer lines, or let the page have all of them",
    "box": "say it in fewer words, or give what it holds slides of their own",
    "part": "make its heading one of the third level, `###`, which begins a slide",
}
"""What to do with a block that is too high for a slide of its own."""

SHORTER = "say it in fewer words, or leave it to the page: `{% if page %}` … `{% endif %}`"

TOO_WIDE = {
    "img": "let the image be narrower: `:width: 100%`",
    "svg": "let the image be narrower: `:width: 100%`",
    "table": "take out a column, or shorten what cannot break, such as code",
    "td": "take out a column, or shorten what cannot break, such as code",
    "th": "take out a column, or shorten what cannot break, such as code",
}
"""What to do with something too wide, by the name of its element."""

BREAKABLE = "shorten it, or write `<wbr>` where a line may break; new slides do not help"
LARGER = "write it in a larger size, or draw the figure larger; 20 px is the least for the last row"
NO_SCROLLING = "nobody scrolls on a wall: show less of it, or all of it"


@dataclass(frozen=True)
class Met:
    """A finding, and all states in which it was met."""

    finding: Finding
    pixels: float
    states: tuple[State, ...]


def problems(result: Result, text: Text) -> Iterator[Problem]:
    """Tell all that was found on one slide.

    Args:
        result: What was measured.
        text: Returns the lines of a file.
    """
    slide = result.slide
    proposal = next((one for one in result.advice if isinstance(one, Proposal)), None)
    if result.left:
        yield fault(result)
    for met in _meetings(result.states):
        finding = met.finding
        block = _block(slide, finding, result.children)
        path, line = _place(slide, block, finding, text)
        name = f"the slide “{slide.title}”"
        what = _name(block, finding)
        when = _when(met, result.states)
        size = f"{met.pixels:g} px"
        quoted = f", “{finding.text}”" if finding.text else ""
        if finding.kind == "over" and finding.sides.keys() & {"top", "bottom"}:
            covers = ", and covers the footer" if finding.footer else ""
            message = f"{name} is {size} too high{when}: {what} does not fit{covers}"
            hint = _hint_down(block, proposal, path, when)
            yield Problem(path, line, "slide-overflow", message, hint)
        elif finding.kind == "over":
            side = "left" if "left" in finding.sides else "right"
            what = PICTURES.get(finding.what, what)
            message = f"{name} is {size} too wide{when}: {what} sticks out to the {side}"
            hint = TOO_WIDE.get(finding.what, BREAKABLE)
            yield Problem(path, line, "slide-overflow", message + quoted, hint)
        elif finding.kind == "small":
            message = f"{name} has text of {size}{when}, in {what}: “{finding.text}”"
            yield Problem(path, line, "slide-small-text", message, LARGER)
        else:
            does = "scrolls" if finding.kind == "scrolls" else "is cut"
            message = f"{name} hides {size}{when}: {what} {does}{quoted}"
            yield Problem(path, line, "slide-cut", message, NO_SCROLLING)


def fault(result: Result) -> Problem:
    """Tell that the browser died or hung twice at a slide."""
    slide = result.slide
    more = f", nor the {result.left - 1} after it" if result.left > 1 else ""
    where = f"at the slide “{slide.title}”; it was not measured{more}"
    if result.hung:
        message = f"Chromium gave no answer for {result.hung:g} s, twice, {where}"
        hint = "show less on it, such as fewer rows of a table; if it opens at once, check again"
        return Problem(slide.source, slide.line, "slide-hangs", message, hint)
    message = f"Chromium died twice {where}"
    hint = "open this slide in a browser and see what it holds; if all is well, check again"
    return Problem(slide.source, slide.line, "slide-crash", message, hint)


def _meetings(states: Sequence[State]) -> list[Met]:
    """Gather what was found in several states: each once, as bad as it was at its worst."""
    met: dict[tuple[object, ...], list[tuple[State, Finding]]] = {}
    for state in states:
        for finding in state.findings:
            down = finding.kind == "over" and bool(finding.sides.keys() & {"top", "bottom"})
            key = (finding.kind, "down") if down else (finding.kind, finding.child, finding.what)
            met.setdefault(key, []).append((state, finding))
    found = []
    for ones in met.values():
        small = ones[0][1].kind == "small"
        worst = min if small else max
        _, finding = worst(ones, key=lambda one: worst(one[1].sides.values()))
        pixels = worst(finding.sides.values())
        found.append(Met(finding, pixels, tuple(state for state, _ in ones)))
    return found


def _when(met: Met, states: Sequence[State]) -> str:
    """Say in which states alone something was met; nothing if in all."""
    words = []
    schemes = {state.scheme for state in met.states}
    if len(schemes) < len({state.scheme for state in states}) and len(schemes) < len(SCHEMES):
        words.append(f"in the {schemes.pop()} scheme")
    tabs = dict.fromkeys(state.tab for state in met.states)
    if len(tabs) < len({state.tab for state in states}):
        words.append("with the tab " + " or ".join(f"“{tab}”" for tab in tabs))
    folds = {state.folds for state in met.states}
    if "" not in folds and any(state.folds == "" for state in states):
        words.append(f"when “{folds.pop()}” is opened")
    if met.finding.step:
        words.append("at a step")
    return " " + ", ".join(words) if words else ""


def _block(slide: Slide, finding: Finding, children: int) -> Block | None:
    """Find the block that a child of the slide's body belongs to."""
    if sum(block.elements for block in slide.blocks) != children:
        return None  # a script of a library has changed the slide: its heading must do
    behind = 0
    for block in slide.blocks:
        behind += block.elements
        if 0 <= finding.child < behind:
            return block
    return None


def _place(slide: Slide, block: Block | None, finding: Finding, text: Text) -> tuple[str, int]:
    """Say where a finding was written."""
    if block is None:
        place = slide.source, slide.line
    elif line := _line_of_part(block, finding.path, text(block.source)):
        place = block.source, line
    elif block.kind in ("frame", "title"):
        place = block.source, block.line
    else:
        lines = text(block.source)
        place = block.source, _directive(block.line, lines)
    return place if place[0].endswith(".md") else (place[0], 0)


def _line_of_part(block: Block, path: tuple[int, ...], text: Sequence[str]) -> int:
    """Return the line of what of a block was found; 0 if nothing is known of its parts."""
    with contextlib.suppress(IndexError):
        part = held(block, path) if path else None
        if part is not None and part.kind == "code":
            return opening_of_code(part, text) or part.line
        return part.line if part is not None else 0
    return 0


def _directive(line: int, text: Sequence[str]) -> int:
    """Name the line of a directive rather than the first line of what it holds."""
    first = first_line(line, text)
    while first < line and not text[first - 1].lstrip().startswith((":::", "```", "~~~")):
        first += 1
    return first


def _name(block: Block | None, finding: Finding) -> str:
    if block is None:
        return "something"
    if finding.path and block.kind in PARTS:
        return PARTS[block.kind]
    return NAMES.get(block.kind, "this")


def _hint_down(block: Block | None, proposal: Proposal | None, path: str, when: str) -> str:
    """Say where to split, and what to do with what is too high for a slide of its own."""
    hints = [_written(split, path) for split in proposal.splits] if proposal else []
    stuck = proposal.stuck if proposal else block
    if stuck is not None or not hints:
        kind = stuck.kind if stuck else "other"
        alone = ALONE.get(kind, SHORTER)
        behind = f"{NAMES.get(kind, 'this')} is too high even alone: " if hints else ""
        hints.append(behind + alone)
    return "\n    ".join(hints)


def _written(split: Split, path: str) -> str:
    """Write a split as its author types it."""
    where = f"line {split.line}" if split.source == path else f"{split.source}:{split.line}"
    lines = "".join(f"\n        {line}".rstrip(" ") for line in split.lines)
    what = "" if [line for line in split.lines if line] == list(BREAK) else ", within what is open"
    return f"begin a new slide above {where}{what}; type there:{lines}"
