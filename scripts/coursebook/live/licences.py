"""The page that lists what runs in a reader's browser: versions, licences, and where sources are.

Sphinx writes the frame of the page, as that of any other. The list is put in when the site is
published: only then is it known which machine goes with it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coursebook.live import files, vendor
from coursebook.live.machine import FOLDER, LICENCES
from coursebook.machine import make
from coursebook.paths import TEMPLATES, Tree
from coursebook.renderings import SITE, output

PAGE = f"{FOLDER}/licences"
"""Name of the page."""

PLACE = "<!--cb-licences-->"
"""Stands in the frame where the list shall stand."""


@dataclass(frozen=True)
class Part:
    """One package.

    Attributes:
        name: As its registry has it.
        version: The one that is here.
        licence: Address of its text, relative to the page; empty where the group has one for all.
        sources: Name and address of each source package.
    """

    name: str
    version: str
    licence: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Group:
    """Packages of one origin.

    Attributes:
        title: What the reader gets them for.
        parts: The packages.
        texts: Licences with their titles, where they stand on the page itself.
        all_texts: Address of a file with all licences of the group; empty where there is none.
    """

    title: str
    parts: tuple[Part, ...]
    texts: tuple[tuple[str, str], ...] = ()
    all_texts: str = ""


def npm(name: str, version: str) -> str:
    """Return the address of a package's page at npm, which leaves the mark of a commit out."""
    return f"https://www.npmjs.com/package/{name}/v/{quote(version.partition('+')[0])}"


def pypi(name: str, version: str) -> str:
    """Return the address of a package's page at PyPI."""
    return f"https://pypi.org/project/{name}/{quote(version)}/"


def debian(source: str, version: str) -> str:
    """Return the address where Debian keeps a source package for good."""
    return f"https://snapshot.debian.org/package/{quote(source)}/{quote(version)}/"


def debian_sources(source: str, version: str) -> tuple[tuple[str, str], ...]:
    """Name the source packages of one of Debian's packages.

    A kernel that Debian signed is made from a source package of signatures, and from the kernel's
    own, whose version has a ``-`` for the ``+``.
    """
    found = [(f"{source} {version}", debian(source, version))]
    if source.startswith("linux-signed-"):
        kernel = version.replace("+", "-", 1)
        found.append((f"linux {kernel}", debian("linux", kernel)))
    return tuple(found)


def pages() -> Group:
    """List what shows the pages and turns the slides."""
    reveal = distribution("sphinx-revealjs").locate_file("sphinx_revealjs/_static/revealjs")
    reveal = Path(str(reveal))
    script = (reveal / "dist" / "reveal.esm.js").read_text(encoding="utf-8")
    found = re.search(r"reveal\.js (\S+)", script)
    version = found[1] if found else ""
    design = distribution("sphinx-design")
    parts = (
        Part("reveal.js", version, "", (("npm", npm("reveal.js", version)),)),
        Part(
            "sphinx-design", design.version, "", (("PyPI", pypi("sphinx-design", design.version)),)
        ),
    )
    texts = (
        ("reveal.js", (reveal / "LICENSE").read_text(encoding="utf-8")),
        ("sphinx-design", design.read_text("LICENSE") or ""),
    )
    return Group("Slides, grids and tabs", parts, texts)


def editor_and_terminal(bundles: Path, live: str) -> Group:
    """List what the editor of cells and the terminal are made of.

    Args:
        bundles: Their folder.
        live: Where the live files stand below the root of the site.
    """
    parts = tuple(
        Part(one["name"], one["version"], "", (("npm", npm(one["name"], one["version"])),))
        for one in vendor.packages(bundles)
    )
    texts = f"../{live}/vendor/licences.txt"
    return Group("Editor and terminal of the cells", parts, all_texts=texts)


def linux(machine: Path) -> list[Group]:
    """List all packages of a machine, by where they come from."""
    groups: dict[str, list[Part]] = {}
    for package in make.facts(machine)["packages"]:
        name, version = package["name"], package["version"]
        origin = re.search(r"\((PyPI|npm)\)$", package["source"])
        if origin is None:
            kind = "The Linux in your tab: from Debian"
            sources = debian_sources(package["source"], package["source_version"])
        elif origin[1] == "PyPI":
            kind, sources = "The Linux in your tab: from PyPI", (("PyPI", pypi(name, version)),)
        else:
            kind, sources = "The computer that it runs on", (("npm", npm(name, version)),)
        text = f"{machine.name}/{LICENCES}/{quote(name)}.txt"
        groups.setdefault(kind, []).append(Part(name, version, text, sources))
    return [Group(kind, tuple(sorted(parts, key=by_name))) for kind, parts in groups.items()]


def by_name(part: Part) -> str:
    """Sort parts as people look for them."""
    return part.name.lower()


@functools.cache
def listed(machine: Path | None, bundles: Path | None, live: str) -> str:
    """Write the list as HTML.

    Args:
        machine: The folder of the machine that goes with the site, if one does.
        bundles: The folder of editor and terminal, if they do.
        live: Where the live files stand below the root of the site.
    """
    groups = [*(linux(machine) if machine else []), pages()]
    if bundles:
        groups.insert(-1, editor_and_terminal(bundles, live))
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("licences_list.html")
    return template.render(groups=groups, has_machine=machine is not None)


def published(tree: Tree, machine: Path | None) -> dict[str, Path]:
    """Complete the page: address below the root of the site → file.

    Args:
        tree: The book, rendered.
        machine: The folder of the machine that goes with the site, if one does.
    """
    address = f"{PAGE}.html"
    frame = (output(tree, SITE) / address).read_text(encoding="utf-8")
    text = frame.replace(PLACE, listed(machine, vendor.standing(), files.folder()), 1)
    file = tree.work / "licences.html"
    if not (file.is_file() and file.read_text(encoding="utf-8") == text):
        file.write_text(text, encoding="utf-8")
    return {address: file}
