"""Finding the ``{% … %}`` of a text with Jinja's lexer.

Only ``{% %}`` belongs to us: ``{{ }}`` is MyST's and GitHub's, ``{#`` is the shell's.
"""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError

ENVIRONMENT = Environment(
    # Out of reach: a chapter never holds a NUL, which is refused below.
    variable_start_string="\0{{",
    variable_end_string="}}\0",
    comment_start_string="\0{#",
    comment_end_string="#}\0",
    keep_trailing_newline=True,
    undefined=StrictUndefined,
    autoescape=False,
)

TAGS = ("if", "elif", "else", "endif", "raw", "endraw")
RAW_HINT = "to show such text as it is, put {% raw %} before and {% endraw %} after it"


@dataclass(frozen=True)
class Tag:
    """One ``{% … %}``: its place by offset and line, its name, and what stands after the name."""

    start: int
    end: int
    line: int
    name: str
    rest: str = ""


def read_tags(text: str) -> tuple[list[Tag], list[Tag]]:
    """Find all tags of a text.

    Args:
        text: Markdown without NUL characters.

    Returns:
        The tags in order, and those that could not be read: a ``raw`` that is never closed
        (what follows it is not looked at), or one without a name for anything else.
    """
    broken: list[Tag] = []
    while True:
        tags, failed = _lex(text)
        if failed is None:
            return tags, broken
        broken.append(failed)
        # Once told, it is overlooked, and what follows is read as well.
        rest = "" if failed.name == "raw" else "  " + text[failed.start + 2 :]
        text = text[: failed.start] + rest


def _lex(text: str) -> tuple[list[Tag], Tag | None]:
    """List the tags of a text, and the first that Jinja cannot read."""
    tags: list[Tag] = []
    open_tag: Tag | None = None
    position = 0
    name_end = 0
    try:
        for _, kind, value in ENVIRONMENT.lex(text):
            # White space that `{%-` cuts off is in no token: the next one stands after it.
            position = text.find(value, position)
            if kind in ("block_begin", "raw_begin", "raw_end"):
                line = text.count("\n", 0, position) + 1
                name = {"raw_begin": "raw", "raw_end": "endraw"}.get(kind, "")
                # `-%}` takes white space with it; lines stay where they are, so we do not.
                end = text.index("%}", position) + 2 if name else 0
                open_tag = Tag(position, end, line, name)
                if name:
                    tags.append(open_tag)
                if name == "endraw":
                    open_tag = None
            elif kind == "block_end" and open_tag:
                rest = text[name_end:position] if open_tag.name else ""
                if "{%" in rest:
                    return tags, Tag(open_tag.start, 0, open_tag.line, "")
                end = text.index("%}", position) + 2
                tags.append(Tag(open_tag.start, end, open_tag.line, open_tag.name, rest))
                open_tag = None
            elif kind == "name" and open_tag and not open_tag.name:
                open_tag = Tag(open_tag.start, 0, open_tag.line, value)
                name_end = position + len(value)
            position += len(value)
    except TemplateSyntaxError:
        if open_tag is None:  # an opening that the lexer refused as a whole
            start = text.index("{%", position)
            open_tag = Tag(start, 0, text.count("\n", 0, start) + 1, "")
    if open_tag and open_tag.name != "raw":
        open_tag = Tag(open_tag.start, 0, open_tag.line, "")
    return tags, open_tag
