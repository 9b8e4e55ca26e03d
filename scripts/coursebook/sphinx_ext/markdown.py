"""A resolved doctree as plain Markdown that JupyterLab can show: nothing of MyST is left in it.

Directives become what every reader of notebooks knows: an admonition is a quotation with a bold
title, grids and tabs stand one below the other, a figure is a picture and its caption.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import admonitionlabels

from coursebook.sphinx_ext.self_check.nodes import LETTERS, FoldNode, ListNode

LARGEST_PICTURE = 1_000_000
"""Bytes; a larger picture is left out, and its description stands in its place."""

SKIPPED = (
    nodes.Invisible,
    nodes.system_message,
    nodes.docinfo,
    nodes.field_list,
    nodes.label,
    addnodes.toctree,
)

TITLES = {"sd_tab_label", "dropdown_title"}
"""Nodes of sphinx-design that name what stands below them."""


@dataclass
class Code:
    """A place where a code cell stands.

    Attributes:
        index: Number of the cell among all cells of the chapter.
        language: As highlighted, in lower case.
        source: What is typed.
    """

    index: int
    language: str
    source: str


@dataclass
class Text:
    """A block of Markdown.

    Attributes:
        text: The block, without an empty line at its end.
        heading: Level of the heading that it is, or 0.
    """

    text: str
    heading: int = 0


@dataclass
class Writer:
    """Writes one chapter.

    Attributes:
        source: Folder of the book; pictures are named from it.
        base: Address of the published page, or empty: links to other pages are then only words.
        pictures: What was embedded: name → {media type: base64}.
    """

    source: Path
    base: str = ""
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)

    def blocks(self, node: nodes.Node, level: int = 0) -> Iterator[Text | Code]:
        """Yield the blocks below a node, in reading order.

        Args:
            node: Whose children are written.
            level: Depth of the enclosing section.
        """
        for child in node.children:
            yield from self.block(child, level)

    def block(self, node: nodes.Node, level: int) -> Iterator[Text | Code]:
        """Yield the blocks of one node."""
        if isinstance(node, SKIPPED):
            return
        if isinstance(node, nodes.section):
            yield from self.blocks(node, level + 1)
        elif isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
            yield Text(f"{'#' * min(level, 6)} {self.inline(node)}", level)
        elif isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
            code = node.next_node(nodes.literal_block)
            if code is not None:
                language = str(code.get("language", "")).lower()
                yield Code(node["cell_index"], language, code.astext())
        elif isinstance(node, nodes.Admonition | nodes.sidebar | nodes.topic):
            yield self.box(node)
        elif text := self.simple(node):
            yield Text(text)
        elif isinstance(node, nodes.Element) and not isinstance(node, nodes.TextElement):
            yield from self.blocks(node, level)

    def simple(self, node: nodes.Node) -> str:
        """Write a block that holds no cell; empty if it is none of the known ones."""
        kind = type(node).__name__
        if isinstance(node, nodes.literal_block | nodes.doctest_block):
            return fenced(node.astext(), str(node.get("language", "")))
        if isinstance(node, nodes.bullet_list | nodes.enumerated_list):
            return self.items(node)
        if isinstance(node, ListNode):
            return self.answers(node)
        if isinstance(node, FoldNode):
            # JupyterLab folds it, too.
            summary = f"<details>\n<summary>{node['summary']}</summary>"
            return f"{summary}\n\n{self.below(node)}\n\n</details>"
        if isinstance(node, nodes.definition_list):
            return self.definitions(node)
        if isinstance(node, nodes.block_quote):
            return quoted(self.below(node))
        if isinstance(node, nodes.table):
            return self.table(node)
        if isinstance(node, nodes.math_block):
            return f"$$\n{node.astext().strip()}\n$$"
        if isinstance(node, nodes.transition):
            return "---"
        if isinstance(node, nodes.image):
            return self.picture(node)
        if isinstance(node, nodes.caption):
            return f"*{self.inline(node)}*"
        if isinstance(node, nodes.footnote):
            mark = node.next_node(nodes.label)
            number = mark.astext() if mark is not None else "*"
            return f"<sup>{number}</sup> {self.below(node)}"
        if isinstance(node, nodes.raw) and "cb_figure" in node:
            return self.picture(node)
        if isinstance(node, nodes.raw):
            return node.astext().strip() if "html" in node.get("format", "") else ""
        if isinstance(node, nodes.rubric) or kind in TITLES or _is_title_of_card(node):
            inner = self.inline(node).strip()
            return f"**{inner}**" if inner else ""
        if isinstance(node, nodes.TextElement):
            return self.inline(node).strip()
        return ""

    def below(self, node: nodes.Node) -> str:
        """Write all blocks below a node as one text."""
        return "\n\n".join(
            fenced(block.source, block.language) if isinstance(block, Code) else block.text
            for block in self.blocks(node)
        )

    def box(self, node: nodes.Element) -> Text:
        """Write an admonition or an aside as a quotation with a bold title."""
        title = node.next_node(nodes.title)
        own = title is not None and title.parent is node
        name = self.inline(title) if own and title is not None else _label(node)
        rest = "\n\n".join(
            block.text if isinstance(block, Text) else fenced(block.source, block.language)
            for child in node.children
            if not (own and child is title)
            for block in self.block(child, 0)
        )
        return Text(quoted(f"**{name}**\n\n{rest}" if name else rest))

    def items(self, node: nodes.Element) -> str:
        """Write a list, its items indented below their marks."""
        lines = []
        for number, item in enumerate(node.children, int(node.get("start", 1))):
            mark = f"{number}. " if isinstance(node, nodes.enumerated_list) else "- "
            body = self.below(item)
            lines.append(mark + body.replace("\n", "\n" + " " * len(mark)))
        loose = any(len(item.children) > 1 and "\n\n" in self.below(item) for item in node.children)
        return re.sub(r"[ ]+$", "", ("\n\n" if loose else "\n").join(lines), flags=re.MULTILINE)

    def answers(self, node: nodes.Element) -> str:
        """Write answers to choose from as a list, by their letters."""
        marks = LETTERS if node.get("lettered") else ""
        lines = [
            f"- {f'**{letter}** ' if letter else ''}{self.below(item)}".replace("\n", "\n  ")
            for letter, item in zip(marks or [""] * len(node.children), node.children, strict=False)
        ]
        return "\n".join(lines)

    def definitions(self, node: nodes.Element) -> str:
        """Write a list of definitions as a list with bold terms."""
        lines = []
        for item in node.children:
            terms = [self.inline(term) for term in item.children if isinstance(term, nodes.term)]
            bodies = [self.below(body) for body in item.findall(nodes.definition)]
            text = f"- **{', '.join(terms)}**: " + "\n\n".join(bodies)
            lines.append(text.replace("\n", "\n  "))
        return "\n".join(lines)

    def table(self, node: nodes.Element) -> str:
        """Write a table with pipes; a cell of several paragraphs stays in its line."""
        rows = [
            [
                re.sub(r"\s*\n\s*", "<br>", self.below(entry)).replace("|", "\\|")
                for entry in row.findall(nodes.entry)
            ]
            for row in node.findall(nodes.row)
        ]
        if not rows:
            return ""
        width = max(len(row) for row in rows)
        rows = [row + [""] * (width - len(row)) for row in rows]
        if node.next_node(nodes.thead) is None:
            rows.insert(0, [""] * width)
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        lines.insert(1, "|" + "---|" * width)
        title = node.next_node(nodes.title)
        heading = [f"*{self.inline(title)}*", ""] if title is not None else []
        return "\n".join([*heading, *lines])

    def picture(self, node: nodes.Element) -> str:
        """Embed a picture, or write what it shows where it cannot be embedded."""
        words = str(node.get("alt", "")).replace("[", "(").replace("]", ")")
        uri = str(node.get("uri") or node.get("cb_figure", ""))
        path = self.source / uri
        kind = mimetypes.guess_type(uri)[0] or ""
        known = "://" not in uri and kind.startswith("image/") and path.is_file()
        if not known or path.stat().st_size > LARGEST_PICTURE:
            return f"*[{words}]*" if words else ""
        # Two pictures of one name may stand in different folders.
        name = re.sub(r"[^\w.-]", "-", uri)
        self.pictures[name] = {kind: base64.b64encode(path.read_bytes()).decode("ascii")}
        return f"![{words}](attachment:{name})"

    def inline(self, node: nodes.Node) -> str:
        """Write what stands within a line."""
        return "".join(self.piece(child) for child in node.children)

    def piece(self, node: nodes.Node) -> str:
        """Write one piece of a line."""
        if isinstance(node, nodes.Text):
            return re.sub(r"([\\`*_\[\]<$])", r"\\\1", node.astext())
        if isinstance(node, nodes.literal):
            return code_span(node.astext())
        if isinstance(node, nodes.emphasis | nodes.title_reference):
            return f"*{self.inline(node)}*"
        if isinstance(node, nodes.strong):
            return f"**{self.inline(node)}**"
        if isinstance(node, nodes.superscript | nodes.subscript):
            tag = "sup" if isinstance(node, nodes.superscript) else "sub"
            return f"<{tag}>{self.inline(node)}</{tag}>"
        if isinstance(node, nodes.math):
            return f"${node.astext()}$"
        if isinstance(node, nodes.image):
            return self.picture(node)
        if isinstance(node, nodes.footnote_reference):
            return f"<sup>{node.astext()}</sup>"
        if isinstance(node, nodes.raw) and "cb_figure" in node:
            return self.picture(node)
        if isinstance(node, nodes.raw):
            return _inline_html(node)
        if isinstance(node, nodes.reference):
            return self.link(node)
        return "" if isinstance(node, SKIPPED) else self.inline(node)

    def link(self, node: nodes.Element) -> str:
        """Write a link that leads somewhere from a notebook too, or else its words alone."""
        text, uri = self.inline(node), str(node.get("refuri", ""))
        if "://" in uri or uri.startswith("mailto:"):
            return f"[{text}]({uri})"
        anchor = str(node.get("refid", ""))
        if self.base and (uri or anchor):
            return f"[{text}]({urljoin(self.base, uri or '#' + anchor)})"
        return text


def fenced(source: str, language: str) -> str:
    """Write a block of code; the fence is longer than any in the code."""
    longest = max((len(run) for run in re.findall(r"`{3,}", source)), default=2)
    fence = "`" * (longest + 1)
    name = "" if language in ("default", "none", "text", "myst-ansi") else language
    return f"{fence}{name}\n{source.rstrip()}\n{fence}"


def code_span(source: str) -> str:
    """Write code within a line; the fence is longer than any in the code."""
    longest = max((len(run) for run in re.findall(r"`+", source)), default=0)
    fence = "`" * (longest + 1)
    space = " " if source.startswith("`") or source.endswith("`") else ""
    return f"{fence}{space}{source}{space}{fence}"


def quoted(text: str) -> str:
    """Write a text as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _inline_html(node: nodes.Element) -> str:
    """Keep HTML that an author typed; a box of a task list becomes Markdown's own."""
    text = node.astext()
    if "html" not in node.get("format", ""):
        return ""
    if text.startswith("<svg"):
        return ""
    if 'type="checkbox"' in text:
        return "[x]" if "checked" in text else "[ ]"
    return text


def _label(node: nodes.Element) -> str:
    return str(admonitionlabels.get(node.tagname, ""))


def _is_title_of_card(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and "sd-card-title" in node.get("classes", [])
