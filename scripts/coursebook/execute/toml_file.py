"""Reading a TOML file that an author writes."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from coursebook.problems import CourseError, Problem


def read_toml(data: bytes, path: str, code: str) -> tuple[str, dict[str, Any]]:
    """Return the text of a file, and its tables.

    Args:
        data: The file.
        path: Its name in problems.
        code: Of the problem, if it is not TOML.

    Raises:
        CourseError: It is not TOML, or not UTF-8.
    """
    try:
        text = data.decode("utf-8")
        return text, tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        place = re.search(r"\(at line (\d+)", str(error))
        line = int(place[1]) if place else 0
        message = f"this is not TOML: {error}"
        raise CourseError([Problem(path, line, code, message)]) from None
