"""Tools of cells: each in a locked environment of its own, as ``pipx`` and ``uv tool`` keep them.

A chapter with ``tools: [ruff]`` finds ``ruff`` on its PATH. What is installed is the group
``tool-ruff`` of ``pyproject.toml``, as ``uv.lock`` has it::

    _build/tools/ruff-1a2b3c4d5e6f7a8b/    on the building machine, made once
    /opt/tools/ruff/                       in the room, read-only
    /usr/local/bin/ruff                    in the room: a link to /opt/tools/ruff/bin/ruff

A tool that is a library has no command: ``/opt/tools/numpy/bin/python`` imports it. The build's
own environment is never seen by a cell, and no tool sees another one.

The book may add to a tool, in ``book/_tools/<name>/``: programs in ``bin/`` go to
``/usr/local/bin`` as well, and ``channel.toml`` describes conda packages; see ``channel``.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path

from coursebook.course.tool_groups import FULL, TOOL, groups, names, read_tools
from coursebook.execute import channel, plan
from coursebook.paths import CELL_TOOLS, LOCK, PROJECT, Tree
from coursebook.problems import Problem

PLACE = "/opt/tools"
"""Where a room has its tools."""

KEEP_SECONDS = 30 * 24 * 3600
"""How long an environment stays that nobody asks for."""

SEPARATOR = re.compile(r"[-_.]+")

Progress = Callable[[str], None]


class NotInstalledError(Exception):
    """A tool could not be installed; the message is what uv said."""


def group_of(name: str) -> str:
    """Return the whole name of the group that a tool is."""
    return TOOL + name if TOOL + name in groups() else FULL + name


def digest(tree: Tree, name: str) -> str:
    """Return a hash of everything that a tool brings into a room; nothing is installed for that.

    Args:
        tree: The book, which may add to the tool.
        name: The tool.
    """
    told = hashlib.sha256(locked(group_of(name)).encode())
    if has_channel(tree, name):
        told.update(channel.state(b"").encode())
    for path, data in additions(tree, name):
        told.update(f"{path}\0".encode() + hashlib.sha256(data).digest())
    return told.hexdigest()


def has_channel(tree: Tree, name: str) -> bool:
    """Tell whether the book brings conda packages with a tool."""
    return (tree.tools / name / "channel.toml").is_file()


def additions(tree: Tree, name: str) -> list[tuple[str, bytes]]:
    """Return what the book adds to a tool: each file with its place below the tool's folder."""
    folder = tree.tools / name
    return [
        (path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def versions(name: str) -> dict[str, str]:
    """Return the version of each package that a tool's group names, to be told to readers."""
    found = dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", locked(group_of(name))))
    return {package: found[package] for package in direct(group_of(name)) if package in found}


def direct(group: str) -> list[str]:
    """Name the packages of a group as indexes do (PEP 503), without those that they need."""
    return [
        SEPARATOR.sub("-", re.split(r"[\s\[<>=!~;]", requirement)[0]).lower()
        for requirement in groups()[group]
    ]


@functools.cache
def locked(group: str) -> str:
    """Return what the lock says of a group: every package with version and hashes.

    Asking uv takes 40 ms, so the answer is kept beside the environments.
    """
    state = hashlib.sha256(PROJECT.read_bytes() + b"\0" + LOCK.read_bytes()).hexdigest()
    kept = CELL_TOOLS / "locked" / state[:16] / f"{group}.txt"
    if not kept.exists():
        text = _uv("export", "--only-group", group, "--no-header", "--no-annotate")
        kept.parent.mkdir(parents=True, exist_ok=True)
        making = kept.with_name(f".{kept.name}.{os.getpid()}")
        making.write_text(text, encoding="utf-8")
        making.replace(kept)
    return kept.read_text(encoding="utf-8")


def equip(
    tree: Tree, wanted: Iterable[str], *, walls: bool, progress: Progress = lambda message: None
) -> plan.Equipment:
    """Return what tools add to a room; those that are not installed yet are.

    Args:
        tree: The book.
        wanted: The tools.
        walls: Whether the room has walls.
        progress: Is told what is installed.

    Raises:
        NotInstalledError: One could not be installed.
        CourseError: The description of a channel is wrong.
    """
    binds: list[tuple[str, str]] = []
    links: dict[str, str] = {}
    files: dict[str, str] = {}
    environment: dict[str, str] = {}
    for name in wanted:
        folder = install(name, walls=walls, progress=progress)
        place = f"{PLACE}/{name}"
        binds.append((str(folder), place))
        links |= {program: f"{place}/bin/{program}" for program in _programs(folder)}
        for path, data in additions(tree, name):
            if path.startswith("bin/"):
                files[path.removeprefix("bin/")] = data.decode()
        made = channel.build(tree, name, progress)
        if made:
            binds.append((str(made), channel.PLACE))
            environment[channel.VARIABLE] = channel.PLACE
    return plan.Equipment(tuple(binds), links, files, environment)


def of_chapter(tree: Tree, chapter: str, *, walls: bool) -> tuple[str, ...]:
    """Name the tools that a reader's room of a chapter has, as far as they can be had.

    Args:
        tree: The book.
        chapter: The chapter as pages name it: below ``book/``, without the ending.
        walls: Whether the room has walls.
    """
    file = (tree.book / f"{chapter}.md").resolve()
    if not file.is_relative_to(tree.book.resolve()) or not file.is_file():
        return ()
    text = file.read_text(encoding="utf-8", errors="replace")
    marked = set(re.findall(r"(?m)^:?stored:[ \t]*([\w-]+)[ \t]*$", text))
    full = [name for name in sorted(marked & set(names(FULL))) if installed(name, walls=walls)]
    return (*read_tools(text), *full)


def installed(name: str, *, walls: bool) -> bool:
    """Tell whether a tool is installed as the lock says."""
    return _folder(name, walls).is_dir()


def install(name: str, *, walls: bool, progress: Progress = lambda message: None) -> Path:
    """Return the environment of a tool, made if need be.

    Args:
        name: The tool.
        walls: Whether it is for rooms with walls: its scripts then name the room's own paths.
        progress: Is told what is installed.

    Raises:
        NotInstalledError: uv could not install it, as a rule because there is no network.
    """
    ready = _folder(name, walls)
    if ready.is_dir():
        os.utime(ready)
        return ready
    group = group_of(name)
    told = ", ".join(f"{package} {version}" for package, version in versions(name).items())
    progress(f"installing {told} for cells (once)")
    making = CELL_TOOLS / f".{ready.name}.{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    try:
        _uv("sync", "--only-group", group, "--no-install-project", environment=making)
        _settle(making, f"{PLACE}/{name}" if walls else str(ready), walls)
        programs = _commands(making, direct(group))
        (making / "programs.json").write_text(json.dumps(programs), encoding="utf-8")
        making.rename(ready)
    except OSError:
        if not ready.is_dir():  # or another process was faster
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    _prune()
    return ready


def not_installed(wanted: Sequence[str], path: str, line: int, error: Exception) -> Problem:
    """Tell the author that the tools of a chapter cannot be had here."""
    said = "".join(f"\n    | {text}" for text in str(error).strip().splitlines()[-4:])
    message = f"what cells use cannot be installed: {', '.join(wanted)}"
    hint = "build once with a network; what is installed then stays"
    return Problem(path, line, "tool-not-installed", message, hint + said)


def _folder(name: str, walls: bool) -> Path:
    python = plan.interpreter()
    state = f"1 {walls} {python} {sys.version} {locked(group_of(name))}"
    return CELL_TOOLS / f"{name}-{hashlib.sha256(state.encode()).hexdigest()[:16]}"


def _settle(making: Path, place: str, walls: bool) -> None:
    """Let an environment live elsewhere than where it was made, and compile it for there."""
    python = plan.interpreter()
    base = python.command if walls else str(python.program)
    before, after = str(making).encode(), place.encode()
    for path in (making / "bin").iterdir():
        if path.is_symlink() or path.stat().st_size > 1_000_000:
            continue  # links are made anew below; a program that is so large is no script
        data = path.read_bytes()
        if before in data and b"\0" not in data:
            # uv may have linked the file to its cache, which must stay as it is.
            path.unlink()
            path.write_bytes(data.replace(before, after))
            path.chmod(0o755)
    for link in [path for path in (making / "bin").iterdir() if path.is_symlink()]:
        if link.readlink().is_absolute():
            link.unlink()
            link.symlink_to(base)
    settings = making / "pyvenv.cfg"
    text = settings.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^home *=.*$", f"home = {Path(base).parent}", text)
    settings.write_text(re.sub(r"(?m)^prompt *=.*\n", "", text), encoding="utf-8")
    subprocess.run(
        # A traceback names the room's path, not that of the machine where it was compiled.
        [python.program, *("-m", "compileall", "-q", "-j", "0"), "-s", making, "-p", place, making],
        check=False,  # a file that does not compile is no fault of ours, and does no harm
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _commands(folder: Path, packages: Sequence[str]) -> list[str]:
    """Name the commands that some packages of an environment bring; others' stay out of PATH."""
    site = next((folder / "lib").glob("python*/site-packages"))
    found: set[str] = set()
    for one in distributions(path=[str(site)]):
        if SEPARATOR.sub("-", one.metadata["Name"]).lower() in packages:
            found |= _commands_of(one, folder)
    return sorted(found)


def _commands_of(distribution: Distribution, folder: Path) -> set[str]:
    places = (
        Path(str(distribution.locate_file(path))).resolve() for path in distribution.files or ()
    )
    return {place.name for place in places if place.parent == (folder / "bin").resolve()}


def _programs(folder: Path) -> list[str]:
    names: list[str] = json.loads((folder / "programs.json").read_text(encoding="utf-8"))
    return names


def _uv(verb: str, *arguments: str, environment: Path | None = None) -> str:
    """Ask uv something about the locked project, and return what it prints.

    Raises:
        NotInstalledError: It could not do it.
    """
    variables = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    if environment:
        variables["UV_PROJECT_ENVIRONMENT"] = str(environment)
    done = subprocess.run(
        [
            *(plan.uv_program(), verb, "--frozen", "--no-progress"),
            *("--project", PROJECT.parent, "--python", plan.interpreter().program),
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
        env=variables,
    )
    if done.returncode:
        raise NotInstalledError(done.stderr)
    return done.stdout


def _prune() -> None:
    """Remove environments that nobody has asked for in a long time."""
    now = time.time()
    for folder in CELL_TOOLS.glob("*-????????????????"):
        if now - folder.stat().st_mtime > KEEP_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
