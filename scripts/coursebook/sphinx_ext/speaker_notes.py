"""``{speaker}``: what the lecturer alone sees, in the speaker view of the slide it stands on.

```{speaker}
Ask for a show of hands first.
```

becomes ``<aside class="notes">`` on the slide, and nothing at all on the page. Without being asked
for, it is not even read: what no doctree holds, no published file can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils.parsers.rst.states import RSTState  # noqa: F401
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class speaker_notes(nodes.General, nodes.Element):  # noqa: N801 - docutils' manner for nodes
    """Notes of the slide they stand on."""


class SpeakerDirective(SphinxDirective):
    """Reads the notes for a deck that shall have them; nothing else keeps them in its doctree."""

    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Parse the notes as ordinary Markdown."""
        if not self.config.cb_speaker_notes:
            return []
        node = speaker_notes()
        self.set_source_info(node)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def visit_notes(translator: HTML5Translator, node: speaker_notes) -> None:
    """Begin the element that the speaker view reads."""
    translator.body.append('<aside class="notes">\n')


def depart_notes(translator: HTML5Translator, node: speaker_notes) -> None:
    """End it."""
    translator.body.append("</aside>\n")


def skip_notes(translator: nodes.NodeVisitor, node: speaker_notes) -> None:
    """Never write notes elsewhere, even if a doctree were to hold them."""
    raise nodes.SkipNode


def setup_speaker_notes(app: Sphinx) -> None:
    """Register the setting, the directive and its node."""
    # A deck read with the other value of it is read again.
    app.add_config_value("cb_speaker_notes", False, "env", frozenset({bool}))
    app.add_node(
        speaker_notes,
        revealjs=(visit_notes, depart_notes),
        html=(skip_notes, None),
        latex=(skip_notes, None),
        text=(skip_notes, None),
    )
    app.add_directive("speaker", SpeakerDirective)
