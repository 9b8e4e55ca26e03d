"""What the directives for slides share: they say clearly what is missing, and hold Markdown."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class SlideBlock(SphinxDirective):
    """A directive that holds Markdown. Arguments are looked at here, where a hint can be given."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    @property
    def argument(self) -> str:
        """What stands behind the name, in one line."""
        return self.arguments[0].strip() if self.arguments else ""

    @property
    def place(self) -> str:
        """Where the directive stands, as ``path:line``."""
        source, line = self.get_source_info()
        return f"{source}:{line}"

    def place_of(self, number: int) -> str:
        """Where a line of the content stands, as ``path:line``; the first one has the number 0."""
        source, line = self.get_source_info()
        return f"{source}:{(line or 0) + self.content_offset + number + 1}"

    def parse_into(self, holder: nodes.Element) -> nodes.Element:
        """Parse the content as Markdown into an element, which gets the directive's line."""
        self.set_source_info(holder)
        self.state.nested_parse(self.content, self.content_offset, holder)
        return holder

    def words(self, text: str, holder: nodes.Element) -> nodes.Element:
        """Parse a line of Markdown into an element of running text."""
        made, messages = self.state.inline_text(text, self.lineno)
        holder += made
        holder += messages
        self.set_source_info(holder)
        return holder
