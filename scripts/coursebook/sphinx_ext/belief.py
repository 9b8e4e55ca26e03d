"""``{belief}``: what people believe, and what is so, against each other.

:::{belief}
Activation changes `PATH` and nothing else.

+++
It sets two variables more, changes the prompt, and defines a function.
:::

Behind the name may stand a title, and ``:source:`` names where it can be read, as Markdown or as an
address. In a deck what is so comes with the next step. It becomes::

    <div class="admonition cb-belief">
      <div class="cb-believed"><p class="cb-belief-label">What people believe</p> …</div>
      <div class="cb-so"><p class="cb-belief-label">What is so</p> …</div>
    </div>
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from coursebook.course.markdown_lines import Fences, Kind
from coursebook.sphinx_ext.fragments import STEP
from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.source_link import source_line
from coursebook.sphinx_ext.telling import warning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

BETWEEN = "+++"
"""The line between the two parts, as cards of sphinx-design have it."""

HINT = "write what people believe, a line `+++`, and what is so"


class Belief(SlideBlock):
    """Makes an admonition of two containers."""

    option_spec: ClassVar = {"source": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Make it."""
        box = nodes.admonition(classes=["cb-belief"])
        self.set_source_info(box)
        if self.argument:
            box += self.words(self.argument, nodes.title())
        ends = separators(list(self.content))
        if len(ends) != 1:
            found = f"has {len(ends)} lines `{BETWEEN}`" if ends else f"has no line `{BETWEEN}`"
            warning(self.place, f"this `{{belief}}` {found}", HINT, code="bad-belief")
        end = ends[0] if ends else len(self.content)
        box += self.part("What people believe", "cb-believed", 0, end)
        if ends:
            so = self.part("What is so", "cb-so", end + 1, len(self.content))
            so["classes"].append(STEP)
            box += so
        if "source" in self.options:
            box += source_line(self, "Source: ", self.options["source"])
        return [box]

    def part(self, label: str, name: str, start: int, end: int) -> nodes.container:
        """Make one of the two parts from lines of the content.

        Args:
            label: What stands above it.
            name: Its class.
            start: First of its lines, counted from 0.
            end: The line behind its last one.
        """
        lines = self.content[start:end]
        holder = nodes.container(classes=[name])
        self.set_source_info(holder)
        holder += self.words(f"**{label}**", nodes.paragraph(classes=["cb-belief-label"]))
        if not any(line.strip() for line in lines):
            message = f"this `{{belief}}` does not say {label[:1].lower()}{label[1:]}"
            warning(self.place, message, HINT, code="bad-belief")
        self.state.nested_parse(lines, self.content_offset + start, holder)
        return holder


def separators(lines: Sequence[str]) -> list[int]:
    """Find the lines that stand between the parts, counted from 0; those in code are none."""
    fences = Fences()
    return [
        number
        for number, line in enumerate(lines)
        if fences.feed(line) is Kind.TEXT and not fences.stack and line.strip() == BETWEEN
    ]


def setup_belief(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("belief", Belief)
