"""A book whose cells run again in the browser, for tests of the reader's side of a cell.

The engine behind the cells is a double (``engine_double.js``): it does what the cell's own text says.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, Route

DOUBLE = Path(__file__).parent / "engine_double.js"

HEAD = """\
---
file_format: mystnb
kernelspec: {name: bash}
---
"""


def cell(source: str, *tags: str, language: str = "bash") -> str:
    """Write a cell."""
    listed = f":tags: [{', '.join(tags)}]\n" if tags else ""
    return f"```{{code-cell}} {language}\n{listed}{source}\n```\n\n"


def use_double(page: Page) -> None:
    """Put the double in the place of all engines."""

    def answer(route: Route) -> None:
        route.fulfill(path=DOUBLE, content_type="text/javascript")

    page.route("**/engines/engine.js", answer)
