"""A build is whole or it does not happen: what stands in ``_build/site`` is always good."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from books import Book
from commands import VARIABLES, command, start, type_in


def contents(folder: Path) -> dict[str, bytes]:
    """Read a whole tree."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Name what differs; two sites side by side would be unreadable."""
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def test_the_site_has_the_decks_below_it(book: Book) -> None:
    book.chapter("part/topic", "# Topic\n\n## Section\n\nText.\n")
    answer = type_in("build", book.root)
    assert answer.returncode == 0, answer.stderr
    site = book.tree.site
    for address in ("index.html", "part/topic.html", "slides/index.html", "slides/part/topic.html"):
        assert (site / address).is_file(), address


def test_a_failed_build_leaves_the_last_good_one(book: Book) -> None:
    book.build()
    before = contents(book.tree.site)
    book.write("book/index.md", "# Front page\n\n[broken](nowhere.md)\n")
    answer = type_in("build", book.root)
    assert answer.returncode == 1
    assert "book/index.md:3: " in answer.stderr
    assert differing(before, contents(book.tree.site)) == []


def test_a_broken_book_fails_at_every_build_until_it_is_mended(book: Book) -> None:
    book.write("book/index.md", "# Front page\n\n[broken](nowhere.md)\n")
    first, second = type_in("build", book.root), type_in("build", book.root)
    assert first.returncode == second.returncode == 1
    assert first.stderr == second.stderr
    book.write("book/index.md", "# Front page\n\nMended.\n")
    assert type_in("build", book.root).returncode == 0


def test_what_went_from_the_book_goes_from_the_site(book: Book) -> None:
    book.chapter("one", "# One\n")
    book.chapter("two", "# Two\n")
    book.build()
    (book.root / "book" / "two.md").unlink()
    book.chapters.remove("two")
    book.write_toc()
    book.build()
    assert (book.tree.site / "one.html").exists()
    assert not (book.tree.site / "two.html").exists()
    assert not (book.tree.site / "slides" / "two.html").exists()


# Earlier than the first delay the interpreter itself is starting, and answers in its own way.
@pytest.mark.parametrize("delay", [0.3, 0.8, 1.6, 2.4])
def test_ctrl_c_at_any_moment_harms_nothing(book: Book, delay: float) -> None:
    for number in range(8):
        book.chapter(f"chapter-{number}", f"# Chapter {number}\n\n## Section\n\nText.\n")
    book.build()
    before = contents(book.tree.site)
    for number in range(8):
        book.chapter(f"chapter-{number}", f"# Chapter {number}\n\n## Section\n\nNew text.\n")
    build = start("build", book.root)
    time.sleep(delay)
    os.killpg(build.pid, signal.SIGINT)
    text, _ = build.communicate(timeout=30)
    assert build.returncode in (0, 130, -signal.SIGINT), text
    assert "Traceback" not in text
    after = contents(book.tree.site)
    with pytest.raises(ProcessLookupError):
        # The last process of the group may take a moment to be gone.
        for _ in range(100):
            os.killpg(build.pid, 0)
            time.sleep(0.05)
    assert type_in("build", book.root).returncode == 0
    assert b"New text." in (book.tree.site / "chapter-7.html").read_bytes()
    # Either the old site stood, or the new one, and always the whole of it.
    if differing(before, after):
        assert differing(after, contents(book.tree.site)) == []


def test_a_stop_between_the_two_renames_is_mended(book: Book) -> None:
    book.build()
    before = contents(book.tree.site)
    book.tree.site.rename(book.tree.build / "site.old")
    book.write("book/index.md", "# Front page\n\n[broken](nowhere.md)\n")
    assert type_in("build", book.root).returncode == 1
    assert differing(before, contents(book.tree.site)) == []


def test_two_builds_at_once_wait_for_each_other(book: Book) -> None:
    first, second = start("build", book.root), start("build", book.root)
    for build in (first, second):
        text, _ = build.communicate(timeout=120)
        assert build.returncode == 0, text
    assert (book.tree.site / "index.html").exists()


def in_a_namespace(script: str, book: Book) -> subprocess.CompletedProcess[str]:
    """Build with mounts of our own, as root inside a user namespace."""
    enter = ["unshare", "--map-root-user", "--mount", "sh", "-c", script + '\nexec "$@"', "sh"]
    return subprocess.run(
        [*enter, *command("build", book.root)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=VARIABLES,
    )


@pytest.mark.parametrize("size", ["100k", "600k"])
def test_a_full_disk_is_named_and_the_old_site_stays(book: Book, size: str) -> None:
    book.chapter("long", "# Long\n\n" + f"{'Words that fill a small disk. ' * 100}\n\n" * 250)
    book.build()
    before = contents(book.tree.site)
    build = book.tree.build
    answer = in_a_namespace(
        f"mkdir -p {build}/work && mount -t tmpfs -o size={size} tmpfs {build}/work", book
    )
    assert answer.returncode == 1, answer.stderr
    assert "the disk is full [disk-full]" in answer.stderr
    assert "hint: make room" in answer.stderr
    assert differing(before, contents(book.tree.site)) == []


def test_a_folder_that_may_not_be_written_is_named(book: Book) -> None:
    answer = in_a_namespace(
        f"mount --bind {book.root} {book.root} && mount -o remount,bind,ro {book.root}", book
    )
    assert answer.returncode == 1, answer.stderr
    assert "_build: this may not be written [no-write-permission]" in answer.stderr


def test_check_finds_what_an_incremental_build_would_pass_over(book: Book) -> None:
    book.build()
    assert type_in("check", book.root).returncode == 0
    before = contents(book.tree.site)
    book.write("book/index.md", "# Front page\n\n[broken](nowhere.md)\n")
    answer = type_in("check", book.root)
    assert answer.returncode == 1
    assert "book/index.md:3: " in answer.stderr
    assert differing(before, contents(book.tree.site)) == []
    assert not list(book.tree.build.glob("check-*"))


def test_clean_removes_what_was_generated_and_nothing_else(book: Book) -> None:
    book.build()
    source = contents(book.root / "book")
    assert type_in("clean", book.root).returncode == 0
    assert not book.tree.site.exists()
    assert not book.tree.work.exists()
    assert differing(source, contents(book.root / "book")) == []


def test_files_in_the_settings_are_named_from_their_folder(book: Book) -> None:
    config = (book.root / "_config.yml").read_text(encoding="utf-8")
    book.write("_config.yml", config + "logo: mark.svg\nbibtex_bibfiles: [works.bib]\n")
    book.write("mark.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    book.write(
        "works.bib", "@book{knuth, author={D. Knuth}, title={The Book}, publisher={P}, year=1984}"
    )
    book.chapter("cited", "# C\n\nSee {cite}`knuth`.\n\n```{bibliography}\n```\n")
    book.build()
    assert (book.tree.site / "_static/mark.svg").is_file()
    for drawn in (book.page("cited"), book.deck("cited")):
        assert "The Book" in drawn.get_text()


def test_a_warning_that_names_a_file_by_a_second_ending_is_told_at_the_file(book: Book) -> None:
    code = "```{code-block} python\n:emphasize-lines: 9\nx = 1\n```\n"
    book.chapter("lines", f"# L\n\n{code}")
    assert {(found.path, found.line) for found in book.problems()} == {("book/lines.md", 3)}
