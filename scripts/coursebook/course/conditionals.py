"""Conditionals: which text stands in the deck, and which in the notes.

    {% if slide %}
    three words for the wall
    {% else %}
    a paragraph for the reader
    {% endif %}

The language is small on purpose: ``if``, ``elif``, ``else``, ``endif`` and ``raw``; the flags
``slide``, ``page`` and ``build``; ``and``, ``or``, ``not``, ``==``, ``!=`` and parentheses.
Everything else is an author's mistake and is told with its line.

Jinja's lexer finds the tags and Jinja's parser reads the conditions (Jinja 3.1, "API":
``Environment.lex`` and ``Environment.parse``); `coursebook.course.tags` and
`coursebook.course.conditions` stand around these two.

Rendering is line-true: what is dropped leaves blank lines, so that every later warning names the
author's line. `coursebook.course.line_padding` says where these blank lines stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from coursebook.course import conditions
from coursebook.course.front_matter import front_matter_end, hidden_front_matter
from coursebook.course.line_padding import Line, pad
from coursebook.course.markdown_lines import verbatim_lines
from coursebook.course.spelling import did_you_mean
from coursebook.course.tags import ENVIRONMENT, RAW_HINT, TAGS, Tag, read_tags
from coursebook.problems import CourseError, Problem

_OTHER_SPELLINGS = {"elseif": "elif", "elsif": "elif", "end": "endif", "fi": "endif"}


@dataclass(frozen=True)
class Rendered:
    """A text with its conditionals decided.

    Attributes:
        text: Markdown with as many lines as the source.
        lines: For each line of `text`, the author's line that it came from.
        problems: What the author has to mend; `text` is then only a best guess.
    """

    text: str
    lines: tuple[int, ...]
    problems: tuple[Problem, ...] = ()


@dataclass
class _Conditional:
    """An open ``if``: whether its present arm is kept, and whether any arm was."""

    tag: Tag
    reached: bool
    kept: bool
    decided: bool
    else_line: int = 0


@dataclass
class _Source:
    """One text under way, and the problems found so far."""

    text: str
    path: str
    flags: Mapping[str, bool | str]
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.verbatim = verbatim_lines(self.text)
        self.head = front_matter_end(self.text)

    def complain(self, line: int, code: str, message: str, hint: str) -> None:
        if line in self.verbatim and RAW_HINT not in hint:
            hint = f"{hint}; {RAW_HINT}" if hint else RAW_HINT
        self.problems.append(Problem(self.path, line, code, message, hint))


def flags_for(rendering: str) -> dict[str, bool | str]:
    """Give the flags of one rendering.

    Args:
        rendering: ``"slides"`` or ``"pages"``.

    Raises:
        ValueError: For any other name.
    """
    if rendering not in conditions.BUILDS:
        raise ValueError(f"no such rendering: {rendering!r}")
    return {"slide": rendering == "slides", "page": rendering == "pages", "build": rendering}


def render(text: str, flags: Mapping[str, bool | str], path: str) -> str:
    """Decide all conditionals of a text.

    Args:
        text: A chapter, or a file that a chapter includes.
        flags: As `flags_for` gives them.
        path: The file's name for problems, relative to the book's root.

    Returns:
        Markdown with as many lines as the source.

    Raises:
        CourseError: With all problems of the text.
    """
    rendered = attempt(text, flags, path)
    if rendered.problems:
        raise CourseError(rendered.problems)
    return rendered.text


def attempt(text: str, flags: Mapping[str, bool | str], path: str) -> Rendered:
    """Decide all conditionals like `render`, but return the problems with the best guess."""
    return _attempt(text, tuple(flags.items()), path)


# `serve` reads every chapter at every save, and nearly all of them are as they were.
@lru_cache(maxsize=2048)
def _attempt(text: str, flags: tuple[tuple[str, bool | str], ...], path: str) -> Rendered:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    source = _Source(text, path, dict(flags))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        hint = "save the file as plain UTF-8 text"
        source.complain(line, "control-character", "here stands a NUL character", hint)
        source.text = text = text.replace("\0", "\ufffd")
    if "{%" not in text:
        return Rendered(text, tuple(range(1, text.count("\n") + 2)), tuple(source.problems))
    tags, broken = read_tags(source.text)
    _refuse_broken_tags(source, broken)
    _refuse_tags_around_front_matter(source, tags)
    dropped, depths = _decide(source, tags)
    padded = pad(_lines(source.text, tags, dropped, depths))
    return Rendered(
        "\n".join(line for line, _ in padded),
        tuple(number for _, number in padded),
        tuple(source.problems),
    )


def _refuse_broken_tags(source: _Source, broken: list[Tag]) -> None:
    for tag in broken:
        if tag.name == "raw":
            hint = "put {% endraw %} after the text to show"
            source.complain(tag.line, "unclosed-raw", "this `{% raw %}` is never closed", hint)
        else:
            message = "the tag that opens here is not a conditional, or its `%}` is missing"
            hint = f"write it as {{% if slide %}}; {RAW_HINT}"
            source.complain(tag.line, "broken-tag", message, hint)


def _refuse_tags_around_front_matter(source: _Source, tags: list[Tag]) -> None:
    inside = [tag for tag in tags if tag.line <= source.head]
    hidden = hidden_front_matter(source.text, [(tag.start, tag.end) for tag in tags])
    if inside or hidden:
        source.problems.append(
            Problem(
                source.path,
                (inside or tags)[0].line,
                "conditional-above-front-matter",
                "a conditional stands above or inside the front matter",
                "the block between the two `---` must be first and whole: "
                "move the conditional below it",
            )
        )


def _decide(source: _Source, tags: list[Tag]) -> tuple[list[tuple[int, int]], list[int]]:
    """Walk through the tags: which stretches are dropped, and how deep each tag leaves us."""
    dropped: list[tuple[int, int]] = []
    stack: list[_Conditional] = []
    foreign: set[str] = set()
    depths: list[int] = []
    for index, tag in enumerate(tags):
        if tag.name == "if":
            reached = not stack or stack[-1].kept
            true = _condition(source, tag)
            stack.append(_Conditional(tag, reached, reached and true, true))
        elif tag.name in ("elif", "else", "endif"):
            _turn(source, tag, stack)
        elif tag.name not in ("raw", "endraw"):
            _refuse_tag(source, tag, foreign)
        elif tag.name == "endraw" and (not index or tags[index - 1].name != "raw"):
            source.complain(
                tag.line,
                "stray-tag",
                "this `{% endraw %}` closes nothing",
                "delete it, or put {% raw %} above it",
            )
        depths.append(len(stack))
        following = tags[index + 1].start if index + 1 < len(tags) else len(source.text)
        keeps = not stack or stack[-1].kept
        dropped.append((tag.start, tag.end if keeps else following))
    for conditional in stack:
        source.complain(
            conditional.tag.line,
            "unclosed-if",
            "this `{% if %}` is never closed",
            "put {% endif %} where the conditional text ends",
        )
    return dropped, depths


def _condition(source: _Source, tag: Tag) -> bool:
    """Decide the condition of an ``if`` or ``elif``, and tell its mistakes."""
    true, complaints = conditions.decide(tag.rest, tuple(source.flags.items()), ENVIRONMENT)
    first = tag.line + source.text.count("\n", tag.start, tag.end - 2) - tag.rest.count("\n")
    for complaint in complaints:
        source.complain(first + complaint.line, complaint.code, complaint.message, complaint.hint)
    return true


def _turn(source: _Source, tag: Tag, stack: list[_Conditional]) -> None:
    """Go on to the next arm of the innermost conditional, or leave it."""
    if not stack:
        message = f"this `{{% {tag.name} %}}` belongs to no `{{% if %}}`"
        source.complain(tag.line, "stray-tag", message, "delete it, or put {% if … %} above it")
        return
    current = stack[-1]
    if tag.name == "endif":
        stack.pop()
    elif current.else_line:
        message = f"this `{{% {tag.name} %}}` follows the `else` of line {current.else_line}"
        hint = "the last arm is `else`: put the others above it, or end the `if` before"
        source.complain(tag.line, "stray-tag", message, hint)
        return
    elif tag.name == "elif":
        true = _condition(source, tag)
        current.kept = current.reached and true and not current.decided
        current.decided = current.decided or true
        return
    else:
        current.kept = current.reached and not current.decided
        if not tag.rest.strip().startswith("if"):  # told below; what follows may be right
            current.else_line = tag.line
    if tag.rest.strip():
        instead = "elif" + tag.rest.strip().removeprefix("if") if tag.name == "else" else "endif"
        hint = f"write {{% {instead} %}}"
        message = f"`{tag.name}` takes nothing, but `{tag.rest.strip()}` follows it"
        source.complain(tag.line, "bad-condition", message, hint)


def _refuse_tag(source: _Source, tag: Tag, foreign: set[str]) -> None:
    if tag.name.removeprefix("end") in foreign:
        return  # the closing of a tag that was told already
    foreign.add(tag.name)
    if tag.name in ("include", "extends", "import", "from"):
        hint = "to bring in a file, use MyST's {include} directive"
    elif tag.name in _OTHER_SPELLINGS:
        hint = f"did you mean `{{% {_OTHER_SPELLINGS[tag.name]} %}}`?"
    else:
        hint = did_you_mean(tag.name, TAGS, "`{{% {} %}}`")
    message = f"there is no tag `{{% {tag.name} %}}`" if tag.name else "this tag is empty"
    source.complain(tag.line, "unknown-tag", message, hint)


def _lines(
    text: str, tags: list[Tag], dropped: list[tuple[int, int]], depths: list[int]
) -> list[Line]:
    """Cut the text into lines, each with what is kept of it."""
    # 1. Take the dropped stretches out, but leave their line breaks.
    kept: list[str] = []
    touched: set[int] = set()
    position = line = 0
    for start, end in dropped:
        line += text.count("\n", position, start)
        breaks = text.count("\n", start, end)
        touched.update(range(line, line + breaks + 1))
        kept += [text[position:start], "\n" * breaks]
        position, line = end, line + breaks
    kept.append(text[position:])
    # 2. Know how many conditionals are open where a line ends.
    depth_after: dict[int, int] = {
        tag.line - 1: depth for tag, depth in zip(tags, depths, strict=True)
    }
    # 3. Compare each line with what it was.
    lines: list[Line] = []
    depth = 0
    pairs = zip(text.split("\n"), "".join(kept).split("\n"), strict=True)
    for number, (before, after) in enumerate(pairs):
        depth_before, depth = depth, depth_after.get(number, depth)
        if number not in touched:
            lines.append(Line(after))
        elif not after.strip():
            lines.append(Line("", dropped=True, blank=not before.strip()))
        else:
            if not before.endswith("  ") and after.endswith("  "):
                after = after.rstrip()  # or it would be a hard line break
            opens, closes = depth > depth_before, depth < depth_before
            lines.append(Line(after, opens=opens, closes=closes))
    return lines
