"""Chapters that left the book leave the output: Sphinx itself never deletes a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def remove_output(
    app: Sphinx,
    environment: BuildEnvironment,
    added: set[str],
    changed: set[str],
    removed: set[str],
) -> list[str]:
    """Delete what was written for chapters that are gone (event ``env-get-outdated``)."""
    for name in removed:
        for file in Path(app.outdir, name).parent.glob(f"{Path(name).name}.*"):
            file.unlink()
    return []


def setup_removed(app: Sphinx) -> None:
    """Register the event."""
    app.connect("env-get-outdated", remove_output)
