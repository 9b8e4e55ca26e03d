"""Output that is the same whether it was built at once or bit by bit.

Sphinx writes, and never deletes: pages of chapters that are gone, and figures that nobody shows,
would stay and be published. It also believes that a page is fresh when it is newer than its
chapter, even if the run that should have written it for another reason was interrupted.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import FilenameUniqDict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

MARK = "interrupted"
"""Stands beside the doctrees while a run is under way."""

WRITTEN = "cb_written"
"""Attribute of a builder: the files of this run's pages."""


def is_interrupted(app: Sphinx) -> bool:
    """Tell whether the last run has not come to its end."""
    return Path(app.doctreedir, MARK).exists()


def begin(app: Sphinx, environment: BuildEnvironment, docnames: list[str]) -> None:
    """Note that a run is under way; one that reads every chapter copies all static files anew."""
    setattr(app.builder, WRITTEN, set())
    Path(app.doctreedir, MARK).touch()
    if environment.found_docs <= set(docnames):
        shutil.rmtree(Path(app.outdir, "_static"), ignore_errors=True)


def note_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Note a page of this run; some belong to no chapter, such as the search."""
    builder: Any = app.builder
    getattr(builder, WRITTEN).add(Path(builder.get_outfilename(pagename)))


def settle_image_names(app: Sphinx, environment: BuildEnvironment) -> list[str]:
    """Name published figures by the order of their paths, not by the order of reading.

    Two figures of the same name in different folders are told apart by a number. Returns the
    chapters that show a figure whose name is another one now.
    """
    settled = FilenameUniqDict()
    changed: set[str] = set()
    for path in sorted(environment.images):
        docnames, name = environment.images[path]
        for docname in sorted(docnames):
            settled.add_file(docname, path)
        if settled[path][1] != name:
            changed |= docnames
    environment.images = settled
    return sorted(changed)


def end(app: Sphinx, error: Exception | None) -> None:
    """Remove what no chapter has any more, and note that the run is complete."""
    if error is not None:
        return
    builder: Any = app.builder
    written: set[Path] = getattr(builder, WRITTEN, set())
    if isinstance(builder, StandaloneHTMLBuilder) and written:
        for file in leftovers(app, builder, written):
            file.unlink(missing_ok=True)
    Path(app.doctreedir, MARK).unlink(missing_ok=True)


def leftovers(app: Sphinx, builder: StandaloneHTMLBuilder, written: set[Path]) -> Iterator[Path]:
    """Yield files of the output that belong to nothing in the book."""
    top = Path(app.outdir)
    wanted = written | {Path(builder.get_outfilename(name)) for name in app.env.found_docs}
    # A book whose front page has another name gets an index that leads there.
    wanted.add(top / f"index{builder.out_suffix}")
    for page in top.rglob(f"*{builder.out_suffix}"):
        if page not in wanted and not page.relative_to(top).parts[0].startswith("_"):
            yield page
            # What stands beside a chapter for download goes with it.
            yield from page.parent.glob(f"{page.stem}.*")
    shown = {name for _, name in app.env.images.values()}
    yield from (file for file in (top / "_images").glob("*") if file.name not in shown)
    offered = {top / "_downloads" / name for _, name in app.env.dlfiles.values()}
    yield from (
        file for file in (top / "_downloads").rglob("*") if file.is_file() and file not in offered
    )


def setup_whole_output(app: Sphinx) -> None:
    """Register the events, in the order in which they fire."""
    app.connect("env-before-read-docs", begin)
    app.connect("env-updated", settle_image_names)
    app.connect("html-page-context", note_page)
    app.connect("build-finished", end)
