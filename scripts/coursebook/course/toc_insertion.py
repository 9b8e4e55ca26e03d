"""Putting a chapter into ``_toc.yml`` without touching anything else in it.

The file is the author's: comments, order and indentation stay. One or a few lines are added below
the last chapter of a part, in the manner of the lines around them.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from coursebook.course.spelling import did_you_mean
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem


@dataclass(frozen=True)
class _Place:
    """Where a line goes: below which line, from 1, and how far it is indented."""

    below: int
    indent: int


def captions(text: str) -> list[str]:
    """List the captions of all parts.

    Args:
        text: A ``_toc.yml`` that can be read.
    """
    return [_caption(part) for part in _parts(_compose(text))]


def insert(text: str, tree: Tree, docname: str, part: str | None) -> str:
    """Add a chapter at the end of a part.

    Args:
        text: The present ``_toc.yml``, which can be read.
        tree: The book.
        docname: The chapter, as ``book/practice/locks``.
        part: Caption of the part. Without one, the chapter joins those of its own folder, or the
            last part, or begins the first list of chapters.

    Raises:
        CourseError: There is no such part, or the file is written in braces, where a line cannot
            be added.
    """
    name = tree.relative(tree.toc)
    top = _compose(text)
    parts = _parts(top)
    lines = text.split("\n")
    entry = f"- file: {docname}"
    if part is not None:
        known = [_caption(node) for node in parts]
        matching = [node for node in parts if _caption(node).casefold() == part.casefold()]
        if not matching:
            hint = did_you_mean(part, known) or "write a part with a caption into _toc.yml first"
            raise CourseError([Problem(name, 0, "unknown-part", f"no part `{part}`", hint)])
        chosen: yaml.Node = matching[0]
    elif parts:
        folder = docname.rpartition("/")[0]
        same = [node for node in parts if _holds_folder(node, folder)]
        chosen = same[0] if same else parts[-1]
    else:
        chosen = top
    if any(node.flow_style for node in _around(top, chosen)):
        hint = f"write `{entry}` there yourself, or write the lists with `- `"
        message = "the reading order is written in braces or brackets"
        raise CourseError([Problem(name, _line(chosen), "toc-in-braces", message, hint)])
    chapters = _value(chosen, "chapters")
    if isinstance(chapters, yaml.SequenceNode) and chapters.value:
        last = chapters.value[-1]
        place = _Place(_last_line(last), chapters.start_mark.column)
        added = [entry]
    else:
        key = _key(chosen, "chapters")
        indent = (key or chosen).start_mark.column
        below = _line(key) if key else _last_line(chosen)
        place = _Place(below, indent)
        added = ["  " + entry] if key else ["chapters:", "  " + entry]
    rows = [" " * place.indent + row for row in added]
    return "\n".join([*lines[: place.below], *rows, *lines[place.below :]])


def _compose(text: str) -> yaml.Node:
    top = yaml.compose(text, Loader=yaml.SafeLoader)
    assert top is not None, "an empty reading order was refused before"
    return top


def _parts(top: yaml.Node) -> list[yaml.Node]:
    node = _value(top, "parts")
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _around(top: yaml.Node, chosen: yaml.Node) -> list[yaml.CollectionNode]:
    """List the collections that a new line would stand in."""
    nodes = [top, _value(top, "parts"), chosen, _value(chosen, "chapters")]
    return [node for node in nodes if isinstance(node, yaml.CollectionNode) and node.value]


def _caption(part: yaml.Node) -> str:
    node = _value(part, "caption")
    return str(node.value) if node else ""


def _holds_folder(part: yaml.Node, folder: str) -> bool:
    chapters = _value(part, "chapters")
    if not isinstance(chapters, yaml.SequenceNode):
        return False
    files = (_value(chapter, "file") for chapter in chapters.value)
    return any(str(file.value).rpartition("/")[0] == folder for file in files if file)


def _pair(node: yaml.Node, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == name:
                return key, value
    return None


def _key(node: yaml.Node, name: str) -> yaml.Node | None:
    pair = _pair(node, name)
    return pair[0] if pair else None


def _value(node: yaml.Node, name: str) -> yaml.Node | None:
    pair = _pair(node, name)
    return pair[1] if pair else None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _last_line(node: yaml.Node) -> int:
    """Number the last line, from 1, that belongs to a node.

    A block's own end mark stands where the next token begins, below comments and blank lines; the
    last scalar inside it ends where it ends.
    """
    while isinstance(node, yaml.CollectionNode) and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            key, value = last
            empty = isinstance(value, yaml.ScalarNode) and not value.value
            last = key if empty else value
        node = last
    return int(node.end_mark.line) + 1
