"""The machine on a site: ``machine/current.json`` names it, ``machine/<its name>/`` holds it.

Its name is a hash of all its parts, so that a browser may keep them for ever, and a page that was
opened before a new build still finds, or misses, one machine and never a mixture of two.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path

from coursebook.machine.manifest import files

FOLDER = "machine"
"""Where machines stand below the root of the site."""

CURRENT = f"{FOLDER}/current.json"
LICENCES = "licences"


@functools.cache
def published(machine: Path) -> Mapping[str, Path]:
    """List what belongs into the site: address below its root → file.

    Licences get an ending, so that a browser shows them. It is asked for at every request under
    ``serve``; what a machine holds never changes, since its folder is named by it.

    Args:
        machine: The folder of a machine that stands.
    """
    place = f"{FOLDER}/{machine.name}"
    texts = sorted((machine / LICENCES).iterdir())
    return {
        **{f"{place}/{name}": machine / name for name in files(machine)},
        **{f"{place}/{LICENCES}/{text.name}.txt": text for text in texts},
    }


def current(machine: Path) -> bytes:
    """Write ``machine/current.json``."""
    return f"{json.dumps({'machine': machine.name})}\n".encode()


class Shelf:
    """The machine that ``serve`` hands out, straight from where it was built.

    Attributes:
        machine: Its folder; None as long as none stands.
    """

    def __init__(self) -> None:
        self.machine: Path | None = None

    def answer(self, address: str) -> Path | bytes | None:
        """Return the file, or the text, of an address.

        Args:
            address: Below the root of the site, decoded.

        Returns:
            None if the address names nothing of the machine.
        """
        if self.machine is None:
            return None
        if address == CURRENT:
            return current(self.machine)
        return published(self.machine).get(address)
