"""A term of the glossary is a link where a page uses it first, and says there what it means.

Authors write plain text, or ``{term}`` where the words differ from the glossary's. Headings, code,
other links and cards are left alone, and so are the front page and the glossary. A term becomes::

    <a class="cb-term reference internal" href="…#term-wheel" title="A built package …">wheel</a>

A browser shows the title when the pointer rests on it; ``terms.js`` shows it better, for keyboard
and finger too. In a deck a term is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from coursebook.sphinx_ext.glossary import Term, terms

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CLASS = "cb-term"

KEPT = (
    nodes.Titular, nodes.rubric, nodes.caption, nodes.literal, nodes.literal_block, nodes.raw,
    nodes.reference, nodes.math, nodes.math_block, nodes.attribution, nodes.term, nodes.footnote,
    nodes.label, nodes.legend, addnodes.download_reference, addnodes.glossary,
)  # fmt: skip
"""What a term is never made a link in."""

KEPT_CLASSES = frozenset(
    (
        *("sd-card", "sd-tab-label", "cb-belief-label", "cb-pitfall-label", "cb-source"),
        *("cb-origin", "cb-big-number", "cb-index-group", "cb-commands", "cb-versions"),
        *("cb-no-terms", "toctree-wrapper", "cb-made-with"),
    )
)
"""The same, by class; ``cb-no-terms`` is for authors and for directives of ours."""

KEPT_TAGS = frozenset({"CheckNode"})
"""The same, by the node's name: a click on an answer must choose it, and lead nowhere."""


def pattern(name: str) -> str:
    """Write the expression that finds a term in running text, in singular and plural.

    ``PATH`` and ``Poetry`` are found as they are written; ``wheel`` may also begin a sentence.
    """
    start = f"[{name[0]}{name[0].upper()}]" if name[:1].islower() else re.escape(name[:1])
    rest = re.escape(name[1:]).replace(r"\ ", r"\s+").replace(r"\-", "[-‑]")
    if name[-1:] == "y" and name[-2:-1] not in "aeiou":
        rest = f"{rest[:-1]}(?:y|ies)"
    elif name[-1:].isalpha():
        rest += "(?:e?s)?"
    return start + rest


def finder(names: Sequence[str]) -> re.Pattern[str]:
    """Write the expression that finds any term, in a group ``t`` with the number of its name.

    Args:
        names: Of all terms, the longest first.
    """
    groups = "|".join(f"(?P<t{number}>{pattern(name)})" for number, name in enumerate(names))
    return re.compile(rf"(?<![\w./@~$-])(?:{groups})(?![\w/@]|[-.]\w)")


def running_text(node: nodes.Node) -> Iterator[nodes.Text]:
    """Yield the text in which terms may become links, in reading order."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child
        elif isinstance(child, KEPT) or getattr(child, "tagname", "") in KEPT_TAGS:
            continue
        elif isinstance(child, nodes.Element) and not KEPT_CLASSES.intersection(
            child.get("classes", ())
        ):
            yield from running_text(child)


def link(app: Sphinx, docname: str, term: Term, content: nodes.Node) -> nodes.reference:
    """Make the link from a page to a term."""
    address = f"{app.builder.get_relative_uri(docname, term.docname)}#{term.anchor}"
    return nodes.reference(
        "", "", content, internal=True, refuri=address, reftitle=term.definition, classes=[CLASS]
    )


def links_of_authors(doctree: nodes.document) -> list[nodes.reference]:
    """Find the links that authors asked for by ``{term}``."""
    return [
        node
        for node in doctree.findall(nodes.reference)
        if any(
            isinstance(child, nodes.Element) and "std-term" in child.get("classes", ())
            for child in node.children
        )
    ]


def link_terms(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the terms of a page, when everything else in it is resolved."""
    known = terms(app.env)
    written = links_of_authors(doctree)
    if app.config.cb_rendering != "pages":
        for reference in written:
            reference.replace_self(nodes.Text(reference.astext()))
        return
    by_anchor = {term.anchor: term for term in known.values()}
    used: set[tuple[str, str]] = set()
    for reference in written:
        term = by_anchor.get(str(reference.get("refuri", "")).rpartition("#")[2]) or by_anchor.get(
            reference.get("refid", "")
        )
        if term is not None:
            reference["classes"].append(CLASS)
            reference["reftitle"] = term.definition
            used.add((term.docname, term.definition))
    if not known or docname == app.config.root_doc:
        return
    _link_first_uses(app, doctree, docname, known, used)


def _link_first_uses(
    app: Sphinx,
    doctree: nodes.document,
    docname: str,
    known: Mapping[str, Term],
    used: set[tuple[str, str]],
) -> None:
    names = sorted(known, key=lambda name: (-len(name), name))
    find = finder(names)
    for text in list(running_text(doctree)):
        pieces: list[nodes.Node] = []
        words, end = text.astext(), 0
        for found in find.finditer(words):
            term = known[names[int((found.lastgroup or "t0")[1:])]]
            if (term.docname, term.definition) in used or term.docname == docname:
                continue
            used.add((term.docname, term.definition))
            pieces += [nodes.Text(words[end : found.start()])] if found.start() > end else []
            pieces.append(link(app, docname, term, nodes.Text(found[0])))
            end = found.end()
        if pieces:
            pieces += [nodes.Text(words[end:])] if end < len(words) else []
            text.parent.replace(text, pieces)


def setup_term_links(app: Sphinx) -> None:
    """Register the step: late, so that the chapter's notebook has what its author wrote."""
    app.connect("doctree-resolved", link_terms, priority=950)
