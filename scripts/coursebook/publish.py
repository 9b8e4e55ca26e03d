"""Putting a finished build in place: written to the side, then swapped when whole."""

from __future__ import annotations

import contextlib
import fcntl
import filecmp
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from coursebook.disk import disk_errors
from coursebook.live import files as live_files
from coursebook.live import licences
from coursebook.live import machine as live_machine
from coursebook.paths import SLIDES, Tree
from coursebook.problems import CourseError, Problem
from coursebook.renderings import DECK, SITE, output

LEFT_OUT = frozenset(
    {".buildinfo", "objects.inv", ".doctrees", "_sources", "_sphinx_design_static"}
)
"""What Sphinx writes for itself, and no reader needs."""


def published_files(tree: Tree, machine: Path | None) -> dict[str, Path]:
    """List what belongs into the site: address below the site's root → file.

    The decks stand below the site, at ``slides/``, and what both load to run cells at ``live/``.
    The machine itself is not among them.

    Args:
        tree: The book, rendered.
        machine: The folder of the machine that goes with the site, if one does.
    """
    files: dict[str, Path] = live_files.published(tree.work)
    for rendering, prefix in ((SITE, ""), (DECK, f"{SLIDES}/")):
        top = output(tree, rendering)
        for folder, folders, names in os.walk(top):
            folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
            below = os.path.relpath(folder, top)
            start = prefix if below == "." else f"{prefix}{below}/"
            for name in sorted(names):
                if name not in LEFT_OUT:
                    files[f"{start}{name}"] = Path(folder, name)
    return files | licences.published(tree, machine)


@contextlib.contextmanager
def one_build_at_once(tree: Tree, wait: bool = True) -> Iterator[None]:
    """Hold the lock of this book's ``_build``; the kernel frees it if the process dies.

    Args:
        tree: The book.
        wait: Wait for another build to end, or raise at once.

    Raises:
        CourseError: Another build is running and ``wait`` is false, or the lock cannot be made.
    """
    with disk_errors(tree):
        tree.build.mkdir(parents=True, exist_ok=True)
        handle = (tree.build / "build.lock").open("a+")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not wait:
                raise CourseError(
                    [
                        Problem(
                            "",
                            0,
                            "already-building",
                            "another `serve` or `build` works on this book",
                            "wait for it, or stop it with Ctrl-C in its window",
                        )
                    ]
                ) from None
            print("another build of this book is running; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def publish(tree: Tree, machine: Path | None = None) -> None:
    """Make the site from the output of both renderings, and swap it in when whole.

    An interruption at any moment leaves either the old or the new site in place: the new one is
    written to the side, and only two renames stand between them (``recover`` mends a power cut
    just there).

    Args:
        tree: The book.
        machine: The folder of the Linux for the reader's tab, which stands; None leaves it out.

    Raises:
        CourseError: The disk is full or may not be written; the old site stands.
    """
    fresh, old = tree.build / "site.new", tree.build / "site.old"
    with disk_errors(tree):
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)
        try:
            for address, file in published_files(tree, machine).items():
                target = fresh / address
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
            if machine is not None:
                _publish_machine(machine, fresh)
        except OSError:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        # Ctrl-C waits for the two renames: between them there is no site.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            if tree.site.exists():
                tree.site.rename(old)
            fresh.rename(tree.site)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        shutil.rmtree(old, ignore_errors=True)


def _publish_machine(machine: Path, site: Path) -> None:
    """Put a machine into a site: by links, because it is large and no file of it ever changes."""
    for address, file in live_machine.published(machine).items():
        target = site / address
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(file)
        except OSError:
            # Another file system, or one without links.
            shutil.copyfile(file, target)
    (site / live_machine.CURRENT).write_bytes(live_machine.current(machine))


def recover(tree: Tree) -> None:
    """Put the last good site back if a stop fell between the two renames."""
    old = tree.build / "site.old"
    if old.exists() and not tree.site.exists():
        old.rename(tree.site)


def update(tree: Tree, machine: Path | None = None) -> list[str]:
    """Bring the served site up to date file by file, each replaced atomically.

    The machine is not among them: ``serve`` hands it out from where it was built.

    Args:
        tree: The book.
        machine: The folder of the machine that is handed out, if one stands.

    Returns:
        Addresses that changed or went, sorted.
    """
    wanted = published_files(tree, machine)
    changed = []
    with disk_errors(tree):
        for address, file in wanted.items():
            target = tree.site / address
            if target.exists() and _same(file, target):
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            side = target.with_name(target.name + ".new")
            shutil.copy2(file, side)
            side.replace(target)
            changed.append(address)
        for file in sorted(tree.site.rglob("*")):
            address = file.relative_to(tree.site).as_posix()
            if file.is_file() and address not in wanted:
                file.unlink()
                changed.append(address)
    return sorted(changed)


def _same(source: Path, target: Path) -> bool:
    """Compare by time and size first: copies made by ``update`` keep the time of their source."""
    one, other = source.stat(), target.stat()
    if one.st_size != other.st_size:
        return False
    if one.st_mtime_ns == other.st_mtime_ns:
        return True
    return filecmp.cmp(source, target, shallow=False)
