"""Start a chapter from a template and put it into the reading order.

The chapter is book/PART/TOPIC.md. It is named by its topic, never by a number, and it builds as it
stands: write over what is there. _toc.yml gets one line; nothing else in it is touched.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"(?:(?:chapter|ch|part|lesson|week)?[-_ ]?\d+[-_. ]*)+", re.IGNORECASE)
_FORM = "write practice/lock-files: lower case, words joined by `-`, named by the topic"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments."""
    parser.add_argument(
        "path", metavar="PART/TOPIC", help="where it goes below book/, such as practice/lock-files"
    )
    parser.add_argument("--title", help="its title (default: made from the topic)")
    parser.add_argument(
        "--part",
        metavar="CAPTION",
        help="the part of _toc.yml that it joins (default: the part of its folder, or the last)",
    )


def main(arguments: argparse.Namespace, tree: Tree) -> int:
    """Start a chapter.

    Raises:
        CourseError: The name is not one, the chapter exists, or there is no such part.
    """
    path = run(tree, arguments.path, arguments.title, arguments.part)
    print(f"wrote {tree.relative(path)}, and named it in {tree.relative(tree.toc)}")
    return 0


def run(tree: Tree, path: str, title: str | None = None, part: str | None = None) -> Path:
    """Write the chapter and its line in ``_toc.yml``.

    Args:
        tree: The book.
        path: ``practice/lock-files``; ``book/`` before it and ``.md`` behind it may stand too.
        title: Title of the chapter; made from the topic by default.
        part: Caption of the part of ``_toc.yml``.

    Returns:
        The file that was written.

    Raises:
        CourseError: The name is not one, the chapter exists, there is no such part, or
            ``_toc.yml`` cannot be read.
    """
    # Not at the top: `--help` answers before there is an environment.
    from coursebook.course.outline import read_outline
    from coursebook.course.source import read_source
    from coursebook.course.toc_insertion import insert

    book = tree.relative(tree.book)
    docname = f"{book}/" + path.removeprefix(f"{book}/").removesuffix(".md")
    file = tree.root / f"{docname}.md"
    _refuse_bad_name(docname, book)
    if file.exists():
        message, hint = "this chapter exists already", "choose another name, or edit this file"
        raise CourseError([Problem(f"{docname}.md", 0, "chapter-exists", message, hint)])
    read_outline(tree)  # a mistake in it would be met later, at a place that looks like ours
    with tree.toc.open(newline="", encoding="utf-8") as stream:
        windows = "\r\n" in stream.read()
    toc = insert(read_source(tree.toc, tree.relative(tree.toc)), tree, docname, part)
    text = _chapter(tree, title or docname.rpartition("/")[2].replace("-", " ").capitalize())
    # The chapter first: a reading order that names a missing file would stop every build.
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, text)
    _write(tree.toc, toc.replace("\n", "\r\n") if windows else toc)
    return file


def _refuse_bad_name(docname: str, book: str) -> None:
    problems = []
    for name in docname.split("/")[1:]:
        number = _NUMBER.match(name)
        if number:
            rest = name[number.end() :].strip("-_. ") or "its-topic"
            message = f"`{name}` is named by a number: chapters move, and their addresses stay"
            hint = f"write {rest}"
        elif not _NAME.fullmatch(name):
            message, hint = f"`{name}` is not a chapter's name", _FORM
            tame = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
            if _NAME.fullmatch(tame):
                hint = f"write {tame}"
        else:
            continue
        problems.append(Problem(f"{docname}.md", 0, "bad-chapter-name", message, hint))
    if problems:
        raise CourseError(problems)


def _chapter(tree: Tree, title: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(tree.templates),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template("new/chapter.md.j2").render(title=title)


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(file)
