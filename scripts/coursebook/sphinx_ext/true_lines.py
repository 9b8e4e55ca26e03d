"""True lines in warnings about included files and about chapters with cells.

Six counts of the libraries are wrong, and an author would look for a mistake where it is not:

- MyST-Parser 3.0.1 counts one line too many in an included file: ``_render_tokens`` adds one to
  what ``MockIncludeDirective.run`` has begun with one already.
- With ``:start-after:`` it adds characters to lines.
- MyST-NB 1.4.0 counts one line too many in a chapter with cells, for the same reason.
- It cuts the blank lines above a stretch of Markdown, as they stand below every cell, and counts
  as if they were not there.
- MyST-Parser counts one line too many in a fence of colons that begins with another one: it puts a
  blank line between the two, lest ``:::`` is read as an option.
- docutils gives the image of ``{image}`` and ``{figure}`` no line at all.

Each is mended where it is made, by a wrapper around one function. The tests of conditionals build
such chapters and compare the lines: they fail first when a library changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes
from docutils.parsers.rst.directives.images import Image
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from myst_nb import sphinx_ as myst_nb_sphinx
from myst_nb.core.read import NbReader
from myst_parser.mdit_to_docutils import base as myst_base
from myst_parser.mocking import MockIncludeDirective
from myst_parser.parsers import directives
from nbformat import NotebookNode
from sphinx.application import Sphinx

_run_image = Image.run
_render_colon_fence = myst_base.DocutilsRenderer.render_colon_fence
_parse_directive_text = directives.parse_directive_text
_create_reader = myst_nb_sphinx.create_nb_reader
_to_tokens = myst_nb_sphinx.notebook_to_tokens


class TrueInclude(MockIncludeDirective):
    """MyST's ``{include}`` with the lines of the file that it includes."""

    def run(self) -> list[nodes.Element]:
        """Include the file."""
        renderer = self.renderer
        render_text = renderer.nested_render_text

        def render_from_true_line(text: str, lineno: int, **options: Any) -> None:
            # For this file only: directives inside it are rendered by the same renderer.
            renderer.__dict__.pop("nested_render_text")
            render_text(text, self._first_line(text), **options)

        # setattr, because to the type checker a method is not to be replaced.
        setattr(renderer, "nested_render_text", render_from_true_line)  # noqa: B010
        try:
            return list(super().run())
        finally:
            renderer.__dict__.pop("nested_render_text", None)

    def _first_line(self, text: str) -> int:
        """Return the line, from 0, at which the included part begins."""
        first = int(self.options.get("start-line") or 0)
        whole = getattr(self.renderer.document.settings.env, "temp_data", {}).get(INCLUDED, "")
        marker = self.options.get("start-after")
        if not marker:
            return first
        part = "\n".join(whole.splitlines()[first : self.options.get("end-line")])
        return first + part.count("\n", 0, part.find(marker) + len(marker))


INCLUDED = "cb_included"
"""Where the text of the file that is being included is kept; see `conditionals`."""


def create_reader(path: str, config: Any, cells: Any, content: Any) -> NbReader | None:
    """Read a chapter with cells as MyST-NB does, with the true first line of every stretch."""
    reader: NbReader | None = _create_reader(path, config, cells, content)
    if reader is not None:
        read: Callable[[str], NotebookNode] = reader.read
        reader.read = lambda text: _with_true_lines(read(text), text.splitlines())
    return reader


def _with_true_lines(notebook: NotebookNode, lines: list[str]) -> NotebookNode:
    starts = notebook.metadata.get("source_map")
    if starts:
        for index, cell in enumerate(notebook.cells):
            if cell["cell_type"] == "markdown":
                while not lines[starts[index]]:
                    starts[index] += 1
            else:
                starts[index] -= 1  # a cell stands at its fence, not at the first line below
    return notebook


def to_tokens(notebook: NotebookNode, parser: Any, env: dict[str, Any], logger: Any) -> list[Token]:
    """Make tokens as MyST-NB does, counted from 0 as the renderer expects them."""
    tokens: list[Token] = _to_tokens(notebook, parser, env, logger)
    if notebook.metadata.get("source_map"):
        for token in tokens:
            if token.map:
                token.map = [max(line - 1, 0) for line in token.map]
        for repeated in env.get("duplicate_refs", []):
            repeated["map"] = [line - 1 for line in repeated["map"]]
    return tokens


class WithBlankLine(str):
    """The content of a fence, with a blank line above it that no author wrote."""


def render_colon_fence(renderer: Any, fence: SyntaxTreeNode) -> None:
    """Render a fence of colons as MyST does; it puts no blank line where one stands already."""
    if fence.info.strip().startswith("{") and fence.content.startswith(":::"):
        assert fence.token is not None
        token = fence.token.copy()
        token.content = WithBlankLine(f"\n{fence.content}")
        fence.token = token
    _render_colon_fence(renderer, fence)


def parse_directive_text(
    directive_class: Any, first_line: str, content: str, **options: Any
) -> directives.DirectiveParsingResult:
    """Take a directive apart as MyST does, and count without the blank line that we added."""
    found = _parse_directive_text(directive_class, first_line, content, **options)
    if isinstance(content, WithBlankLine) and found.body_offset:
        found.body_offset -= 1
    return found


def run_image(directive: Image) -> list[nodes.Node]:
    """Run ``{image}`` or the image of a ``{figure}``, and give the image its line."""
    made = list(_run_image(directive))
    for node in made:
        for image in node.findall(nodes.image):
            if image.line is None:
                image.source, image.line = directive.get_source_info()  # type: ignore[attr-defined]
    return made


def setup_true_lines(app: Sphinx) -> None:
    """Put the wrappers in place, once for the process."""
    setattr(Image, "run", run_image)  # noqa: B010 - to the type checker not to be replaced
    setattr(myst_base, "MockIncludeDirective", TrueInclude)  # noqa: B010 - not exported
    setattr(myst_base, "parse_directive_text", parse_directive_text)  # noqa: B010 - the same
    setattr(myst_base.DocutilsRenderer, "render_colon_fence", render_colon_fence)  # noqa: B010
    myst_nb_sphinx.create_nb_reader = create_reader
    myst_nb_sphinx.notebook_to_tokens = to_tokens
