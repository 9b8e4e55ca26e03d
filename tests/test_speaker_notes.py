"""What is for the speaker alone reaches nobody else, unless it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import Book
from commands import type_in

CHAPTER = """\
---
file_format: mystnb
---
# Talk

Words for everybody.

:::{speaker}
The word is *swordfish*.

![Swordfish](swordfish-picture.png)
:::

## Section

```{speaker}
Say `swordfish` again.
```

```{code-cell} python
1 + 1
```
"""

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360"
    "000000020001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def talk(book: Book) -> Book:
    """A book with speaker's text, a picture in it, and a cell, which makes a notebook of it."""
    book.write("book/swordfish-picture.png", DOT)
    book.chapter("talk", CHAPTER)
    return book


def telling(site: Path) -> set[str]:
    """Name all published files that hold the word, or bear it."""
    return {
        file.relative_to(site).as_posix()
        for file in site.rglob("*")
        if file.is_file()
        and (b"swordfish" in file.read_bytes().lower() or "swordfish" in file.name)
    }


def test_a_build_publishes_no_word_for_speakers_unless_it_is_asked_to(talk: Book) -> None:
    def build(*arguments: str) -> set[str]:
        answer = type_in("build", talk.root, *arguments)
        assert answer.returncode == 0, answer.stderr
        return telling(talk.tree.site)

    deck, picture = "slides/talk.html", "slides/_images/swordfish-picture.png"
    assert build() == set()
    # Doctrees of the other kind stand there now; neither is mistaken for its own.
    assert build("--with-speaker-notes") == {deck, picture}
    notes = [part.get_text(" ", strip=True) for part in talk.deck("talk").select("aside.notes")]
    assert notes == ["The word is swordfish .", "Say swordfish again."]
    assert build() == set()


def test_a_mistake_in_what_only_speakers_see_is_found_by_check(book: Book) -> None:
    book.chapter("talk", "# Talk\n\n:::{speaker}\n![Gone](gone.png)\n:::\n")
    answer = type_in("check", book.root)
    assert "book/talk.md:4: " in answer.stderr
    assert "gone.png" in answer.stderr
