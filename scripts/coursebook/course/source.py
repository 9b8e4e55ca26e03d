"""Reading the text of an author's file."""

from __future__ import annotations

from pathlib import Path

from coursebook.problems import CourseError, Problem

_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def read_source(path: Path, name: str) -> str:
    """Read a file as UTF-8 with plain line breaks.

    Windows line breaks and a UTF-8 byte order mark are taken away in silence: they change nothing
    that a reader sees.

    Args:
        path: The file.
        name: Its name for problems, relative to the book's root.

    Raises:
        CourseError: The file is not UTF-8, or cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        raise CourseError([Problem(name, 0, "unreadable-file", message)]) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from behind the byte order mark.
        at = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        line = data.count(b"\n", 0, at) + 1
        encoding = _BYTE_ORDER_MARKS.get(data[:2])
        what = f"the file is {encoding}" if encoding else f"the byte 0x{data[at]:02X} is not UTF-8"
        hint = "save the file with the encoding UTF-8"
        raise CourseError([Problem(name, line, "not-utf-8", what, hint)]) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
