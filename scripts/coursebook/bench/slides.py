"""How long it takes to measure all slides of a book: generated ones, of every kind, that fit."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from coursebook.bench.measure import run

IN_A_CHAPTER = 30

TOLD = re.compile(r"(\d+) slides measured in ([\d.]+) s")

KINDS = (
    "- one thing\n- another thing\n- and `a third`, which is a bit longer than these\n",
    '```python\nimport sys\n\nfor place in sys.path:\n    print(f"{place!r}")\n```\n',
    "| a | b | c |\n|---|---|---|\n| one | two | three |\n| four | five | six |\n",
    "::::{grid} 2\n:::{grid-item-card} Left\nSome words.\n:::\n:::{grid-item-card} Right\n"
    "Others.\n:::\n::::\n",
    "::::{tab-set}\n:::{tab-item} One\nFirst.\n:::\n:::{tab-item} Two\nSecond.\n:::\n::::\n",
    ":::{fragments}\n1. first\n2. second\n3. third\n:::\n",
    "![A drawing](plot.svg)\n",
    ":::{admonition} Mind\nWhat is bound to its place cannot be moved.\n:::\n\nA sentence.\n",
    ":::{dropdown} Why?\nBecause a path is written into it.\n:::\n",
)
"""What stands on the slides, one after the other."""

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300"><title>A drawing</title>\
<rect width="640" height="300"/><text x="20" y="90" font-size="20">A word</text></svg>'


def write_slides(root: Path, slides: int) -> None:
    """Write a book that has a number of slides.

    Args:
        root: A folder that does not exist yet.
        slides: How many, that of the front page included.
    """
    book = root / "book"
    book.mkdir(parents=True)
    settings = {
        "title": f"{slides} slides",
        "only_build_toc_files": True,
        "parse": {"myst_enable_extensions": ["colon_fence"]},
        "sphinx": {"config": {"language": "en"}},
    }
    (root / "_config.yml").write_text(json.dumps(settings), encoding="utf-8")
    (book / "plot.svg").write_text(DRAWING, encoding="utf-8")
    (book / "index.md").write_text("# Slides\n\nWelcome.\n", encoding="utf-8")
    chapters = []
    for first in range(1, slides, IN_A_CHAPTER):
        count = min(IN_A_CHAPTER, slides - first)
        parts = [f"# Chapter {first}\n\nIts question.\n"]
        for number in range(first + 1, first + count):
            parts.append(f"## Slide {number}\n\n{KINDS[number % len(KINDS)]}")
        (book / f"chapter-{first}.md").write_text("\n".join(parts), encoding="utf-8")
        chapters.append({"file": f"book/chapter-{first}"})
    contents = {"format": "jb-book", "root": "book/index", "chapters": chapters}
    (root / "_toc.yml").write_text(json.dumps(contents), encoding="utf-8")


def checked(root: Path, slides: int) -> dict[str, Any]:
    """Check such a book by the command that authors type.

    Args:
        root: A folder that does not exist yet.
        slides: How many it shall have.

    Returns:
        ``slides``, ``seconds`` for measuring them, and the ``check`` as a whole: see ``Cost``.
    """
    write_slides(root, slides)
    cost = run([sys.executable, "-m", "coursebook", "check", "--root", str(root)], root)
    told = TOLD.search((root / "log.txt").read_text(encoding="utf-8"))
    if told is None:
        raise RuntimeError("the check did not say how many slides it measured")
    return {"slides": int(told[1]), "seconds": float(told[2]), "check": asdict(cost)}
