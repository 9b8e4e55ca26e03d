"""One chapter: its text, what each rendering of it holds, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from coursebook.course.conditionals import Rendered, attempt, flags_for
from coursebook.course.conditions import BUILDS
from coursebook.course.facts import Facts, Place, read_facts
from coursebook.course.front_matter import front_matter_end
from coursebook.course.includes import included_files, included_texts, includes, resolve
from coursebook.course.minutes import minutes_problems
from coursebook.course.notebook import notebook_problems
from coursebook.course.slide_text import slides_from_headings
from coursebook.course.source import read_source
from coursebook.course.toc import Entry
from coursebook.course.tool_groups import tools_problems
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

Flags = Mapping[str, bool | str]

_NOTHING = re.compile(r"\s*(?:$|#(?:\s|$)|\([^()]+\)=\s*$|%|<!--.*-->\s*$|\+\+\+)")
"""Lines that show nothing, and the title, which a chapter without text has as well."""

_TITLE_FIRST = re.compile(r"(?:[ \t]*(?:\([^()]+\)=[ \t]*)?\n)* {0,3}#[ \t]+\S")
"""What nearly every chapter begins with; only others are looked at line by line."""

_NOTES = {
    "slides": (
        "no-slide-text",
        "no text of this chapter is for slides: they show its headings and what stands out",
        "write some text inside `{% if slide %}`, or nothing if the slides are good as they are",
    ),
    "pages": (
        "no-notes",
        "no text of this chapter is for the notes: its slides stand there instead",
        "write some text outside `{% if slide %}`, or inside `{% if page %}`",
    ),
}


@dataclass(frozen=True)
class Chapter:
    """One chapter as its author wrote it.

    Attributes:
        tree: The book.
        entry: Its place in the reading order.
        text: Its source; empty for a notebook, which is nobody's Markdown.
        problems: What is wrong with the file itself.
    """

    tree: Tree
    entry: Entry
    text: str
    problems: tuple[Problem, ...] = ()

    @cached_property
    def facts(self) -> dict[str, Facts]:
        """What each rendering holds, by the name of the rendering, included files included."""
        return {name: read_facts(self.places(name), name) for name in BUILDS}

    @property
    def notes(self) -> list[Problem]:
        """What the author may like to know, though nothing is wrong: which rendering falls back."""
        return [
            Problem(self.entry.path, 1, *_NOTES[name])
            for name in BUILDS
            if flags_in_use(self.text, name) != flags_for(name)
            or (name == "slides" and slides_from_headings(self.text, self._included()))
        ]

    def _included(self) -> Iterator[str]:
        """Yield the Markdown that the chapter includes."""
        if "include}" in self.text:
            chapter = self.tree.root / self.entry.path
            yield from included_texts(chapter, self.tree.book, self.tree.root)

    def places(self, rendering: str) -> Iterator[Place]:
        """Yield all lines of one rendering, front matter left out, included files put in."""
        rendered, flags = render_chapter(self.text, rendering, self.entry.path)
        yield from self._file_places(rendered, flags, (self.tree.root / self.entry.path,))

    def _file_places(
        self, rendered: Rendered, flags: Flags, trail: tuple[Path, ...]
    ) -> Iterator[Place]:
        """Yield the lines of a file, and where it includes another, the lines of that one."""
        name = self.tree.relative(trail[-1])
        inside = {include.line: include for include in includes(rendered.text)}
        head = front_matter_end(rendered.text)
        lines = zip(rendered.text.split("\n"), rendered.lines, strict=True)
        for number, (line, author_line) in enumerate(lines, 1):
            if number <= head:
                continue
            yield Place(line, name, author_line)
            include = inside.get(number)
            if include is None or not include.markdown or include.cut:
                continue
            target = resolve(include.target, trail[0], self.tree.book)
            if target.is_file() and target not in trail:
                try:
                    included = read_source(target, self.tree.relative(target))
                except CourseError:
                    continue  # told by the chapter's problems
                yield Place("", name, author_line)
                part = attempt(included, flags, self.tree.relative(target))
                yield from self._file_places(part, flags, (*trail, target))


def read_chapter(tree: Tree, entry: Entry) -> Chapter:
    """Read a chapter and see what is wrong with the file itself.

    Args:
        tree: The book.
        entry: Its place in the reading order.

    Returns:
        The chapter. Its problems are: not UTF-8, empty, front matter that is not YAML, no title,
        mistakes in conditionals, missing and circular includes.
    """
    path = tree.root / entry.path
    try:
        text = read_source(path, entry.path)
    except CourseError as error:
        return Chapter(tree, entry, "", error.problems)
    if path.suffix != ".md":
        return Chapter(tree, entry, "", notebook_problems(text, entry.path))
    if not text.strip():
        hint = "write a title, `# …`, and some text"
        problem = Problem(entry.path, 1, "empty-chapter", "the chapter is empty", hint)
        return Chapter(tree, entry, text, (problem,))
    files, problems = included_files(path, tree.book, tree.root)
    seen = (entry, text, tuple(problems), tuple((file, _bytes(file)) for file in sorted(files)))
    kept = _KEPT.get(path)
    if kept is None or kept[0] != seen:
        kept = _KEPT[path] = (seen, _examine(tree, entry, text, files, problems))
    return kept[1]


_KEPT: dict[Path, tuple[object, Chapter]] = {}
"""The chapters as they were read last, and all that they were made of: `serve` reads every chapter
at every save, and nearly all of them are as they were."""


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""  # told by `included_files`


def _examine(
    tree: Tree, entry: Entry, text: str, files: set[Path], problems: list[Problem]
) -> Chapter:
    """Look at a chapter that can be read, and at the files that it includes."""
    problems += _front_matter_problems(text, entry.path)
    problems += _conditional_problems(text, entry.path)
    for file in sorted(files):
        if file.suffix == ".md":
            problems += _included_problems(tree, file)
    chapter = Chapter(tree, entry, text, tuple(sorted(set(problems))))
    body = "\n".join(text.split("\n")[front_matter_end(text) :])
    if chapter.problems or _TITLE_FIRST.match(body):
        return chapter
    if all(_title(chapter.facts[name]) for name in BUILDS):
        return chapter
    line = front_matter_end(text) + 1
    problem = Problem(
        entry.path, line, "no-title", "the chapter has no title", "begin it with `# …`"
    )
    return Chapter(tree, entry, text, (problem,))


def render_chapter(text: str, rendering: str, path: str) -> tuple[Rendered, Flags]:
    """Decide the conditionals of a chapter, and say with which flags.

    A chapter with no text at all for one rendering is shown there with the text of the other:
    without slide text its slides are made from its headings, and without text for the page its
    slides stand there.

    Args:
        text: The chapter's source.
        rendering: ``"slides"`` or ``"pages"``.
        path: The chapter's name for problems.
    """
    flags = flags_for(rendering)
    rendered = attempt(text, flags, path)
    if "{%" not in text or _has_text(rendered.text):
        return rendered, flags
    (other,) = (name for name in BUILDS if name != rendering)
    instead = attempt(text, flags_for(other), path)
    return (instead, flags_for(other)) if _has_text(instead.text) else (rendered, flags)


def flags_in_use(text: str, rendering: str) -> Flags:
    """Say with which flags a chapter is rendered; see `render_chapter`."""
    return render_chapter(text, rendering, "")[1]


def _has_text(text: str) -> bool:
    """Tell whether a rendered chapter shows anything but its title."""
    return not all(map(_NOTHING.match, text.split("\n")[front_matter_end(text) :]))


def _title(facts: Facts) -> bool:
    return any(heading.level == 1 and heading.title for heading in facts.headings)


def _conditional_problems(text: str, name: str) -> tuple[Problem, ...]:
    """Check the conditionals of a text; the mistakes are the same in both renderings."""
    return attempt(text, flags_for("pages"), name).problems


def _included_problems(tree: Tree, file: Path) -> tuple[Problem, ...]:
    name = tree.relative(file)
    try:
        return _conditional_problems(read_source(file, name), name)
    except CourseError:
        return ()  # told by `included_files`, which reads it as well


def _front_matter_problems(text: str, path: str) -> list[Problem]:
    end = front_matter_end(text)
    lines = text.split("\n")
    if not end:
        if lines[0].rstrip() != "---":
            return []
        hint = "close it with a line `---`"
        return [Problem(path, 1, "bad-front-matter", "the front matter is never closed", hint)]
    try:
        found = yaml.safe_load("\n".join(lines[1 : end - 1]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        what = getattr(error, "problem", None) or "unreadable"
        message = f"the front matter is not YAML: {what}"
        hint = "check indentation, colons and quotes"
        return [Problem(path, line, "bad-front-matter", message, hint)]
    if found is None or isinstance(found, dict):
        return [*minutes_problems(text, path), *tools_problems(text, path)]
    hint = "write `key: value`"
    return [Problem(path, 2, "bad-front-matter", "the front matter holds no keys", hint)]
