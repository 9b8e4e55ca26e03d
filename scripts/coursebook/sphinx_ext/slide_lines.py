"""Where everything on a slide was written: a side file of the deck, which is never published.

While a deck is written, its translator tells what it begins. In the end ``slides.json`` beside the
output holds for each chapter its slides in order; what a row means is told in
``coursebook.course.slide_list``, which reads it. The blocks of a slide stand in the order of the
children of its ``<div class="cb-body">``, and say how many of them each has become.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx_revealjs.nodes import revealjs_break

from coursebook.course.slide_list import FRAME, SLIDES_FILE, Kind
from coursebook.course.slide_sizes import Measure
from coursebook.sphinx_ext.counterpart import section_id
from coursebook.sphinx_ext.slide_parts import kind_of, lines_of_code, parts_of
from coursebook.sphinx_ext.written_at import WrittenAt

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Measuring = Callable[[nodes.Node], Measure]

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
"""Elements that are never closed."""

ROWS_BELOW_HEAD = 2
"""A Markdown table begins with its head and the line below it."""


class SlideLines:
    """Notes what a translator writes, slide by slide.

    Args:
        top: The root of the book; files are named from here.
        measure: Tells how much a block holds.
    """

    def __init__(self, top: Path, measure: Measuring) -> None:
        self.written = WrittenAt(top)
        self.measure = measure
        self.slides: list[dict[str, Any]] = []
        self.section: nodes.Element | None = None
        self.marks: list[tuple[int, nodes.Element | None]] = []

    def open_slide(
        self, start: nodes.Element, section: nodes.Element, identity: str, written: int
    ) -> None:
        """A slide begins.

        Args:
            start: The section, or the break within it.
            section: The section.
            identity: The id of the slide.
            written: How many pieces of HTML there are so far.
        """
        self.section = section
        title = next((one for one in self.section.children if isinstance(one, nodes.title)), None)
        source, line = self.written.place(start, *self.written.place(self.section, "", 0))
        self.slides.append(
            {
                "id": identity,
                "section": section_id(self.section),
                "title": title.astext() if title else "",
                "source": source,
                "line": line,
                "blocks": [],
            }
        )
        self.marks = [(written, None)]

    def begin(self, node: nodes.Node, written: int) -> None:
        """A node begins; it is a block if it stands on the slide and not within another."""
        if self.section is None or node.parent is not self.section:
            return
        if isinstance(node, nodes.Element) and not isinstance(node, revealjs_break):
            self.marks.append((written, node))

    def close_slide(self, body: list[str]) -> None:
        """A slide ends.

        Args:
            body: All pieces of HTML so far.
        """
        self.section = None
        slide = self.slides[-1]
        counter = ElementCounter()
        place = (slide["source"], slide["line"])
        ends = [start for start, _ in self.marks[1:]] + [len(body)]
        for (start, node), end in zip(self.marks, ends, strict=True):
            before = counter.found
            counter.feed("".join(body[start:end]))
            elements = counter.found - before
            if elements == 0:
                continue
            if node is None:
                slide["blocks"].append(self.row(FRAME, *place, elements, None))
                continue
            if kind_of(node) != "title":
                place = self.written.place(node, *place)
            slide["blocks"].append(self.row(kind_of(node), *place, elements, node))

    def row(
        self, kind: Kind, source: str, line: int, elements: int, node: nodes.Element | None
    ) -> dict[str, Any]:
        """Write down one block."""
        held = Measure() if node is None else self.measure(node)
        return {
            "kind": kind,
            "source": source,
            "line": line,
            "elements": elements,
            "characters": held.characters,
            "columns": held.columns,
            "rows": held.rows,
            "parts": [] if node is None else self.parts(node, source, line),
            "lines": 0 if node is None else lines_of_code(node),
        }

    def parts(self, node: nodes.Element, source: str, line: int) -> list[list[Any]]:
        """Write down what a block is made of; nothing if some of it stands in another file."""
        rows: list[list[Any]] = []
        for number, part in enumerate(parts_of(node)):
            file, place = self.written.place(part, source, line)
            if file != source:
                return []
            if kind_of(node) == "table" and place <= line:
                # MyST counts the rows of a table from no line that an author knows.
                place = line + ROWS_BELOW_HEAD + number
            inner = self.parts(part, source, place)
            rows.append([kind_of(part), place, *self.measure(part), lines_of_code(part), inner])
        return rows


class ElementCounter(HTMLParser):
    """Counts the elements that do not stand in another one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.depth = 0
        self.found = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count an element that begins."""
        self.found += self.depth == 0
        self.depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count one that ends where it begins, as in drawings."""
        self.found += self.depth == 0
        # In HTML only void elements end so; in a drawing all may.
        self.depth += self.depth == 0 and tag not in VOID

    def handle_endtag(self, tag: str) -> None:
        """See where an element ends."""
        self.depth -= tag not in VOID and self.depth > 0


def write_slides(app: Sphinx, exception: Exception | None) -> None:
    """Bring the file up to date when a build has ended well: what was written, and what is gone."""
    written: dict[str, Any] | None = getattr(app.builder, "slide_lines", None)
    if written is None or exception is not None:
        return
    path = Path(app.outdir).parent / SLIDES_FILE
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known.update(written)
    written.clear()
    now = {name: known[name] for name in sorted(known) if name in app.env.found_docs}
    path.write_text(json.dumps(now), encoding="utf-8")


def setup_slide_lines(app: Sphinx) -> None:
    """Register what is done at the end; the deck's builder and translator do the rest."""
    app.connect("build-finished", write_slides)
