"""What Chromium does not say about a PDF: bookmarks of slides, labels of pages, and whose it is.

Dates are left out: the same source gives the same bytes.

Chromium has tagged the text for screen readers and embedded its fonts. pypdf keeps both; it was
taken, and not pikepdf, because it is Python alone and needs nothing else, and takes a second for
what there is to do.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

PROGRAM = "course.py pdf"


@dataclass(frozen=True)
class Bookmark:
    """A line of the outline that readers show beside a PDF.

    Attributes:
        title: What it says.
        page: The page it leads to, counted from 0.
        level: 1 for the outermost.
    """

    title: str
    page: int
    level: int


def opened(pdf: bytes) -> PdfWriter:
    """Take a PDF of Chromium's for changes."""
    return PdfWriter(clone_from=io.BytesIO(pdf))


def finish(
    writer: PdfWriter,
    *,
    title: str,
    author: str = "",
    subject: str = "",
    bookmarks: Sequence[Bookmark] = (),
    labels: Sequence[str] = (),
) -> bytes:
    """Say what a PDF is, and return it.

    Args:
        writer: The PDF.
        title: Its title.
        author: Who wrote it; may be empty.
        subject: What it belongs to; may be empty.
        bookmarks: Its outline, if Chromium made none.
        labels: What each page is called, if not by its number.
    """
    said = {"/Title": title, "/Author": author, "/Subject": subject}
    writer.metadata = {name: text for name, text in said.items() if text} | {
        "/Creator": PROGRAM,
        "/Producer": "Chromium, pypdf",
    }
    add_bookmarks(writer, bookmarks)
    if labels:
        writer.root_object[NameObject("/PageLabels")] = _page_labels(labels)
    root = writer.root_object
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    if bookmarks or "/Outlines" in root:
        root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def add_bookmarks(writer: PdfWriter, bookmarks: Sequence[Bookmark]) -> None:
    """Write an outline; a level that is left out does no harm."""
    open_ones: list[tuple[int, IndirectObject]] = []
    for bookmark in bookmarks:
        while open_ones and open_ones[-1][0] >= bookmark.level:
            open_ones.pop()
        parent = open_ones[-1][1] if open_ones else None
        made = writer.add_outline_item(
            title=bookmark.title, page_number=bookmark.page, parent=parent
        )
        open_ones.append((bookmark.level, made))


def _page_labels(labels: Sequence[str]) -> DictionaryObject:
    numbers = ArrayObject()
    for page, label in enumerate(labels):
        numbers.append(NumberObject(page))
        numbers.append(DictionaryObject({NameObject("/P"): TextStringObject(label)}))
    return DictionaryObject({NameObject("/Nums"): numbers})


def pages_of(pdf: bytes) -> Mapping[str, int]:
    """Return on which page each place stands that a link of the PDF leads to.

    Returns:
        Id of the place → page, counted from 1.
    """
    reader = PdfReader(io.BytesIO(pdf))
    numbers = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(reader.pages, 1)
        if page.indirect_reference
    }
    found = {}
    for name, place in reader.named_destinations.items():
        page = place.page
        if isinstance(page, IndirectObject) and page.idnum in numbers:
            found[name.removeprefix("/")] = numbers[page.idnum]
    return found
