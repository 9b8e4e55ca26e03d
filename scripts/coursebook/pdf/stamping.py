"""Slides on a handout: each is put where the handout has kept a place for it, and stays sharp.

A place is a link around an empty picture. Chromium says in the PDF where the link stands; the sheet
of a deck's PDF is drawn there as a whole (a form, in the words of PDF), with its own links on it.
For ears the empty picture has the words of the slide.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    TextStringObject,
)

from coursebook.pdf.printing import SITE

MARK = f"{SITE}.paper/slide/"
"""Where the link around a place leads, until it is found; the number of the slide follows."""


@dataclass(frozen=True)
class Place:
    """Where a slide goes.

    Attributes:
        page: Page of the handout.
        link: The link around the place.
        left, bottom, right, top: Edges in points, from the page's lower left corner.
    """

    page: PageObject
    link: DictionaryObject
    left: float
    bottom: float
    right: float
    top: float

    def beginning(self) -> ArrayObject:
        """Return the destination of a link that leads here."""
        assert self.page.indirect_reference is not None
        position = [FloatObject(self.left), FloatObject(self.top), NullObject()]
        return ArrayObject([self.page.indirect_reference, NameObject("/XYZ"), *position])


def stamp(handout: PdfWriter, deck: bytes, address: Callable[[int], str]) -> int:
    """Put the slides of a deck where a handout has places for them.

    Args:
        handout: The handout; changed.
        deck: PDF of the deck, a sheet for each slide, not tagged.
        address: Where a slide stands on the published site, by its number from 0; empty if nobody
            said. A click on the slide leads there.

    Returns:
        How many places there were.
    """
    sheets = PdfReader(io.BytesIO(deck))
    found = dict(places(handout))
    numbers = {
        sheet.indirect_reference.idnum: number
        for number, sheet in enumerate(sheets.pages)
        if sheet.indirect_reference
    }
    names = {
        name: numbers[place.page.idnum]
        for name, place in sheets.named_destinations.items()
        if isinstance(place.page, IndirectObject) and place.page.idnum in numbers
    }
    for number, place in found.items():
        sheet = sheets.pages[number]
        _draw(handout, place, sheet, f"/CbSlide{number}")
        _lead(place, address(number))
        _copy_links(handout, place, sheet, {n: found[k] for n, k in names.items() if k in found})
    return len(found)


def places(handout: PdfWriter) -> Iterator[tuple[int, Place]]:
    """Yield the places that a handout has kept, by the numbers of their slides."""
    for page in handout.pages:
        for link in _links(page):
            address = str(link.get("/A", {}).get("/URI", ""))
            if address.startswith(MARK):
                left, bottom, right, top = _edges(link)
                number = int(address.removeprefix(MARK))
                yield number, Place(page, link, left, bottom, right, top)


def _links(page: PageObject) -> list[DictionaryObject]:
    annotations = (one.get_object() for one in page.get("/Annots", ()))
    return [
        one
        for one in annotations
        if isinstance(one, DictionaryObject) and one.get("/Subtype") == "/Link"
    ]


def _edges(link: DictionaryObject) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a link, in points."""
    edges = link["/Rect"].get_object()
    assert isinstance(edges, ArrayObject)
    left, bottom, right, top = map(float, edges)
    return left, bottom, right, top


def _draw(handout: PdfWriter, place: Place, sheet: PageObject, name: str) -> None:
    contents = sheet.get_contents()
    assert contents is not None
    form = DecodedStreamObject()
    form.set_data(contents.get_data())
    box = sheet.mediabox
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(FloatObject(edge) for edge in box),
            NameObject("/Resources"): sheet["/Resources"].clone(handout),
        }
    )
    resources = place.page["/Resources"]
    assert isinstance(resources, DictionaryObject)
    forms = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
    forms[NameObject(name)] = handout._add_object(form.flate_encode())
    wide = (place.right - place.left) / float(box.width)
    high = (place.top - place.bottom) / float(box.height)
    matrix = f"{wide:.6f} 0 0 {high:.6f} {place.left:.3f} {place.bottom:.3f}"
    drawing = DecodedStreamObject()
    # What the page did to its coordinates ends with its own `Q`; the first and last part see to it.
    drawing.set_data(f"\nQ /Artifact BMC q {matrix} cm {name} Do Q EMC\n".encode())
    _append(handout, place.page, drawing)


def _append(handout: PdfWriter, page: PageObject, drawing: DecodedStreamObject) -> None:
    contents = page[NameObject("/Contents")]
    raw = page.raw_get("/Contents")
    streams = list(contents) if isinstance(contents, ArrayObject) else [raw]
    begin = DecodedStreamObject()
    begin.set_data(b"q\n")
    page[NameObject("/Contents")] = ArrayObject(
        [handout._add_object(begin), *streams, handout._add_object(drawing)]
    )


def _lead(place: Place, address: str) -> None:
    """Let a click on the slide lead to the published one, or stay where it is."""
    if address:
        action = place.link["/A"].get_object()
        assert isinstance(action, DictionaryObject)
        action[NameObject("/URI")] = TextStringObject(address)
    else:
        del place.link["/A"]
        place.link[NameObject("/Dest")] = place.beginning()


def _copy_links(
    handout: PdfWriter, place: Place, sheet: PageObject, names: Mapping[str, Place]
) -> None:
    """Put the links of a slide where its picture is."""
    wide = (place.right - place.left) / float(sheet.mediabox.width)
    high = (place.top - place.bottom) / float(sheet.mediabox.height)
    for link in _links(sheet):
        left, bottom, right, top = _edges(link)
        copy = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Link"),
                NameObject("/F"): link["/F"],
                NameObject("/Border"): ArrayObject(FloatObject(0) for _ in range(3)),
                NameObject("/Rect"): ArrayObject(
                    FloatObject(round(edge, 2))
                    for edge in (
                        place.left + left * wide,
                        place.bottom + bottom * high,
                        place.left + right * wide,
                        place.bottom + top * high,
                    )
                ),
            }
        )
        if "/A" in link:
            copy[NameObject("/A")] = link["/A"].clone(handout)
        elif str(link.get("/Dest", "")) in names:
            copy[NameObject("/Dest")] = names[str(link["/Dest"])].beginning()
        else:
            continue
        annotations = place.page["/Annots"].get_object()
        assert isinstance(annotations, ArrayObject)
        annotations.append(handout._add_object(copy))
