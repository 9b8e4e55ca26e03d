"""What git knows of chapters: their texts of before, newest first.

One ``git log`` for the whole book, and one ``git cat-file`` that hands out texts as they are asked
for. Where there is no git, no repository or no history, there is nothing to tell.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

from coursebook.course.book import Book

MOST = 2000
"""Commits that are looked at; a book of many years has its drift in the last ones."""

SEPARATOR = "\x1e"
"""Before each commit: a character that nobody types into a message."""

COMMAND = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True)
class Commit:
    """One commit.

    Attributes:
        name: Its hash.
        day: Its date, as ``2026-11-28``.
    """

    name: str
    day: str

    def __str__(self) -> str:
        return f"{self.name[:9]} of {self.day}"


@dataclass(frozen=True)
class Change:
    """One file in one commit: its name, and that of before if it was renamed."""

    commit: Commit
    path: str
    before: str


class History:
    """The history of a book's chapters.

    Args:
        book: The book.
    """

    def __init__(self, book: Book) -> None:
        self.root = book.chapters[0].tree.root if book.chapters else None
        self.changes: list[Change] = []
        self.reader: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> History:
        if self.root is not None:
            self.changes = list(self._log())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.reader:
            self.reader.communicate()

    def versions(self, path: str) -> Iterator[tuple[Commit, str]]:
        """Yield the texts of a chapter, newest first, each with the commit that brought it.

        Args:
            path: The chapter, from the book's root; its name of today.
        """
        for change in self.changes:
            if change.path == path:
                text = self._text(change.commit.name, path)
                if text is None:
                    return
                yield change.commit, text
                path = change.before

    def _log(self) -> Iterator[Change]:
        """Read which files each commit of this branch changed; a merge counts as one change."""
        told = self._git(
            *("log", f"--max-count={MOST}", "--first-parent", "-m", "--find-renames"),
            *("--diff-filter=AMR", "--name-status", "--relative", "-z"),
            *(f"--format={SEPARATOR}%H%x09%cs", "--", "*.md"),
        )
        for part in told.split(SEPARATOR)[1:]:
            head, *names = part.replace("\0\n", "\0").strip("\0\n").split("\0")
            commit = Commit(*head.split("\t"))
            fields = iter(names)
            for status in fields:
                old = next(fields, "")
                new = next(fields, "") if status.startswith("R") else old
                yield Change(commit, new, old)

    def _git(self, *words: str) -> str:
        try:
            answer = subprocess.run(
                ["git", *words], cwd=self.root, env=_variables(), capture_output=True, check=False
            )
        except OSError:
            return ""  # there is no git
        return "" if answer.returncode else answer.stdout.decode("utf-8", "replace")

    def _text(self, commit: str, path: str) -> str | None:
        """Return a file as a commit has it; None where that cannot be had."""
        if COMMAND.search(path):
            return None
        if self.reader is None:
            self.reader = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                cwd=self.root,
                env=_variables(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self.reader.stdin and self.reader.stdout
        try:
            self.reader.stdin.write(f"{commit}:./{path}\n".encode())
            self.reader.stdin.flush()
        except OSError:
            return None  # it ended
        head = self.reader.stdout.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return None
        content = self.reader.stdout.read(int(head[2]) + 1)[:-1]
        return content.decode("utf-8", "replace").replace("\r\n", "\n")


def _variables() -> dict[str, str]:
    """Return the environment without what a git hook says of its own repository.

    What a partial clone has not fetched stays where it is: a check asks nobody for anything.
    """
    mine = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    return {**mine, "GIT_NO_LAZY_FETCH": "1"}
