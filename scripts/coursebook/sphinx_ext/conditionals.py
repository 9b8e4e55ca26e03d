"""Conditionals in the build: decide them before MyST-NB reads a chapter or an included file.

source-read    once for each chapter, before it is parsed
include-read   once for each file that MyST's ``{include}`` pulls in, before it is cut to its
               ``:start-line:`` and parsed (Sphinx 7.2.5, myst-parser 3)
"""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from coursebook.course.chapter import Flags, render_chapter
from coursebook.course.conditionals import Rendered, attempt, flags_for
from coursebook.course.includes import included_texts
from coursebook.course.slide_text import has_long_prose, slides_from_headings
from coursebook.sphinx_ext.true_lines import INCLUDED

LOGGER = logging.getLogger(__name__)
FLAGS = "cb_flags"
"""Where the flags of the chapter under way are kept, for the files that it includes."""

FROM_HEADINGS = "cb_from_headings"
"""Where it is kept that nobody wrote slides for the chapter under way."""


def setup_conditionals(app: Sphinx) -> None:
    """Decide conditionals with the flags of ``cb_rendering``.

    Mistakes become warnings of the type ``coursebook`` at the author's line, with the problem's
    code as subtype; the text is then rendered as well as can be guessed, so that one mistake does
    not hide the others of the book.
    """
    app.connect("source-read", _decide_chapter)
    app.connect("include-read", _decide_include)


def _decide_chapter(app: Sphinx, docname: str, content: list[str]) -> None:
    path = Path(app.env.doc2path(docname))
    if path.suffix != ".md":
        return
    rendered, flags = render_chapter(content[0], app.config.cb_rendering, str(path))
    app.env.temp_data[FLAGS] = flags
    app.env.temp_data[FROM_HEADINGS] = _leaves_slides_to_us(app, path, content[0], rendered, flags)
    _tell(rendered)
    content[0] = rendered.text


def _leaves_slides_to_us(
    app: Sphinx, path: Path, text: str, rendered: Rendered, flags: Flags
) -> bool:
    """Tell whether a deck is made from the chapter's headings; see ``from_headings``."""
    if app.config.cb_rendering != "slides":
        return False
    if flags != flags_for("slides"):
        return has_long_prose(rendered.text)
    if "include}" not in text:
        return slides_from_headings(text)
    book = Path(app.srcdir)
    return slides_from_headings(text, included_texts(path, book, book))


def _decide_include(app: Sphinx, relative: Path, docname: str, content: list[str]) -> None:
    flags = app.env.temp_data.get(FLAGS) or flags_for(app.config.cb_rendering)
    path = os.path.normpath(Path(app.srcdir, relative))
    rendered = attempt(content[0], flags, path)
    _tell(rendered)
    content[0] = app.env.temp_data[INCLUDED] = rendered.text


def _tell(rendered: Rendered) -> None:
    for problem in rendered.problems:
        hint = f"\n    hint: {problem.hint}" if problem.hint else ""
        LOGGER.warning(
            "%s%s",
            problem.message,
            hint,
            location=f"{problem.path}:{problem.line}",
            type="coursebook",
            subtype=problem.code,
        )
