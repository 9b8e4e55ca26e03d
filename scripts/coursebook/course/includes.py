"""Which files a chapter pulls in with MyST's ``{include}``."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coursebook.course.markdown_lines import Fences, Kind
from coursebook.course.source import read_source
from coursebook.course.spelling import did_you_mean
from coursebook.problems import CourseError, Problem

_DIRECTIVES = ("include", "literalinclude")
_CUTS = (":start-line:", ":end-line:", ":start-after:", ":end-before:")
_AS_CODE = (":literal:", ":code:")


@dataclass(frozen=True)
class Include:
    """One directive that pulls in a file.

    Attributes:
        target: The path as it is written.
        line: The directive's line.
        markdown: Whether the file is read as Markdown rather than shown as code.
        cut: Whether only a part of the file is taken, as ``:start-line:`` does.
    """

    target: str
    line: int
    markdown: bool
    cut: bool = False


def includes(text: str) -> Iterator[Include]:
    """Find the directives that pull in files, whatever the conditionals around them say.

    Args:
        text: Markdown.
    """
    yield from _includes(text)


# `serve` reads every chapter at every save, and nearly all of them are as they were.
@lru_cache(maxsize=2048)
def _includes(text: str) -> tuple[Include, ...]:
    return tuple(_find_includes(text))


def _find_includes(text: str) -> Iterator[Include]:
    if "include}" not in text:
        return
    fences = Fences()
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if fences.feed(line) is not Kind.OPENING:
            continue
        fence = fences.stack[-1]
        if fence.directive in _DIRECTIVES and fence.argument:
            options = []
            for option in lines[number:]:
                if not option.lstrip().startswith(":"):
                    break
                options.append(option.strip())
            as_code = any(option.startswith(_AS_CODE) for option in options)
            markdown = fence.directive == "include" and not as_code
            cut = any(option.startswith(_CUTS) for option in options)
            yield Include(fence.argument, number, markdown, cut)


def resolve(target: str, chapter: Path, book: Path) -> Path:
    """Find an included file as Sphinx does (``BuildEnvironment.relfn2path``).

    Args:
        target: The path as it is written; a leading ``/`` means the folder of the book.
        chapter: The chapter that is read. Files that it includes name theirs from here too.
        book: The folder of all chapters.
    """
    place = book / target.lstrip("/") if target.startswith("/") else chapter.parent / target
    return Path(os.path.normpath(place))


def included_files(chapter: Path, book: Path, root: Path) -> tuple[set[Path], list[Problem]]:
    """Follow the includes of a chapter.

    Args:
        chapter: The chapter's file.
        book: The folder of all chapters.
        root: The folder from which problems name files.

    Returns:
        All files that it pulls in, and what is wrong with them: missing ones at the line of the
        directive, loops with all files that they go through.
    """
    found: set[Path] = set()
    problems: list[Problem] = []

    def follow(path: Path, trail: tuple[Path, ...]) -> None:
        name = _name(path, root)
        try:
            text = read_source(path, name)
        except CourseError as error:
            problems.extend(error.problems)
            return
        for include in includes(text):
            target = resolve(include.target, chapter, book)
            if not target.is_file():
                problems.append(_missing(name, include, target))
                continue
            found.add(target)
            if not include.markdown:
                continue
            if target in (*trail, path):
                problems.append(_loop(name, include, (*trail, path), target, root))
            else:
                follow(target, (*trail, path))

    follow(chapter, ())
    return found, problems


def included_texts(chapter: Path, book: Path, root: Path) -> Iterator[str]:
    """Yield the Markdown that a chapter includes; what cannot be read is told elsewhere.

    Args:
        chapter: The chapter's file.
        book: The folder of all chapters.
        root: The folder from which problems name files.
    """
    for file in sorted(included_files(chapter, book, root)[0]):
        if file.suffix == ".md":
            with contextlib.suppress(CourseError):
                yield read_source(file, _name(file, root))


def _missing(name: str, include: Include, target: Path) -> Problem:
    near = sorted(path.name for path in target.parent.glob("*") if path.is_file())
    hint = did_you_mean(target.name, near) if near else "check the folder"
    message = f"the included file `{include.target}` does not exist"
    return Problem(name, include.line, "missing-include", message, hint)


def _loop(
    name: str, include: Include, trail: tuple[Path, ...], target: Path, root: Path
) -> Problem:
    cycle = [*trail[trail.index(target) :], target]
    message = "files include each other in a circle: " + " → ".join(
        _name(path, root) for path in cycle
    )
    hint = "take one of these includes out"
    return Problem(name, include.line, "include-loop", message, hint)


def _name(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()
