"""What a room is made of: a list of everything that exists in it, and of nothing else."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

INSIDE = Path(__file__).resolve().parent / "inside"
"""The programs that run in the room."""

USER, HOST, HOME, LEARNER = "learner", "room", "/home/learner", 1000
MACHINERY = "/run/cells"
"""Where the room keeps our programs; no cell has a reason to look there."""

LIMITS = {
    "home_bytes": 512 << 20,
    "tmp_bytes": 256 << 20,
    "memory_bytes": 8 << 30,
    "processes": 1024,
}
"""What the cells of one chapter can take. Memory counts address space, of which uv maps much."""

ENVIRONMENT: Mapping[str, str] = {
    "HOME": HOME,
    "USER": USER,
    "LOGNAME": USER,
    "SHELL": "/bin/bash",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
    "TZ": "UTC",
    "NO_COLOR": "1",
    "PIP_INDEX_URL": f"file://{HOME}/index/simple",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_PROGRESS_BAR": "off",
    "UV_DEFAULT_INDEX": f"file://{HOME}/index/simple",
    "UV_OFFLINE": "1",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}
"""All variables that a cell finds; nothing of the builder's own comes in."""

ETC: Mapping[str, str] = {
    "passwd": f"root:x:0:0:root:/root:/bin/bash\n{USER}:x:{LEARNER}:{LEARNER}::{HOME}:/bin/bash\n"
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "group": f"root:x:0:\n{USER}:x:{LEARNER}:\nnogroup:x:65534:\n",
    "hosts": f"127.0.0.1 localhost {HOST}\n::1 localhost\n",
    "hostname": f"{HOST}\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "resolv.conf": "",
}


DEBIAN_PACKAGES = Path("/usr/lib/python3/dist-packages")
"""Where Debian keeps the packages of its Python; they are the host's, and stay out."""

PIP = """#!{python}
import sys
from pip._internal.cli.main import main
sys.exit(main())
"""
"""The command pip, as an installer would write it."""


@dataclass(frozen=True)
class Interpreter:
    """The Python that a room offers: the one that runs us, without its environment.

    Attributes:
        program: The real file.
        prefix: Its installation.
        version: ``3.13``.
        system: Whether it is the operating system's own; it then stays where it is.
    """

    program: Path
    prefix: Path
    version: str
    system: bool

    @property
    def library(self) -> Path:
        """Its standard library."""
        return Path(sysconfig.get_path("stdlib", vars={"installed_base": str(self.prefix)}))

    @property
    def command(self) -> str:
        """How a room finds it."""
        return "/usr/bin/python3" if self.system else "/usr/local/bin/python3"


@dataclass(frozen=True)
class Equipment:
    """What the tools of a chapter add to its room.

    Attributes:
        binds: Folders of the building machine, each with its place in the room.
        links: Commands of ``/usr/local/bin`` with what they lead to.
        files: Programs of ``/usr/local/bin`` with their text.
        environment: Variables that a cell finds besides the usual ones.
    """

    binds: tuple[tuple[str, str], ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


NO_EQUIPMENT = Equipment()


def interpreter() -> Interpreter:
    """Return the interpreter that runs us, seen without its virtual environment."""
    prefix = Path(sys.base_prefix).resolve()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    # sys._base_executable may be a link; the room needs the file and makes the links itself.
    program = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    return Interpreter(program, prefix, version, prefix == Path("/usr"))


def uv_program() -> Path:
    """Return uv of the locked environment."""
    beside = Path(sys.executable).parent / "uv"
    if beside.exists():
        return beside.resolve()
    found = shutil.which("uv")
    if found is None:
        raise FileNotFoundError("uv is not in the environment that runs the engine")
    return Path(found).resolve()


def engine_library() -> Path:
    """Return the folder that holds IPython and what it needs."""
    import IPython

    return Path(IPython.__file__).resolve().parent.parent


def own_pip(python: Interpreter) -> list[Path]:
    """Return the pip that an interpreter brings along: its package and its metadata."""
    place = python.library / "site-packages"
    found = [place / "pip", *sorted(place.glob("pip-*.dist-info"))]
    return found if len(found) == 2 and found[0].is_dir() else []


def stage(folder: Path) -> Path:
    """Prepare what the room sees in place of the interpreter's own files.

    Its ``site-packages`` is replaced by one that holds pip alone: its own, or else the one that
    ``ensurepip`` would install. Files that tell where it was built are rewritten to tell
    ``/usr/local``.

    Args:
        folder: Where to keep the result; it is used again by later runs.

    Returns:
        The folder of this interpreter.
    """
    python = interpreter()
    identity = f"3 {python} {sys.version} {own_pip(python)}"
    ready = folder / f"python-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"
    _compile_library()
    if ready.exists():
        return ready
    making = folder / f".{ready.name}.{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    packages = making / "site-packages"
    packages.mkdir(parents=True)
    for path in own_pip(python):
        (packages / path.name).mkdir()  # a place to mount it on
    if not own_pip(python):
        bundled = [python.library / "ensurepip/_bundled"]
        # Distributions may keep the wheels elsewhere: CPython's configure, --with-wheel-pkg-dir.
        elsewhere = sysconfig.get_config_var("WHEEL_PKG_DIR")
        bundled += [Path(elsewhere)] if elsewhere else []
        for wheel in sorted(found for folder in bundled for found in folder.glob("pip-*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(packages)
        _compile(packages)
    told = making / "told"
    told.mkdir()
    for pattern in ("_sysconfigdata_*.py", "_sysconfig_vars_*.json", "build-details.json"):
        for source in python.library.glob(pattern):
            text = source.read_text(encoding="utf-8")
            here = told / source.name
            here.write_text(text.replace(str(python.prefix), "/usr/local"), encoding="utf-8")
    try:
        making.rename(ready)
    except OSError:
        # Another process was faster.
        shutil.rmtree(making, ignore_errors=True)
        if not ready.exists():
            raise
    return ready


def _compile_library() -> None:
    """Compile IPython where it is installed, once: no room can keep what it compiles."""
    library = engine_library()
    names = ("IPython", "traitlets", "pygments", "prompt_toolkit", "jedi", "parso")
    shell = library / "IPython/core/interactiveshell.py"
    if not Path(importlib.util.cache_from_source(str(shell))).exists():
        _compile(*(library / name for name in names))


def _compile(*folders: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", *map(str, folders)],
        check=False,  # a file that does not compile is no fault of ours, and does no harm
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def commands(
    mark: str, post: str, library: str, programs: Path | str, python: str
) -> dict[str, Any]:
    """Return how each interpreter is started: its program, then all its arguments."""
    loop = (INSIDE / "bash_cells.bash").read_text(encoding="utf-8")
    loop = loop.replace("@MARK@", mark).replace("@POST@", post)
    return {
        # An interactive shell, so that messages read as in a terminal and aliases work.
        "bash": ["/bin/bash", "bash", "--noprofile", "--norc", "-i", "-c", loop],
        "python": [python, "python3", f"{programs}/python_cells.py", mark, post, library],
    }


def walled(
    root: Path,
    post: Path,
    staged: Path,
    index: Path | None,
    topic: str,
    mark: str,
    equipment: Equipment = NO_EQUIPMENT,
) -> dict[str, Any]:
    """Plan a room with walls.

    Args:
        root: An empty folder, on which the room is mounted.
        post: The folder through which cells are handed in.
        staged: What ``stage`` returned.
        index: The toy index to copy into the learner's home.
        topic: Name of the chapter and of its work folder.
        mark: A word that no output contains.
        equipment: What the chapter's tools add.
    """
    python = interpreter()
    binds = [(str(uv_program()), "bin/uv")]
    shown: list[tuple[str, str]] = []
    # Chapters name /usr/local/bin/python3; a link leads from there to the system's own.
    links = {"bin/python3": str(python.program), "bin/python": "python3"}
    if not python.system:
        name, library = f"python{python.version}", f"lib/python{python.version}"
        binds += [(str(python.program), f"bin/{name}"), (str(python.library), library)]
        binds += [
            (str(found), f"lib/{found.name}")
            for found in sorted((python.prefix / "lib").glob("libpython*.so*"))
        ]
        if (python.prefix / "include" / name).is_dir():
            binds.append((str(python.prefix / "include" / name), f"include/{name}"))
        packages = f"{library}/site-packages"
        binds.append((str(staged / "site-packages"), packages))
        binds += [(str(one), f"{packages}/{one.name}") for one in own_pip(python)]
        binds += [
            (str(one), f"{library}/{one.name}") for one in sorted((staged / "told").iterdir())
        ]
        links["bin/python3"] = name
    elif DEBIAN_PACKAGES.is_dir():
        shown.append((str(staged / "site-packages"), str(DEBIAN_PACKAGES)))
    program = python.command if python.system else f"/usr/local/bin/python{python.version}"
    script = PIP.format(python=program)
    files = {f"bin/{pip}": script for pip in ("pip", "pip3", f"pip{python.version}")}
    for tool in [name for name in equipment.links if f"bin/{name}" in files]:
        del files[f"bin/{tool}"]
    files |= {f"bin/{program}": text for program, text in equipment.files.items()}
    links |= {f"bin/{command}": target for command, target in equipment.links.items()}
    return {
        "walls": True,
        "input": False,
        "root": str(root),
        "hostname": HOST,
        "learner": LEARNER,
        "home": HOME,
        "folder": f"{HOME}/{topic}",
        "etc": dict(ETC),
        "environment": {**ENVIRONMENT, **equipment.environment},
        "limits": LIMITS,
        "python": {"shared_library": not python.system and _has_shared_library(python)},
        "local_binds": binds,
        "local_files": files,
        "local_links": links,
        "binds": [
            (str(INSIDE), f"{MACHINERY}/programs"),
            (str(engine_library()), f"{MACHINERY}/library"),
            (str(post), f"{MACHINERY}/post"),
            *shown,
            *equipment.binds,
        ],
        "index": str(index) if index else None,
        "commands": commands(
            mark,
            f"{MACHINERY}/post",
            f"{MACHINERY}/library",
            f"{MACHINERY}/programs",
            python.command,
        ),
    }


def open_air(
    root: Path,
    post: Path,
    index: Path | None,
    topic: str,
    mark: str,
    equipment: Equipment = NO_EQUIPMENT,
) -> dict[str, Any]:
    """Plan a room without walls: the same commands in a temporary folder.

    The interpreter is then the builder's own, with whatever he has installed into it.
    """
    python = interpreter()
    programs = root / "usr/local/bin"
    programs.mkdir(parents=True)
    (root / "home").mkdir()
    (root / "tmp").mkdir()
    (programs / "python3").symlink_to(python.program)
    (programs / "python").symlink_to("python3")
    (programs / "uv").symlink_to(uv_program())
    for host, place in equipment.binds:
        (root / place.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (root / place.lstrip("/")).symlink_to(host)
    for command, target in equipment.links.items():
        (programs / command).symlink_to(f"{root}{target}")
    for program, text in equipment.files.items():
        (programs / program).write_text(text.replace("/opt/", f"{root}/opt/"), encoding="utf-8")
        (programs / program).chmod(0o755)
    home = f"{root}{HOME}"
    environment = {name: text.replace(HOME, home) for name, text in ENVIRONMENT.items()}
    environment |= {name: f"{root}{text}" for name, text in equipment.environment.items()}
    environment |= {"PATH": f"{programs}:/usr/bin:/bin", "TMPDIR": f"{root}/tmp"}
    return {
        "walls": False,
        "input": False,
        "learner": LEARNER,
        "home": home,
        "folder": f"{home}/{topic}",
        "environment": environment,
        "index": str(index) if index else None,
        "commands": commands(
            mark, str(post), str(engine_library()), INSIDE, str(programs / "python3")
        ),
    }


def _has_shared_library(python: Interpreter) -> bool:
    return any((python.prefix / "lib").glob("libpython*.so*"))


def with_input(planned: dict[str, Any]) -> dict[str, Any]:
    """Turn the plan of a room of the build into one whose cells a reader runs and talks to."""
    commands = dict(planned["commands"])
    commands["python"] = [*commands["python"], "told-apart"]
    return planned | {"input": True, "commands": commands}
