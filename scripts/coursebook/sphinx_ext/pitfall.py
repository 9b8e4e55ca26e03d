"""``{pitfall}``: a trap that people fell into, with the place where it was reported.

:::{pitfall} A lock from another system
:source: https://github.com/pypa/pip/issues/11664

What happens, why, and how to get out.
:::

The source is the address of an issue, or Markdown with a link. The title may be left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.source_link import has_link, source_line
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Pitfall(SlideBlock):
    """Makes an admonition with a title and a line that names the source."""

    option_spec: ClassVar = {"source": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Make it."""
        source = self.options.get("source", "")
        if not has_link(source):
            hint = "write the issue's address below the first line: `:source: https://github.com/…`"
            message = "this pitfall does not say where it was reported"
            warning(self.place, message, hint, code="bad-pitfall")
        if not self.content:
            hint = "write below its options what happens, why, and how to get out"
            warning(self.place, "this pitfall says nothing", hint, code="bad-pitfall")
        box = nodes.admonition(classes=["cb-pitfall"])
        title = nodes.title()
        self.set_source_info(title)
        if self.argument:
            title += nodes.inline("", "Pitfall: ", classes=["cb-pitfall-label"])
            self.words(self.argument, title)
        else:
            title += nodes.Text("Pitfall")
        box += title
        self.parse_into(box)
        if has_link(source):
            box += source_line(self, "Reported in ", source)
        return [box]


def setup_pitfall(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("pitfall", Pitfall)
