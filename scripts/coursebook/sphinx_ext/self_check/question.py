"""``{question}``: an open question; on the page a box, on a slide large.

:::{question}
:minutes: 2

What is a virtual environment, and what is it not?

+++ answer
A folder with an interpreter of its own …

+++ follow-up
And what does *activate* change?
:::

A question to the room has nothing but its words. With an answer, which is folded or a step of the
slide, it is a card; ``minutes`` or ``seconds`` put a clock on it, which the reader starts.
"""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from coursebook.sphinx_ext.self_check.block import CheckBlock
from coursebook.sphinx_ext.self_check.nodes import ClockNode

LONGEST = 3600
"""Seconds that a question may take."""

UNITS = {"minutes": 60, "seconds": 1}


class Question(CheckBlock):
    """Makes an admonition; its title may be another one, behind the directive's name."""

    kind = "question"
    parts = ("answer", "follow-up")
    option_spec: ClassVar = {
        **CheckBlock.option_spec,
        "minutes": directives.unchanged_required,
        "seconds": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Make it."""
        question, known = self.read_parts()
        box = nodes.admonition(classes=["cb-question"])
        self.set_source_info(box)
        box += self.words(self.argument or self.heading, nodes.title())
        seconds = self.seconds()
        if seconds:
            box += ClockNode(seconds=seconds)
        box += self.parse(question)
        explained = self.explanation(known)
        if explained:
            box += self.fold("Answer", explained)
        for part in known.get("follow-up", ()):
            box += self.fold("Follow-up", self.parse(part), "cb-follow-up")
        return [box]

    def seconds(self) -> int:
        """Read how long the answer may take; 0 if that is not said."""
        found = 0.0
        for unit, size in UNITS.items():
            text = self.options.get(unit, "").strip()
            try:
                found += float(text or 0) * size
            except ValueError:
                found = -1.0
            if text and not 0 < found <= LONGEST:
                hint = "write `:minutes: 2` or `:seconds: 90`, an hour at most"
                self.tell(f"`{text}` is no time for a question", hint)
                return 0
        return round(found)
