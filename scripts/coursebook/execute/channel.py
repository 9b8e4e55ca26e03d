r"""A conda channel made for the course: small packages, and real Pythons.

The packages are described in ``book/_tools/<name>/channel.toml``, a table for each::

    [python."@build@"]            # the Python that runs the build; "@other@": another version
    interpreter = true
    depends = ["__glibc >=2.17"]

    [numlib."2.0.0"]
    noarch = true                 # files below site-packages/, for any Python
    depends = ["python >=3.9"]
    files."site-packages/numlib/__init__.py" = '''__version__ = "@version@"'''

    [libtoy."1.0"]
    like = "…"                    # everything that is not said anew is as in that version
    compiled."lib/libtoy.so.1" = { source = "const char *place(void) { return \"@prefix@\"; }",
                                   flags = ["-shared", "-fPIC"] }
    files."bin/toy-config" = '''#!/bin/sh
    echo @prefix@/lib'''

``@name@`` and ``@version@`` stand for what they say, and ``@prefix@`` for the folder into which a
package will be installed: it is packed as conda packs it, a long placeholder that the installer
replaces. Programs are compiled by the system's ``cc``, one after the other and in the package's own
folder, so that ``flags`` name one that was compiled before as ``lib/libtoy.so.1``. Where there is
no ``cc``, or no second Python, the packages that need it are left out, and the build says so.

The form is that of conda's ``.tar.bz2`` packages (CEP 26, and conda-build's documentation of the
package format). Every archive is the same, byte for byte, whenever it is built from the same.
"""

from __future__ import annotations

import bz2
import functools
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursebook.course.spelling import did_you_mean
from coursebook.execute import interpreters
from coursebook.execute.index import SECONDS
from coursebook.execute.toml_file import read_toml
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

PLACE = "/opt/channel"
"""Where a room has the channel."""

VARIABLE = "CHANNEL"
"""The variable by which a cell finds it."""

PLATFORM = {"x86_64": "linux-64", "aarch64": "linux-aarch64", "arm64": "osx-arm64"}
"""conda's names of platforms, by the machine's own; macOS on Intel is told apart below."""

PLACEHOLDER = "/opt/placeholder".ljust(255, "_")
"""Stands for the prefix in packages: 255 letters, as conda-build writes it."""

Progress = Callable[[str], None]


class MissingError(Exception):
    """This machine has not what a package is made of; the message says what."""


class CompileError(Exception):
    """The compiler refuses a source.

    Args:
        package: Whose it is.
        said: What the compiler said.
    """

    def __init__(self, package: Package, said: str) -> None:
        self.package, self.said = package, said
        super().__init__(said)


@dataclass(frozen=True)
class Package:
    """One version of one package, as its table tells."""

    name: str
    version: str
    depends: tuple[str, ...] = ()
    noarch: bool = False
    interpreter: bool = False
    files: Mapping[str, str] = field(default_factory=dict)
    compiled: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True)
class Member:
    """One file of a package: its bytes or the target of a link, and how its prefix is replaced."""

    data: bytes = b""
    link: str = ""
    mode: int = 0o644
    prefix: str = ""


def build(tree: Tree, tool: str, progress: Progress = lambda message: None) -> Path | None:
    """Return the channel that a tool brings, made if need be; None if it brings none.

    Raises:
        CourseError: The description is wrong, or a source in it.
    """
    source = tree.tools / tool / "channel.toml"
    if not source.is_file():
        return None
    data = source.read_bytes()
    folder = tree.cells / f"channel-{state(data)[:16]}"
    if not folder.is_dir():
        packages = read_packages(data, tree.relative(source))
        progress("making the conda channel of the cells")
        making = tree.cells / f".{folder.name}.{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        try:
            write_channel(packages, making, progress)
        except CompileError as error:
            shutil.rmtree(making, ignore_errors=True)
            said = "".join(f"\n    | {line}" for line in error.said.splitlines()[:8])
            message = f"{error.package.name} {error.package.version} cannot be compiled"
            problem = _wrong(tree.relative(source), error.package.line, message, f"cc says:{said}")
            raise CourseError([problem]) from None
        try:
            making.rename(folder)
        except OSError:
            shutil.rmtree(making, ignore_errors=True)
            if not folder.is_dir():  # or another process was faster
                raise
    os.utime(folder)
    return folder


def state(data: bytes) -> str:
    """Return a hash of a description, and of all else that decides what comes of it."""
    known = "\0".join(str(one) for one in interpreters.both())
    compiler = str(shutil.which("cc") is not None)
    return hashlib.sha256(_own_code() + data + known.encode() + compiler.encode()).hexdigest()


@functools.cache
def _own_code() -> bytes:
    return Path(__file__).read_bytes() + Path(interpreters.__file__).read_bytes()


def read_packages(data: bytes, path: str) -> list[Package]:
    """Read the description of all packages.

    Args:
        data: The file.
        path: Its name in problems.

    Raises:
        CourseError: What is wrong.
    """
    text, tables = read_toml(data, path, "bad-channel")
    problems: list[Problem] = []
    packages: list[Package] = []
    lines = text.splitlines()
    for name, versions in tables.items():
        if not isinstance(versions, dict) or not all(map(_is_table, versions.values())):
            line = _line_of(lines, name)
            hint = f'write `[{name}."1.0"]` and the keys of the package below it'
            problems.append(_wrong(path, line, f"`{name}` is not a table of versions", hint))
            continue
        for version, table in versions.items():
            line = _line_of(lines, f'[{name}."{version}"')
            told = _mistake(name, version, table, versions)
            if told:
                problems.append(_wrong(path, line, *told))
                continue
            whole = {**versions.get(table.get("like", ""), {}), **table}
            whole.pop("like", None)
            whole["depends"] = tuple(whole.get("depends", ()))
            packages.append(Package(name, version, **whole, line=line))
    if problems:
        raise CourseError(problems)
    return packages


KINDS: Mapping[str, tuple[type, str]] = {
    "like": (str, "a text"),
    "depends": (list, "a list"),
    "noarch": (bool, "true or false"),
    "interpreter": (bool, "true or false"),
    "files": (dict, "a table"),
    "compiled": (dict, "a table"),
}
"""What may be said of a package, and of which kind it is."""


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _line_of(lines: list[str], start: str) -> int:
    return next((n for n, line in enumerate(lines, 1) if line.startswith(start)), 0)


def _mistake(
    name: str, version: str, table: Mapping[str, Any], versions: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Return what is wrong with a package and what to do, if anything."""
    for key, value in table.items():
        if key not in KINDS:
            return f"a package has no key `{key}`", did_you_mean(key, KINDS)
        if not isinstance(value, KINDS[key][0]):
            return f"`{key}` is {KINDS[key][1]}", ""
    like = table.get("like", "")
    if like and (like not in versions or versions[like].get("like")):
        message = f"{name} {version} is like {like}, which is not there or like another one itself"
        return message, "name a version of the package that says all itself"
    for place, told in table.get("compiled", {}).items():
        if not isinstance(told, dict) or not isinstance(told.get("source"), str):
            return f"`{place}` has no source", "write `source = '…'` in C, and `flags = […]`"
    return None


def _wrong(path: str, line: int, message: str, hint: str = "") -> Problem:
    return Problem(path, line, "bad-channel", message, hint)


def platform() -> str:
    """Return conda's name for this machine."""
    machine = os.uname().machine
    if sys.platform == "darwin" and machine == "x86_64":
        return "osx-64"
    return PLATFORM.get(machine, "linux-64")


def write_channel(packages: list[Package], folder: Path, progress: Progress) -> None:
    """Write archives and ``repodata.json`` for some packages into a new folder."""
    records: dict[str, dict[str, Any]] = {platform(): {}, "noarch": {}}
    for package in packages:
        place = "noarch" if package.noarch else platform()
        (folder / place).mkdir(parents=True, exist_ok=True)
        try:
            version, members = contents(package)
        except MissingError as error:
            progress(f"warning: the channel has no {package.name} {package.version}: {error}")
            continue
        file, record = write_package(package, version, place, members, folder)
        records[place][file] = record
    for place, found in records.items():
        told = {"info": {"subdir": place}, "packages": found, "packages.conda": {}}
        (folder / place).mkdir(exist_ok=True)
        text = json.dumps({**told, "repodata_version": 1}, indent=1, sort_keys=True)
        (folder / place / "repodata.json").write_text(text + "\n", encoding="utf-8")


def contents(package: Package) -> tuple[str, dict[str, Member]]:
    """Return the version of a package, which an interpreter tells itself, and its files.

    Raises:
        MissingError: This machine has no compiler, or no such interpreter.
    """
    version = package.version
    members: dict[str, Member] = {}
    if package.interpreter:
        found = interpreters.named(version)
        if found is None:
            raise MissingError("this machine has no second Python")
        version = found.version
        members |= {
            path: Member(data, link, mode, prefix)
            for path, (data, link, mode, prefix) in interpreters.files(found, PLACEHOLDER).items()
        }
    words = {"@name@": package.name, "@version@": version}
    for path, text in package.files.items():
        told = _filled(text, words)
        mode = 0o755 if told.startswith("#!") or path.startswith("bin/") else 0o644
        prefix = "text" if PLACEHOLDER in told else ""
        members[_filled(path, words)] = Member(told.encode(), "", mode, prefix)
    if package.compiled:
        members |= dict(_compiled(package, words))
    return version, members


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, reads in {**words, "@prefix@": PLACEHOLDER}.items():
        text = text.replace(word, reads)
    return text


def _compiled(package: Package, words: Mapping[str, str]) -> Iterator[tuple[str, Member]]:
    """Compile what a package has in C, each program seeing those that were compiled before."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise MissingError("there is no C compiler; install gcc or clang")
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        for path, told in package.compiled.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / "source.c").write_text(_filled(told["source"], words), encoding="utf-8")
            done = subprocess.run(
                # In that folder and by relative names: no path of this machine gets in.
                [compiler, "-O1", "-g0", "source.c", "-o", path, *told.get("flags", ())],
                cwd=root,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise CompileError(package, done.stderr)
            data = (root / path).read_bytes()
            yield path, Member(data, "", 0o755, "binary" if PLACEHOLDER.encode() in data else "")


def write_package(
    package: Package, version: str, place: str, members: Mapping[str, Member], folder: Path
) -> tuple[str, dict[str, Any]]:
    """Write one archive; return its name and its record for ``repodata.json``."""
    index = {
        "name": package.name,
        "version": version,
        "build": "0",
        "build_number": 0,
        "depends": list(package.depends),
        "subdir": place,
        "license": "PSF-2.0" if package.interpreter else "MIT",
        "timestamp": SECONDS * 1000,
    }
    if package.noarch:
        index["noarch"] = "python"
    paths = [_path_record(path, members[path]) for path in sorted(members)]
    info: dict[str, Any] = {
        "info/index.json": index,
        "info/paths.json": {"paths": paths, "paths_version": 1},
    }
    if package.noarch:
        info["info/link.json"] = {
            "noarch": {"type": "python"},
            "package_metadata_version": 1,
        }
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, told in info.items():
            _add(archive, path, Member(json.dumps(told, sort_keys=True).encode()))
        listed = "".join(f"{path}\n" for path in sorted(members))
        _add(archive, "info/files", Member(listed.encode()))
        for path in sorted(members):
            _add(archive, path, members[path])
    packed = bz2.compress(raw.getvalue(), compresslevel=1)
    file = f"{package.name}-{version}-0.tar.bz2"
    (folder / place / file).write_bytes(packed)
    hashes = {
        "md5": hashlib.md5(packed, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(packed).hexdigest(),
    }
    return file, {**index, **hashes, "size": len(packed)}


def _path_record(path: str, member: Member) -> dict[str, Any]:
    record: dict[str, Any] = {
        "_path": path,
        "path_type": "softlink" if member.link else "hardlink",
        "sha256": hashlib.sha256(member.data).hexdigest(),
        "size_in_bytes": len(member.data),
    }
    if member.prefix:
        record |= {"prefix_placeholder": PLACEHOLDER, "file_mode": member.prefix}
    return record


def _add(archive: tarfile.TarFile, path: str, member: Member) -> None:
    entry = tarfile.TarInfo(path)
    entry.mtime, entry.mode = SECONDS, member.mode
    if member.link:
        entry.type, entry.linkname = tarfile.SYMTYPE, member.link
        archive.addfile(entry)
        return
    entry.size = len(member.data)
    archive.addfile(entry, io.BytesIO(member.data))
