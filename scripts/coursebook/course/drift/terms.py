"""Terms that stand on slides alone: bold words, code and defined words that no note explains."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from coursebook.course.drift.sections import Both, Section, Shown
from coursebook.problems import Problem

LONGEST = 4
"""Words. What is longer is a sentence that somebody says with weight."""

_BOLD = re.compile(r"(?<![\\*\w])\*\*(?=\S)(.+?)(?<=[^\s\\])\*\*(?!\*)")
_CODE = re.compile(r"(?<![`\\}])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
"""Code, but not the text of a role such as ``{ref}`label```."""

_ROLE = re.compile(r"\{[\w:+-]+\}(`+)(?!`).+?(?<!`)\1(?!`)")
_LINK = re.compile(r"\]\([^()\s]*\)")
_DEFINITION = re.compile(r" {0,3}:\s+\S")
_MARKUP = re.compile(r"[*`\\]")
_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}
)


def find(both: Both, told: Collection[tuple[str, int]]) -> Iterator[Problem]:
    """Find terms of the slides that the chapter's notes never use.

    Args:
        both: The chapter.
        told: File and line of sections that have no notes at all: their terms follow from that.
    """
    notes = [
        *(section.heading.title for section in both.pages.sections),
        *(line.place.text for section in both.pages.sections for line in section.lines),
    ]
    exact = plain(" ".join(notes))
    loose = exact.casefold()
    seen: set[str] = set()
    for section in both.slides.sections:
        if _is_told(section, told):
            continue
        for at, line in enumerate(section.lines):
            place = line.place
            if line.code or (place.path, place.line) in both.pages.lines:
                continue
            after = section.lines[at + 1] if at + 1 < len(section.lines) else None
            missing = []
            for term, is_code in terms(line, after):
                known = _stands(term, exact, "") if is_code else _stands_loosely(term, loose)
                if not known and term not in seen:
                    seen.add(term)
                    missing.append(f"`{term}`")
            if missing:
                verb = "stands" if len(missing) == 1 else "stand"
                yield Problem(
                    place.path,
                    place.line,
                    "term-only-on-slides",
                    f"{_listed(missing)} {verb} on slides alone",
                    "use the word in the notes, too; or another one on the slide",
                )


def terms(line: Shown, after: Shown | None) -> Iterator[tuple[str, bool]]:
    """Yield the terms of a line, and whether they are code.

    Args:
        line: The line.
        after: The next one that is seen in its section, which may define it.
    """
    text = _LINK.sub("]", _ROLE.sub(" ", line.place.text))
    for found in _CODE.finditer(text):
        yield from _term(found[2].strip(), True)
    text = _CODE.sub(" ", text)
    for found in _BOLD.finditer(text):
        yield from _term(found[1], False)
    if after and after.place.line == line.place.line + 1 and _DEFINITION.match(after.place.text):
        yield from _term(text, False)


def _term(text: str, is_code: bool) -> Iterator[tuple[str, bool]]:
    term = plain(text)
    if not is_code:
        term = term.strip(" .,:;!?()[]")
    if len(term) > 1 and re.search(r"[^\W\d_]", term) and len(term.split()) <= LONGEST:
        yield term, is_code


def plain(text: str) -> str:
    """Write a text without markup, with one space between words and quotes as typed."""
    return " ".join(_MARKUP.sub("", text).translate(_TYPOGRAPHY).split())


def _stands_loosely(term: str, text: str) -> bool:
    """Look for a term in lower case; one wheel and two wheels are the same."""
    term = term.casefold()
    return _stands(term, text, "(?:e?s)?") or (
        term.endswith("s") and len(term) > 3 and _stands(term[:-1], text, "")
    )


def _stands(term: str, text: str, ending: str) -> bool:
    before = r"(?<!\w)" if term[0].isalnum() else ""
    behind = r"(?!\w)" if term[-1].isalnum() else ""
    return re.search(f"{before}{re.escape(term)}{ending}{behind}", text) is not None


def _is_told(section: Section | None, told: Collection[tuple[str, int]]) -> bool:
    while section:
        if section.place in told:
            return True
        section = section.parent
    return False


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if words[1:] else "") + words[-1]
