"""The toy package index: small packages made for the course, so that no cell needs the internet.

The packages are described in ``book/_index/packages.toml``, a table for each release::

    [numlib."1.19.0"]
    requires = ["mathcore>=0.3"]
    files."numlib/__init__.py" = '''__version__ = "@version@"'''

    [numlib."1.26.0"]
    like = "1.19.0"          # everything that is not said anew is as in that release

Keys of a release: ``like``, ``summary``, ``requires``, ``requires-python``, ``extras``,
``scripts``, ``tags`` (of wheels), ``files``, ``sdist`` (true: a source archive instead of wheels)
and ``yanked`` (the reason). In files ``@name@`` and ``@version@`` stand for what they say.

The index is a folder: ``simple/`` beside ``wheelhouse/``, PEP 503 with relative links, hashes,
``data-requires-python`` and yanking by PEP 592. Every file is the same, byte for byte, whenever
and wherever it is built.
"""

from __future__ import annotations

import base64
import difflib
import functools
import gzip
import hashlib
import html
import io
import os
import re
import shutil
import tarfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from coursebook.execute.toml_file import read_toml
from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem

DATE = (2024, 1, 1, 0, 0, 0)
"""When every file in an archive was last changed; the same instant in both forms."""
SECONDS = 1704067200


@dataclass(frozen=True)
class Packages:
    """An index that stands.

    Attributes:
        folder: Holds ``simple`` and ``wheelhouse``; None if the book has no packages.
        digest: Hash of everything in it.
    """

    folder: Path | None
    digest: str


@dataclass(frozen=True)
class Release:
    """One version of one package, as its table tells."""

    name: str
    version: str
    like: str = ""
    summary: str = "A toy package of the course."
    requires: Sequence[str] = ()
    requires_python: str = ">=3.9"
    extras: Mapping[str, Sequence[str]] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ("py3-none-any",)
    files: Mapping[str, str] = field(default_factory=dict)
    sdist: bool = False
    yanked: str = ""

    @property
    def distribution(self) -> str:
        """Name and version as file names have them."""
        return f"{canonicalize_name(self.name).replace('-', '_')}-{self.version}"

    def contents(self) -> dict[str, bytes]:
        """Return the package's own files."""
        made: dict[str, bytes] = {}
        for path, text in self.files.items():
            told = text.replace("@name@", self.name).replace("@version@", self.version)
            made[path] = told.encode()
        return made

    def metadata(self) -> bytes:
        """Return the core metadata, version 2.1."""
        lines = [
            "Metadata-Version: 2.1",
            f"Name: {self.name}",
            f"Version: {self.version}",
            f"Summary: {self.summary}",
            f"Requires-Python: {self.requires_python}",
            *(f"Requires-Dist: {one}" for one in self.requires),
        ]
        for extra, requires in self.extras.items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [f'Requires-Dist: {one}; extra == "{extra}"' for one in requires]
        return ("\n".join(lines) + "\n").encode()


def build(tree: Tree) -> Packages:
    """Build the index of a book, unless it stands already.

    Raises:
        CourseError: The description is wrong.
    """
    try:
        data = tree.packages.read_bytes()
    except FileNotFoundError:
        return Packages(None, "")
    digest = hashlib.sha256(_own_code() + data).hexdigest()
    folder = tree.cells / f"index-{digest[:16]}"
    if not folder.exists():
        releases = read_packages(data, tree.relative(tree.packages))
        making = tree.cells / f".{folder.name}.{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        write_index(releases, making)
        try:
            making.rename(folder)
        except OSError:
            # Another process was faster.
            shutil.rmtree(making, ignore_errors=True)
            if not folder.exists():
                raise
    os.utime(folder)
    return Packages(folder, digest)


@functools.cache
def _own_code() -> bytes:
    return Path(__file__).read_bytes()


def read_packages(data: bytes, path: str) -> list[Release]:
    """Read the description of all packages.

    Args:
        data: The file.
        path: Its name in problems.

    Raises:
        CourseError: What is wrong, each at its line.
    """
    text, tables = read_toml(data, path, "bad-index")
    reader = _Reader(text, path)
    releases = [
        release
        for name, versions in tables.items()
        for release in reader.read_package(name, versions)
    ]
    if reader.problems:
        raise CourseError(reader.problems)
    return releases


class _Reader:
    """Reads the tables of packages, and collects what is wrong with them."""

    keys: Mapping[str, type] = {
        name.replace("_", "-"): {"Sequence": list, "Mapping": dict, "bool": bool}.get(
            getattr(hint, "__name__", ""), str
        )
        for name, hint in get_type_hints(Release).items()
        if name not in ("name", "version")
    }

    def __init__(self, text: str, path: str) -> None:
        self.lines = text.splitlines()
        self.path = path
        self.problems: list[Problem] = []

    def read_package(self, name: str, versions: object) -> Iterator[Release]:
        """Read all releases of one package."""
        if not isinstance(versions, dict) or not all(
            isinstance(v, dict) for v in versions.values()
        ):
            hint = f'write `[{name}."1.0"]` and the keys of the release below it'
            self.wrong(name, "", "", f"`{name}` is not a table of releases", hint)
            return
        for version, table in versions.items():
            found = len(self.problems)
            whole = self._inherited(name, version, versions)
            self._check(name, version, table)
            if not whole.get("files") and len(self.problems) == found:
                hint = 'write `files."package/__init__.py" = "…"`'
                self.wrong(name, version, "", f"{name} {version} has no files", hint)
            if len(self.problems) == found:
                values = {key.replace("-", "_"): value for key, value in whole.items()}
                yield Release(name, version, **values)

    def _inherited(self, name: str, version: str, versions: Mapping[str, Any]) -> dict[str, Any]:
        """Add what a release takes over from the one that it is like."""
        chain: list[Mapping[str, Any]] = []
        seen: set[str] = set()
        at = version
        while at:
            if at in seen or at not in versions:
                problem = "is like itself" if at in seen else f"is like {at}, which is not there"
                hint = "name another release of the same package: " + ", ".join(versions)
                self.wrong(name, version, "like", f"{name} {version} {problem}", hint)
                break
            seen.add(at)
            chain.append(versions[at])
            at = versions[at].get("like", "")
        return {key: value for table in reversed(chain) for key, value in table.items()}

    def _check(self, name: str, version: str, table: Mapping[str, Any]) -> None:
        """Collect what is wrong with one release."""
        for key, value in table.items():
            if key not in self.keys:
                close = difflib.get_close_matches(key, self.keys, 1)
                hint = f"did you mean `{close[0]}`?" if close else "keys: " + ", ".join(self.keys)
                self.wrong(name, version, key, f"a release has no key `{key}`", hint)
            elif not isinstance(value, self.keys[key]):
                kind = {list: "a list", dict: "a table", bool: "true or false"}.get(
                    self.keys[key], "a text"
                )
                self.wrong(name, version, key, f"`{key}` is {kind}", "")
        try:
            Version(version)
        except InvalidVersion:
            hint = "see PEP 440, for example `1.0`"
            self.wrong(name, version, "", f"`{version}` is not a version", hint)
            return
        for one in [*table.get("requires", ()), *_flat(table.get("extras", {}))]:
            try:
                Requirement(one)
            except InvalidRequirement as error:
                reason = str(error).splitlines()[0]
                self.wrong(name, version, "requires", f"`{one}` is not a requirement: {reason}", "")
        try:
            SpecifierSet(table.get("requires-python", ""))
        except InvalidSpecifier:
            hint = "for example `>=3.11`"
            self.wrong(name, version, "requires-python", "this is not a range of versions", hint)
        for tag in table.get("tags", ()):
            try:
                parse_wheel_filename(f"x-1-{tag}.whl")
            except InvalidWheelFilename:
                hint = "for example `cp313-cp313-manylinux_2_28_x86_64`"
                self.wrong(name, version, "tags", f"`{tag}` is not the tag of a wheel", hint)
        for path, text in table.get("files", {}).items():
            if not isinstance(text, str) or path.startswith("/") or ".." in path.split("/"):
                hint = 'write `files."package/__init__.py" = "…"`'
                self.wrong(name, version, "files", f"`{path}` is not a file of a package", hint)

    def wrong(self, name: str, version: str, key: str, message: str, hint: str) -> None:
        """Collect a problem at the line of a key, or of its release."""
        header = re.compile(
            rf"^\s*\[+\s*\"?{re.escape(name)}\"?\s*(?:\.\s*[\"']?{re.escape(version)}[\"']?)?"
        )
        key_line = re.compile(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*[.=]") if key else None
        at = 0
        for number, line in enumerate(self.lines, 1):
            if line.lstrip().startswith("["):
                if at and key_line:
                    break
                if not at and header.match(line) and (not version or version in line):
                    at = number
            elif at and key_line and key_line.match(line):
                at = number
                break
        self.problems.append(Problem(self.path, at, "bad-index", message, hint))


def _flat(extras: Any) -> list[str]:
    return (
        [one for several in extras.values() for one in several] if isinstance(extras, dict) else []
    )


def write_index(releases: Sequence[Release], folder: Path) -> None:
    """Write the index of some releases into a new folder."""
    wheelhouse = folder / "wheelhouse"
    wheelhouse.mkdir(parents=True)
    files: dict[str, list[tuple[Path, Release]]] = {}
    for release in releases:
        if release.sdist:
            made = [write_source_archive(release, wheelhouse)]
        else:
            made = [write_wheel(release, tag, wheelhouse) for tag in release.tags]
        files.setdefault(canonicalize_name(release.name), []).extend((one, release) for one in made)
    simple = folder / "simple"
    simple.mkdir()
    names = sorted(files)
    _write_page(simple / "index.html", [f'<a href="{name}/">{name}</a><br>' for name in names])
    for name in names:
        (simple / name).mkdir()
        _write_page(simple / name / "index.html", [_link(*one) for one in files[name]])


def _write_page(path: Path, links: Sequence[str]) -> None:
    """Write a page of PEP 503."""
    body = "\n".join(links)
    text = f"<!DOCTYPE html>\n<html>\n<body>\n{body}\n</body>\n</html>\n"
    path.write_text(text, encoding="utf-8")


def _link(path: Path, release: Release) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    attributes = f' data-requires-python="{html.escape(release.requires_python)}"'
    if release.yanked:
        attributes += f' data-yanked="{html.escape(release.yanked)}"'
    target = f"../../wheelhouse/{path.name}#sha256={digest}"
    return f'<a href="{target}"{attributes}>{path.name}</a><br>'


def write_wheel(release: Release, tag: str, folder: Path) -> Path:
    """Write a wheel: PEP 427, stored uncompressed so that zlib's version does not matter."""
    info = f"{release.distribution}.dist-info"
    pure = str(tag.endswith("-any")).lower()
    members = release.contents()
    members[f"{info}/METADATA"] = release.metadata()
    members[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: coursebook\nRoot-Is-Purelib: {pure}\nTag: {tag}\n".encode()
    )
    if release.scripts:
        lines = [f"{command} = {target}\n" for command, target in release.scripts.items()]
        members[f"{info}/entry_points.txt"] = ("[console_scripts]\n" + "".join(lines)).encode()
    record = "".join(
        f"{path},sha256={_url_safe(data)},{len(data)}\n" for path, data in members.items()
    )
    members[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    path = folder / f"{release.distribution}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o644 << 16
            # Or the byte that tells the system of origin would differ on Windows.
            entry.create_system = 3
            archive.writestr(entry, data)
    return path


def write_source_archive(release: Release, folder: Path) -> Path:
    """Write a source archive: what the table lists, and PKG-INFO."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in {"PKG-INFO": release.metadata(), **release.contents()}.items():
            entry = tarfile.TarInfo(f"{release.distribution}/{name}")
            entry.size, entry.mtime = len(data), SECONDS
            archive.addfile(entry, io.BytesIO(data))
    path = folder / f"{release.distribution}.tar.gz"
    with (
        path.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", compresslevel=0, fileobj=file, mtime=0) as packed,
    ):
        packed.write(raw.getvalue())
    return path


def _url_safe(data: bytes) -> str:
    """Return a hash as RECORD has it: PEP 376, urlsafe and without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
