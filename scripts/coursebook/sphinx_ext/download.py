"""Each chapter as a notebook that runs in JupyterLab: ``<chapter>.ipynb`` beside its page.

It is made from the resolved doctree of the site, so that conditionals, includes and references are
done with, and from the notebook that MyST-NB keeps, which has the outputs. The kernel is always
Python: bash cells begin with ``%%bash``, so that no other kernel must be installed. The first cell
makes a room for them, as they have one in the build: see ``notebook_room``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursebook.execute import stored
from coursebook.paths import Tree
from coursebook.sphinx_ext.cells import SEQUENCE
from coursebook.sphinx_ext.markdown import Code, Text, Writer, fenced
from coursebook.sphinx_ext.notebook_room import room_cell

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

PYTHON = frozenset({"python", "python3", "ipython", "ipython3"})
SHELL = frozenset({"bash", "sh", "shell", "console"})
CELL_HEADINGS = 3
"""A heading of this level or above begins a new cell of text."""

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def setup_download(app: Sphinx) -> None:
    """Register the events, in the order in which they fire."""
    if app.config.cb_rendering != "pages":
        return
    app.connect("doctree-resolved", write_notebook, priority=900)
    app.connect("html-page-context", offer, priority=300)
    app.connect("build-finished", remove_stale)


def has_notebook(app: Sphinx, docname: str) -> bool:
    """Tell chapters from the front page and from pages that are no chapters."""
    return docname != app.config.root_doc and docname in app.env.found_docs


def offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Tell the page that its notebook stands beside it."""
    context["cb_notebook"] = has_notebook(app, pagename)


def write_notebook(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write the notebook of a chapter whose page is being written."""
    if not has_notebook(app, docname):
        return
    base = app.config.html_baseurl
    address = f"{base.rstrip('/')}/{app.builder.get_target_uri(docname)}" if base else ""
    writer = Writer(Path(app.srcdir), address)
    kernel = app.env.metadata.get(docname, {}).get("kernelspec", {}).get("name", "")
    language = "bash" if kernel in SHELL else "python"
    blocks = list(writer.blocks(doctree))
    tree = Tree(Path(app.config.cb_root))
    sequence, _ = getattr(app.env, SEQUENCE, {}).get(docname, (None, ""))
    named = stored.whole(sequence).tools if sequence else ()
    room = partial(room_cell, tree, docname.rpartition("/")[2], named)
    notebook = assemble(writer, blocks, executed(app, docname), language, room)
    path = Path(app.outdir, f"{docname}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8")


def remove_stale(app: Sphinx, error: Exception | None) -> None:
    """Take away the notebooks of chapters that have gone."""
    if error is not None:
        return
    top = Path(app.outdir)
    for path in top.rglob("*.ipynb"):
        name = path.relative_to(top).with_suffix("").as_posix()
        if "_downloads" not in path.parts and not has_notebook(app, name):
            path.unlink()


def executed(app: Sphinx, docname: str) -> list[dict[str, Any]]:
    """Return the cells that MyST-NB kept, with their outputs; none for a chapter without cells.

    Each code cell is told its language, which MyST-NB does not know.
    """
    path = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
    if not path.exists() or "kernelspec" not in app.env.metadata.get(docname, {}):
        return []
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sequence, _ = getattr(app.env, SEQUENCE, {}).get(docname, (None, ""))
    code = (cell for cell in cells if cell["cell_type"] == "code")
    for cell, known in zip(code, sequence.cells if sequence else (), strict=False):
        cell["language"] = known.language
    return cells


def assemble(
    writer: Writer,
    blocks: list[Text | Code],
    kept: list[dict[str, Any]],
    language: str,
    room: Callable[[str], str],
) -> dict[str, Any]:
    """Put text and cells together.

    Cells that the page does not show (``remove-cell``) stand in the notebook all the same: those
    after them may need what they did.

    Args:
        writer: What wrote the blocks, for the pictures in them.
        blocks: The chapter in reading order.
        kept: All cells of the chapter as MyST-NB kept them.
        language: Of cells that name none: ``bash`` or ``python``.
        room: Writes the first cell, given the sources of all others.
    """
    cells: list[dict[str, Any]] = []
    waiting: list[Text] = []
    following = 0

    def take_text() -> None:
        text = "\n\n".join(block.text for block in waiting)
        if text:
            cells.append(_text_cell(text, writer))
        waiting.clear()

    def take_hidden(end: int) -> None:
        nonlocal following
        for index in range(following, end):
            if kept[index]["cell_type"] == "code":
                take_text()
                source = _joined(kept[index]["source"])
                cells.append(
                    _code_cell(Code(index, _language(kept[index], language), source), kept)
                )
        following = max(following, end)

    for block in blocks:
        if isinstance(block, Text):
            if 0 < block.heading <= CELL_HEADINGS:
                take_text()
            waiting.append(block)
            continue
        take_hidden(min(block.index, len(kept)))
        following = block.index + 1
        if block.language in ("", "none"):
            block = replace(block, language=language)
        if block.language not in PYTHON | SHELL:
            waiting.append(Text(fenced(block.source, block.language)))
            continue
        take_text()
        cells.append(_code_cell(block, kept))
    take_hidden(len(kept))
    take_text()
    sources = [_joined(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    if sources:
        first = next(place for place, cell in enumerate(cells) if cell["cell_type"] == "code")
        setting = _bare_code_cell(room("\n".join(sources)))
        # JupyterLab folds it: what it does is told by its first lines.
        setting["metadata"] = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
        cells.insert(first, setting)
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{number}"
    return {
        "cells": cells,
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _text_cell(text: str, writer: Writer) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}
    used = {name: data for name, data in writer.pictures.items() if f"attachment:{name})" in text}
    if used:
        cell["attachments"] = used
    return cell


def _bare_code_cell(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": _lines(source),
    }


def _code_cell(code: Code, kept: list[dict[str, Any]]) -> dict[str, Any]:
    """Make a cell with the outputs that were kept for it."""
    source = code.source.rstrip("\n")
    cell = _bare_code_cell(f"%%bash\n{source}" if code.language in SHELL else source)
    if code.index < len(kept):
        stored = kept[code.index]
        outputs = [dict(output) for output in stored.get("outputs", [])]
        for output in outputs:
            if "execution_count" in output:
                output["execution_count"] = None
        cell["outputs"] = outputs
        tags = stored.get("metadata", {}).get("tags", [])
        if tags:
            cell["metadata"] = {"tags": tags}
    return cell


def _language(cell: dict[str, Any], default: str) -> str:
    """Return the language of a cell that is not shown."""
    return str(cell.get("language", default))


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
