"""A flag decides what stands in a rendering; it is not printed.

``{{ }}`` belongs to MyST's substitutions, which know nothing of the flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursebook.course.book import Book
from coursebook.course.conditions import FLAGS
from coursebook.problems import Problem

CODE = "printed-flag"

_PRINTED = re.compile(r"(?<!\$)\{\{\s*(" + "|".join(FLAGS) + r")\s*\}\}")


def check(book: Book) -> Iterator[Problem]:
    """Find ``{{ slide }}`` and its like in prose."""
    for _, facts in book.renderings():
        for place in facts.prose:
            for found in _PRINTED.finditer(place.text):
                hint = f"write {{% if {found[1]} %}} … {{% endif %}} around what depends on it"
                message = f"`{found[0]}` prints nothing: a flag can only be asked"
                yield Problem(place.path, place.line, CODE, message, hint)
