"""Running a notebook as JupyterLab does."""

from __future__ import annotations

import warnings
from pathlib import Path

from nbformat import NotebookNode

LIMIT = 180
"""Seconds for one cell."""


def run_notebook(notebook: NotebookNode, folder: Path) -> None:
    """Execute all cells, which keep what they print.

    Args:
        notebook: Is changed.
        folder: Where it was downloaded to.
    """
    with warnings.catch_warnings():
        # zmq and asyncio of the kernel's client, not ours.
        warnings.simplefilter("ignore")
        from nbclient import NotebookClient

        NotebookClient(
            notebook,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            timeout=LIMIT,
        ).execute()
