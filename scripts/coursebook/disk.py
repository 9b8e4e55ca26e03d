"""A disk that is full, or may not be written, is told like any other problem."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from coursebook.paths import Tree
from coursebook.problems import CourseError, Problem


@contextlib.contextmanager
def disk_errors(tree: Tree) -> Iterator[None]:
    """Turn a disk that is full or may not be written into a problem that names the cure."""
    try:
        yield
    except OSError as error:
        place = tree.relative(error.filename) if isinstance(error.filename, str) else ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            hint = "make room, then build again; the last good build is untouched"
            raise CourseError([Problem(place, 0, "disk-full", "the disk is full", hint)]) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            hint = "the folder _build must be yours to write; try: ls -ld _build"
            raise CourseError(
                [Problem(place, 0, "no-write-permission", "this may not be written", hint)]
            ) from error
        raise
