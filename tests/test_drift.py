"""What ``check`` tells of slides and notes that drift apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import Book
from commands import type_in
from coursebook.course import drift
from coursebook.course.book import read_book
from coursebook.course.drift import report
from coursebook.problems import Problem
from git_books import Author

PATH = "book/a.md"


def notes(book: Book) -> list[Problem]:
    return drift.find(read_book(book.tree))


def told(book: Book, text: str) -> list[tuple[str, int]]:
    """Write a chapter as the only one, and return code and line of what is told."""
    book.chapter("a", text)
    return [(note.code, note.line) for note in notes(book)]


def either(slide: str, page: str) -> str:
    """Write text for slides and text for notes, on five lines."""
    return f"{{% if slide %}}\n{slide}\n{{% else %}}\n{page}\n{{% endif %}}\n"


# Sections


def test_a_chapter_whose_sections_stand_on_both_sides_is_told_nothing(book: Book) -> None:
    text = f"# A\n\n## One\n\n{either('Words.', 'More words.')}\n### Two\n\nWords for both.\n"
    assert told(book, text) == []


def test_a_section_with_slides_and_no_notes_is_told_at_its_heading(book: Book) -> None:
    text = "# A\n\n## One\n\nBoth.\n\n{% if slide %}\n## Two\n\nA slide.\n{% endif %}\n"
    assert told(book, text) == [("section-without-notes", 8)]
    (note,) = notes(book)
    assert note.path == PATH
    assert "`Two`" in note.message


def test_so_is_one_whose_heading_stands_in_both_and_whose_text_does_not(book: Book) -> None:
    text = "# A\n\n## One\n\nBoth.\n\n## Two\n\n{% if slide %}\nA slide.\n{% endif %}\n"
    assert told(book, text) == [("section-without-notes", 7)]


def test_a_section_with_notes_and_no_slides_is_told(book: Book) -> None:
    page = "## Two\n\nNotes.\n\n### Three\n\nMore.\n"
    text = f"# A\n\n## One\n\nBoth.\n\n{{% if page %}}\n{page}{{% endif %}}\n"
    assert told(book, text) == [("section-without-slides", 8)], "the outermost one, once"


def test_headings_written_twice_belong_together(book: Book) -> None:
    text = f"# A\n\n{either('## One' + chr(10) * 2 + 'Short.', '## One' + chr(10) * 2 + 'Long.')}"
    assert told(book, text) == []


def test_a_heading_whose_text_stands_in_its_subsections_lacks_nothing(book: Book) -> None:
    text = "# A\n\n## One\n\n{% if page %}\nNotes.\n{% endif %}\n\n### Two\n\nBoth.\n"
    assert told(book, text) == []


def test_small_headings_of_the_notes_need_no_slide(book: Book) -> None:
    deep = "#### Four\n\nDetails."
    text = f"# A\n\n## One\n\nBoth.\n\n### Two\n\nBoth.\n\n{either('', deep)}"
    assert told(book, text) == []


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (":tags: [page-only]", "section-without-slides"),
        ("---\ntags: [slide-only]\n---", "section-without-notes"),
        (":tags: [hide-output]", None),
    ],
)
def test_a_cell_counts_where_it_is_shown(book: Book, cell: str, code: str | None) -> None:
    head = "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n"
    shown = f"```{{code-cell}} bash\n{cell}\ntrue\n```\n"
    text = f"{head}# A\n\n## One\n\n{either('Words.', 'More words.')}\n## Two\n\n{shown}"
    assert [found for found, _ in told(book, text)] == ([code] if code else [])


def test_what_is_for_the_speaker_alone_is_no_text_of_a_section(book: Book) -> None:
    words = ":::{speaker}\nAsk **first**.\n:::\n"
    text = f"# A\n\n## One\n\n{either('Words.', 'More.')}\n## Two\n\n{words}"
    assert told(book, text) == []


def test_a_chapter_that_shows_one_text_on_both_sides_is_told_no_drift(book: Book) -> None:
    """It is told so by another note."""
    assert (
        told(book, "# A\n\n{% if page %}\n## One\n\nNotes.\n\n## Two\n\nMore.\n{% endif %}\n") == []
    )


def test_an_included_file_is_named_where_the_section_stands(book: Book) -> None:
    book.write("book/_shared.md", "{% if slide %}\n## Two\n\nA slide.\n{% endif %}\n")
    book.chapter("a", "# A\n\n## One\n\nBoth.\n\n```{include} _shared.md\n```\n")
    (note,) = notes(book)
    assert (note.path, note.line, note.code) == ("book/_shared.md", 2, "section-without-notes")


# Terms


@pytest.mark.parametrize(
    ("slide", "page"),
    [
        ("- the **resolver** decides", "Something decides."),
        ("- run `uv lock --check`", "Run the check."),
        ("resolver\n: decides", "Something decides."),
        ("- **resolver:** decides", "The `other` decides."),
        ("- `PATH` decides", "The path decides."),
    ],
)
def test_a_term_that_stands_on_slides_alone_is_told(book: Book, slide: str, page: str) -> None:
    text = f"# A\n\n## One\n\n{either(slide, page)}"
    assert told(book, text) == [("term-only-on-slides", 6)]


@pytest.mark.parametrize(
    ("slide", "page"),
    [
        ("- the **resolver** decides", "Resolvers decide."),
        ("- **resolvers** decide", "A resolver decides."),
        ("- run `uv lock --check`", "```bash\nuv lock --check\n```"),
        ("- it's the **reader’s** choice", "The reader's choice."),
        ("resolver\n: decides", "The *resolver* decides."),
        ("- **this whole sentence is said with weight**", "Words."),
        ("- see {ref}`resolver` and [it](resolver.md)", "Words."),
        ("- **42** of them", "Words."),
        ("```python\n**kwargs\n```", "Words."),
    ],
)
def test_a_term_that_the_notes_know_is_not(book: Book, slide: str, page: str) -> None:
    book.chapter("resolver", "(resolver)=\n# Resolver\n\nWords.\n")
    assert told(book, f"# A\n\n## One\n\n{either(slide, page)}") == []


def test_a_term_may_be_explained_anywhere_in_the_chapters_notes(book: Book) -> None:
    text = (
        f"# A\n\n## One\n\n{either('A **wheel**.', 'Words.')}\n## Two\n\n{either('x', 'A wheel.')}"
    )
    assert told(book, text) == []


def test_terms_of_one_line_are_told_together_and_each_once(book: Book) -> None:
    slide = "- **hash** and `lock`\n- again **hash**"
    assert told(book, f"# A\n\n## One\n\n{either(slide, 'Words.')}") == [("term-only-on-slides", 6)]
    (note,) = notes(book)
    assert "`lock` and `hash` stand on slides alone" in note.message


def test_terms_of_a_section_without_notes_are_not_told_one_by_one(book: Book) -> None:
    text = f"# A\n\n## One\n\nBoth.\n\n{either('## Two' + chr(10) * 2 + 'A **wheel**.', '')}"
    assert [code for code, _ in told(book, text)] == ["section-without-notes"]


# What git remembers


def chapter(slide: str, page: str) -> str:
    return f"# A\n\n## One\n\n{either(slide, page)}"


@pytest.fixture
def author(book: Book) -> Author:
    """Somebody who has committed slides and notes that agree."""
    author = Author(book)
    book.chapter("a", chapter("Three days.", "It takes three days."))
    author.commit()
    return author


def test_slides_that_changed_after_their_notes_are_told_with_both_commits(author: Author) -> None:
    first = author.git("rev-parse", "HEAD")[:9]
    author.book.chapter("a", chapter("Four days.", "It takes three days."))
    second = author.commit()
    assert [(note.code, note.line) for note in notes(author.book)] == [
        ("notes-older-than-slides", 3)
    ]
    (note,) = notes(author.book)
    assert f"changed in {second} of 2026-03-02" in note.message
    assert f"last in {first} of 2026-03-01" in note.message


def test_slides_that_nobody_has_committed_are_told_too(author: Author) -> None:
    author.book.chapter("a", chapter("Four days.", "It takes three days."))
    (note,) = notes(author.book)
    assert "since the last commit" in note.message


@pytest.mark.parametrize(
    ("slide", "page"),
    [
        ("Four days.", "It takes four days."),
        ("Three days.", "It takes four days."),
        ("Three  *days*.", "It takes three days."),
    ],
)
def test_what_changed_on_both_sides_or_in_no_word_is_not(
    author: Author, slide: str, page: str
) -> None:
    author.book.chapter("a", chapter(slide, page))
    author.commit()
    assert notes(author.book) == []


def test_notes_that_followed_later_settle_it(author: Author) -> None:
    for slide, page in (("Four days.", "three"), ("Four days.", "four"), ("Four days.", "four.")):
        author.book.chapter("a", chapter(slide, page))
        author.commit()
    assert notes(author.book) == []


def test_slides_that_went_back_to_what_they_said_are_not_told(author: Author) -> None:
    for slide in ("Four days.", "Three days."):
        author.book.chapter("a", chapter(slide, "It takes three days."))
        author.commit()
    assert notes(author.book) == []


def test_notes_that_only_became_shorter_have_changed(author: Author) -> None:
    author.book.chapter("a", chapter("Four days.", "It takes three days."))
    author.commit()
    author.book.chapter("a", chapter("Four days.", "It takes days."))
    author.commit()
    assert notes(author.book) == []


def test_slides_that_are_new_are_not_newer(author: Author) -> None:
    text = chapter("Three days.", "It takes three days.")
    author.book.chapter("a", f"{text}\n## Two\n\n{either('', 'Notes.')}")
    author.commit()
    author.book.chapter("a", f"{text}\n## Two\n\n{either('A slide.', 'Notes.')}")
    author.commit()
    assert notes(author.book) == []


def test_lines_that_moved_have_not_changed(author: Author) -> None:
    text = chapter("Three days.", "It takes three days.")
    author.book.chapter("a", text.replace("## One", "Words for both.\n\n## One"))
    author.commit()
    assert notes(author.book) == []


def test_a_renamed_chapter_keeps_its_history(author: Author) -> None:
    author.book.chapters.clear()
    (author.book.root / PATH).rename(author.book.root / "book" / "übrig.md")
    author.book.chapter("übrig", chapter("Three days.", "It takes three days."))
    author.commit()
    author.book.chapter("übrig", chapter("Four days.", "It takes three days."))
    author.commit()
    (note,) = notes(author.book)
    assert (note.path, note.code) == ("book/übrig.md", "notes-older-than-slides")
    assert "last in" in note.message
    assert "2026-03-01" in note.message


def test_a_merge_counts_as_one_change(author: Author) -> None:
    author.git("checkout", "--quiet", "-b", "side")
    for slide, page in (("Four days.", "It takes three days."), ("Four days.", "It takes four.")):
        author.book.chapter("a", chapter(slide, page))
        author.commit()
    author.git("checkout", "--quiet", "main")
    author.git("merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    assert notes(author.book) == []


def test_a_book_below_the_root_of_its_repository_has_its_history(tmp_path: Path) -> None:
    author = Author(Book(tmp_path))
    book = Book(tmp_path / "courses" / "one")
    book.chapter("a", chapter("Three days.", "It takes three days."))
    author.commit()
    book.chapter("a", chapter("Four days.", "It takes three days."))
    author.commit()
    assert [note.code for note in notes(book)] == ["notes-older-than-slides"]


def test_a_hook_of_another_repository_confuses_nothing(
    author: Author, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    author.book.chapter("a", chapter("Four days.", "It takes three days."))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert [note.code for note in notes(author.book)] == ["notes-older-than-slides"]


@pytest.mark.parametrize("missing", ["repository", "commit", "git"])
def test_without_git_or_history_there_is_nothing_to_tell(
    book: Book, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    if missing == "commit":
        Author(book)
    if missing == "git":
        monkeypatch.setenv("PATH", str(book.root))
    book.chapter("a", chapter("Four days.", "It takes three days."))
    assert notes(book) == []


# Minutes


def timed(minutes: str, slides: int, words: int = 0) -> str:
    """Write a chapter with so many slides, title included, and so many words of notes."""
    head = f"---\nminutes: {minutes}\n---\n# A\n\n"
    shown = "".join(f"## Part {number}\n\nWords.\n\n" for number in range(2, slides + 1))
    return head + shown + either("", "word " * words)


@pytest.mark.parametrize(
    ("minutes", "slides", "words", "codes"),
    [
        ("5", 5, 0, []),
        ("5", 6, 0, ["more-slides-than-minutes"]),
        ("5.5", 6, 0, ["more-slides-than-minutes"]),
        ("5", 5, 1000, []),
        ("5", 5, 1300, ["more-to-read-than-minutes"]),
        ("{part-2: 2, part-3: 2}", 5, 0, ["more-slides-than-minutes"]),
        ("{part-2: 2, part-3: 4}", 5, 0, []),
        ("{total: 5, part-2: 0.5}", 5, 0, ["more-slides-than-minutes"]),
        ("{nowhere: 9}", 5, 0, []),
        ("soon", 50, 0, []),
        ("0", 50, 0, []),
    ],
)
def test_minutes_are_compared_with_slides_and_words(
    book: Book, minutes: str, slides: int, words: int, codes: list[str]
) -> None:
    assert [code for code, _ in told(book, timed(minutes, slides, words))] == codes


def test_the_chapters_minutes_are_told_at_their_line_and_a_sections_at_its_heading(
    book: Book,
) -> None:
    assert told(book, timed("2", 3)) == [("more-slides-than-minutes", 2)]
    assert told(book, timed("{part-3: 0.5, total: 9}", 3)) == [("more-slides-than-minutes", 10)]
    (note,) = notes(book)
    assert "the section `Part 3` has 1 slides for 0.5 minutes" in note.message


def test_a_section_is_named_by_its_label_and_has_its_subsections_in_it(book: Book) -> None:
    text = (
        "---\nminutes: {mine: 2}\n---\n# A\n\n(mine)=\n## One\n\nWords.\n\n### Two\n\nWords.\n\n"
        "```{revealjs-break}\n```\n\nMore.\n\n## Three\n\nWords.\n"
    )
    assert [code for code, _ in told(book, text)] == ["more-slides-than-minutes"] * 2
    assert told(book, text.replace("mine: 2", "mine: 3, total: 9")) == []


# The report


def test_the_report_goes_by_chapter_and_says_once_what_to_do(book: Book) -> None:
    only_slides = "# T\n\n## One\n\nBoth.\n\n{% if slide %}\n## Two\n\nA slide.\n{% endif %}\n"
    book.chapter("b", only_slides)
    book.chapter("a", only_slides)
    assert report.write(notes(book)).splitlines() == [
        "slides and notes drift apart at 2 places in 2 files; none of it is an error",
        "",
        "  book/b.md:8: the section `Two` has slides and no notes [section-without-notes]",
        "",
        "  book/a.md:8: the section `Two` has slides and no notes [section-without-notes]",
        "",
        "  section-without-notes  write its notes, inside `{% if page %}` or outside of all",
    ]


def test_check_reports_drift_and_passes(book: Book) -> None:
    book.chapter("a", chapter("A **wheel**.", "Words."))
    answer = type_in("check", book.root)
    assert answer.returncode == 0, answer.stderr
    assert "book/a.md:6: `wheel` stands on slides alone" in answer.stdout


def test_a_book_without_drift_has_no_report(book: Book) -> None:
    book.chapter("a", chapter("A wheel.", "Words."))
    assert report.write(notes(book)) == ""
