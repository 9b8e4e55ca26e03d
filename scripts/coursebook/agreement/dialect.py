"""Words that the tab has for what it is: another Debian, another processor, other versions.

That a reader's tab holds another patch release of Python than the computer that built the book is
no difference that a chapter tells of. Both sides are asked the same questions; an answer of the
tab then reads as that of the build, wherever it stands as a word of its own. Whatever differs
beyond this is told, or explained by the cell's ``:differs:``.
"""

from __future__ import annotations

from collections.abc import Sequence

from coursebook.course.cell import Cell
from coursebook.course.cells import CellSequence

QUESTIONS = (
    # The patch release of Python: 3.13.5
    Cell("python", "import platform; print(platform.python_version())"),
    # The processor: i686, x86_64
    Cell("bash", "uname -m"),
    # The C library: 2.41
    Cell("bash", "getconf GNU_LIBC_VERSION | cut -d ' ' -f 2"),
)
"""Each answer is one word. None starts a program that takes long under emulation."""


def questions() -> CellSequence:
    """Return the questions as the cells of a chapter."""
    return CellSequence("book/dialect.md", QUESTIONS)


def words(build: Sequence[str], tab: Sequence[str]) -> list[tuple[str, str]]:
    """Pair the answers that differ.

    Args:
        build: Answers of the build, in the order of the questions.
        tab: Answers of the tab.

    Returns:
        The tab's words with those of the build; the longest first, as one may lie in another.
    """
    pairs = {
        theirs: ours
        for ours, theirs in zip(build, tab, strict=True)
        if ours != theirs and ours and theirs and " " not in ours + theirs
    }
    return sorted(pairs.items(), key=lambda pair: -len(pair[0]))
