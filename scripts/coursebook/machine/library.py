"""IPython for the machine: the wheels that ``uv.lock`` names, where no ``sys.path`` leads."""

from __future__ import annotations

import shutil
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.markers import Marker

from coursebook.machine.missing import run
from coursebook.paths import LOCK

CHECK_NETWORK = "check the network and the settings of pip; then type the command again"

ROOT = "ipython"

NOT_NEEDED = frozenset({"jedi", "parso", "psutil"})
"""What serves completion and pictures in terminals; IPython does without."""

GUEST = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "i686",
    "platform_python_implementation": "CPython",
    "python_full_version": "3.13.5",
    "python_version": "3.13",
    "sys_platform": "linux",
    "platform_system": "Linux",
}
"""The machine, as PEP 508 describes one."""

JUNK = ("tests", "sphinxext")
"""Folders of packages that no cell has a use for."""


@dataclass(frozen=True)
class Distribution:
    """One package of the lock."""

    name: str
    version: str
    hashes: tuple[str, ...]


def locked(roots: Iterable[str] = (ROOT,)) -> list[Distribution]:
    """Return some packages and what they need in the machine, out of ``uv.lock``.

    Args:
        roots: Names of packages; IPython by default.
    """
    packages: dict[str, dict[str, Any]] = {}
    for package in tomllib.loads(LOCK.read_text(encoding="utf-8"))["package"]:
        packages.setdefault(package["name"], package)
    found: dict[str, Distribution] = {}

    def need(name: str) -> None:
        if name in found or name in NOT_NEEDED:
            return
        package = packages[name]
        hashes = tuple(sorted(wheel["hash"] for wheel in package["wheels"]))
        found[name] = Distribution(name, package["version"], hashes)
        for wanted in package.get("dependencies", ()):
            if "marker" not in wanted or Marker(wanted["marker"]).evaluate(GUEST):
                need(wanted["name"])

    for root in roots:
        need(root)
    return [found[name] for name in sorted(found)]


def fetch(folder: Path) -> dict[str, bytes]:
    """Unpack the library into ``folder/library``; without the network if its wheels are there.

    Returns:
        The licence of each package, by its name.

    Raises:
        CannotBuildError: A wheel cannot be had.
    """
    wheels = folder / "wheels"
    wanted = "".join(
        f"{one.name}=={one.version} {' '.join(f'--hash={each}' for each in one.hashes)}\n"
        for one in locked()
    )
    stamp = folder / "wanted.txt"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        asked = folder / "asked.txt"
        asked.write_text(wanted, encoding="utf-8")
        run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"),
                *("--python-version", GUEST["python_version"], "--platform", "any"),
                *("--dest", wheels, "--requirement", asked),
            ],
            "IPython for the machine could not be fetched",
            CHECK_NETWORK,
        )
        for wheel in sorted(wheels.iterdir()):
            _unpack(wheel, folder / "library")
        asked.rename(stamp)
    return licences(wheels)


def licences(wheels: Path) -> dict[str, bytes]:
    """Return the licence of each package whose wheel is in a folder, by its name."""
    return {_name(wheel): b"\n\n".join(_licences(wheel)) for wheel in sorted(wheels.iterdir())}


def _unpack(wheel: Path, folder: Path) -> None:
    """Unpack the modules alone: metadata would make `pip list` of a cell name them."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            parts = name.split("/")
            if parts[0].endswith((".dist-info", ".data")) or any(one in JUNK for one in parts[1:]):
                continue
            archive.extract(name, folder)


def _name(wheel: Path) -> str:
    return wheel.name.partition("-")[0].replace("_", "-").lower()


def _licences(wheel: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            file = name.rpartition("/")[2].upper()
            if ".dist-info/" in name and file.startswith(("LICEN", "COPYING", "AUTHORS", "NOTICE")):
                yield archive.read(name)
