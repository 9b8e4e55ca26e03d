"""Blocks of a page that are made from the whole book: an index, the time that each part takes.

A directive leaves a place, which is filled when the page is written. What the block says is
remembered; when it says something else after a build has read its chapters, the pages that have
such a block are written again. In a deck they show nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from coursebook.sphinx_ext.kept import ChapterCollector, kept

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class SummaryNode(nodes.General, nodes.Element):
    """The place of a block; ``kind`` is the name of its directive."""


@dataclass(frozen=True)
class Summary:
    """A kind of block.

    Attributes:
        facts: Returns what it is made of; compared only.
        draw: Makes it for a page, from the same facts.
    """

    facts: Callable[[Sphinx], Any]
    draw: Callable[[Sphinx, str, Any], list[nodes.Node]]


KINDS: dict[str, Summary] = {}
"""All kinds, by the names of their directives."""


class SummaryDirective(SphinxDirective):
    """Leaves the place; its name says what for."""

    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Leave it on a page, and nothing on a slide."""
        if self.config.cb_rendering != "pages":
            return []
        node = SummaryNode(kind=self.name)
        self.set_source_info(node)
        return [node]


class SummaryCollector(ChapterCollector):
    """Knows which pages have such blocks."""

    key = "cb_summaries"

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note what a chapter has."""
        kinds = {str(node["kind"]) for node in doctree.findall(SummaryNode)}
        if kinds:
            _users(app.env)[app.env.docname] = kinds

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Name the pages whose blocks say something else than at the last build."""
        users = _users(env)
        wanted = set().union(*users.values())
        new = {kind: KINDS[kind].facts(app) for kind in wanted}
        old: dict[str, Any] = getattr(env, "cb_summaries_written", {})
        env.cb_summaries_written = new  # type: ignore[attr-defined]
        changed = {kind for kind in wanted if new[kind] != old.get(kind)}
        return sorted(docname for docname, kinds in users.items() if kinds & changed)


def _users(environment: BuildEnvironment) -> dict[str, set[str]]:
    return kept(environment, SummaryCollector.key)


def draw_summaries(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the places of a page."""
    for node in list(doctree.findall(SummaryNode)):
        kind = KINDS[node["kind"]]
        node.replace_self(kind.draw(app, docname, kind.facts(app)))


def add_summary(app: Sphinx, name: str, summary: Summary) -> None:
    """Register a kind of block and its directive."""
    KINDS[name] = summary
    app.add_directive(name, SummaryDirective)


def setup_summaries(app: Sphinx) -> None:
    """Register what all kinds share."""
    app.add_node(SummaryNode)
    app.add_env_collector(SummaryCollector)
    # Before terms are linked.
    app.connect("doctree-resolved", draw_summaries, priority=600)
