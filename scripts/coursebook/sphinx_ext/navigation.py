"""The list of chapters, and the way on and back: drawn once for a book, not once for a page.

Themes render the tree of chapters anew for every page, so that twice the chapters cost four times
the work. Here it is drawn once for each depth of folders, and a page only marks itself in it.

Templates call ``cb_navigation(pagename)`` and ``cb_neighbours(pagename)``, and fence what these
return by comments::

    <!--cb-navigation-->{{ cb_navigation(pagename) }}<!--/cb-navigation-->

A title or an order that changes is seen on every page, but only the chapter at hand is written
again by an incremental build. The fences let ``build-finished`` put the new list into the other
pages by replacing text.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

MANY = 40
"""With more chapters than this, only the part that the reader is in stands open."""

FENCED = re.compile(r"<!--cb-(navigation|neighbours)-->.*?<!--/cb-\1-->", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """A line in the list of chapters.

    Attributes:
        docname: The chapter as Sphinx names it; empty for an address elsewhere.
        address: Where it leads, from the root of the output.
        title: HTML.
        entries: What stands below it.
    """

    docname: str
    address: str
    title: str
    entries: tuple[Entry, ...] = ()

    def walk(self) -> Iterator[Entry]:
        """Yield this entry and all below it, in reading order."""
        yield self
        for entry in self.entries:
            yield from entry.walk()


@dataclass(frozen=True)
class Part:
    """Chapters under one caption; the caption may be empty."""

    caption: str
    entries: tuple[Entry, ...]


def title_html(app: Sphinx, title: nodes.Node) -> str:
    """Render a title, markup such as code included.

    Sphinx's ``render_partial`` sets up a whole publisher; most titles are plain text.
    """
    if all(isinstance(child, nodes.Text) for child in title.children):
        return html.escape(title.astext(), quote=False)
    return str(app.builder.render_partial(title)["title"])  # type: ignore[attr-defined]


class Navigation:
    """Draws for one run of a builder; ``forget`` begins the next run."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.written: set[str] = set()
        self.titles: dict[str, str] = {}
        self.forget()

    def forget(self) -> None:
        """Drop what was drawn: chapters may have changed."""
        self.parts: tuple[Part, ...] | None = None
        self.drawn: dict[int, str] = {}
        self.order: dict[str, tuple[Entry | None, Entry | None]] = {}
        self.part_of: dict[str, int] = {}
        self.written.clear()

    def title(self, docname: str) -> str:
        """Return a chapter's title as HTML; the same title is rendered once."""
        node = self.app.env.titles[docname]
        source = str(node)
        if source not in self.titles:
            self.titles[source] = title_html(self.app, node)
        return self.titles[source]

    def entry(self, docname: str, title: str | None = None) -> Entry:
        """Read a chapter and what stands below it from the environment."""
        children = [entry for part in self.read(docname) for entry in part.entries]
        address = self.app.builder.get_target_uri(docname)
        shown = html.escape(title, quote=False) if title else self.title(docname)
        number = self.app.env.toc_secnumbers.get(docname, {}).get("")
        if number:
            shown = f"{'.'.join(map(str, number))}. {shown}"
        return Entry(docname, address, shown, tuple(children))

    def read(self, docname: str) -> Iterator[Part]:
        """Read the trees of chapters that stand in a page, one part for each."""
        environment: BuildEnvironment = self.app.env
        for tree in environment.tocs[docname].findall(addnodes.toctree):
            found = []
            for title, reference in tree["entries"]:
                if reference in environment.titles and reference != docname:
                    found.append(self.entry(reference, title))
                elif "://" in reference:
                    label = html.escape(title or reference, quote=False)
                    found.append(Entry("", reference, label))
            yield Part(tree.get("caption") or "", tuple(found))

    def prepare(self) -> None:
        """Read the order of the book once."""
        if self.parts is not None:
            return
        root = self.app.config.root_doc
        self.parts = tuple(self.read(root))
        home = Entry(root, self.app.builder.get_target_uri(root), self.title(root))
        line: list[Entry] = [home]
        for number, part in enumerate(self.parts):
            for top in part.entries:
                for entry in top.walk():
                    if entry.docname:
                        line.append(entry)
                        self.part_of[entry.docname] = number
        befores: list[Entry | None] = [None, *line[:-1]]
        afters: list[Entry | None] = [*line[1:], None]
        for entry, before, after in zip(line, befores, afters, strict=True):
            self.order[entry.docname] = (before, after)

    def draw(self, depth: int) -> str:
        """Return the list for pages that lie so many folders below the root, no page marked."""
        self.prepare()
        if depth in self.drawn:
            return self.drawn[depth]
        up = "../" * depth
        crowded = len(self.part_of) > MANY

        def items(entries: tuple[Entry, ...]) -> str:
            lines = [f"<li>{_link(up, entry)}{items(entry.entries)}</li>\n" for entry in entries]
            return f"<ul>\n{''.join(lines)}</ul>" if lines else ""

        root = self.app.config.root_doc
        home = Entry(root, self.app.builder.get_target_uri(root), self.title(root))
        pieces = [f'<p class="cb-navigation-home">{_link(up, home)}</p>']
        for number, part in enumerate(self.parts or ()):
            if not part.caption:
                pieces.append(items(part.entries))
                continue
            state = "" if crowded else " open"
            caption = html.escape(part.caption, quote=False)
            pieces.append(
                f'<details class="cb-navigation-part" data-cb-part="{number}"{state}>'
                f'<summary class="caption">{caption}</summary>\n{items(part.entries)}</details>'
            )
        body = "\n".join(pieces)
        self.drawn[depth] = f'<nav class="cb-navigation" aria-label="Chapters">\n{body}\n</nav>'
        return self.drawn[depth]

    def navigation(self, pagename: str) -> str:
        """Return the list of chapters with ``pagename`` marked in it."""
        depth = pagename.count("/")
        text = self.draw(depth)
        if pagename in self.order:
            address = _address("../" * depth, self.app.builder.get_target_uri(pagename))
            text = text.replace(
                f'<a href="{address}">', f'<a href="{address}" aria-current="page">', 1
            )
        if pagename in self.part_of:
            part = f'data-cb-part="{self.part_of[pagename]}"'
            text = text.replace(f"{part}>", f"{part} open>", 1)
        return text

    def neighbours(self, pagename: str) -> str:
        """Return the links to the chapters before and after ``pagename``."""
        self.prepare()
        up = "../" * pagename.count("/")
        before, after = self.order.get(pagename, (None, None))
        links = [
            f'<a class="{name}" rel="{relation}"'
            f' href="{_address(up, entry.address)}">'
            f'<span class="cb-neighbours-label">{label}</span> {entry.title}</a>\n'
            for name, relation, label, entry in (
                ("cb-neighbours-previous", "prev", "Previous", before),
                ("cb-neighbours-next", "next", "Next", after),
            )
            if entry is not None
        ]
        if not links:
            return ""
        opening = '<nav class="cb-neighbours" aria-label="Neighbouring chapters">'
        return f"{opening}\n{''.join(links)}</nav>"

    def splice(self, page: str, pagename: str) -> str:
        """Put today's list and neighbours into a page that was written before."""
        drawn = {"navigation": self.navigation, "neighbours": self.neighbours}

        def renew(found: re.Match[str]) -> str:
            name = found[1]
            return f"<!--cb-{name}-->{drawn[name](pagename)}<!--/cb-{name}-->"

        return FENCED.sub(renew, page)

    def fingerprint(self) -> str:
        """Tell this list of chapters from an older one."""
        return hashlib.sha256(self.draw(0).encode()).hexdigest()


def _address(up: str, address: str) -> str:
    return html.escape(address if "://" in address else f"{up}{address}", quote=True)


def _link(up: str, entry: Entry) -> str:
    return f'<a href="{_address(up, entry.address)}">{entry.title}</a>'


def refresh_pages(app: Sphinx, navigation: Navigation) -> None:
    """Bring the pages up to date that this run has not written, if the list has changed."""
    seal = Path(app.doctreedir, "navigation.sha256")
    fingerprint = navigation.fingerprint()
    if seal.exists() and seal.read_text() == fingerprint:
        return
    suffix = app.builder.out_suffix  # type: ignore[attr-defined]
    top = Path(app.outdir)
    for path in sorted(top.rglob(f"*{suffix}")):
        pagename = path.relative_to(top).as_posix().removesuffix(suffix)
        if pagename in navigation.written or pagename.startswith("_"):
            continue
        old = path.read_text(encoding="utf-8")
        new = navigation.splice(old, pagename)
        if new != old:
            path.write_text(new, encoding="utf-8")
    seal.write_text(fingerprint)


def setup_navigation(app: Sphinx) -> None:
    """Give templates the two functions, and keep old pages true."""
    navigation = Navigation(app)

    def begin(*_: Any) -> None:
        navigation.forget()

    def offer(
        app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
    ) -> None:
        navigation.written.add(pagename)
        context["cb_navigation"] = navigation.navigation
        context["cb_neighbours"] = navigation.neighbours

    def end(app: Sphinx, exception: Exception | None) -> None:
        if exception is None and app.builder.format == "html" and app.env.titles:
            refresh_pages(app, navigation)

    # Fires in every build, before anything is read.
    app.connect("env-before-read-docs", begin)
    # Fires for every page that is written.
    app.connect("html-page-context", offer)
    app.connect("build-finished", end)
