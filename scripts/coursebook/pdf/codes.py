"""Codes for the camera of a phone (QR codes), which lead from paper to the published site."""

from __future__ import annotations

import segno

SIDE = 22
"""Millimetres that a code is printed in, with its margin."""

LARGEST = 10
"""Version of the largest code: its squares of a third of a millimetre can just be read on paper.

Source: ISO/IEC 18004; version 10 has 57 squares a side, and 4 of margin at each end.
"""


class TooLongError(Exception):
    """An address has more characters than a code of this size can hold.

    Args:
        length: Bytes of the address.
        limit: Bytes that fit.
    """

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(length, limit)
        self.length, self.limit = length, limit


LIMIT = 213
"""Bytes that a code of version 10 holds when a seventh of it may be damaged (level M)."""


def picture(address: str) -> str:
    """Draw the code of an address.

    Args:
        address: Absolute address.

    Returns:
        A ``data:`` address of an SVG.

    Raises:
        TooLongError: It would be too fine to be read.
    """
    length = len(address.encode())
    try:
        code = segno.make(address, error="m", micro=False)
    except segno.DataOverflowError:
        raise TooLongError(length, LIMIT) from None
    if not isinstance(code.version, int) or code.version > LARGEST:
        raise TooLongError(length, LIMIT)
    return code.svg_data_uri(dark="#1a1e21", border=4, omitsize=True, nl=False)
