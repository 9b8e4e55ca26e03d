"""Guessing which known word an author meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], show: str = "`{}`") -> str:
    """Say which known word is nearest, or list them all.

    Args:
        word: What the author wrote.
        known: What he may write, in the order to list it.
        show: How a word is shown, ``{}`` standing for it.

    Returns:
        A hint such as ``did you mean `slide`?``; empty where nothing is known.
    """
    words = list(known)
    # Case apart first: `Slide` is nearer to `slide` than letters alone say.
    folded = {other.casefold(): other for other in reversed(words)}
    near = get_close_matches(word.casefold(), folded, n=1)
    if near:
        return f"did you mean {show.format(folded[near[0]])}?"
    if not words:
        return ""
    return "write one of " + ", ".join(show.format(other) for other in words)
