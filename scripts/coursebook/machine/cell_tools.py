"""Tools of cells for the machine: the wheels that ``uv.lock`` names, as far as 32 bits have them.

``pyproject.toml`` lists them under ``tool.coursebook``. They stand where the build's room has them,
``/opt/tools/<name>``, and every chapter finds them. What would replace a command of the machine is
left to the build.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path

from coursebook.course.tool_groups import TOOL
from coursebook.execute import tools
from coursebook.machine import library
from coursebook.machine.library import CHECK_NETWORK, Distribution
from coursebook.machine.missing import run
from coursebook.paths import PROJECT

PLATFORMS = tuple(
    f"manylinux{version}_i686" for version in ("_2_28", "_2_17", "2014", "_2_12", "_2_5", "1")
)
"""What runs with the glibc of the machine: PEP 600, and the names from before."""

DIRECT = "direct.txt"
"""Beside the wheels of a tool: the packages whose commands go on the PATH."""


def names() -> list[str]:
    """Name the tools that the machine has."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    found: list[str] = project["tool"]["coursebook"]["tab-tools"]
    return sorted(found)


def locked() -> dict[str, list[Distribution]]:
    """Return the packages of each tool, out of ``uv.lock``."""
    return {name: library.locked(tools.direct(TOOL + name)) for name in names()}


def fetch(folder: Path) -> dict[str, bytes]:
    """Bring the wheels of each tool into ``folder/<name>``; without the network if they are there.

    Returns:
        The licence of each package, by its name.

    Raises:
        CannotBuildError: A wheel cannot be had.
    """
    found: dict[str, bytes] = {}
    for name, packages in locked().items():
        _fetch(name, packages, folder / name)
        found |= library.licences(folder / name / "wheels")
    return found


def _fetch(name: str, packages: list[Distribution], folder: Path) -> None:
    wanted = "".join(
        f"{one.name}=={one.version} {' '.join(f'--hash={each}' for each in one.hashes)}\n"
        for one in packages
    )
    stamp = folder / "wanted.txt"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    asked = folder / "asked.txt"
    asked.write_text(wanted, encoding="utf-8")
    platforms = [word for one in PLATFORMS for word in ("--platform", one)]
    abis = [word for one in ("cp313", "abi3", "none") for word in ("--abi", one)]
    run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"),
            *("--python-version", library.GUEST["python_version"], "--implementation", "cp"),
            *platforms,
            *abis,
            *("--dest", folder / "wheels", "--requirement", asked),
        ],
        f"{name} for the machine could not be fetched",
        CHECK_NETWORK,
    )
    direct = "".join(f"{package}\n" for package in tools.direct(TOOL + name))
    (folder / DIRECT).write_text(direct, encoding="utf-8")
    asked.rename(stamp)
