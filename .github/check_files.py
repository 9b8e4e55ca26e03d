"""Look for what no file of this repository may hold: a pre-commit hook, and a test.

    .venv/bin/python .github/check_files.py FILE …

Prints each mistake as ``file:line: what``, and ends with 1 if there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LARGEST = 1_000_000
"""Bytes. A larger file is downloaded by everybody who clones, for ever."""

# A line of seven equal signs alone may underline a heading; the other two mean one thing only.
CONFLICT = re.compile(rb"^(<{7}|>{7}|\|{7})( |$)")


def mistakes(path: Path) -> Iterator[str]:
    """Yield what is wrong with a file."""
    if path.is_symlink() or not path.is_file():
        return
    if path.stat().st_size > LARGEST:
        yield f"{path}: larger than {LARGEST // 1000} kB"
    content = path.read_bytes()
    if b"\0" in content[:8000]:
        return  # not a text
    for number, line in enumerate(content.split(b"\n"), 1):
        if CONFLICT.match(line):
            yield f"{path}:{number}: a conflict marker of a merge"
        if line.endswith(b"\r"):
            yield f"{path}:{number}: a line end of Windows"
    if content and not content.endswith(b"\n"):
        yield f"{path}: the last line has no end"


def main(names: list[str]) -> int:
    """Look through files and print what is wrong."""
    found = [mistake for name in names for mistake in mistakes(Path(name))]
    for mistake in found:
        print(mistake)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
