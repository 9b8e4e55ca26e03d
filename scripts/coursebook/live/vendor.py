"""Editor and terminal: npm packages by lock, bundled once into one ES module each.

The bundles belong to the engine, not to a book: all books of a checkout share them. They are kept
in ``_build/vendor``, by the hash of all that decides their bytes.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from coursebook.fingerprint import fingerprint
from coursebook.machine import tools
from coursebook.machine.missing import CannotBuildError, run
from coursebook.paths import NODE_MANIFESTS, TOOLS, VENDOR

PROGRAMS = Path(__file__).parent / "node"
"""Our entries, and the program that bundles them."""

SHIPPED = ("editor.js", "terminal.js", "licences.txt")
"""What goes to the reader; ``packages.json`` beside it is for the page of licences."""

Say = Callable[[str], None]


@functools.cache
def inputs() -> str:
    """Name what the bundles are made from: 16 hexadecimal digits.

    Found out once in a process, because it is asked for at every save.
    """
    parts = [fingerprint([PROGRAMS]), fingerprint(NODE_MANIFESTS), tools.locked_node()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def standing() -> Path | None:
    """Return the folder of the bundles that fit today's inputs, if they were made."""
    folder = VENDOR / inputs()
    return folder if folder.is_dir() else None


def build(say: Say) -> Path:
    """Make the bundles, unless they stand.

    Args:
        say: Is told what is being done.

    Returns:
        Their folder.

    Raises:
        CannotBuildError: PyPI or npm's registry is out of reach, and the tools are not there yet.
    """
    folder = standing()
    if folder is not None:
        return folder
    try:
        VENDOR.mkdir(parents=True, exist_ok=True)
        lock = (VENDOR / "making.lock").open("w")
    except OSError as error:
        raise CannotBuildError(
            f"{VENDOR} cannot be written: {error.strerror}", "allow it"
        ) from error
    with lock:
        # A second call waits, and finds what the first one made.
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = standing()
        if folder is not None:
            return folder
        say("fetching editor and terminal from npm, and bundling them, once")
        node = tools.fetch_node(TOOLS)
        modules = tools.fetch_npm(TOOLS, node)
        making = VENDOR / f".making-{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        try:
            bundle(node, modules, making)
            for other in VENDOR.iterdir():
                if other.is_dir() and other != making:
                    shutil.rmtree(other, ignore_errors=True)
            making.rename(VENDOR / inputs())
        finally:
            shutil.rmtree(making, ignore_errors=True)
        return VENDOR / inputs()


def bundle(node: Path, modules: Path, folder: Path) -> None:
    """Bundle our entries.

    Args:
        node: The program.
        modules: The folder ``node_modules``.
        folder: Gets the files.

    Raises:
        CannotBuildError: esbuild refused something; its lines are told.
    """
    run(
        [node, PROGRAMS / "bundle.mjs", modules, folder],
        "editor and terminal could not be bundled",
        "that is a bug of ours: report these lines",
    )


def packages(folder: Path) -> list[dict[str, str]]:
    """List what the bundles hold: name, version and licence of each package.

    Args:
        folder: Of bundles that stand.
    """
    found: list[dict[str, str]] = json.loads((folder / "packages.json").read_text("utf-8"))
    return found
