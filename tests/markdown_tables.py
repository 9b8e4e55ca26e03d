"""Reading the tables and paths of our own papers."""

from __future__ import annotations

import re

from coursebook.paths import REPOSITORY


def paper(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def table(text: str, first_header: str) -> list[list[str]]:
    """Return the rows of the table whose first column has this header."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(f"| {first_header} |"):
            next(lines)
            break
    else:
        raise AssertionError(f"there is no table with a column `{first_header}`")
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        cells = re.split(r"(?<!\\)\|", line)[1:-1]
        rows.append([cell.strip() for cell in cells])
    return rows


def code_words(text: str) -> list[str]:
    """Return what stands between single backticks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


def paths(text: str) -> set[str]:
    """Return what reads as a path of this repository: a known folder, or a file at the top."""
    top = {path.name for path in REPOSITORY.iterdir()} | {"_build"}
    words = {word.strip() for word in code_words(text)} | set(
        re.findall(r"\]\((?!https?:|#)([^)#]+)\)", text)
    )
    return {word for word in words if word.split("/")[0] in top and " " not in word}
