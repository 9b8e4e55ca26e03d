"""A page of jupyterlite-sphinx with a console that runs one cell, all from its own origin."""

from __future__ import annotations

import email
import hashlib
import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from coursebook.bench.rivals.parts import PYODIDE_FILES, PYTHON_OF_PYODIDE, run

PAGE = "index.html"

SOURCE = """\
A page
======

.. replite::
   :kernel: python
   :height: 400px
   :prompt: Run

   import time; print(time.time_ns())
"""

IN_PYODIDE = {
    "python_version": PYTHON_OF_PYODIDE,
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "os_name": "posix",
    "extra": "",
}
"""What markers of requirements ask for."""


def write(pyodide: Path, wheels: Sequence[Path], programs: Path, work: Path, folder: Path) -> None:
    """Build the site.

    Args:
        pyodide: Folder of the npm package.
        wheels: What its kernel installs in the tab.
        programs: Those of the environment with Sphinx.
        work: An empty folder to work in.
        folder: Where the site goes.
    """
    lite = work / "lite" / "static" / "pyodide"
    lite.mkdir(parents=True)
    for name in PYODIDE_FILES:
        shutil.copy(pyodide / name, lite)
    for wheel in wheels:
        shutil.copy(wheel, lite)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = locked(wheels)
    (lite / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    source = work / "source"
    source.mkdir()
    (source / "index.rst").write_text(SOURCE, encoding="utf-8")
    run(
        [
            *(programs / "sphinx-build", "-q", "-C", "-D", "project=Lite"),
            *("-D", "extensions=jupyterlite_sphinx", "-D", f"jupyterlite_dir={work / 'lite'}"),
            *(source, folder),
        ],
        work,
    )


def locked(wheels: Sequence[Path]) -> dict[str, Any]:
    """Describe wheels as Pyodide's lock does; a requirement that is not among them is left out."""
    found: dict[str, Any] = {}
    for wheel in wheels:
        name, version, _, _ = parse_wheel_filename(wheel.name)
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            [metadata] = [one for one in names if one.endswith(".dist-info/METADATA")]
            told = email.message_from_bytes(archive.read(metadata))
        wanted = [Requirement(line) for line in told.get_all("Requires-Dist", [])]
        found[name] = {
            "name": name,
            "version": str(version),
            "file_name": wheel.name,
            "install_dir": "site",
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
            "package_type": "package",
            "imports": imports(names),
            "depends": [
                canonicalize_name(one.name)
                for one in wanted
                if one.marker is None or one.marker.evaluate(dict(IN_PYODIDE))
            ],
            "unvendored_tests": False,
        }
    for package in found.values():
        package["depends"] = [one for one in package["depends"] if one in found]
    return found


def imports(names: Sequence[str]) -> list[str]:
    """Name the modules at the top of a wheel."""
    folders = {name.split("/")[0] for name in names if "/" in name and name.endswith(".py")}
    modules = {name.removesuffix(".py") for name in names if "/" not in name}
    return sorted(one for one in folders | modules if "." not in one)
