"""``{question}``: a question to the room; on the page a box, on a slide large.

:::{question}
Which Python runs when you type `python`?
:::
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes

from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Question(SlideBlock):
    """Makes an admonition; its title may be another one, behind the directive's name."""

    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Make it."""
        if not self.content:
            hint = "write it below the first line; what stands in the first line is a title"
            warning(self.place, "`{question}` asks nothing", hint, code="bad-question")
        box = nodes.admonition(classes=["cb-question"])
        box += self.words(self.argument or "Question", nodes.title())
        return [self.parse_into(box)]


def setup_question(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("question", Question)
