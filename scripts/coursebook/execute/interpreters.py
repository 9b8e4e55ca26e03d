"""The Pythons of the building machine, as the files of a package that can live in any folder.

One is the Python that runs the build. The other is of another version: the operating system's
own, or else one that uv knows of, on the PATH or installed by it. Both are real: a conda
environment made of them has an interpreter and a standard library of its own.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coursebook.execute import plan
from coursebook.paths import CELL_TOOLS

SYSTEM = Path("/usr/bin/python3")

FETCHED = CELL_TOOLS / "pythons"
"""Where a second Python is put that had to be fetched."""

WISHED = "3.12"
"""Its version."""

LEFT_OUT = frozenset(
    "test tests idlelib lib2to3 turtledemo tkinter ensurepip __pycache__ dist-packages "
    "site-packages pydoc_data unittest EXTERNALLY-MANAGED sitecustomize.py".split()
)
"""What no cell needs, or what belongs to where an interpreter was installed."""

ASK = """
import os, platform, sys, sysconfig
if sys.version_info >= (3, 11):
    program = os.path.realpath(sys.executable)
    print(program, sysconfig.get_path("stdlib"), sep="\\n")
    print(platform.python_version(), sys.base_prefix, sep="\\n")
"""

OWN_PACKAGES = """\
# Debian's Python looks for packages in dist-packages; in an environment they are in site-packages.
import os
import sys

sys.path[:] = [path for path in sys.path if not path.endswith("dist-packages")]
if sys.prefix == sys.base_prefix:
    version = "python%d.%d" % sys.version_info[:2]
    sys.path.append(os.path.join(sys.prefix, "lib", version, "site-packages"))
"""

File = tuple[bytes, str, int, str]
"""Bytes, target of a link, mode, and how the prefix is replaced in it: text, binary or not."""


@dataclass(frozen=True)
class Found:
    """An interpreter of this machine.

    Attributes:
        program: The real file.
        library: Its standard library.
        version: All three numbers.
        prefix: Its installation.
    """

    program: Path
    library: Path
    version: str
    prefix: Path

    @property
    def short(self) -> str:
        """``python3.13``."""
        return "python" + ".".join(self.version.split(".")[:2])


@functools.cache
def both() -> tuple[Found | None, Found | None]:
    """Return the build's interpreter, and one of another version, if there is one."""
    build = ask(plan.interpreter().program)
    for program in [SYSTEM, *sorted(FETCHED.glob("cpython-*/bin/python3.??")), *_known_to_uv()]:
        other = ask(program)
        if build and other and other.short != build.short:
            return build, other
    return build, None


def fetch_other(progress: Callable[[str], None]) -> None:
    """Ask uv for a second Python where this machine has none, and go on without if it has none.

    Every process finds it where it is put, so it is fetched before anybody's outputs are named.
    """
    if both()[1] is not None or FETCHED.is_dir():
        return
    progress("fetching a second Python for cells that show two (once)")
    done = subprocess.run(
        [*(plan.uv_program(), "python", "install", "--no-bin", "--install-dir", FETCHED), WISHED],
        capture_output=True,
        text=True,
        check=False,
    )
    # Also where it failed: it is tried once, until `clean --cells` forgets it.
    FETCHED.mkdir(parents=True, exist_ok=True)
    if done.returncode:
        progress("warning: there is no second Python here, and uv could not fetch one")
    both.cache_clear()


def named(word: str) -> Found | None:
    """Return the interpreter that ``@build@`` or ``@other@`` means."""
    build, other = both()
    return build if word == "@build@" else other


def ask(program: Path) -> Found | None:
    """Ask an interpreter who it is; None if it does not answer, or is older than courses need."""
    try:
        done = subprocess.run(
            [program, "-I", "-c", ASK], capture_output=True, text=True, check=False, env={}
        )
    except OSError:
        return None
    told = done.stdout.splitlines()
    return Found(Path(told[0]), Path(told[1]), told[2], Path(told[3])) if len(told) == 4 else None


def _known_to_uv() -> Iterator[Path]:
    """Yield other interpreters of this machine, the newest first; nothing is asked in vain."""
    done = subprocess.run(
        [*(plan.uv_program(), "python", "list", "--only-installed"), "--output-format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    for one in json.loads(done.stdout or "[]"):
        if one["implementation"] == "cpython" and one["variant"] == "default":
            yield Path(one["path"])


def files(found: Found, placeholder: str) -> dict[str, File]:
    """Return everything of an interpreter that goes into a package, by its place in there.

    Args:
        found: The interpreter.
        placeholder: What stands in texts for the folder of the environment.
    """
    name = found.short
    members: dict[str, File] = {
        f"bin/{name}": (_at_home(found.program.read_bytes(), found), "", 0o755, ""),
        "bin/python3": (b"", name, 0o777, ""),
        "bin/python": (b"", name, 0o777, ""),
        f"lib/{name}/site-packages/README.txt": (b"Packages go here.\n", "", 0o644, ""),
    }
    for shared in sorted((found.prefix / "lib").glob(f"lib{name}*.so.*")):
        if found.prefix != Path("/usr"):
            members[f"lib/{shared.name}"] = (shared.read_bytes(), "", 0o755, "")
    told = str(found.prefix)
    for path in _walk(found.library):
        place = f"lib/{name}/{path.relative_to(found.library).as_posix()}"
        data, prefix = path.read_bytes(), ""
        if path.name.startswith("_sysconfig") and told != "/usr":
            data = data.replace(told.encode(), placeholder.encode())
            prefix = "text" if placeholder.encode() in data else ""
        members[place] = (data, "", 0o755 if path.suffix == ".so" else 0o644, prefix)
    if told == "/usr":
        members[f"lib/{name}/sitecustomize.py"] = (OWN_PACKAGES.encode(), "", 0o644, "")
    return members


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            one for one in folders if one not in LEFT_OUT and not one.startswith("config-")
        )
        for name in sorted(names):
            path = Path(place, name)
            if name not in LEFT_OUT and path.is_file() and not name.startswith("build-details"):
                yield path


def _at_home(program: bytes, found: Found) -> bytes:
    """Let a program look for its shared library beside itself.

    Where it looks is a text in the file. It is replaced by a shorter one and zeros, as conda
    replaces a prefix in a program.
    """
    before = f"{found.prefix}/lib".encode() + b"\0"
    after = b"$ORIGIN/../lib\0"
    if len(after) > len(before):
        return program
    return program.replace(before, after.ljust(len(before), b"\0"))
