"""What a rendered chapter holds: headings, labels and images, each at the author's line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from coursebook.course.markdown_lines import Fences, Kind

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_NO_PARAGRAPH = re.compile(r"\s*(?:$|[-*+>|%#(<]|\d+[.)]\s)|\+\+\+")
_LABEL = re.compile(r"\s*\(([^()]+)\)=\s*$")
_OPTION = re.compile(r"\s*:([\w-]+):\s*(.*?)\s*$")
INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_NOT_SHOWN = re.compile(r"\s*(?:$|\([^()]+\)=\s*$|%|<!--.*-->\s*$|\+\+\+|\{[^{}]*\}\s*$)")
_SILENT = frozenset(
    ("speaker", "toctree", "revealjs-break", "revealjs-section", "revealjs-vertical", "index")
)
"""Directives that show nothing where they stand."""

_OTHERS = {"slides": "page-only", "pages": "slide-only"}
"""The tag of cells that the other rendering shows alone."""

_IMAGE = re.compile(r"!\[((?:[^\[\]]|\[[^\[\]]*\])*)\][(\[]")
_HTML_IMAGE = re.compile(r"<img\b([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """One line of rendered text and where its author wrote it."""

    text: str
    path: str
    line: int


@dataclass(frozen=True)
class Heading:
    """A heading.

    Attributes:
        level: The number of its signs.
        title: Its text.
        place: Where it stands.
        labelled: Whether a label of its own stands above it.
        bare: Whether nothing is shown between it and the next heading.
    """

    level: int
    title: str
    place: Place
    labelled: bool
    bare: bool = True


@dataclass(frozen=True)
class Label:
    """A target that others can refer to, in the form in which names are compared."""

    name: str
    place: Place


@dataclass(frozen=True)
class Image:
    """An image; `described` where its author wrote what it shows, or that it is decoration."""

    place: Place
    described: bool


@dataclass(frozen=True)
class Facts:
    """What one rendering of a chapter holds.

    Attributes:
        headings: In order.
        labels: In order.
        images: In order.
        prose: All lines that are not code, inline code taken out.
        above: The first line that is shown above all headings, if there is one.
    """

    headings: tuple[Heading, ...]
    labels: tuple[Label, ...]
    images: tuple[Image, ...]
    prose: tuple[Place, ...]
    above: Place | None = None


def read_facts(places: Iterable[Place], rendering: str = "") -> Facts:
    """Read rendered lines, front matter left out.

    Args:
        places: All lines of one rendering of a chapter, in order.
        rendering: Its name, ``slides`` or ``pages``; cells may be tagged for the other one.
    """
    headings: list[Heading] = []
    labels: list[Label] = []
    images: list[Image] = []
    prose: list[Place] = []
    fences = Fences()
    directive: tuple[str, Place, dict[str, str]] | None = None
    above = Place("", "", 0)
    labelled = False
    quiet = False
    first: Place | None = None
    waiting: Place | None = None

    def show(place: Place) -> None:
        nonlocal first
        if not headings:
            first = first or place
        elif headings[-1].bare:
            headings[-1] = replace(headings[-1], bare=False)

    for place in places:
        kind = fences.feed(place.text)
        option = _OPTION.match(place.text)
        if directive and option:
            directive[2][option[1]] = option[2]
            continue
        if directive:
            _close_options(*directive, labels, images)
            if not quiet and _shows(directive[0], directive[2], rendering):
                show(directive[1])
            directive = None
        if kind is Kind.OPENING and fences.stack[-1].directive:
            directive = (fences.stack[-1].directive, place, {})
            quiet = _unseen(fences)
        elif kind is Kind.OPENING and not _unseen(fences):
            show(place)
        if kind is Kind.TEXT:
            text = INLINE_CODE.sub("", place.text)
            prose.append(Place(text, place.path, place.line))
            label = _LABEL.match(place.text)
            if label:
                labels.append(Label(_normal(label[1]), place))
            heading = _heading(place, above, labelled)
            # A line is text when the next one does not make a heading of it.
            if waiting and not (heading and heading.place is waiting):
                show(waiting)
            waiting = None
            if heading:
                headings.append(heading)
            elif not _unseen(fences) and not _NOT_SHOWN.match(place.text):
                waiting = place
            images += [Image(place, bool(found[1].strip())) for found in _IMAGE.finditer(text)]
            images += [Image(place, "alt" in found[1]) for found in _HTML_IMAGE.finditer(text)]
            if text.strip():
                labelled = bool(label)
        elif waiting:
            show(waiting)
            waiting = None
        above = place if kind is Kind.TEXT else Place("", "", 0)
    if waiting:
        show(waiting)
    if directive:
        _close_options(*directive, labels, images)
        if not quiet and _shows(directive[0], directive[2], rendering):
            show(directive[1])
    return Facts(tuple(headings), tuple(labels), tuple(images), tuple(prose), first)


def _shows(name: str, options: dict[str, str], rendering: str) -> bool:
    """Tell whether a directive shows anything in a rendering."""
    tags = options.get("tags", "")
    elsewhere = "remove-cell" in tags or _OTHERS.get(rendering, "?") in tags
    return not (name == "code-cell" and elsewhere)


def _unseen(fences: Fences) -> bool:
    """Tell whether a line stands within something that is not shown."""
    return any(fence.directive in _SILENT for fence in fences.stack)


def _heading(place: Place, above: Place, labelled: bool) -> Heading | None:
    found = _HEADING.match(place.text)
    if found:
        return Heading(len(found[1]), (found[2] or "").strip(), place, labelled)
    underline = _UNDERLINE.match(place.text)
    if underline and not _NO_PARAGRAPH.match(above.text):
        return Heading(1 if underline[1][0] == "=" else 2, above.text.strip(), above, labelled)
    return None


def _close_options(
    name: str, place: Place, options: dict[str, str], labels: list[Label], images: list[Image]
) -> None:
    """Take what the options of a directive say, once all are read."""
    if "name" in options:
        labels.append(Label(_normal(options["name"]), place))
    if name in ("image", "figure", "beside"):
        images.append(Image(place, "alt" in options))


def _normal(name: str) -> str:
    """Write a label as docutils compares it (``docutils.nodes.fully_normalize_name``)."""
    return " ".join(name.lower().split())
