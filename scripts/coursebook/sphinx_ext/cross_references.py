"""Pages that quote another chapter are written again when what they quote changes.

``[](locks.md)`` and ``{ref}`` show the title of their target. Sphinx writes a chapter again when
the chapter itself has changed, so that a renamed title stays old wherever it is quoted. Here every
chapter's references are remembered while it is read, together with what each of them says; those
that say something else after a build has read its chapters name the pages to be written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.util import docname_join

from coursebook.sphinx_ext.kept import ChapterCollector, kept
from coursebook.sphinx_ext.site import parts

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class Reference(NamedTuple):
    """A reference as the author wrote it.

    Attributes:
        kind: The role, such as ``ref``, ``doc``, ``numref``, ``term``; MyST's links have ``myst``.
        target: What it names; chapters by the name that Sphinx gives them.
        anchor: The place in the chapter that ``target`` names; may be empty.
    """

    kind: str
    target: str
    anchor: str


def references(doctree: nodes.document, docname: str) -> set[Reference]:
    """List what a chapter refers to."""
    found = set()
    for node in doctree.findall(addnodes.pending_xref):
        kind, target = str(node.get("reftype", "")), str(node.get("reftarget", ""))
        if kind == "doc":
            target = docname_join(docname, target)
        found.add(Reference(kind, target, str(node.get("reftargetid") or "")))
    return found


def answer(environment: BuildEnvironment, reference: Reference) -> tuple[Any, ...]:
    """Tell what a reference leads to and says at present.

    Any two answers differ if the reference would be drawn differently. They are compared only.
    """
    target = reference.target
    lowered = target.lower()
    standard: Any = environment.get_domain("std")
    mathematics: Any = environment.get_domain("math")
    citations: Any = environment.get_domain("citation")
    title = environment.titles.get(target)
    label = standard.anonlabels.get(lowered) or standard.anonlabels.get(target)
    numbers = None
    if label:
        docname, identifier = label
        figures = environment.toc_fignumbers.get(docname, {})
        numbers = [kind.get(identifier) for kind in figures.values() if identifier in kind]
    slugs = environment.metadata[target].get("myst_slugs", {}) if title is not None else {}
    return (
        target in environment.found_docs,
        title.astext() if title is not None else None,
        slugs.get(reference.anchor),
        standard.labels.get(lowered) or standard.labels.get(target),
        label,
        numbers,
        standard.objects.get((reference.kind, target)),
        standard.objects.get((reference.kind, lowered)),
        mathematics.equations.get(f"equation-{target}") or mathematics.equations.get(target),
        citations.citations.get(target),
    )


class ReferenceCollector(ChapterCollector):
    """Keeps the references of every chapter in the environment."""

    key = "cb_references"

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """List the references of a chapter that was read."""
        _asked(app.env)[app.env.docname] = references(doctree, app.env.docname)

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Name the chapters to be written again; by now figures have their numbers."""
        return sorted({*find_dependents(env), *find_renamed_parts(app, env)})


def _asked(environment: BuildEnvironment) -> dict[str, set[Reference]]:
    return kept(environment, ReferenceCollector.key)


def find_dependents(environment: BuildEnvironment) -> list[str]:
    """Name the chapters whose references say something else than at the last build.

    The answers are kept for the next build.
    """
    old: dict[Reference, tuple[Any, ...]] = getattr(environment, "cb_answers", {})
    asked = _asked(environment)
    new = {
        reference: answer(environment, reference)
        for wanted in asked.values()
        for reference in wanted
    }
    environment.cb_answers = new  # type: ignore[attr-defined]
    changed = {reference for reference in new if new[reference] != old.get(reference)}
    return sorted(docname for docname, wanted in asked.items() if wanted & changed)


def find_renamed_parts(app: Sphinx, environment: BuildEnvironment) -> set[str]:
    """Name the chapters whose part has another name now: it stands above their title."""
    old: dict[str, str] = getattr(environment, "cb_parts", {})
    new = parts(app)
    environment.cb_parts = new  # type: ignore[attr-defined]
    return {docname for docname in new if new[docname] != old.get(docname)}


def setup_cross_references(app: Sphinx) -> None:
    """Register the collector, after the one that numbers figures."""
    app.add_env_collector(ReferenceCollector)
