"""What the directives of questions share: their parts, a fold, and where a reader reads on."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList

from coursebook.course.self_check.parts import Part, split_parts
from coursebook.course.spelling import did_you_mean
from coursebook.sphinx_ext.self_check.nodes import CheckNode, FoldNode
from coursebook.sphinx_ext.slide_block import SlideBlock
from coursebook.sphinx_ext.telling import warning


class CheckBlock(SlideBlock):
    """A directive whose text has parts. Its argument is a title.

    Attributes:
        kind: Its name.
        parts: What may stand behind ``+++``.
        heading: What stands above the question, if its author gives no title.
    """

    kind: ClassVar[str]
    parts: ClassVar[Sequence[str]] = ("answer",)
    heading: ClassVar[str] = "Question"
    option_spec: ClassVar = {"see": directives.unchanged_required}

    def tell(self, message: str, hint: str, line: int = 0) -> None:
        """Say what is wrong with the form of the question.

        Args:
            message: What it is.
            hint: What to type.
            line: Of what is wrong; that of the directive by default.
        """
        warning(self.place_at(line), message, hint, code="bad-question")

    def place_at(self, line: int) -> str:
        """Return ``path:line``; that of the directive, if the line is not known."""
        return f"{self.get_source_info()[0]}:{line}" if line else self.place

    def line_of(self, place: int) -> int:
        """Return the author's line of a line of the content, counted from 0."""
        return int(self.get_source_info()[1] or 0) + self.content_offset + place + 1

    def read_parts(self) -> tuple[Part, dict[str, list[Part]]]:
        """Split the content: the question itself, and the other parts by name."""
        first, *others = split_parts(list(self.content))
        known: dict[str, list[Part]] = {}
        for part in others:
            if part.name not in self.parts:
                line = self.line_of(part.first - 1)
                message = f"`{{{self.name}}}` has no part `+++ {part.name}`"
                hint = did_you_mean(part.name, self.parts)
                self.tell(message, hint, line=line)
            known.setdefault(part.name, []).append(part)
        if first.is_empty:
            message = f"`{{{self.name}}}` asks nothing"
            self.tell(message, "write it below the first line; what stands in it is a title")
        return first, known

    def parse(self, part: Part, lines: Sequence[str] | None = None) -> list[nodes.Node]:
        """Parse a part as Markdown.

        Args:
            part: Where it stands.
            lines: Its text, if that is not as it was written.
        """
        holder = nodes.container()
        self.set_source_info(holder)
        text = StringList(list(part.lines if lines is None else lines), source="")
        self.state.nested_parse(text, self.content_offset + part.first, holder)
        return list(holder.children)

    def check(self, children: Iterable[nodes.Node], heading: str = "", **data: Any) -> CheckNode:
        """Make the question of what it holds, below its heading.

        Args:
            children: What it holds.
            heading: Where its author gives none, and the directive's own says less.
            data: What scripts are told.
        """
        asked = f"{zlib.crc32(chr(10).join(self.content).encode()):08x}"
        node = CheckNode(kind=self.kind, asked=asked, data=data)
        self.set_source_info(node)
        above = nodes.paragraph(classes=["cb-check-kind"])
        node += self.words(self.argument or heading or self.heading, above)
        node += children
        return node

    def fold(
        self, summary: str, children: Iterable[nodes.Node], fold_class: str = "cb-answer"
    ) -> FoldNode:
        """Make what is shown on demand; a deck shows the answer as a step."""
        stepped = self.config.cb_rendering == "slides" and fold_class != "cb-hint"
        fold = FoldNode(fold_class=fold_class, summary=summary, stepped=stepped)
        self.set_source_info(fold)
        fold += children
        return fold

    def see(self) -> list[nodes.Node]:
        """Make the link to the paragraph that answers; slides have one to their notes anyway."""
        target = self.options.get("see", "").strip()
        if not target or self.config.cb_rendering != "pages":
            return []
        if ".md" not in target and not target.startswith("#"):
            target = f"#{target}"
        return [self.words(f"Read again: []({target})", nodes.paragraph(classes=["cb-see"]))]

    def explanation(self, known: dict[str, list[Part]], *more: nodes.Node) -> list[nodes.Node]:
        """Gather what explains the answer: ``more``, ``+++ answer``, and where to read again."""
        written = [node for part in known.get("answer", ()) for node in self.parse(part)]
        return [*more, *written, *self.see()]


def line_below(node: nodes.Node) -> int:
    """Return the line of a node, or of the first one below it that has one."""
    for one in node.findall():
        line = getattr(one, "line", None)
        if line:
            return int(line)
    return 0


def plain(nodes_of_answer: Iterable[nodes.Node]) -> str:
    """Return an answer as one compares it: its words, without space at the ends of lines."""
    text = "\n".join(node.astext() for node in nodes_of_answer)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
