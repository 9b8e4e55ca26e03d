"""Chapters that had problems are read again at every build until they have none.

Sphinx shows a warning when it reads a chapter, and never again from the stored doctree: the next
build would pass, wrongly. Which chapters had problems is kept beside the doctrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from coursebook.problems import Problem

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

NAME = "unfinished.json"


def remember(app: Sphinx, problems: Iterable[Problem]) -> None:
    """Write down which chapters a build has complained about.

    A problem in an included file counts for every chapter that includes it, and one that belongs
    to no chapter for all of them.

    Args:
        app: The application after its build.
        problems: What the build found, with paths from the book's root.
    """
    environment = app.env
    root = Path(app.config.cb_root)
    touched: set[str] = set()
    for problem in problems:
        place = root / problem.path
        named = {
            name
            for name in environment.found_docs
            if Path(environment.doc2path(name)) == place
            or any(Path(app.srcdir, file) == place for file in environment.dependencies[name])
        }
        touched |= named or set(environment.found_docs)
    file = Path(app.doctreedir, NAME)
    if touched:
        file.write_text(json.dumps(sorted(touched)), encoding="utf-8")
    else:
        file.unlink(missing_ok=True)


def read_again(
    app: Sphinx,
    environment: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> list[str]:
    """Name the chapters that had problems in the last build (event ``env-get-outdated``)."""
    try:
        names = json.loads(Path(app.doctreedir, NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if name in environment.found_docs and name not in removed]


def setup_unfinished(app: Sphinx) -> None:
    """Register the event."""
    app.connect("env-get-outdated", read_again)
