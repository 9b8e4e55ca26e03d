"""The time of a chapter on its slides, for the speaker view: ``minutes`` of the front matter.

Every slide that begins a part of the chapter (the title, and each ``##``) says how long that part
may take, and the title slide how long all of it::

    <section class="cb-slide" id="title" data-cb-seconds="60" data-cb-total="2700">
    <section class="cb-slide" id="one" data-cb-seconds="300">

A section that the author gave no minutes has its share of what is left, by its number of slides;
``0`` where nothing is left. Without ``minutes`` no slide says anything.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging

from coursebook.course.minutes import Minutes, read_minutes
from coursebook.renderings import DECK
from coursebook.sphinx_ext.counterpart import section_id
from coursebook.sphinx_ext.slides import ATTRIBUTES, level, starts

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)


def parts(doctree: nodes.document) -> list[tuple[nodes.section, int]]:
    """List what a chapter consists of, each with its number of slides: its title, each ``##``."""
    found: list[tuple[nodes.section, int]] = []
    for start in starts(doctree):
        if isinstance(start, nodes.section) and level(start) <= 2:
            found.append((start, 1))
        elif found:
            section, slides = found[-1]
            found[-1] = (section, slides + 1)
    return found


def share_out(minutes: Minutes, doctree: nodes.document) -> list[str]:
    """Note the seconds of each part on its section.

    Returns:
        Names that the author gave minutes, and that no part has.
    """
    chapter = parts(doctree)
    others = sum(slides for part, slides in chapter if _name(part, minutes) is None)
    for place, (part, slides) in enumerate(chapter):
        name = _name(part, minutes)
        own = minutes.sections[name] if name else minutes.rest * slides / others
        part[ATTRIBUTES] = {"data-cb-seconds": round(own * 60)}
        if place == 0:
            part[ATTRIBUTES]["data-cb-total"] = round(minutes.total * 60)
    ids = {one for part, _ in chapter for one in part["ids"]}
    return [name for name in minutes.sections if name not in ids]


def _name(part: nodes.section, minutes: Minutes) -> str | None:
    return next((one for one in part["ids"] if one in minutes.sections), None)


def read_budget(app: Sphinx, doctree: nodes.document) -> None:
    """Read the time of a chapter whose deck is made."""
    source = Path(app.env.doc2path(app.env.docname))
    if app.config.cb_rendering != DECK.name or source.suffix != ".md":
        return
    minutes = read_minutes(source.read_text(encoding="utf-8"))
    if minutes is None:
        return
    known = [section_id(part) for part, _ in parts(doctree)]
    for name in share_out(minutes, doctree):
        near = get_close_matches(name, known, 1)
        logger.warning(
            "`minutes` names `%s`, and no `##` on the slides has that id\n    hint: %s",
            name,
            f"did you mean `{near[0]}`?" if near else f"these can have minutes: {', '.join(known)}",
            location=(app.env.docname, minutes.lines[name]),
            type="coursebook",
            subtype="bad-minutes",
        )


def setup_time_budget(app: Sphinx) -> None:
    """Register the event."""
    app.connect("doctree-read", read_budget)
