"""Tasks of a chapter: what a reader has to do in a cell, and how the book knows that he did it.

    :::{task} An environment without pip
    Make an environment `.venv` here, without pip.

    +++ setup
    ```bash
    echo 'print("hello")' > app.py
    ```
    +++ check
    ```bash
    [ -f .venv/pyvenv.cfg ] || { echo "There is no environment .venv here."; exit 1; }
    ```
    +++ hint
    The module is called `venv`.
    +++ solution
    ```bash
    python3 -m venv --without-pip .venv
    ```
    :::

A task has a folder of its own, named by its title, in which it begins. The check is a script: with
status 0 the task is done, else the last line that it printed says what is missing. It looks at the
disk, and at the shell or the Python in which the reader's text ran; in bash it begins in the
folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from coursebook.course.cell import LANGUAGES, Cell
from coursebook.course.cells import CellSequence
from coursebook.course.chapter import Chapter
from coursebook.course.conditions import BUILDS
from coursebook.course.facts import Place
from coursebook.course.markdown_lines import Fences, Kind
from coursebook.course.self_check.parts import Code, Part, code_of, split_parts
from coursebook.course.spelling import did_you_mean
from coursebook.course.tool_groups import read_tools
from coursebook.problems import Problem

PARTS = ("setup", "start", "check", "hint", "solution")
"""What may stand behind ``+++`` in a task."""

NOTHING_YET = "# Type here"
"""The text of a task's cell without ``+++ start``; a comment in both languages."""

_OPTION = re.compile(r":[\w-]+:(?:\s|$)")
_NO_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Task:
    """A task that can be run.

    Attributes:
        path: The file it stands in, from the project's root.
        name: Of its folder and room: ``an-environment-without-pip``.
        setup: Prepares the folder.
        start: What the reader's cell holds at first.
        check: Tells whether the task is done.
        solution: Does it.
        hints: In the order in which they are given.
        explanation: What is said below the solution.
        tools: What the chapter's front matter asks for, sorted.
    """

    path: str
    name: str
    setup: Cell
    start: Cell
    check: Cell
    solution: Cell
    hints: tuple[Part, ...]
    explanation: Part
    tools: tuple[str, ...] = ()

    @property
    def sequence(self) -> CellSequence:
        """All that decides whether its check is right, as cells; its room bears its name."""
        cells = (self.setup, self.start, self.check, self.solution)
        return CellSequence(self.path, cells, self.tools, self.name)


def name_of(title: str) -> str:
    """Name a task's folder by its title."""
    return _NO_NAME.sub("-", title.lower()).strip("-")


def read_task(
    title: str, lines: Sequence[str], numbers: Sequence[int], path: str, line: int
) -> tuple[Task | None, list[Problem]]:
    """Read one task.

    Args:
        title: Behind the directive's name.
        lines: Its text, options left out.
        numbers: The author's line of each of them.
        path: The file it stands in, for problems.
        line: Of the directive.

    Returns:
        The task, or None with what is wrong.
    """
    problems: list[Problem] = []

    def wrong(at: int, message: str, hint: str) -> None:
        problems.append(Problem(path, at, "bad-task", message, hint))

    def number(place: int) -> int:
        return numbers[place] if 0 <= place < len(numbers) else line

    parts = split_parts(lines)
    if not name_of(title):
        hint = "write `:::{task} An environment without pip`; its folder is named so"
        wrong(line, "this task has no title", hint)
    if parts[0].is_empty:
        wrong(line, "this task does not say what to do", "write it below the first line")
    known: dict[str, list[Part]] = {}
    for part in parts[1:]:
        if part.name not in PARTS:
            hint = did_you_mean(part.name, PARTS)
            wrong(number(part.first - 1), f"a task has no part `+++ {part.name}`", hint)
        elif part.name != "hint" and part.name in known:
            wrong(number(part.first - 1), f"`+++ {part.name}` stands here twice", "keep one")
        known.setdefault(part.name, []).append(part)

    def code(name: str) -> Code | None:
        if name not in known:
            return None
        found = code_of(known[name][0])
        if found is None:
            hint = "write ```` ```bash ```` below it, the lines, and ```` ``` ````"
            wrong(number(known[name][0].first - 1), f"`+++ {name}` begins with no code", hint)
        elif found.language not in LANGUAGES or (name == "setup" and _is_python(found)):
            what = "bash" if name == "setup" else "bash or python"
            hint = f"write {what} behind the three backticks"
            wrong(number(found.first), f"`+++ {name}` is not in {what}", hint)
        return found

    codes = {name: code(name) for name in PARTS if name != "hint"}
    for name in ("check", "solution"):
        if name not in known:
            hint = f"write `+++ {name}` and below it code; both are run when the book is built"
            wrong(line, f"this task has no {name}", hint)
    start, solution, check = codes["start"], codes["solution"], codes["check"]
    if start and solution and _is_python(start) != _is_python(solution):
        wrong(number(start.first), "start and solution are in two languages", "use one of them")
    if problems or solution is None or check is None:
        return None, problems
    name, language = name_of(title), LANGUAGES[solution.language]
    setup = codes["setup"]
    checks = LANGUAGES[check.language]
    return Task(
        path,
        name,
        Cell("bash", _setting_up(name, setup.source if setup else ""), line=line),
        Cell(language, start.source if start else NOTHING_YET, line=line),
        Cell(checks, _checking(name, checks, check.source), line=number(check.first)),
        Cell(language, solution.source, line=number(solution.first)),
        tuple(known.get("hint", ())),
        solution.rest,
    ), []


def _is_python(code: Code) -> bool:
    return LANGUAGES.get(code.language) == "python"


def _setting_up(name: str, source: str) -> str:
    """Let a task begin in its folder, empty but for what its author puts there.

    The folder itself stays: a Python may stand in it. In the reader's tab a chapter has perhaps
    left an environment active.
    """
    begin = (
        f"mkdir -p ~/{name} && cd ~/{name} && find . -mindepth 1 -delete\n"
        "! declare -F deactivate > /dev/null || deactivate"
    )
    return f"{begin}\n{source}" if source else begin


def _checking(name: str, language: str, source: str) -> str:
    """Let a check see all of the shell, or all names of Python, and change nothing of it."""
    if language == "python":
        return f'exec(compile({source!r}, "check", "exec"), dict(globals()))'
    return f"(\ncd ~/{name}\n{source}\n)"


def chapter_tasks(chapter: Chapter) -> tuple[list[Task], list[Problem]]:
    """Read the tasks of a chapter, as both renderings have them."""
    if "{task}" not in chapter.text and "include}" not in chapter.text:
        return [], []
    tasks: dict[Task, None] = {}
    problems: dict[Problem, None] = {}
    tools = read_tools(chapter.text)
    for rendering in BUILDS:
        named: dict[str, int] = {}
        for title, head, content in _found(chapter.places(rendering)):
            lines = [place.text for place in content]
            numbers = [place.line for place in content]
            task, wrong = read_task(title, lines, numbers, head.path, head.line)
            problems.update(dict.fromkeys(wrong))
            if task is None:
                continue
            taken = named.setdefault(task.name, head.line)
            if taken != head.line or PurePosixPath(chapter.entry.path).stem == task.name:
                message = f"the name `{task.name}` of this task's folder is taken"
                hint = "give the task another title"
                problems[Problem(head.path, head.line, "bad-task", message, hint)] = None
            tasks[replace(task, tools=tools)] = None
    return list(tasks), list(problems)


def _found(places: Iterable[Place]) -> Iterable[tuple[str, Place, list[Place]]]:
    """Yield title, first line and text of each task."""
    fences = Fences()
    head: Place | None = None
    title, depth = "", 0
    content: list[Place] = []
    for place in places:
        kind = fences.feed(place.text)
        if head is None:
            if kind is Kind.OPENING and fences.stack[-1].directive == "task":
                head, title, depth = place, fences.stack[-1].argument.strip(), len(fences.stack)
                content = []
        elif len(fences.stack) < depth:
            yield title, head, content
            head = None
        elif content or not _OPTION.match(place.text):
            content.append(place)
