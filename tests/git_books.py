"""A book whose author commits, for tests of what git remembers."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from books import Book

WHO = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@dataclass
class Author:
    """Somebody who writes a book and commits it, one day after the other."""

    book: Book
    day: int = 0

    def __post_init__(self) -> None:
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        """Run git in the book's folder."""
        date = f"2026-03-{self.day:02d}T12:00:00Z"
        mine = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        answer = subprocess.run(
            ["git", *words],
            cwd=self.book.root,
            env={**mine, **WHO, **dates},
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout.strip()

    def commit(self) -> str:
        """Commit all that was written, a day after the last time; return the start of its name."""
        self.day += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", f"Day {self.day}")
        return self.git("rev-parse", "HEAD")[:9]
