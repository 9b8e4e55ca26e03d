"""Reading a drawing so that it can stand within a page: harmless parts only, names of its own.

A page trusts what is written into it, so the list is of what may stand, not of what may not:
https://www.w3.org/TR/SVG2/eltindex.html without scripts, links, foreign content and animation.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from xml.parsers import expat

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

ELEMENTS = """
    svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan
    textPath marker linearGradient radialGradient stop clipPath mask pattern style filter
    feGaussianBlur feOffset feMerge feMergeNode feBlend feFlood feComposite feColorMatrix
    feDropShadow
"""
"""Names of what may stand in a figure."""

DROPPED_ON_ROOT = ("width", "height", "id", "class", "style", "role", "version", "x", "y")

REFERENCE = re.compile(r"""url\(\s*(['"]?)(.*?)\1\s*\)""")

Found = tuple[int, str, str, str]
"""Line in the file, code, message, hint."""


class SvgError(Exception):
    """What in a drawing cannot be written into a page."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__("; ".join(message for _, _, message, _ in found))
        self.found = found


@dataclass
class Drawing:
    """A drawing, ready to be written.

    Attributes:
        attributes: Of the outermost element, with a leading blank each.
        body: All within it.
        title: What it says about itself; empty if nothing.
        width: Its natural width in pixels, 0 if it has none.
    """

    attributes: str = ""
    body: str = ""
    title: str = ""
    width: float = 0


@dataclass
class Reader:
    """Writes a drawing anew while expat reads it.

    Attributes:
        prefix: Put before every name in the drawing.
    """

    prefix: str
    drawing: Drawing = field(default_factory=Drawing)
    problems: list[Found] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    skipped: int = 0

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype

    def problem(self, code: str, message: str, hint: str) -> None:
        """Note one at the line where the reader stands."""
        self.problems.append((self.parser.CurrentLineNumber, code, message, hint))

    def doctype(self, *_: object) -> None:
        """Refuse what may define entities that grow without bound."""
        self.problem("svg-doctype", "a figure needs no <!DOCTYPE>", "remove that line")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element, or skip it with all within."""
        space, _, local = name.rpartition(" ")
        if self.skipped or space != SVG or local == "metadata":
            if not self.open and not self.skipped:
                self.problem("not-an-svg", "this is no SVG", f'begin with <svg xmlns="{SVG}" …>')
            self.skipped += 1  # what drawing programs keep for themselves
            return
        if local not in ELEMENTS.split():
            self.problem(
                "svg-element",
                f"<{local}> may not stand in a figure",
                "draw with shapes, text and gradients only",
            )
            self.skipped += 1
            return
        root = not self.open
        self.open.append(local)
        pairs = [
            pair
            for key, value in attributes.items()
            if (pair := self.attribute(key, value, root)) is not None
        ]
        text = "".join(f' {key}="{html.escape(value)}"' for key, value in pairs)
        if root:
            self.drawing.attributes = text
            self.drawing.width = natural_width(attributes)
        elif local == "title" and len(self.open) == 2:
            pass  # becomes the accessible name; a second one would show as a tooltip
        else:
            self.written.append(f"<{local}{text}>")

    def attribute(self, key: str, value: str, root: bool) -> tuple[str, str] | None:
        """Return an attribute as it is written, or nothing if it is left out."""
        space, _, local = key.rpartition(" ")
        if space and space != XLINK:
            return None
        if local.lower().startswith("on"):
            self.problem("svg-script", f"`{local}` runs a script", "remove it")
            return None
        if root and local in DROPPED_ON_ROOT:
            return None
        if local == "href":
            if value.startswith("#"):
                return "href", f"#{self.prefix}{value[1:]}"
            self.problem(
                "svg-link", f"`{value}` is outside of the figure", "refer to a part of it: #name"
            )
            return None
        if space:
            return None
        if local == "id":
            return local, self.prefix + value
        if local in ("aria-labelledby", "aria-describedby"):
            return local, " ".join(self.prefix + name for name in value.split())
        return local, self.references(value)

    def references(self, value: str) -> str:
        """Give ``url(#name)`` its prefix, and refuse all other addresses."""

        def replace(found: re.Match[str]) -> str:
            if found[2].startswith("#"):
                return f"url(#{self.prefix}{found[2][1:]})"
            self.problem(
                "svg-link", f"`{found[0]}` is outside of the figure", "refer to a part: url(#name)"
            )
            return "none"

        return REFERENCE.sub(replace, value)

    def text(self, data: str) -> None:
        """Take text."""
        if self.skipped or not self.open:
            return
        if self.open[-1] == "style":
            self.written.append(self.style(data))
        elif self.open[1:] == ["title"]:
            self.drawing.title += data
        else:
            self.written.append(html.escape(data, quote=False))

    def style(self, css: str) -> str:
        """Hold rules within the figure: they would apply to the whole page."""
        if "@import" in css or "@font-face" in css or "<" in css:
            self.problem(
                "svg-link", "styles of a figure load nothing", "remove @import and @font-face"
            )
            return ""
        return self.references(css)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if self.skipped:
            self.skipped -= 1
            return
        local = self.open.pop()
        if self.open and not (local == "title" and len(self.open) == 1):
            self.written.append(f"</{local}>")


def read_drawing(text: str, prefix: str) -> Drawing:
    """Read an SVG file.

    Args:
        text: The file.
        prefix: Put before every name in it; unlike for every figure of a page.

    Raises:
        SvgError: It is not well formed, or holds what cannot stand within a page.
    """
    reader = Reader(prefix)
    try:
        reader.parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        what = expat.errors.messages[error.code]
        found = (error.lineno, "bad-svg", f"this is not well-formed XML: {what}", "mend the file")
        raise SvgError([*reader.problems, found]) from None
    if reader.problems:
        raise SvgError(reader.problems)
    drawing = reader.drawing
    drawing.title = " ".join(drawing.title.split())
    drawing.body = scoped("".join(reader.written).strip(), prefix)
    if "viewBox" not in drawing.attributes:
        raise SvgError(
            [(1, "svg-without-size", "a figure needs a viewBox to scale", 'add viewBox="0 0 W H"')]
        )
    return drawing


def scoped(body: str, prefix: str) -> str:
    """Let the rules of ``<style>`` reach only this figure.

    The rules are nested (https://www.w3.org/TR/css-nesting-1/) into one for the group that then
    holds the drawing; names in selectors get their prefix.
    """
    if "<style" not in body:
        return body
    names = set(re.findall(rf'\bid="{re.escape(prefix)}([^"]+)"', body))

    def nest(found: re.Match[str]) -> str:
        css = re.sub(
            r"#([\w-]+)",
            lambda name: f"#{prefix}{name[1]}" if name[1] in names else name[0],
            found[2],
        )
        return f"{found[1]}#{prefix}all {{{css}}}</style>"

    nested = re.sub(r"(<style[^>]*>)(.*?)</style>", nest, body, flags=re.DOTALL)
    return f'<g id="{prefix}all">{nested}</g>'


def natural_width(attributes: dict[str, str]) -> float:
    """Return the width in pixels that a drawing has by itself."""
    number = re.fullmatch(r"\s*([\d.]+)(?:px)?\s*", attributes.get("width", ""))
    if number:
        return float(number[1])
    box = attributes.get("viewBox", "").replace(",", " ").split()
    return float(box[2]) if len(box) == 4 and re.fullmatch(r"[\d.]+", box[2]) else 0
