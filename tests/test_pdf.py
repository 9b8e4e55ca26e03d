"""What is printed: decks, handouts and the book are whole, and all their links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page
from pypdf import PdfReader

from books import Book
from commands import type_in
from coursebook.commands.pdf import without_base
from coursebook.pdf.chapters import read_chapters
from coursebook.pdf.codes import picture
from coursebook.pdf.facts import read_facts
from coursebook.pdf.make import Press
from coursebook.pdf.printing import Printed, Printer
from coursebook.pdf.sheets import own_files
from coursebook.problems import CourseError
from coursebook.publish import published_files
from coursebook.renderings import DECK, SITE, output
from paper_book import BASE, LONG_CODE, LONG_LINE, paper_book
from pdf_reader import Paper, bare

ALPHA, BETA = "slides/part/alpha.pdf", "slides/part/beta.pdf"
NAMES = [
    "book.pdf",
    *(f"handouts/{name}.pdf" for name in ("opening", "part/alpha", "part/beta")),
    *(f"slides/{name}.pdf" for name in ("opening", "part/alpha", "part/beta")),
]

Result = TypeVar("Result")


@dataclass
class Prints:
    """A printed book.

    Attributes:
        book: Its source.
        said: What the command said.
    """

    book: Book
    said: str

    def __post_init__(self) -> None:
        self.papers = {name: Paper(self.book.tree.pdf / name) for name in NAMES}

    def __getitem__(self, name: str) -> Paper:
        return self.papers[name]


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Prints:
    """Print all of it, by the command."""
    book = paper_book(Book(tmp_path_factory.mktemp("paper") / "a-book"))
    answer = type_in("pdf", book.root)
    assert answer.returncode == 0, answer.stderr
    files = sorted(book.tree.pdf.rglob("*.*"))
    assert [file.relative_to(book.tree.pdf).as_posix() for file in files] == sorted(NAMES)
    assert answer.stdout.splitlines() == [f"_build/pdf/{name}" for name in sorted(NAMES)]
    return Prints(book, answer.stderr)


def aside(work: Callable[[], Result]) -> Result:
    """Do something that drives a browser beside the one of all tests: in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def press(book: Book, base: str, printer: type[Printer] = Printer) -> Press:
    """Make ready to print a book that is rendered."""
    files = published_files(book.tree, None) | own_files()
    facts = read_facts(book.tree, base)
    return Press(book.tree, facts, printer(files), lambda message: None)


def print_again(book: Book, base: str, *kinds: str, steps: bool = False) -> tuple[Press, Path]:
    """Print the chapter Alpha as it is rendered; return the files in a folder of their own."""
    folder = book.root / f"again-{'-'.join(kinds)}-{steps}-{bool(base)}"

    def work() -> Press:
        made = press(book, base)
        chapters = [one for one in read_chapters(book.tree) if one.docname == "part/alpha"]
        with made.printer:
            for name, content in made.run(chapters, kinds, steps=steps):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        return made

    return aside(work), folder


def slides_of(book: Book, name: str) -> list[BeautifulSoup]:
    return [
        BeautifulSoup(str(slide), "html.parser")
        for slide in book.deck(name).select("section.cb-slide")
    ]


# Decks


@pytest.mark.parametrize("name", ["part/alpha", "part/beta"])
def test_a_deck_has_a_page_for_each_slide_and_no_word_of_it_is_lost(
    prints: Prints, name: str
) -> None:
    paper, slides = prints[f"slides/{name}.pdf"], slides_of(prints.book, name)
    assert len(paper.texts) == len(slides)
    for page, slide, text in zip(paper.reader.pages, slides, paper.texts, strict=True):
        assert (float(page.mediabox.width), float(page.mediabox.height)) == (960, 540)
        for notes in slide.select("aside.notes, input"):
            notes.decompose()
        said = bare(text)
        missing = [word for word in slide.get_text(" ").split() if bare(word) not in said]
        assert missing == []


def test_nothing_of_a_slide_is_cut_and_what_had_to_shrink_is_told(prints: Prints) -> None:
    paper = prints[ALPHA]
    assert [(number, paper.outside(number)) for number in range(len(paper.texts))] == [
        (number, []) for number in range(len(paper.texts))
    ]
    line = prints.book.root.joinpath("book/part/alpha.md").read_text().splitlines()
    place = line.index("## Too much") + 1
    assert re.search(
        rf"note: book/part/alpha\.md:{place}: “Too much” is larger than a slide; "
        r"it is printed at [2-9]\d %",
        prints.said,
    )
    assert prints.said.count("“Too much” is larger than a slide") == 1, "for deck and handout"


def test_the_speakers_notes_are_printed_nowhere(prints: Prints) -> None:
    assert "whisperwhisper" in prints.book.root.joinpath("book/part/alpha.md").read_text()
    assert [name for name in NAMES if "whisperwhisper" in prints[name].text] == []


def test_steps_have_pages_of_their_own_by_option(prints: Prints) -> None:
    _, folder = print_again(prints.book, BASE, "deck", steps=True)
    paper, once = Paper(folder / ALPHA), prints[ALPHA]
    assert len(paper.texts) == len(once.texts) + 3
    shown = [bare(text).count("stepword") for text in paper.texts if "Größe" in bare(text)]
    assert shown == [0, 1, 2, 3]
    assert once.texts[1].count("stepword") == 3
    labels = paper.reader.page_labels
    assert labels[:6] == ["1", "2.1", "2.2", "2.3", "2.4", "3"]
    assert [title for _, title, _ in paper.bookmarks()] == [t for _, t, _ in once.bookmarks()]


def test_a_deck_has_a_bookmark_for_each_slide(prints: Prints) -> None:
    assert prints[BETA].bookmarks() == [
        (0, "Beta", 0),
        (1, "The answer", 1),
        (2, "Below it", 2),
        (1, "The answer again", 3),
    ]


# The book


def code_lines(page: BeautifulSoup) -> list[str]:
    blocks = page.select("article pre")
    return [line for block in blocks for line in block.get_text().split("\n") if line.strip()]


@pytest.mark.parametrize("kind", ["book.pdf", "handouts/{}.pdf"])
def test_no_line_of_code_and_no_output_is_lost(prints: Prints, kind: str) -> None:
    for name in ("part/alpha", "part/beta"):
        lines = code_lines(prints.book.page(name))
        assert lines
        text = prints[kind.format(name)].text
        assert [line for line in lines if bare(line) not in text] == []
    assert bare(LONG_CODE) in prints["book.pdf"].text.replace("Alpha", "") or all(
        bare(line) in prints["book.pdf"].text for line in LONG_CODE.splitlines()
    )
    assert "from42" in prints[kind.format("part/alpha")].text


def test_what_a_screen_hides_stands_on_paper(prints: Prints) -> None:
    for word in ("tabword", "foldword", "footword", "pageword"):
        assert word in prints["book.pdf"].text, word
    assert "slideword" not in prints["book.pdf"].text
    assert "☑done" in prints["book.pdf"].text
    for screen in ("Linktothissection", "Copy", "Search"):
        assert screen not in prints["book.pdf"].text, screen


def test_the_contents_name_the_page_of_every_section(prints: Prints) -> None:
    paper = prints["book.pdf"]
    contents = paper.texts[1]
    sections = {
        "Alpha": "Where it begins.",
        "Größe": "first stepword",
        "A cell": "from 42",
        "Only on the page": "pageword",
        "Beta": "Back to",
        "The answer again": "begun in one line",
    }
    for title, below in sections.items():
        found = re.search(rf"^{title} *(\d+)$", contents, re.MULTILINE)
        assert found, contents
        assert int(found[1]) == paper.page_of(below) + 1, title
    # And the numbers at the feet of pages are the same.
    page = paper.page_of("pageword")
    assert paper.texts[page].startswith(f"{page + 1}Alpha")


def test_the_book_has_bookmarks_for_all_headings(prints: Prints) -> None:
    titles = [(depth, title) for depth, title, _ in prints["book.pdf"].bookmarks()]
    assert titles[:3] == [(0, "Contents"), (0, "Front page"), (0, "Alpha")]
    assert titles[-4:] == [(0, "Beta"), (1, "The answer"), (2, "Below it"), (1, "The answer again")]


def test_a_wide_table_shrinks_and_the_book_does_not(prints: Prints) -> None:
    paper = prints["book.pdf"]
    page = paper.page_of("a_column_13")
    assert paper.outside(page) == []
    sizes: set[float] = set()

    def look(text: str, matrix: list[float], own: list[float], font: object, size: float) -> None:
        if "Three words more" in text:
            sizes.add(round(size * abs(matrix[0]), 1))

    paper.reader.pages[paper.page_of("Three words more")].extract_text(visitor_text=look)
    assert sizes == {10.0}


# Links


@pytest.mark.parametrize("name", NAMES)
def test_no_link_is_dead(prints: Prints, name: str) -> None:
    links = list(prints[name].links())
    assert links
    for link in links:
        if not link.address:
            assert link.leads_to is not None, f"{name}: page {link.page + 1}"
            continue
        assert link.address.startswith(("https://www.python.org/", BASE)), link
        if link.address.startswith(BASE):
            place, _, fragment = link.address.removeprefix(BASE).partition("#")
            file = _file(prints.book, place)
            assert file.is_file(), link
            page = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
            assert not fragment or page.find(id=unquote(fragment).removeprefix("/")), link


def _file(book: Book, place: str) -> Path:
    if place.startswith("slides/"):
        return output(book.tree, DECK) / place.removeprefix("slides/")
    return output(book.tree, SITE) / (place or "index.html")


def test_a_cross_reference_stays_within_the_book(prints: Prints) -> None:
    paper = prints["book.pdf"]
    here, there = paper.page_of("See Beta and its answer"), paper.page_of("Three words more")
    assert [link.leads_to for link in paper.links() if link.page == here][:2] == [
        paper.page_of("Back to Alpha"),
        there,
    ]


def test_links_of_a_deck_to_its_own_slides_stay_within_it(prints: Prints) -> None:
    paper = prints[ALPHA]
    [own] = [link for link in paper.links() if link.leads_to is not None]
    assert (own.page, own.leads_to) == (1, 2)


# Handouts


def test_a_handout_shows_every_slide_above_its_notes(prints: Prints) -> None:
    paper = prints["handouts/part/alpha.pdf"]
    pages = range(len(paper.texts))
    assert sum(paper.slides_on(page) for page in pages) == len(slides_of(prints.book, "part/alpha"))
    for word in ("pageword", "slideword", "tabword"):
        assert word in paper.text, word
    told = [words for words in paper.alternatives() if words.startswith("Slide ")]
    assert told[1].startswith("Slide 2 of 6: Größe One outside and within")
    assert len(told) == 6


def test_with_what_outputs_were_made_is_never_alone_on_a_page(page: Page) -> None:
    ends = {
        "p": "<p>" + "endword " * 40 + "</p>",
        "pre": "<pre>" + "endword\n" * 4 + "</pre>",
        "ul": "<ul>" + "<li>endword</li>" * 3 + "</ul>",
        "table": "<table><tr><td>first</td></tr><tr><td>endword</td></tr></table>",
    }
    chapters = [
        f'<article class="cb-article" style="break-before: page"><section><section>'
        f'<div style="height: {height}mm"></div>{end}</section>'
        '<p class="cb-made-with">Outputs made with it.</p></section></article>'
        for end in ends.values()
        for height in range(170, 256, 4)
    ]
    [styles] = [file.read_text() for file in own_files().values() if file.name == "paper.css"]
    page.set_content(f'<html class="cb-on-paper"><style>{styles}</style>{"".join(chapters)}')
    pages = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    texts = [one.extract_text() for one in pages]
    last = [text for text in texts if "Outputs made with" in text]
    assert len(last) == len(chapters)
    assert [text for text in last if "endword" not in text] == []
    assert len(texts) > len(chapters), "some chapters end overleaf"


def test_its_codes_lead_to_the_section_and_to_its_live_cell(prints: Prints) -> None:
    addresses = {link.address for link in prints["handouts/part/alpha.pdf"].links()}
    cell = prints.book.page("part/alpha").select_one(".cell[data-cb-cell]")
    assert cell is not None
    assert cell["id"] == "the-cell--cell-1"
    for fragment in ("the-cell", cell["id"]):
        assert f"{BASE}part/alpha.html#{fragment}" in addresses
    assert not any(address.endswith("#a-cell") for address in addresses), "it has a label"
    assert f"{BASE}slides/part/alpha.html#/the-cell" in addresses, "a click on the slide"
    assert prints["handouts/part/alpha.pdf"].alternatives().count("QR code") == 6


def test_without_an_address_there_are_no_codes_and_no_dead_links(prints: Prints) -> None:
    made, folder = print_again(prints.book, "", "deck", "handout")
    assert "beta.html#the-answer" in made.lost
    handout, deck = Paper(folder / "handouts/part/alpha.pdf"), Paper(folder / ALPHA)
    assert "QR code" not in handout.alternatives()
    for paper in (handout, deck):
        outside = {link.address for link in paper.links() if link.address}
        assert outside == {"https://www.python.org/"}
        assert all(link.leads_to is not None for link in paper.links() if not link.address)
        assert "Notes" not in paper.text
    said = without_base(len(made.lost), codes=True)
    assert f"the handouts have no QR codes, and {len(made.lost)} links to other pages" in said
    assert "--base-url" in said


# All of them


@pytest.mark.parametrize("name", NAMES)
def test_it_is_tagged_and_embedded_and_says_what_it_is(prints: Prints, name: str) -> None:
    paper = prints[name]
    root: Any = paper.reader.root_object
    assert root["/MarkInfo"]["/Marked"].value
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert all(any(f"/FontFile{n}" in font for n in ("", 2, 3)) for font in paper.fonts())
    about = paper.reader.metadata
    assert about is not None
    titles = {"book": "A book for a test", "opening": "Front page", "alpha": "Alpha"}
    assert about.title == titles.get(Path(name).stem, "Beta")
    assert about.author == "Ada"
    assert set(about) <= {"/Title", "/Author", "/Subject", "/Creator", "/Producer"}


def test_it_tells_nothing_of_the_machine(prints: Prints) -> None:
    for name in NAMES:
        data = (prints.book.tree.pdf / name).read_bytes()
        for word in (b"HeadlessChrome", b"Linux x86", b"127.0.0.1", b"course.invalid", b"Date"):
            assert word not in data, (name, word)


def test_the_same_source_gives_the_same_bytes(prints: Prints) -> None:
    _, folder = print_again(prints.book, BASE, "deck", "handout")
    for name in (ALPHA, "handouts/part/alpha.pdf"):
        assert (folder / name).read_bytes() == (prints.book.tree.pdf / name).read_bytes(), name


# Bad input


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--base-url", "example.org"), "`example.org` is no address of a published site"),
        (("book/part/alfa.md",), "hint: did you mean book/part/alpha.md?"),
    ],
)
def test_what_is_typed_wrong_is_told(prints: Prints, arguments: tuple[str, ...], told: str) -> None:
    answer = type_in("pdf", prints.book.root, *arguments)
    assert answer.returncode == 1
    assert told in answer.stderr
    assert "Traceback" not in answer.stderr


def test_without_chromium_it_is_said_what_to_type_and_what_was_there_stands(
    prints: Prints,
) -> None:
    answer = type_in("pdf", prints.book.root, CHROMIUM="/nowhere/chromium")
    assert answer.returncode == 3
    assert "there is no Chromium" in answer.stderr
    assert "type: sudo apt-get install chromium" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert all((prints.book.tree.pdf / name).is_file() for name in NAMES)


def test_an_address_that_is_too_long_for_a_code_is_told_with_the_line(prints: Prints) -> None:
    base = f"https://example.org/{'a-long-way-down/' * 11}"

    def work() -> CourseError:
        made = press(prints.book, base)
        [_, alpha, _] = read_chapters(prints.book.tree)
        with made.printer, pytest.raises(CourseError) as error:
            made.handout(alpha)
        return error.value

    problems = aside(work).problems
    lines = (prints.book.root / "book/part/alpha.md").read_text().splitlines()
    told = {(problem.path, problem.line, problem.code) for problem in problems}
    assert ("book/part/alpha.md", lines.index("## A cell") + 1, "long-qr-target") in told
    assert all("(short)=" in problem.hint for problem in problems)
    with pytest.raises(Exception, match="213"):
        picture(f"{base}{'x' * 60}")


class Crashing(Printer):
    """A printer whose browser really dies: at a document with a certain word, so many times."""

    word, times, deaths = "", 0, 0

    def _take(self, page: Page, slides: bool, tagged: bool) -> Printed:
        kind = type(self)
        page.goto("http://course.invalid/")
        if kind.word in page.content() and kind.deaths < kind.times:
            kind.deaths += 1
            page.goto("chrome://crash")
        return super()._take(page, slides, tagged)


@pytest.fixture
def crashing() -> Iterator[type[Crashing]]:
    Crashing.word, Crashing.deaths = "tabword", 0
    yield Crashing


def test_a_crash_is_retried_once(prints: Prints, crashing: type[Crashing]) -> None:
    crashing.times = 1

    def work() -> bytes:
        made = press(prints.book, BASE, crashing)
        [_, alpha, _] = read_chapters(prints.book.tree)
        with made.printer:
            return made.deck(alpha, steps=False)

    assert aside(work) == (prints.book.tree.pdf / ALPHA).read_bytes()
    assert crashing.deaths == 1


def test_a_second_crash_is_reported_with_the_slide(
    prints: Prints, crashing: type[Crashing]
) -> None:
    crashing.times = 99

    def work() -> CourseError:
        made = press(prints.book, BASE, crashing)
        [_, alpha, _] = read_chapters(prints.book.tree)
        with made.printer, pytest.raises(CourseError) as error:
            made.deck(alpha, steps=False)
        return error.value

    [problem] = aside(work).problems
    lines = (prints.book.root / "book/part/alpha.md").read_text().splitlines()
    assert (problem.path, problem.line) == (
        "book/part/alpha.md",
        lines.index("## Tabs and folds") + 1,
    )
    assert problem.code == "print-crash"
    assert "“Tabs and folds”" in problem.message
    assert LONG_LINE not in str(problem)
