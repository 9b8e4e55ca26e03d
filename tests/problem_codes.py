"""Reading the codes of all problems out of the engine's source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from coursebook.paths import ENGINE

CODE = re.compile(r"^[a-z]+(-[a-z0-9]+)+$")
FORWARDED = "code"
"""The name that every function gives to a code it hands on."""

SPHINX = "(found['code'] or 'sphinx').removeprefix('coursebook.')"
"""How the renderer passes codes of Sphinx's own warnings on."""


@dataclass(frozen=True)
class Unread:
    """A code that cannot be read from the source, and must be written so that it can."""

    place: str
    text: str


def sources() -> Iterator[Path]:
    """Name every module of the engine that may tell an author something."""
    yield from sorted(path for path in ENGINE.rglob("*.py") if "inside" not in path.parts)


def positions(tree: ast.Module) -> dict[str, int]:
    """Say for each function of a module that takes a code at which place it takes it.

    ``self`` does not count. ``Problem`` itself takes it third: path, line, code.
    """
    found = {"Problem": 2}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument for argument in node.args.args if argument.arg != "self"]
            for place, argument in enumerate(names):
                kind = argument.annotation
                if argument.arg == FORWARDED and isinstance(kind, ast.Name) and kind.id == "str":
                    found[node.name] = place
    return found


def read_codes() -> tuple[dict[str, str], list[Unread]]:
    """Return every code with one place that uses it, and what could not be read."""
    codes: dict[str, str] = {}
    unread: list[Unread] = []
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        takes = positions(tree)
        for node, value in chain.from_iterable(written(part, takes) for part in ast.walk(tree)):
            place = f"{path.relative_to(ENGINE).as_posix()}:{node.lineno}"
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                codes.setdefault(value.value, place)
            elif not is_handed_on(value):
                unread.append(Unread(place, ast.unparse(value)))
    return codes, unread


def written(node: ast.AST, takes: dict[str, int]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what stands at the place of a code."""
    if isinstance(node, ast.Call):
        yield from written_in_call(node, takes)
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        # A rule's CODE.
        if any(isinstance(name, ast.Name) and name.id == "CODE" for name in node.targets):
            yield node.value, node.value
    elif isinstance(node, ast.Tuple) and (3 <= len(node.elts) <= 4):
        # (code, message, hint) and (line, code, message, hint), kept for later.
        code, message = node.elts[-3:-1]
        if isinstance(code, ast.Constant) and CODE.match(str(code.value)) and is_sentence(message):
            yield node, code


def written_in_call(node: ast.Call, takes: dict[str, int]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the code in a call: of a function that takes one, or of Sphinx's logger."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    for keyword in node.keywords:
        if keyword.arg in ("subtype", FORWARDED) and name in {*takes, "warning", "error"}:
            yield node, keyword.value
    before = node.args[: takes.get(name, -1) + 1]
    if before and len(before) == takes[name] + 1:
        yield node, before[-1]


def is_sentence(value: ast.expr) -> bool:
    """Tell whether something is a message: made from parts, or a text of several words."""
    return isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and " " in str(value.value)
    )


def is_handed_on(value: ast.expr) -> bool:
    """Tell whether a code comes from where it was read already, or from Sphinx itself."""
    if ast.unparse(value) == SPHINX:
        return True
    if isinstance(value, ast.Starred):
        return isinstance(value.value, (ast.Name, ast.Subscript))
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return name.lower() == FORWARDED
