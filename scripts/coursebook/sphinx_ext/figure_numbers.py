"""Numbers of figures, without reading every chapter again at every save.

To number figures, Sphinx loads the doctree of every chapter of the book whenever one of them
changes. What it looks at are sections, trees of chapters, and things with a caption; these are
kept here as a skeleton of each chapter, and Sphinx is given the skeletons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.collectors.toctree import TocTreeCollector

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def skeleton(environment: BuildEnvironment, element: Element, bones: Element) -> Element:
    """Copy into ``bones`` what counts for numbers: sections, trees of chapters, numbered things."""
    for node in element.children:
        if isinstance(node, nodes.section):
            section = skeleton(environment, node, node.copy())
            if section.children:
                bones.append(section)
        elif isinstance(node, addnodes.toctree) or _is_numbered(environment, node):
            bones.append(node.deepcopy())
        elif isinstance(node, nodes.Element):
            skeleton(environment, node, bones)
    return bones


def _is_numbered(environment: BuildEnvironment, node: nodes.Node) -> bool:
    """Ask the domains whether a node gets a number, as Sphinx's collector does.

    Sphinx's own kinds (figures, tables, listings) get one if they have a caption.
    """
    standard = environment.get_domain("std")
    for domain in environment.domains.values():
        if domain is standard and not standard.get_numfig_title(node):  # type: ignore[attr-defined]
            continue
        if domain.get_enumerable_node_type(node):
            return True
    return False


class Skeletons:
    """An environment whose chapters are skeletons; everything else is the real one's."""

    def __init__(self, environment: BuildEnvironment) -> None:
        object.__setattr__(self, "environment", environment)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.environment, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.environment, name, value)

    def get_doctree(self, docname: str) -> Element:
        """Return the skeleton of a chapter."""
        bones: Element = self.environment.cb_skeletons[docname]
        return bones


class LeanTocTreeCollector(TocTreeCollector):
    """Collects what Sphinx's own collector does, and numbers from skeletons."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a chapter that is read again or gone."""
        super().clear_doc(app, env, docname)
        _skeletons(env).pop(docname, None)

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        """Take over what another process has read."""
        super().merge_other(app, env, docnames, other)
        for docname in docnames:
            _skeletons(env)[docname] = _skeletons(other)[docname]

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Collect a chapter that was read."""
        super().process_doc(app, doctree)
        environment = app.env
        bones = nodes.Element()
        _skeletons(environment)[environment.docname] = skeleton(environment, doctree, bones)

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Number sections and figures, and name the chapters whose numbers changed."""
        return super().get_updated_docs(app, Skeletons(env))  # type: ignore[arg-type]


def _skeletons(environment: BuildEnvironment) -> dict[str, Element]:
    if not hasattr(environment, "cb_skeletons"):
        environment.cb_skeletons = {}  # type: ignore[attr-defined]
    found: dict[str, Element] = environment.cb_skeletons  # type: ignore[attr-defined]
    return found


def setup_figure_numbers(app: Sphinx) -> None:
    """Put the lean collector in the place of the one that is there."""
    for listener in list(app.events.listeners.get("env-get-updated", ())):
        collector = getattr(listener.handler, "__self__", None)
        if isinstance(collector, TocTreeCollector):
            collector.disable(app)
    app.add_env_collector(LeanTocTreeCollector)
