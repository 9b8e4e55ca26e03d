"""How long a chapter takes: to read, and as a lecture; and ``{course-times}`` for all of them.

Below a chapter's title::

    <p class="cb-times">12 minutes to read · 45 minutes as a lecture</p>

Minutes to read are words by 200; code, outputs and figures are not counted. Minutes of a lecture
are the ``minutes`` of the front matter. ``{course-times}`` makes a table with a row for each part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes

from coursebook.course.minutes import read_minutes
from coursebook.sphinx_ext.site import parts
from coursebook.sphinx_ext.summaries import Summary, add_summary
from coursebook.sphinx_ext.tables import table
from coursebook.sphinx_ext.translator import CHAPTER_ACTIONS

if TYPE_CHECKING:
    from sphinx.application import Sphinx

WORDS_PER_MINUTE = 200
"""A slow reader of technical prose."""

FEW = 60
"""Words below which a page has no time of its own: it is a list, or a place for one."""

KEY = "cb_times"

NOT_READ = (nodes.literal_block, nodes.Invisible, nodes.raw, nodes.math_block)


class Row(NamedTuple):
    """A part of the book.

    Attributes:
        part: Its caption.
        chapters: How many chapters it has.
        reading: Minutes to read them all.
        lecture: Minutes as lectures.
    """

    part: str
    chapters: int
    reading: int
    lecture: float


def count_words(node: nodes.Node) -> int:
    """Count the words that are read."""
    if isinstance(node, nodes.Text):
        return len(node.astext().split())
    if isinstance(node, NOT_READ):
        return 0
    return sum(count_words(child) for child in node.children)


def note_times(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the times of a chapter that was read."""
    if app.config.cb_rendering != "pages":
        return
    source = Path(app.env.doc2path(app.env.docname))
    lecture = None
    if source.suffix == ".md":
        lecture = read_minutes(source.read_text(encoding="utf-8"))
    words = count_words(doctree)
    reading = max(1, round(words / WORDS_PER_MINUTE)) if words >= FEW else 0
    app.env.metadata[app.env.docname][KEY] = (reading, lecture.total if lecture else 0)


def times(app: Sphinx, docname: str) -> tuple[int, float]:
    """Return the minutes of a chapter, to read and as a lecture; 0 where there are none."""
    known: tuple[int, float] = app.env.metadata.get(docname, {}).get(KEY, (0, 0))
    return known


def minutes(number: float) -> str:
    """Write a time as people say it."""
    whole = round(number)
    if whole < 60:
        return f"{whole} minute{'' if whole == 1 else 's'}"
    hours, rest = divmod(whole, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def short(number: float) -> str:
    """Write a time as it stands in a table."""
    return minutes(number).replace("minutes", "min").replace("minute", "min")


def line(app: Sphinx, docname: str) -> str:
    """Write the line below a chapter's title; empty for the front page."""
    reading, lecture = times(app, docname)
    if docname == app.config.root_doc:
        return ""
    said = [f"{minutes(reading)} to read"] if reading else []
    said += [f"{minutes(lecture)} as a lecture"] if lecture else []
    return f'<p class="cb-times">{" · ".join(said)}</p>' if said else ""


def rows(app: Sphinx) -> list[Row]:
    """Sum up the times of each part that is lectured or read, in reading order."""
    found: dict[str, Row] = {}
    for docname, part in parts(app).items():
        reading, lecture = times(app, docname)
        if part and (reading or lecture):
            old = found.get(part, Row(part, 0, 0, 0))
            found[part] = Row(part, old.chapters + 1, old.reading + reading, old.lecture + lecture)
    return list(found.values())


def draw(app: Sphinx, docname: str, known: Sequence[Row]) -> list[nodes.Node]:
    """Make the table."""
    lectured = any(row.lecture for row in known)
    total = Row(
        "All of it",
        sum(row.chapters for row in known),
        sum(row.reading for row in known),
        sum(row.lecture for row in known),
    )

    def cells(row: Row) -> Iterator[str]:
        yield row.part
        yield str(row.chapters)
        yield short(row.reading) if row.reading else "–"
        if lectured:
            yield short(row.lecture) if row.lecture else "–"

    heads = ["Part", "Chapters", "To read", "As a lecture"][: 4 if lectured else 3]
    body = [list(cells(row)) for row in (*known, *([total] if len(known) > 1 else ()))]
    return [table(heads, body, classes=["cb-course-times"])]


def say_times(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Put the line into the header of a page."""
    if doctree is not None and app.config.cb_rendering == "pages":
        said = f"{line(app, pagename)}{CHAPTER_ACTIONS}"
        context["body"] = context["body"].replace(CHAPTER_ACTIONS, said, 1)


def setup_reading_time(app: Sphinx) -> None:
    """Register the events and the directive."""
    app.connect("doctree-read", note_times)
    app.connect("html-page-context", say_times, priority=390)  # before the header is complete
    add_summary(app, "course-times", Summary(rows, draw))
