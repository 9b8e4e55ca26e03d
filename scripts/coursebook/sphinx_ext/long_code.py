"""Code that is longer than a slide goes on on the next one; outputs show what fits.

A block of 30 lines becomes three parts, each below the title of its section again::

    ## Startup        lines 1 to 13   │   Startup (2)   lines 14 to 25   │   Startup (3)   …

It is divided at a blank line where there is one near the end of a part, and no line is left out. Of
a code cell the last part is the cell itself, with its output; the ones before it are shown, and run
with it. Steps (``:emphasize-steps:``) stay with the lines that they name.

An output that has no room shows its first lines; the rest opens by a button. A page shows all of
everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx_revealjs.nodes import revealjs_break

from coursebook.course.line_steps import within
from coursebook.course.slide_sizes import SMALLER_CODE, WIDE
from coursebook.sphinx_ext import heights
from coursebook.sphinx_ext.conditionals import FROM_HEADINGS
from coursebook.sphinx_ext.heights import BODY, GAP, Setting
from coursebook.sphinx_ext.slides import (
    DEEPEST,
    content,
    is_opener,
    level,
    own_nodes,
    starts,
)
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LONGEST = 60
"""Lines of code that a lecturer may show in one piece; more is a mistake."""

FEWEST = 4
"""Lines of an output that are shown at least."""

FEWEST_ROWS = 2
"""Rows of a table that a cell has made, its head among them, that are shown at least."""

A_START = 5
"""Lines of code for which it is worth to begin below something else."""

READ = 700
"""Later than ``cells``, which makes cells of MyST-NB's containers."""


def divide_code(app: Sphinx, doctree: nodes.document) -> None:
    """Divide the long code of a chapter (event ``doctree-read``)."""
    if app.config.cb_rendering != "slides":
        return
    ours = bool(app.env.temp_data.get(FROM_HEADINGS))
    for section in list(doctree.findall(nodes.section)):
        for block in list(section.children):
            code = _code(block)
            if code is not None and isinstance(block, nodes.Element):
                _divide(section, block, code, ours)


def clip(app: Sphinx, doctree: nodes.document) -> None:
    """Shorten outputs that have no room (event ``doctree-read``)."""
    if app.config.cb_rendering != "slides":
        return
    for start in list(starts(doctree)):
        if isinstance(start, revealjs_break) and not content(start):
            warning(
                f"{start.source}:{start.line}",
                "the slide that begins here shows nothing",
                "write something below it, or take the break out",
                code="empty-slide",
            )
        clip_outputs(start)
        if isinstance(start, nodes.section):
            for deeper in start.findall(nodes.section):
                if level(deeper) > DEEPEST:
                    clip_outputs(deeper)


def _code(block: nodes.Node) -> nodes.literal_block | None:
    """Return the code that a block of a section shows, if it is a block of code."""
    if not isinstance(block, nodes.Element):
        return None
    if block.get("nb_element") == "cell_code":
        found = heights.source(block)
        return found if isinstance(found, nodes.literal_block) else None
    if isinstance(block, nodes.literal_block):
        return block
    if "literal-block-wrapper" in block.get("classes", ()):
        return block.next_node(nodes.literal_block)
    return None


def setting_of(shown: Iterable[nodes.Node]) -> Setting:
    """Say how the code of a slide is set, as ``slides.sizes`` decides it."""
    columns = rows = 0
    for node in shown:
        for block in node.findall(nodes.literal_block):
            lines = block.astext().splitlines() or [""]
            columns = max(columns, *map(len, lines))
            rows = max(rows, 0 if "output" in block["classes"] else len(lines))
    smaller = columns > WIDE or rows >= SMALLER_CODE
    return heights.WIDE_CODE if smaller else heights.USUAL


def _divide(
    section: nodes.section, block: nodes.Element, code: nodes.literal_block, ours: bool
) -> None:
    """Put breaks and copies above a block that is too long for one slide."""
    setting = setting_of([code])
    heading = heights.title(section.next_node(nodes.title), setting)
    caption = 41.0 if block.next_node(nodes.caption) is not None else 0.0
    room = BODY - heading - caption
    if heights.CODE_PADDING + setting.code * setting.code_lines(code.astext()) <= room:
        return
    lines = code.astext().rstrip("\n").split("\n")
    if len(lines) > LONGEST:
        if ours:
            code["cb_shown"] = _fitting(lines, room - heights.MORE, setting)
            return
        what = "cell" if block is not code and not caption else "code"
        warning(
            f"{block.source}:{block.line}",
            f"this {what} has {len(lines)} lines: on slides that is too much to follow",
            "tag the cell `page-only` and show what matters in a block of its own, "
            "or put the block into `{% if page %}`"
            if what == "cell"
            else "show what matters, and put the whole into `{% if page %}`",
            code="long-code",
        )
    # Where each part may begin and end: the last one leaves room for the cell's output.
    output = 0.0
    if block.get("nb_element") == "cell_code":
        blocks = heights.outputs(block)
        shown = sum(min(FEWEST, heights.output_lines(one, setting)) for one in blocks)
        if blocks:
            output = heights.BESIDE_OUTPUT + heights.OUTPUT_PADDING * len(blocks)
            output += setting.code * shown + heights.MORE
    below = heights.total(_below(section, block), setting)
    goes_on = below > room / 2
    if below and not goes_on:
        output += GAP + below
    taken = heights.total(_above(section, block), setting)
    left = room - taken - (GAP if taken else 0)
    first_room = left if _fitting(lines, left, setting) >= A_START else 0.0
    parts = divide(lines, first_room, room, output, setting)
    if goes_on:
        section.insert(section.index(block) + 1, _break_before(block))
    _make_parts(section, block, parts, begin=bool(taken) and not first_room)


def _above(section: nodes.section, block: nodes.Element) -> list[nodes.Node]:
    """Return what stands above a block on its slide."""
    found: list[nodes.Node] = []
    for child in section.children[: section.index(block)]:
        if isinstance(child, revealjs_break):
            found = []
        elif not isinstance(child, nodes.title):
            found.append(child)
    return found


def _below(section: nodes.section, block: nodes.Element) -> list[nodes.Node]:
    """Return what stands below a block on its slide."""
    found: list[nodes.Node] = []
    for child in section.children[section.index(block) + 1 :]:
        if isinstance(child, revealjs_break):
            break
        if isinstance(child, nodes.section):
            if level(child) <= DEEPEST:
                break
            found += child.children
        else:
            found.append(child)
    return found


def _fitting(lines: list[str], room: float, setting: Setting) -> int:
    """Return how many lines of code have room."""
    left = room - heights.CODE_PADDING
    for number, line in enumerate(lines):
        left -= setting.code * setting.code_lines(line)
        if left < 0:
            return number
    return len(lines)


def divide(
    lines: list[str], first_room: float, room: float, output: float, setting: Setting
) -> list[tuple[int, int]]:
    """Divide code into parts, each of which fits on a slide.

    Args:
        lines: The code.
        first_room: Height that is left on the slide on which it begins; 0 to begin on a new one.
        room: Height of a slide below its title.
        output: Height that the last part leaves to an output.
        setting: How the code is set.

    Returns:
        The first and the last line of each part, counted from 1.
    """
    parts: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        place = first_room if first_room and not parts else room
        count = max(1, _fitting(lines[at:], place, setting))
        if at + count >= len(lines):
            # All of the rest: does the output still fit below it?
            with_output = max(1, _fitting(lines[at:], place - output, setting))
            if not output or at + with_output >= len(lines):
                parts.append((at + 1, len(lines)))
                break
            count = min(count, len(lines) - at - 1)
        end = _good_end(lines, at, at + count)
        parts.append((at + 1, end))
        at = end
    return [_without_blank_ends(lines, *part) for part in parts]


def _without_blank_ends(lines: list[str], first: int, last: int) -> tuple[int, int]:
    while last > first and not lines[last - 1].strip():
        last -= 1
    while first < last and not lines[first - 1].strip():
        first += 1
    return first, last


def _good_end(lines: list[str], at: int, end: int) -> int:
    """Return the number of the last line of a part: before a blank line, if one is near."""
    for number in range(end, at + max(1, (end - at) * 3 // 5), -1):
        if number < len(lines) and not lines[number].strip():
            return number + 1 if number + 1 <= end else number
        if not lines[number - 1].strip():
            return number
    return end


def _make_parts(
    section: nodes.section, block: nodes.Element, parts: list[tuple[int, int]], begin: bool
) -> None:
    code = _code(block)
    assert code is not None
    place = section.index(block)
    steps = code.attributes.pop("cb_steps", ())
    made: list[nodes.Node] = []
    is_cell = block.get("nb_element") == "cell_code"
    for number, (first, last) in enumerate(parts):
        final = number == len(parts) - 1
        if number or begin:
            made.append(_break_before(block))
        if final:
            shown: nodes.Element = block
        elif is_cell:
            # Its own container, so that it looks like the cell that it is a part of.
            shown = nodes.container(classes=["cell_input", "cb-code-part"], ids=list(block["ids"]))
            shown += code.deepcopy()
        else:
            shown = block.deepcopy()
        own = code if final else next(iter(shown.findall(nodes.literal_block)))
        own["cb_part"] = (first, last)
        if final and is_cell:
            own["cb_whole"] = True
        if part_steps := within(steps, first, last):
            own["cb_steps"] = part_steps
        if number:
            _give_other_names(shown, number + 1)
        made.append(shown)
    section.children[place : place + 1] = []
    section.insert(place, made)


def _give_other_names(part: nodes.Element, number: int) -> None:
    """Leave the address to the first part; a caption must have one, too, to get no number."""
    for node in part.findall(nodes.Element):
        names: list[str] = node.get("ids", [])
        if names:
            node["ids"] = [f"{name}--part-{number}" for name in names]
            node["names"] = []


def _break_before(block: nodes.Element) -> revealjs_break:
    made = revealjs_break()
    made.source, made.line = block.source, block.line
    return made


def clip_outputs(start: nodes.Element) -> None:
    """Shorten the outputs of a slide until everything fits."""
    nodes_here = [node for node in own_nodes(start) if not isinstance(node, nodes.title)]
    section = start if isinstance(start, nodes.section) else start.parent
    cells = [
        node
        for node in nodes_here
        if isinstance(node, nodes.Element) and node.get("nb_element") == "cell_code"
    ]
    blocks = [block for cell in cells for block in heights.outputs(cell)]
    if not cells or (isinstance(start, nodes.section) and is_opener(start)):
        return
    setting = setting_of(nodes_here)
    deeper = [node for node in nodes_here if isinstance(node, nodes.section)]
    below = [node for node in nodes_here if node not in deeper]
    for part in deeper:
        if level(part) > DEEPEST:
            below += part.children
    room = BODY - heights.title(section.next_node(nodes.title), setting)
    while blocks and (over := heights.total(below, setting) - room) > 0:
        longest = max(blocks, key=lambda block: heights.output_lines(block, setting))
        shown = heights.output_lines(longest, setting)
        more = 0 if longest.get("cb_shown") else heights.MORE
        fewer = max(FEWEST, shown - max(1, int((over + more) / setting.code)))
        lines = longest.astext().rstrip("\n").split("\n")
        if fewer >= shown or len(lines) - fewer < 2:
            break
        longest["cb_shown"] = fewer
    for table in [table for cell in cells for table in heights.tables(cell)]:
        _clip_table(table, heights.total(below, setting) - room)


def _clip_table(table: nodes.raw, over: float) -> None:
    """Show the first rows of a table that a cell has made."""
    rows = table.astext().count("<tr")
    hidden = min(math.ceil((over + heights.MORE) / heights.ROW), rows - FEWEST_ROWS)
    if over > 0 and hidden > 1:
        table["cb_shown"] = rows - hidden


def setup_long_code(app: Sphinx) -> None:
    """Register the events; ``from_headings`` has one between them."""
    app.connect("doctree-read", divide_code, READ)
    app.connect("doctree-read", clip, READ + 20)
