"""The site of a book with its machine, put together for a browser of ours."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from coursebook import browser
from coursebook.agreement.hosting import host
from coursebook.agreement.tab import Tab, TabError, tab
from coursebook.live import machine as live_machine
from coursebook.machine import make
from coursebook.machine.missing import CannotBuildError
from coursebook.paths import Tree
from coursebook.publish import published_files

Say = Callable[[str], None]

ENGINE = "live/*/engines/machine/engine.js"
"""Where a site has the engine that runs its machine."""


class NotLiveError(Exception):
    """Cells cannot run in a tab on this computer; the message says why."""


def lay_out(tree: Tree, machine: Path, folder: Path) -> None:
    """Put the files of a rendered book where a host would have them; as links, to save copying.

    Args:
        tree: The book.
        machine: The folder of its machine.
        folder: The root of the site.
    """
    files = {**published_files(tree, machine), **live_machine.published(machine)}
    for address, file in files.items():
        place = folder / address
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(file.resolve())
    (folder / live_machine.CURRENT).write_bytes(live_machine.current(machine))


@contextlib.contextmanager
def live_tab(tree: Tree, say: Say) -> Iterator[Tab]:
    """Open a tab in which the machine of a rendered book has started.

    Args:
        tree: The book; both renderings stand in its work folder.
        say: Is told what is being done.

    Raises:
        NotLiveError: There is no browser, the machine cannot be built or does not start.
    """
    with contextlib.ExitStack() as stack:
        try:
            require_browser()
            machine = require_machine(tree, say)
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="live-site-")))
            lay_out(tree, machine, folder)
            site = stack.enter_context(host(folder))
            opened = stack.enter_context(tab(site.address, engine_address(folder)))
            milliseconds = opened.start()
        except TabError as error:
            raise NotLiveError(str(error)) from error
        say(f"the machine stands in the tab after {milliseconds / 1000:.1f} s")
        yield opened


def require_browser() -> None:
    """See that there is a Chromium; none is installed without being asked for.

    Raises:
        NotLiveError: There is none.
    """
    if browser.find() is None:
        raise NotLiveError(f"there is no Chromium\n    {browser.HINT}")


def require_machine(tree: Tree, say: Say) -> Path:
    """Return the folder of a book's machine, building it if need be.

    Raises:
        NotLiveError: It cannot be built here.
    """
    try:
        return make.build(tree, say)
    except CannotBuildError as error:
        raise NotLiveError(f"{error}\n    hint: {error.hint}") from error


def engine_address(folder: Path) -> str:
    """Return where the engine of the machine stands in a site.

    Raises:
        NotLiveError: The site has no machine.
    """
    found = sorted(folder.glob(ENGINE))
    if not found or not (folder / live_machine.CURRENT).is_file():
        raise NotLiveError("this site was built without its machine")
    return found[0].relative_to(folder).as_posix()
