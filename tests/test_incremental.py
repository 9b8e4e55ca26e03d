"""What is built bit by bit is the same, to the byte, as what is built at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from books import Book, files
from coursebook import steps
from coursebook.live import vendor
from coursebook.paths import REPOSITORY, VENDOR, Tree
from coursebook.publish import publish, update
from coursebook.sphinx_ext.whole_output import MARK
from coursebook.workers import Worker

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"></svg>\n'


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Name the files that are not the same on both sides."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


class Live:
    """A book that is being written: its processes stay, as under ``serve``."""

    def __init__(self, book: Book, crew: list[Worker]) -> None:
        self.book = book
        self.crew = crew

    def save(self) -> list[str]:
        """Build what changed and return the addresses that are new, changed or gone."""
        found = steps.make(self.book.tree, self.crew, lambda message: None)
        assert not found, "\n".join(map(str, found))
        return update(self.book.tree)

    def site(self) -> dict[str, bytes]:
        return files(self.book.tree.site)

    def clean(self) -> dict[str, bytes]:
        """Return what a clean build of the same source gives, in another folder."""
        other = Tree(self.book.root.with_name("built-at-once"))
        shutil.rmtree(other.root, ignore_errors=True)
        shutil.copytree(self.book.root, other.root, ignore=shutil.ignore_patterns("_build"))
        with steps.workers(other) as crew:
            found = steps.make(other, crew, lambda message: None)
        assert not found, "\n".join(map(str, found))
        publish(other)
        return files(other.site)


@pytest.fixture
def live(book: Book) -> Iterator[Live]:
    """Three chapters that quote each other, in two parts, with a figure and an included file."""
    book.write("book/figures/one.svg", DRAWING.format(10))
    book.write("book/figures/two.svg", DRAWING.format(20))
    book.write("book/shared/_hint.md", "A hint for all.\n")
    book.chapter(
        "a/first",
        "(first-label)=\n# First\n\n## Where\n\n![A drawing](../figures/one.svg)\n\n"
        "```{figure} ../figures/one.svg\n:name: drawing\n\nCaption of one.\n```\n",
    )
    book.chapter("a/second", "# Second\n\n```{include} ../shared/_hint.md\n```\n")
    book.chapter(
        "b/third",
        "# Third\n\nSee [](../a/first.md), {ref}`first-label`, {doc}`../a/second` "
        "and {numref}`drawing`.\n",
    )
    with steps.workers(book.tree) as crew:
        made = Live(book, crew)
        made.save()
        yield made


Edit = Callable[[Book], object]


def retitle(book: Book) -> None:
    book.write(
        "book/a/first.md",
        "(first-label)=\n# Another `name` & more\n\n## Where\n\n"
        "```{figure} ../figures/one.svg\n:name: drawing\n\nCaption of one.\n```\n",
    )


def remove(book: Book) -> None:
    book.chapters.remove("a/second")
    book.write_toc()
    (book.root / "book/a/second.md").unlink()
    book.write("book/b/third.md", "# Third\n\nSee [](../a/first.md).\n")


def add_before(book: Book) -> None:
    book.chapters.insert(0, "a/before")
    book.chapter(
        "a/before",
        "# Before\n\n```{figure} one.svg\n:name: early\n\nAn earlier figure.\n```\n",
    )
    book.write("book/a/one.svg", DRAWING.format(40))
    book.write_toc()


def reorder(book: Book) -> None:
    book.chapters.reverse()
    book.write_toc()


def rename_part(book: Book) -> None:
    toc = book.root / "_toc.yml"
    toc.write_text(toc.read_text().replace("caption: Part", "caption: Another part"))


def move_label(book: Book) -> None:
    book.write("book/a/first.md", "# First\n\n(drawing)=\n## Where\n\nText.\n")
    book.write("book/a/second.md", "(first-label)=\n# Second\n\nText.\n")
    book.write("book/b/third.md", "# Third\n\nSee {ref}`first-label` and {ref}`drawing`.\n")


EDITS: dict[str, Edit] = {
    "a paragraph": lambda book: book.write("book/a/second.md", "# Second\n\nOther text.\n"),
    "a title": retitle,
    "a chapter removed": remove,
    "a chapter with a figure of the same name added in front": add_before,
    "the order": reorder,
    "the name of a part": rename_part,
    "an included file": lambda book: book.write("book/shared/_hint.md", "Another *hint*.\n"),
    "the drawing of a figure": lambda book: book.write("book/figures/one.svg", DRAWING.format(11)),
    "a figure switched for another": lambda book: book.write(
        "book/a/first.md",
        "(first-label)=\n# First\n\n```{figure} ../figures/two.svg\n:name: drawing\n\n"
        "Caption of two.\n```\n",
    ),
    "labels moved to another chapter": move_label,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_a_change_while_serving_gives_what_a_clean_build_gives(live: Live, edit: Edit) -> None:
    before = live.site()
    edit(live.book)
    live.save()
    after = live.site()
    assert differences(before, after), "the edit must show"
    assert differences(after, live.clean()) == []


def test_a_change_between_two_commands_gives_what_a_clean_build_gives(live: Live) -> None:
    retitle(live.book)
    with steps.workers(live.book.tree) as crew:
        Live(live.book, crew).save()
    assert differences(live.site(), live.clean()) == []


def test_a_renamed_chapter_has_its_new_name_on_every_page_and_deck(live: Live) -> None:
    retitle(live.book)
    live.save()
    pages = {name: text.decode() for name, text in live.site().items() if name.endswith(".html")}
    assert [name for name, text in pages.items() if ">First<" in text] == []
    assert "Another" in pages["b/third.html"]


def test_saving_one_chapter_writes_no_other_chapter(live: Live) -> None:
    live.book.write("book/a/second.md", "# Second\n\nOther text.\n")
    pages = [address for address in live.save() if address.endswith(".html")]
    assert "a/second.html" in pages
    assert "a/first.html" not in pages
    assert "b/third.html" not in pages


def test_nothing_changes_where_nothing_was_changed(live: Live) -> None:
    assert live.save() == []


def test_two_clean_builds_are_the_same_whatever_the_seed_of_hashes(
    live: Live, tmp_path: Path
) -> None:
    made = []
    for seed in ("1", "2"):
        root = tmp_path / f"place-{seed}"
        shutil.copytree(live.book.root, root, ignore=shutil.ignore_patterns("_build"))
        program = "import sys; from coursebook.cli import main; sys.exit(main(sys.argv[1:]))"
        subprocess.run(
            [
                sys.executable,
                "-c",
                program,
                "build",
                "--quiet",
                "--no-machine",
                "--root",
                str(root),
            ],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": str(REPOSITORY / "scripts"),
            },
            check=True,
        )
        made.append(files(Tree(root).site))
    assert differences(*made) == []
    assert differences(live.site(), made[0]) == []
    place = str(tmp_path).encode()
    assert [name for name, data in made[0].items() if place in data] == []


def test_pages_of_an_older_engine_are_written_again(book: Book, tmp_path: Path) -> None:
    """After an update of the engine, nobody should have to know that `clean` exists."""
    checkout = tmp_path / "checkout"
    for name in ("scripts", "templates"):
        shutil.copytree(
            REPOSITORY / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("uv.lock", "package.json", "package-lock.json", ".npmrc"):
        shutil.copy(REPOSITORY / name, checkout)
    # What npm has for both is had once.
    vendor.build(print)
    (checkout / "_build").mkdir()
    (checkout / "_build" / "vendor").symlink_to(VENDOR)

    def build() -> str:
        subprocess.run(
            [
                *(sys.executable, "-m", "coursebook", "build"),
                *("--quiet", "--no-machine", "--root", str(book.root)),
            ],
            env={**os.environ, "PYTHONPATH": str(checkout / "scripts")},
            check=True,
        )
        return (book.tree.site / "a/chapter.html").read_text(encoding="utf-8")

    book.chapter("a/chapter", "# Chapter\n\n## Section\n\nText.\n")
    text = "Link to this section"
    style = checkout / "scripts/coursebook/frontend/site/of_an_older_engine.css"
    style.write_text("p { color: red }\n")
    assert text in build()
    assert (book.tree.site / "_static" / style.name).is_file()
    style.unlink()
    engine = checkout / "scripts/coursebook/sphinx_ext/translator.py"
    engine.write_text(engine.read_text().replace(text, "Way to this section"))
    assert "Way to this section" in build()
    assert not (book.tree.site / "_static" / style.name).exists()
    layout = checkout / "templates/site/layout.html"
    layout.write_text(layout.read_text().replace("</body>", "<!--a new layout--></body>"))
    assert "<!--a new layout-->" in build()


def test_pages_that_an_interrupted_run_has_not_written_are_written_by_the_next(
    live: Live,
) -> None:
    """The chapter is older than its page; that what it quotes has changed is known to nobody."""
    live.save()
    page = live.book.tree.work / "pages" / "output" / "b" / "third.html"
    page.write_text("what stood there before", encoding="utf-8")
    (live.book.tree.work / "pages" / "doctrees" / MARK).touch()
    live.save()
    assert differences(live.site(), live.clean()) == []
