"""An order that looks like chance and is the same in every build."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def shuffled(texts: Sequence[str]) -> list[int]:
    """Return the places of some texts in another order, which depends on the texts alone.

    It is never the given one, and for more than two not the reverse of it.
    """
    given = list(range(len(texts)))
    for salt in range(1000):
        names = [zlib.crc32(f"{salt} {place} {text}".encode()) for place, text in enumerate(texts)]
        order = sorted(given, key=lambda place: names[place])
        if order != given and (len(order) < 3 or order != given[::-1]):
            return order
    return given


def place_among(text: str, others: Sequence[str]) -> int:
    """Say before which of the others a text stands; ``len(others)`` for behind them all."""
    return zlib.crc32("\n".join([text, *others]).encode()) % (len(others) + 1)
