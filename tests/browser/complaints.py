"""What a page complains of."""

from __future__ import annotations

from playwright.sync_api import Page


def complaints_of(page: Page) -> list[str]:
    """Return a list that errors of a page, told or thrown, are written to from now on."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    return complaints
