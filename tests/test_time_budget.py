"""How long a chapter and its sections may take, as its author says it in the front matter."""

from __future__ import annotations

from books import Book
from coursebook.course.minutes import read_minutes

SECTIONS = """
# Talk

## One

### Below one

## Two

(NAME-three)=
## Three

```{revealjs-break}
```

More.
"""


def seconds(book: Book, name: str) -> dict[str, str]:
    """Return what the slides of a deck say of their time, by their ids."""
    found = book.deck(name).select("[data-cb-seconds]")
    return {str(slide["id"]): str(slide["data-cb-seconds"]) for slide in found}


def total(book: Book, name: str) -> list[str]:
    return [str(slide["data-cb-total"]) for slide in book.deck(name).select("[data-cb-total]")]


def test_minutes_are_shared_out_among_the_sections_by_their_slides(book: Book) -> None:
    for name, head in (
        ("whole", "---\nminutes: 12\n---"),
        ("mixed", "---\nminutes: {total: 20, mixed-three: 5, one: 7.5}\n---"),
        ("parts", "---\nminutes:\n  one: 3\n  three: 4\n---"),
        ("none", ""),
    ):
        book.chapter(name, (head + SECTIONS.replace("NAME", name)).lstrip())
    book.build()
    # Six slides of two minutes: the title, two of One, Two, and two of Three.
    assert seconds(book, "whole") == {
        "talk": "120",
        "one": "240",
        "two": "120",
        "whole-three": "240",
    }
    assert total(book, "whole") == ["720"]
    assert seconds(book, "mixed") == {
        "talk": "225",
        "one": "450",
        "two": "225",
        "mixed-three": "300",
    }
    assert total(book, "mixed") == ["1200"]
    # A section answers to every id that it has; without a total the named ones make it up.
    assert seconds(book, "parts") == {"talk": "0", "one": "180", "two": "0", "parts-three": "240"}
    assert total(book, "parts") == ["420"]
    assert seconds(book, "none") == {}
    for name in book.chapters:
        assert "data-cb-seconds" not in book.html(name)


def test_minutes_are_read_from_the_front_matter_alone() -> None:
    assert read_minutes("# No front matter\n\nminutes: 5\n") is None
    assert read_minutes("---\nminutes: soon\n---\n") is None
    read = read_minutes("---\na: b\nminutes:\n  total: 45\n  one: 1.5\n---\n")
    assert read is not None
    assert (read.total, read.rest, dict(read.sections)) == (45, 43.5, {"one": 1.5})
    assert (read.line, read.lines["one"]) == (4, 5)


def test_a_space_before_the_colon_is_yaml_as_well() -> None:
    minutes = read_minutes("---\nminutes : 12\n---\n# A\n")
    assert minutes is not None
    assert minutes.total == 12
