"""The site's search index: every section's words, prose and code, as they were written.

One JSON file for the book, ``search.json``, loaded when the reader opens the search::

    [["practice/locks.html", "Locks", "Practice", [["", "", "text …"], ["why", "Why", "text …"]]]]

Sphinx's own index stems words and drops punctuation, so that ``sys.path`` and ``--locked`` cannot
be found in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from coursebook.sphinx_ext.site import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

Section = tuple[str, str, str]
"""Anchor, heading, text; the text before the first heading has no anchor and no heading."""

INDEX = "search.json"


def setup_search(app: Sphinx) -> None:
    """Register the events, in the order in which they fire."""
    if app.config.cb_rendering != "pages":
        return
    app.connect("env-purge-doc", forget)
    app.connect("doctree-read", collect)
    app.connect("env-merge-info", merge)
    app.connect("build-finished", write)


def _store(env: BuildEnvironment) -> dict[str, list[Section]]:
    if not hasattr(env, "cb_search"):
        env.cb_search = {}  # type: ignore[attr-defined]
    store: dict[str, list[Section]] = env.cb_search  # type: ignore[attr-defined]
    return store


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop a chapter that is read anew or gone."""
    _store(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Take what a reading process of its own found."""
    theirs = _store(other)
    _store(env).update({name: theirs[name] for name in docnames if name in theirs})


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Take a chapter's words, and its first paragraph as its description."""
    docname = app.env.docname
    _store(app.env)[docname] = sections(doctree)
    app.env.metadata[docname]["cb_description"] = description(doctree)


def sections(doctree: nodes.document) -> list[Section]:
    """Split a chapter into its sections, each with its own text alone."""
    found: list[Section] = []
    chapter = doctree.next_node(nodes.section)
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        text = " ".join(" ".join(words(section)).split())
        if section is chapter:
            found.append(("", "", text))
        else:
            heading = title.astext() if title is not None else ""
            found.append((section["ids"][0] if section["ids"] else "", heading, text))
    return found


def words(node: nodes.Node) -> Iterator[str]:
    """Yield the text below a node, without the sections in it, their titles and comments."""
    for child in node.children:
        if isinstance(child, nodes.section | nodes.title | nodes.Invisible | nodes.raw):
            if isinstance(child, nodes.title) and not isinstance(node, nodes.section):
                yield child.astext()
            continue
        if isinstance(child, nodes.Text | nodes.TextElement):
            yield child.astext()
        elif isinstance(child, nodes.image):
            yield str(child.get("alt", ""))
        else:
            yield from words(child)


def description(doctree: nodes.document, length: int = 160) -> str:
    """Return the first paragraph, cut at a word.

    Args:
        doctree: The chapter.
        length: The longest that is wanted, in characters.
    """
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 20:
            return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"
    return ""


def index(app: Sphinx) -> list[Any]:
    """Return the whole index, in reading order."""
    captions = parts(app)
    store = _store(app.env)
    rank = {name: place for place, name in enumerate([app.config.root_doc, *captions])}
    names = sorted(store, key=lambda name: (rank.get(name, len(rank)), name))
    return [
        [
            app.builder.get_target_uri(name),
            app.env.titles[name].astext() if name in app.env.titles else name,
            captions.get(name, ""),
            store[name],
        ]
        for name in names
    ]


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the index beside the pages, if it changed."""
    if error is not None:
        return
    text = json.dumps(index(app), ensure_ascii=False, separators=(",", ":"))
    path = Path(app.outdir, INDEX)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
