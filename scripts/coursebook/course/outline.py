"""The reading order of a book, as ``_toc.yml`` gives it in Jupyter Book's format.

    format: jb-book
    root: book/index
    parts:
      - caption: Practice
        chapters:
          - file: book/practice/locks
            sections:
              - file: book/practice/hashes

https://jupyterbook.org/v1/structure/toc.html
"""

from __future__ import annotations

from collections.abc import Iterable

from coursebook.course.includes import included_files
from coursebook.course.source import read_source
from coursebook.course.toc import ENDINGS, Entry, Outline, Part, TocReader, set_aside
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

_HARMLESS = ("missing-chapter", "repeated-chapter")
"""Mistakes after which all other entries are still read: the rest would follow from the first."""

__all__ = ["Entry", "Outline", "Part", "read_outline"]


def read_outline(tree: Tree) -> Outline:
    """Read ``_toc.yml`` and compare it with the chapters on disk.

    Args:
        tree: The book.

    Raises:
        CourseError: With all problems of the file, and with every chapter below ``book/`` that it
            does not name and no chapter includes.
    """
    name = tree.relative(tree.toc)
    if not tree.toc.is_file():
        hint = "write one with `format: jb-book` and `root: book/index`"
        raise CourseError([Problem(name, 0, "no-toc", "there is no _toc.yml", hint)])
    reader = TocReader(tree)
    outline = reader.read(read_source(tree.toc, name))
    problems = list(reader.problems)
    if all(problem.code in _HARMLESS for problem in problems):
        problems += _unlisted(tree, reader.entries.values())
    if outline is None or problems:
        raise CourseError(problems)
    return outline


def _unlisted(tree: Tree, entries: Iterable[Entry]) -> list[Problem]:
    """Name the chapters on disk that are in no reading order and in no chapter."""
    listed = {tree.root / entry.path for entry in entries}
    used = set(listed)
    for path in listed:
        if path.suffix == ".md":
            # What is wrong with the includes themselves is told when the chapter is read.
            used |= included_files(path, tree.book, tree.root)[0]
    problems = []
    for path in sorted(tree.book.rglob("*")):
        if path.suffix not in ENDINGS or path in used or set_aside(path, tree):
            continue
        name = tree.relative(path)
        problems.append(
            Problem(
                name,
                0,
                "unlisted-chapter",
                "this chapter is not in _toc.yml, so nobody can reach it",
                f"add `- file: {name.removesuffix(path.suffix)}` there, or begin its name with `_`",
            )
        )
    return problems
