"""Asking axe-core what a screen reader or a tired eye would stumble over."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from coursebook.machine import tools
from coursebook.paths import TOOLS


@cache
def script() -> str:
    """Return axe-core, fetched by the lock of npm packages."""
    modules = tools.fetch_npm(TOOLS, tools.fetch_node(TOOLS))
    return Path(modules, "axe-core", "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, *rules: str) -> list[str]:
    """Return what is wrong with a page as it stands, one line for each element.

    Args:
        page: What is asked about.
        rules: Those of axe-core that matter; all if none is named.
    """
    page.evaluate(script())
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    answer: Any = page.evaluate("options => axe.run(options)", options)
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in answer["violations"]
        for node in found["nodes"]
    ]
