"""``{glossary}``: what it defines, for the links of all pages; and what ``{term}`` leads to.

Sphinx makes the glossary and registers its terms. Here each term is kept with its definition, so
that pages can show it where the term is used (``term_links``). When the glossary has changed, every
page is written again. In a deck a glossary shows nothing, and a term is plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx import addnodes

from coursebook.course.spelling import did_you_mean
from coursebook.sphinx_ext.kept import ChapterCollector, kept
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.domains import Domain
    from sphinx.environment import BuildEnvironment


class Term(NamedTuple):
    """A term of the glossary.

    Attributes:
        name: As it stands there.
        docname: The page of the glossary.
        anchor: Its id on that page.
        definition: First paragraph of what is said about it, as plain text.
    """

    name: str
    docname: str
    anchor: str
    definition: str


def terms(environment: BuildEnvironment) -> dict[str, Term]:
    """Return all terms of the book, by their names."""
    return {
        term.name: term
        for docname in sorted(_kept(environment))
        for term in _kept(environment)[docname]
    }


def _kept(environment: BuildEnvironment) -> dict[str, list[Term]]:
    return kept(environment, TermCollector.key)


def read_terms(doctree: nodes.document, docname: str) -> list[Term]:
    """List the terms that a chapter defines."""
    found = []
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            paragraph = next(iter(item.findall(nodes.paragraph)), None)
            said = " ".join(paragraph.astext().split()) if paragraph is not None else ""
            found += [
                Term(term.astext(), docname, term["ids"][0], said)
                for term in item.children
                if isinstance(term, nodes.term)
            ]
    return found


class TermCollector(ChapterCollector):
    """Keeps the terms of every chapter, as long as the chapter stands."""

    key = "cb_terms"

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """List the terms of a chapter that was read; in a deck, take them off its slides."""
        found = read_terms(doctree, app.env.docname)
        if found:
            _kept(app.env)[app.env.docname] = found
        if app.config.cb_rendering == "slides":
            for glossary in list(doctree.findall(addnodes.glossary)):
                glossary.parent.remove(glossary)

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Name all pages if the glossary says something else than at the last build."""
        new, old = terms(env), getattr(env, "cb_terms_written", {})
        env.cb_terms_written = new  # type: ignore[attr-defined]
        return sorted(env.found_docs) if new != old else []


def tell_unknown_term(
    app: Sphinx, domain: Domain | None, node: addnodes.pending_xref
) -> bool | None:
    """Say that a term is not in the glossary, and which one is near."""
    if node.get("reftype") != "term" or node.get("refdomain") != "std":
        return None
    known = terms(app.env)
    near = did_you_mean(node["reftarget"], known)
    if not known:
        hint = "write a page with a `{glossary}`, and the term in it"
    elif near.startswith("did"):
        hint = near
    else:
        hint = "write the term into the `{glossary}`, or take the role away"
    holder: Any = node
    while holder is not None and not (holder.source and holder.line):
        holder = holder.parent
    place = f"{holder.source}:{holder.line}" if holder is not None else app.env.docname
    message = f"the term `{node['reftarget']}` is not in the glossary"
    warning(place, message, hint, code="unknown-term")
    return True


def setup_glossary(app: Sphinx) -> None:
    """Register what keeps terms, and what is told about others."""
    app.add_env_collector(TermCollector)
    app.connect("warn-missing-reference", tell_unknown_term)
