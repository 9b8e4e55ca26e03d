"""The file ``_toc.yml``, read with the line of every entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from coursebook.course.spelling import did_you_mean
from coursebook.paths import Tree
from coursebook.problems import Problem

ENDINGS = (".md", ".ipynb")
"""The kinds of chapters, in the order in which they are looked for."""

FORMAT = "jb-book"

ALL_LEVELS = 999
"""What sphinx-external-toc makes of ``numbered: true``."""

_TOP = ("format", "root", "title", "parts", "chapters", "options", "defaults")
_OPTIONS = ("numbered", "titlesonly", "hidden", "maxdepth", "caption", "reversed")
_PART = ("caption", "chapters", "options", "numbered", "maxdepth")
_ENTRY = ("file", "glob", "title", "sections", "options")


@dataclass(frozen=True)
class Entry:
    """One chapter in the reading order.

    Attributes:
        docname: As in ``_toc.yml``, without its ending: ``book/practice/locks``.
        path: The file, relative to the root: ``book/practice/locks.md``.
        line: Where ``_toc.yml`` names it.
        children: The chapters below it.
        title: Title for the navigation; empty where the chapter's own stands.
    """

    docname: str
    path: str
    line: int
    children: tuple[Entry, ...] = ()
    title: str = ""

    def __iter__(self) -> Iterator[Entry]:
        """Yield this chapter and those below it, in reading order."""
        yield self
        for child in self.children:
            yield from child


@dataclass(frozen=True)
class Part:
    """A group of chapters under one caption.

    Attributes:
        caption: Empty where ``_toc.yml`` names chapters without parts.
        entries: The chapters.
        line: Where the part begins in ``_toc.yml``.
        numbered: How many levels of headings are numbered; 0 for none, 999 for all.
    """

    caption: str
    entries: tuple[Entry, ...]
    line: int = 0
    numbered: int = 0


@dataclass(frozen=True)
class Outline:
    """The whole reading order."""

    root: Entry
    parts: tuple[Part, ...]

    def __iter__(self) -> Iterator[Entry]:
        """Yield all chapters in reading order, the front page first."""
        yield self.root
        for part in self.parts:
            for entry in part.entries:
                yield from entry


# PyYAML is slow, and `serve` reads the order of the chapters at every save.
@lru_cache(maxsize=4)
def _compose(text: str) -> yaml.Node | None:
    found: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    return found


class TocReader:
    """Reads one ``_toc.yml`` and collects what is wrong with it.

    Args:
        tree: The book.

    Attributes:
        problems: What the author has to mend.
        entries: Every chapter that was found, by its docname.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.name = tree.relative(tree.toc)
        self.problems: list[Problem] = []
        self.entries: dict[str, Entry] = {}

    def read(self, text: str) -> Outline | None:
        """Read the file's text; without a result where nothing can be made of it."""
        try:
            top = _compose(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or "unreadable"
            line = mark.line + 1 if mark else 0
            hint = "check indentation and colons; write spaces, never tabs"
            self._complain(line, "bad-toc", f"this is not YAML: {what}", hint)
            return None
        if top is None:
            hint = "write `format: jb-book` and `root: book/index`"
            self._complain(1, "empty-toc", "the reading order is empty", hint)
            return None
        keys = self._mapping(top, _TOP, "the reading order")
        book_format = self._text(keys.get("format"))
        if book_format != FORMAT:
            line = _line(keys.get("format", top))
            hint = f"write `format: {FORMAT}`"
            self._complain(line, "toc-format", "the format of the reading order is not known", hint)
        root_node = keys.get("root")
        root = self._file(root_node) if root_node else None
        if root_node is None:
            hint = "write `root: book/index`"
            self._complain(_line(top), "toc-without-root", "the front page is not named", hint)
        numbered = 0
        for name in ("defaults", "options"):
            if name in keys:
                options = self._mapping(keys[name], _OPTIONS, f"`{name}`")
                numbered = self._numbered(options.get("numbered"), numbered)
        parts = [*self._parts(keys.get("parts"), numbered)]
        if "chapters" in keys:
            entries = tuple(self._entries(keys["chapters"]))
            parts.insert(0, Part("", entries, _line(keys["chapters"]), numbered))
        return Outline(root, tuple(parts)) if root else None

    def _parts(self, node: yaml.Node | None, numbered_else: int) -> Iterator[Part]:
        for item in self._list(node, "parts"):
            keys = self._mapping(item, _PART, "a part")
            caption = self._text(keys.get("caption"))
            entries = tuple(self._entries(keys.get("chapters")))
            numbered = self._numbered(keys.get("numbered"), numbered_else)
            yield Part(caption, entries, _line(item), numbered)

    def _numbered(self, node: yaml.Node | None, otherwise: int) -> int:
        """Read how deep a part is numbered, as sphinx-external-toc does."""
        if node is None:
            return otherwise
        text = self._text(node).lower()
        if text in ("true", "false"):
            return ALL_LEVELS if text == "true" else 0
        if text.isdigit():
            return int(text)
        hint = "write `true`, or how many levels of headings have a number"
        self._complain(_line(node), "bad-toc", f"`numbered: {text}` is neither", hint)
        return 0

    def _entries(self, node: yaml.Node | None) -> Iterator[Entry]:
        for item in self._list(node, "chapters"):
            keys = self._mapping(item, _ENTRY, "a chapter")
            children = tuple(self._entries(keys.get("sections")))
            if "file" in keys:
                entry = self._file(keys["file"], children, self._text(keys.get("title")))
                if entry:
                    yield entry
            elif "glob" in keys:
                yield from self._glob(keys["glob"])
            elif isinstance(item, yaml.MappingNode) and not keys.keys() & {"url"}:
                hint = "write `- file: book/part/topic`"
                self._complain(_line(item), "toc-entry", "this entry names no file", hint)

    def _glob(self, node: yaml.Node) -> Iterator[Entry]:
        pattern = self._text(node)
        if not pattern or not self._inside(pattern, node):
            return
        found = [path for path in sorted(self.tree.root.glob(pattern)) if path.suffix in ENDINGS]
        found += [p for p in sorted(self.tree.root.glob(pattern + ".md")) if p not in found]
        names = [self.tree.relative(path) for path in found if not set_aside(path, self.tree)]
        if not names:
            message = f"no chapter matches `{pattern}`"
            self._complain(_line(node), "missing-chapter", message, "check the folder")
        for name in names:
            docname = name[: name.rindex(".")]
            if docname not in self.entries:  # named one by one before: it keeps that place
                self.entries[docname] = Entry(docname, name, _line(node))
                yield self.entries[docname]

    def _file(
        self, node: yaml.Node, children: tuple[Entry, ...] = (), title: str = ""
    ) -> Entry | None:
        """Read the name of a chapter, and see that it exists and stands here only."""
        name, line = self._text(node), _line(node)
        if not name or not self._inside(name, node):
            return None
        path = next(
            (
                name + ending
                for ending in ("", *ENDINGS)
                if (name + ending).endswith(ENDINGS)
                and (self.tree.root / (name + ending)).is_file()
            ),
            None,
        )
        if path is None:
            self._complain(
                line, "missing-chapter", f"the chapter `{name}` does not exist", self._near(name)
            )
            return None
        docname = path[: path.rindex(".")]
        if docname in self.entries:
            message = f"`{docname}` stands here and in line {self.entries[docname].line}"
            self._complain(line, "repeated-chapter", message, "take one of the two out")
            return None
        self.entries[docname] = Entry(docname, path, line, children, title)
        return self.entries[docname]

    def _inside(self, name: str, node: yaml.Node) -> bool:
        """See that a path is written from the root, stays in the book and uses slashes."""
        book = self.tree.relative(self.tree.book)
        if "\\" in name:
            hint = "write " + name.replace("\\", "/")
        elif name.startswith(("/", "~")) or re.match(r"[A-Za-z]:", name):
            hint = f"write it from the folder of _toc.yml: `{book}/part/topic`"
        elif ".." in name.split("/") or not name.startswith(f"{book}/"):
            hint = f"chapters live below `{book}/`"
        else:
            return True
        self._complain(_line(node), "bad-chapter-path", f"`{name}` is not a chapter's path", hint)
        return False

    def _near(self, name: str) -> str:
        chapters = [
            self.tree.relative(path)[: -len(path.suffix)]
            for path in sorted(self.tree.book.rglob("*"))
            if path.suffix in ENDINGS
        ]
        hint = did_you_mean(name, chapters)
        return hint if hint.startswith("did") else f"write the chapter {name}.md, or check the name"

    def _mapping(self, node: yaml.Node, known: tuple[str, ...], what: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            hint = "write `key: value`, with one of " + ", ".join(known)
            self._complain(_line(node), "bad-toc", f"{what} is not written as keys", hint)
            return {}
        keys: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name, line = str(key.value), _line(key)
            if name in keys:
                self._complain(line, "repeated-key", f"the key `{name}` stands twice", "delete one")
            elif name == "url":
                hint = "put the link into a chapter's text"
                self._complain(line, "toc-entry", "only chapters have a place here", hint)
            elif name not in known:
                hint = did_you_mean(name, known)
                self._complain(line, "unknown-key", f"{what} has no key `{name}`", hint)
            keys.setdefault(name, value)
        return keys

    def _list(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if node.tag != "tag:yaml.org,2002:null":  # an empty key is an empty list
            hint = "begin each line below it with `- `"
            self._complain(_line(node), "bad-toc", f"`{what}` is not a list", hint)
        return []

    def _text(self, node: yaml.Node | None) -> str:
        if node is None or isinstance(node, yaml.ScalarNode):
            return str(node.value).strip() if node else ""
        self._complain(_line(node), "bad-toc", "here stands a list where a name belongs", "")
        return ""

    def _complain(self, line: int, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(self.name, line, code, message, hint))


def set_aside(path: Path, tree: Tree) -> bool:
    """Tell whether the name of a file, or of a folder that it is in, begins with ``_`` or ``.``.

    Such a file is no chapter unless ``_toc.yml`` names it: it is included, or not ready.
    """
    return any(part[0] in "_." for part in path.relative_to(tree.book).parts)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
