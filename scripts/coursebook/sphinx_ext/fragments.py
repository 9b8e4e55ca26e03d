"""``{fragments}``: a slide that is built up step by step.

:::{fragments}
- first
- second
:::

shows one item, row or block after the other. A list, table or block with the class ``fragments``
(``{.fragments}`` on the line above) does the same; ``{.fragment}`` makes one step of one thing.
On the page all of it stands at once, and no trace of the steps is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STEP = "fragment"
STEPS = "fragments"


class FragmentsDirective(SphinxDirective):
    """Marks what it holds; the steps are made by ``MakeFragments``."""

    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the content itself: no element stands around it."""
        if not self.content:
            source, line = self.get_source_info()
            hint = "write a list, a table or blocks between the two fences"
            message = "`{fragments}` holds nothing that could appear"
            warning(f"{source}:{line}", message, hint, code="bad-fragments")
        holder = nodes.container()
        self.set_source_info(holder)
        self.state.nested_parse(self.content, self.content_offset, holder)
        single = len(holder.children) == 1
        for child in holder.children:
            if isinstance(child, nodes.Element):
                several = single and steps(child)
                child["classes"].append(STEPS if several else STEP)
        return list(holder.children)


def steps(node: nodes.Element) -> list[nodes.Element]:
    """Return what of a list or table appears one by one; empty for anything else."""
    if isinstance(node, nodes.bullet_list | nodes.enumerated_list):
        return _elements(node)
    if isinstance(node, nodes.definition_list):
        return [part for item in node.children for part in _elements(item)]
    if isinstance(node, nodes.table):
        return [row for body in node.findall(nodes.tbody) for row in _elements(body)]
    if isinstance(node, nodes.container) and "sd-container-fluid" in node["classes"]:
        return [cell for row in node.children for cell in _elements(row)]
    return []


def _elements(node: nodes.Node) -> list[nodes.Element]:
    return [child for child in node.children if isinstance(child, nodes.Element)]


class MakeFragments(SphinxTransform):
    """Gives each step its class in the deck; takes all traces off the page."""

    default_priority = 700

    def apply(self, **kwargs: object) -> None:
        """Go through the chapter once."""
        deck = self.config.cb_rendering == "slides"
        for node in self.document.findall(nodes.Element):
            classes = node.get("classes")
            if not classes or not (STEP in classes or STEPS in classes):
                continue
            node["classes"] = [name for name in classes if name not in (STEP, STEPS)]
            if _is_in_table(node):
                place = _place(node)
                hint = "put `:::{fragments}` around the table: its rows appear one by one"
                warning(place, "a table has no steps inside its cells", hint, code="bad-fragments")
                continue
            if not deck:
                continue
            parts = steps(node) if STEPS in classes else []
            for part in parts or [node]:
                part["classes"].append(STEP)


def _is_in_table(node: nodes.Element) -> bool:
    inside = node.parent
    while inside is not None and not isinstance(inside, nodes.entry):
        inside = inside.parent
    return inside is not None


def _place(node: nodes.Element) -> str:
    """Return ``path:line`` of an element; those within a line have none of their own."""
    holder: nodes.Element | None = node
    while holder is not None and not (holder.source and holder.line):
        holder = holder.parent
    return f"{holder.source}:{holder.line}" if holder is not None else ""


def setup_fragments(app: Sphinx) -> None:
    """Register the directive and the step that serves it."""
    app.add_directive("fragments", FragmentsDirective)
    app.add_transform(MakeFragments)
