"""``:emphasize-steps: 1-3|5|all`` of ``{code-block}``: code that is explained line by line.

The deck shows the lines of one step at a time, the others are dimmed; the page shows no trace. Of
``{code-cell}`` the option is read with the cell's others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.directives.code import CodeBlock

from coursebook.course.line_steps import HINT, StepsError, read_steps
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from sphinx.application import Sphinx

OPTION = "emphasize-steps"


class SteppedCodeBlock(CodeBlock):
    """Sphinx's own directive with one more option."""

    option_spec: ClassVar[Any] = {**CodeBlock.option_spec, OPTION: directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Make the block, and keep its steps for the deck."""
        made = super().run()
        if OPTION not in self.options:
            return made
        source, line = self.get_source_info()
        try:
            steps = read_steps(self.options[OPTION] or "", len(self.content))
        except StepsError as error:
            warning(f"{source}:{line}", str(error), HINT, code="bad-steps")
            return made
        if self.config.cb_rendering == "slides":
            for node in made:
                for block in node.findall(nodes.literal_block):
                    block["cb_steps"] = steps
        return made


def setup_emphasize_steps(app: Sphinx) -> None:
    """Take the place of Sphinx's directive under both of its names."""
    app.add_directive("code-block", SteppedCodeBlock, override=True)
    app.add_directive("sourcecode", SteppedCodeBlock, override=True)
