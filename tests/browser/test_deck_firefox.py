"""A lecturer's round through a deck in the Firefox that readers have; Chromium has all the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from books import Book
from browser.firefox import firefox
from coursebook.agreement.hosting import host

pytestmark = pytest.mark.browser

CHAPTER = """\
# Round

## Steps

:::{fragments}
- one
- two
:::

## Going on

Said on both.

```{revealjs-break}
```

> Said on both, too.

## The end

Nothing more.
"""

ESCAPE, ENTER, RIGHT, DOWN = "\ue00c", "\ue007", "\ue014", "\ue015"
SLIDE = "Reveal.getCurrentSlide().id"
DIALOG = "document.querySelector('dialog[open]')"
CURRENT = "document.querySelector('[data-cb-part-of=current]')?.contentWindow"


def test_keys_overview_jump_pen_black_screen_notes_and_speaker_view_work(tmp_path: Path) -> None:
    book = Book(tmp_path / "a-book")
    book.chapter("round", CHAPTER)
    with host(book.build().tree.site, sub_path="/") as hosted, firefox() as fox:
        fox.size(1280, 720)
        fox.come_to_front()
        fox.go(f"{hosted.address}slides/round.html")
        fox.wait_for("globalThis.Reveal?.isReady()")

        fox.press(" ")
        fox.press(" ")
        fox.wait_for("document.querySelectorAll('#steps .fragment.visible').length === 1")
        fox.press("?")
        fox.wait_for(f"{DIALOG}?.matches('.cb-sheet')")
        fox.press(ESCAPE)
        fox.wait_for(f"!{DIALOG}")

        fox.press("o")
        fox.wait_for("Reveal.isOverview()")
        fox.press(RIGHT)
        fox.press(ENTER)
        fox.wait_for(f"!Reveal.isOverview() && {SLIDE} === 'going-on'")
        for key in ("g", "e", "n", "d", ENTER):
            fox.press(key)
        fox.wait_for(f"{SLIDE} === 'the-end'")

        fox.press("p")
        fox.drag((200, 400), (300, 420), (420, 500))
        fox.wait_for("document.querySelectorAll('#the-end .cb-stroke').length === 1")
        fox.press(ESCAPE)
        fox.wait_for("!document.querySelector('.cb-draw-bar')")
        fox.press("b")
        fox.wait_for("Reveal.isPaused()")
        fox.press("b")
        fox.wait_for("!Reveal.isPaused()")

        fox.evaluate("void (location.hash = '/going-on--2')")
        fox.wait_for(f"{SLIDE} === 'going-on--2'")
        fox.press("n")
        fox.wait_for("document.querySelector(':target')?.innerText.trim() === 'Said on both, too.'")
        fox.wait_for("document.readyState === 'complete'")
        fox.press("p")
        fox.wait_for(f"globalThis.Reveal?.isReady() && {SLIDE} === 'going-on--2'")

        wall = fox.tab
        fox.press("s")
        fox.turn_to_another_tab()
        fox.wait_for(f"{CURRENT}?.Reveal?.isReady() && {CURRENT}.{SLIDE} === 'going-on--2'")
        fox.click("document.querySelector('[data-cb-do=next]')")
        fox.wait_for(f"{CURRENT}.{SLIDE} === 'the-end'")
        fox.tab = wall
        fox.wait_for(f"{SLIDE} === 'the-end'")

        asked = [one for one in fox.requests if one.startswith(("http", "ws"))]
        assert [one for one in asked if not one.startswith(hosted.address)] == []
        assert fox.complaints == []
