"""Names that Python, templates, JavaScript and CSS share: one side writes, another reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from coursebook.paths import ENGINE, FRONTEND, TEMPLATES

NAME = r"(?:data-)?cb-[a-z][a-z0-9-]*[a-z0-9]"

SELECTOR = re.compile(rf"[.#\[]({NAME})(?![\w-])")
"""``.cb-name``, ``#cb-name``, ``[data-cb-name…``"""

ANYWHERE = re.compile(rf"(?<![\w.#\[-])(?<!--)({NAME})(?![\w-])")
"""A name that is not part of a selector, such as ``class="cb-name"``."""

BUILT = re.compile(rf"({NAME}-)(?:[{{$]|[\"'`] ?\+)")
"""The start of a name whose end is put in later: ``cb-result-${number}``."""

DATASET = re.compile(r"\.dataset\.(cb[A-Z]\w*)")

FOR_OTHERS = {
    "data-cb-line": "the author's line of a cell",
    "data-cb-page": "name of the page",
    "data-cb-part": "number of a part; navigation.py finds its own text by it",
}
"""Written for tools that do not exist here: kept on purpose."""


def texts(folder: Path, *endings: str) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in endings and "inside" not in path.parts:
            yield path.read_text(encoding="utf-8")


def dataset_names(text: str) -> set[str]:
    """Spell ``dataset.cbNameOf`` as the attribute it stands for."""
    return {
        "data-" + re.sub(r"[A-Z]", lambda letter: "-" + letter[0].lower(), name)
        for name in DATASET.findall(text)
    }


def names(pattern: re.Pattern[str], *several: Iterator[str]) -> set[str]:
    return {name for one in several for text in one for name in pattern.findall(text)}


def written() -> set[str]:
    """Return every name that stands outside of a selector: somebody puts it into a page."""
    script = set().union(*(dataset_names(text) for text in texts(FRONTEND, ".js")))
    return script | names(
        ANYWHERE, texts(ENGINE, ".py"), texts(TEMPLATES, ".html"), texts(FRONTEND, ".js")
    )


def read() -> set[str]:
    """Return every name that somebody looks for."""
    script = set().union(*(dataset_names(text) for text in texts(FRONTEND, ".js")))
    return script | names(SELECTOR, texts(ENGINE, ".py"), texts(FRONTEND, ".js", ".css"))


def begun() -> tuple[str, ...]:
    """Return the starts of names that are put together while a page is made."""
    return tuple(
        names(BUILT, texts(ENGINE, ".py"), texts(FRONTEND, ".js"), texts(TEMPLATES, ".html"))
    )


def test_the_names_are_found_in_all_four_languages() -> None:
    for folder, ending in ((ENGINE, ".py"), (FRONTEND, ".js"), (TEMPLATES, ".html")):
        assert names(ANYWHERE, texts(folder, ending)), ending
    assert names(SELECTOR, texts(FRONTEND, ".css"))


def test_whatever_is_looked_for_in_a_page_is_put_there() -> None:
    starts = begun()
    missing = {name for name in read() - written() if not name.startswith(starts)}
    assert missing == set()


def test_every_attribute_that_is_put_into_a_page_is_looked_for() -> None:
    attributes = {name for name in written() if name.startswith("data-cb-")}
    python_reads = {
        name for text in texts(ENGINE, ".py") for name in re.findall(rf'({NAME})="\(\?P<', text)
    }
    unread = attributes - read() - python_reads
    assert unread - set(FOR_OTHERS) == set()
    assert set(FOR_OTHERS) <= attributes
