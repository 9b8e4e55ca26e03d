"""Links between page and deck: each rendering lists its sections while it reads.

The list goes to ``sections.json`` beside the output when a build has ended; what both lists are
for is told in ``coursebook.course.counterparts``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from coursebook.course.counterparts import counterpart_start, to_page
from coursebook.sphinx_ext.kept import ChapterCollector, kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

Row = tuple[str, int, str, int, list[str]]


def section_id(section: nodes.Element) -> str:
    """Return the id that addresses a section: the author's own label before one from the title.

    docutils adds the ids of ``(label)=`` targets behind the one that it makes from the title.
    """
    ids: list[str] = section.get("ids", [])
    return ids[-1] if ids else ""


def notes_link(docname: str, section: str = "", slide: str = "", *, steps: bool = False) -> str:
    """Write the link from a slide to the same place of its page.

    Args:
        docname: The chapter.
        section: Id of the section it belongs to; empty for the top of the page.
        slide: Id of the slide, where a section goes on over several.
        steps: Whether the slide is built up step by step: the link then says where each has notes.
    """
    start = counterpart_start(docname, section, to_page, name=slide)
    places = ' data-cb-places=""' if steps else ""
    return f"{start}{places}>Notes</a>"


class SectionCollector(ChapterCollector):
    """Keeps the sections of every chapter in the environment, as long as the chapter stands."""

    key = "cb_sections"

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """List the sections of a chapter that was read."""
        _sections(app.env)[app.env.docname] = list(rows(doctree, Path(app.srcdir)))


def rows(doctree: nodes.document, top: Path) -> Iterable[Row]:
    """List sections in reading order, as ``coursebook.course.counterparts.Section`` has them.

    Args:
        doctree: A chapter.
        top: Folder that sources are named from.
    """
    places: dict[int, int] = {}
    for place, section in enumerate(doctree.findall(nodes.section)):
        places[id(section)] = place
        ids: list[str] = section["ids"]
        source = Path(section.source or "")
        name = source.relative_to(top).as_posix() if source.is_relative_to(top) else source.name
        parent = places.get(id(section.parent), -1)
        yield (section_id(section), section.line or 0, name, parent, list(ids))


def _sections(env: BuildEnvironment) -> dict[str, list[Row]]:
    return kept(env, SectionCollector.key)


def write_sections(app: Sphinx, exception: Exception | None) -> None:
    """Write the list of all chapters when a build has ended well."""
    if exception is None:
        text = json.dumps(dict(sorted(_sections(app.env).items())))
        Path(app.outdir).parent.joinpath("sections.json").write_text(text, encoding="utf-8")


def setup_counterpart(app: Sphinx) -> None:
    """Register the collector, and what is done at the end."""
    app.add_env_collector(SectionCollector)
    app.connect("build-finished", write_sections)
