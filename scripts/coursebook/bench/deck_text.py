"""The same sixty slides for every tool that makes decks: lists, code, tables, quotes, a picture.

What stands on a slide is plain Markdown, the same for all. They differ in what begins a slide: a
heading for ours and for sphinx-revealjs, a line of dashes for Slidev and Marp.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from coursebook.bench.books import CODE, WORDS

SLIDES = 60
TITLE = "Sixty slides on environments"
PICTURE = "wheel.svg"
PICTURES = "pictures"

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 160" width="320" height="160">'
    '<rect x="10" y="20" width="140" height="120" rx="12" fill="#4477aa"/>'
    '<circle cx="230" cy="80" r="60" fill="#cc6677"/></svg>\n'
)


def slides() -> list[tuple[str, str]]:
    """Compose all slides but the first: heading and text; always the same."""
    chance = random.Random(60)

    def phrase(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most))).capitalize()

    def text(number: int) -> str:
        points = "\n".join(f"- {phrase(4, 9)}" for _ in range(3))
        if number % 3 == 0:
            language = sorted(CODE)[number % 2]
            code = "\n".join(CODE[language].format(number=number).splitlines()[:9]).rstrip()
            return f"{phrase(5, 8)}:\n\n```{language}\n{code}\n```"
        if number % 10 == 1:
            rows = "\n".join(f"| {phrase(1, 2)} | {phrase(2, 4)} |" for _ in range(4))
            return f"| what | where |\n|---|---|\n{rows}"
        if number % 10 == 5:
            return f"> {phrase(10, 14)}.\n\n{points}"
        if number % 20 == 7:
            return f"![Two shapes](./{PICTURES}/{PICTURE})\n\n{phrase(6, 9)}."
        code, bold = phrase(1, 1).lower(), phrase(1, 2).lower()
        return f"{phrase(6, 10)}, `{code}` and **{bold}**.\n\n{points}"

    return [(f"Slide {number} {phrase(1, 3).lower()}", text(number)) for number in range(2, 61)]


def by_headings() -> str:
    """Write the deck as MyST Markdown, in which a heading begins a slide."""
    parts = [f"## {heading}\n\n{text}" for heading, text in slides()]
    return "\n\n".join([f"# {TITLE}\n\nA talk.", *parts]) + "\n"


def by_dashes(head: str = "") -> str:
    """Write the deck with a line of dashes between two slides.

    Args:
        head: What the front matter says.
    """
    parts = [f"# {heading}\n\n{text}" for heading, text in slides()]
    return f"---\n{head}\n---\n\n" + "\n\n---\n\n".join([f"# {TITLE}\n\nA talk.", *parts]) + "\n"


def write_picture(folder: Path) -> None:
    """Put the picture of the deck beside its text."""
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    (folder / PICTURES / PICTURE).write_text(DRAWING, encoding="utf-8")


def write_our_book(root: Path) -> None:
    """Write a book with the deck as its one chapter; nothing depends on the rendering."""
    book = root / "book"
    write_picture(book)
    settings = {"title": "Bench", "author": "Bench", "only_build_toc_files": True}
    contents = {"format": "jb-book", "root": "book/index", "chapters": [{"file": "book/deck"}]}
    # JSON is YAML, and needs no library to write.
    (root / "_config.yml").write_text(json.dumps(settings), encoding="utf-8")
    (root / "_toc.yml").write_text(json.dumps(contents), encoding="utf-8")
    (book / "index.md").write_text("# The front page\n\nWelcome.\n", encoding="utf-8")
    (book / "deck.md").write_text(by_headings(), encoding="utf-8")
