"""The tools that make a deck, each by its own commands: to build one, and to print it.

Plain sphinx-revealjs is in our own environment. Slidev and Marp come from npm by a lock of their
own (``npm-decks``), into a folder that no build of a book ever looks at.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursebook import browser
from coursebook.agreement.hosting import host
from coursebook.bench import deck_text, measure
from coursebook.bench.measure import Cost
from coursebook.bench.rivals.parts import run
from coursebook.machine import tools
from coursebook.paths import ENGINE, NODE_MANIFESTS, SLIDES, TOOLS, Tree

MANIFESTS = Path(__file__).with_name("npm-decks")

REVEAL_SETTINGS = """\
project = "Bench"
extensions = ["myst_parser", "sphinx_revealjs"]
"""

SLIDEV = "theme: default\ntitle: Bench"
MARP = "marp: true\ntheme: default"


@dataclass(frozen=True)
class DeckTool:
    """A tool, and the sixty slides in its form.

    Attributes:
        name: What the table calls it.
        build: Makes the deck from nothing, and returns what that cost.
        site: The folder that it makes.
        page: The deck's address below it.
        pdf: Prints the deck; None if that is no command yet.
    """

    name: str
    build: Callable[[], Cost]
    site: Path
    page: str
    pdf: Callable[[], Cost] | None


def ours(folder: Path) -> DeckTool:
    """Write the slides as a book of ours, whose build makes the site as well."""
    root = folder / "ours"
    deck_text.write_our_book(root)

    def build() -> Cost:
        shutil.rmtree(Tree(root).build, ignore_errors=True)
        return measure.build_ours(root)

    def pdf() -> Cost:
        words = ["pdf", "--root", str(root), "--kind", "deck", "book/deck.md"]
        return measure.run([sys.executable, "-m", "coursebook", *words], root)

    verb = ENGINE / "commands" / "pdf.py"
    return DeckTool(
        "ours", build, Tree(root).site, f"{SLIDES}/deck.html", pdf if verb.is_file() else None
    )


def plain_reveal(folder: Path) -> DeckTool:
    """Write the slides for sphinx-revealjs, with nothing of ours."""
    source, site = folder / "reveal" / "source", folder / "reveal" / "site"
    deck_text.write_picture(source)
    (source / "conf.py").write_text(REVEAL_SETTINGS, encoding="utf-8")
    (source / "index.md").write_text(deck_text.by_headings(), encoding="utf-8")

    def build() -> Cost:
        shutil.rmtree(site, ignore_errors=True)
        words = ["-m", "sphinx", "-q", "-E", "-b", "revealjs", str(source), str(site)]
        return measure.run([sys.executable, *words], source)

    def pdf() -> Cost:
        # It has no command for it: its readers print from the browser, as reveal.js tells them.
        with host(site, sub_path="/") as served:
            script = Path(__file__).with_name("print_reveal.py")
            words = [f"{served.address}index.html?print-pdf", str(folder / "reveal.pdf")]
            return measure.run([sys.executable, str(script), *words], folder)

    return DeckTool("sphinx-revealjs", build, site, "index.html", pdf)


def fetch(folder: Path) -> Path:
    """Bring Slidev and Marp into a folder, by lock, unless they are there; return Node.

    Raises:
        NoRivalError: npm's registry is out of reach, or served something else than the lock names.
        CannotBuildError: Node cannot be fetched.
    """
    node = tools.fetch_node(TOOLS)
    stamp = folder / "made-from.json"
    lock = (MANIFESTS / "package-lock.json").read_bytes()
    if not (stamp.is_file() and stamp.read_bytes() == lock):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for manifest in (*sorted(MANIFESTS.iterdir()), NODE_MANIFESTS[2]):
            shutil.copy(manifest, folder)
        npm = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        run([node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
        stamp.write_bytes(lock)
    return node


def slidev(node: Path, folder: Path) -> DeckTool:
    """Write the slides for Slidev, beside its packages: it looks for its theme there."""
    program = folder / "node_modules" / "@slidev" / "cli" / "bin" / "slidev.mjs"
    text, site = folder / "slidev.md", folder / "slidev"
    deck_text.write_picture(folder)
    text.write_text(deck_text.by_dashes(SLIDEV), encoding="utf-8")

    def build() -> Cost:
        shutil.rmtree(site, ignore_errors=True)
        shutil.rmtree(folder / "node_modules" / ".vite", ignore_errors=True)
        return _node(node, [program, "build", text.name, "--out", site], folder)

    def pdf() -> Cost:
        words = ["export", text.name, "--format", "pdf", "--output", "slidev.pdf"]
        words += ["--executable-path", browser.require(), "--timeout", "120000"]
        return _node(node, [program, *words], folder)

    return DeckTool("Slidev", build, site, "", pdf)


def marp(node: Path, folder: Path) -> DeckTool:
    """Write the slides for Marp, which makes one file."""
    program = folder / "node_modules" / "@marp-team" / "marp-cli" / "marp-cli.js"
    text, site = folder / "marp.md", folder / "marp"
    deck_text.write_picture(folder)
    text.write_text(deck_text.by_dashes(MARP), encoding="utf-8")

    def build() -> Cost:
        shutil.rmtree(site, ignore_errors=True)
        deck_text.write_picture(site)
        return _node(node, [program, "--output", site / "index.html", text.name], folder)

    def pdf() -> Cost:
        words = ["--pdf", "--allow-local-files", "--browser-path", browser.require()]
        return _node(node, [program, *words, "--output", "marp.pdf", text.name], folder)

    return DeckTool("Marp", build, site, "index.html", pdf)


def _node(node: Path, words: Sequence[str | Path], folder: Path) -> Cost:
    """Run a program of npm's."""
    # Both start programs of their own by name; and Marp's browser, as root, has no sandbox.
    variables = {"PATH": f"{node.parent}:{os.environ.get('PATH', '')}", "CHROME_NO_SANDBOX": "1"}
    return measure.run([str(node), *map(str, words)], folder, variables)
