"""A deck in the hands of a lecturer: keys, remote, mouse, finger, pen; and for ears."""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, expect

from books import Book
from browser.axe import violations
from browser.decks import open_deck, overflowing_slides
from coursebook.agreement.hosting import host
from coursebook.bench.turning import PLAIN, compare, write_plain

pytestmark = pytest.mark.browser

HANDS = """\
---
file_format: mystnb
---
# Hands

See [the end](#the-end).

## A list

- one
- two

## Code

Some words that stand above.

```python
print("a line of code")
```

### Below the code

```bash
echo "a line that is long enough that it cannot grow much before it has to be broken"
```

Words after it.

## A cell

```{code-cell} bash
echo hello
```

## Émile's steps

Words.

(the-end)=
## The end

Nothing more.
"""

SLIDES = ["hands", "a-list", "code", "below-the-code", "a-cell", "emile-s-steps", "the-end"]


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the deck; beside it stand a long one, and plain reveal's with the same slides."""
    book = Book(tmp_path_factory.mktemp("hands") / "a-book")
    book.chapter("hands", HANDS)
    sections = "".join(f"\n## Slide {number}\n\nWords.\n" for number in range(15))
    book.chapter("long", f"# Long\n{sections}")
    book.build()
    write_plain(book.published_deck / "long.html")
    with host(book.tree.site, sub_path="/") as hosted:
        yield f"{hosted.address}slides/hands.html"


def here(page: Page) -> str:
    name: str = page.evaluate("() => Reveal.getCurrentSlide().id")
    return name


def at(page: Page, deck: str, slide: str) -> Page:
    """Open the deck at a slide."""
    page.goto("about:blank")
    open_deck(page, f"{deck}#/{slide}")
    return page


def touches(page: Page) -> Callable[..., None]:
    """Return a function that sends fingers: ``start``, ``move`` or ``end``, and where they are."""
    session: CDPSession = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[int, int]) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        session.send(
            "Input.dispatchTouchEvent",
            {"type": f"touch{kind.capitalize()}", "touchPoints": fingers},
        )

    return send


def swipe(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    send = touches(page)
    send("start", start)
    for step in range(1, 9):
        x, y = (round(a + (b - a) * step / 8) for a, b in zip(start, end, strict=True))
        send("move", (x, y))
    send("end")


def expect_strokes(page: Page, number: int) -> None:
    """Wait until so many lines stand on the slide: what draws them is loaded when it is used."""
    expect(page.locator(".present > svg.cb-ink > path")).to_have_count(number)


def draw(page: Page, *points: tuple[int, int]) -> None:
    """Draw a line by mouse."""
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def take_pen(page: Page) -> None:
    page.keyboard.press("p")
    expect(page.get_by_role("region", name="Drawing")).to_be_visible()


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────

STATE = """() => ({
    slide: Reveal.getCurrentSlide().id,
    overview: Reveal.isOverview(),
    black: Reveal.isPaused(),
    full: Boolean(document.fullscreenElement),
    dark: document.documentElement.dataset.theme ?? "",
    dialog: document.querySelector("dialog")?.className ?? "",
    pointing: document.documentElement.classList.contains("cb-pointing"),
    drawing: document.documentElement.classList.contains("cb-drawing"),
    erasing: document.documentElement.classList.contains("cb-erasing"),
    strokes: document.querySelectorAll(".cb-stroke").length,
    code: document.querySelector(".cb-slide.present .cb-body").style.getPropertyValue(
        "--cb-code-zoom"),
    said: document.querySelector(".cb-said").textContent,
    warm: globalThis.cbWarm ?? 0,
})"""

# What the sheet says of a key → where to press it, what before it, and what is another after it.
Probe = tuple[str, tuple[str, ...], dict[str, object]]
TO_NEXT: Probe = ("code", (), {"slide": "below-the-code"})
TO_LAST: Probe = ("code", (), {"slide": "a-list"})
DIALOG: Probe = ("code", (), {"dialog": "cb-dialog cb-jump"})
OPEN: dict[str, Probe] = {
    "Space": TO_NEXT,
    "Page ↓": TO_NEXT,
    "Shift + Space": TO_LAST,
    "Page ↑": TO_LAST,
    "→": ("code", (), {"slide": "a-cell"}),
    "←": ("code", (), {"slide": "a-list"}),
    "↓": TO_NEXT,
    "↑": ("below-the-code", (), {"slide": "code"}),
    "Home": ("code", (), {"slide": "hands"}),
    "End": ("code", (), {"slide": "the-end"}),
    "G": DIALOG,
    "1 … 9": DIALOG,
    "O": ("code", (), {"overview": True}),
    "Enter": ("code", ("o", "ArrowRight"), {"overview": False, "slide": "below-the-code"}),
    "F": ("code", (), {"full": True}),
    "F5": ("code", (), {"full": True}),
    "B": ("code", (), {"black": True}),
    ".": ("code", (), {"black": True}),
    "D": ("code", (), {"dark": "dark"}),
    "L": ("code", (), {"pointing": True}),
    "+": ("code", (), {"code": "1.2"}),
    "=": ("code", (), {"code": "1.2"}),
    "−": ("code", ("+", "+"), {"code": "1.2"}),
    "0": ("code", ("+",), {"code": ""}),
    "P": ("code", (), {"drawing": True}),
    "E": ("code", ("p",), {"erasing": True}),
    "Z": ("code", ("p", "draw"), {"strokes": 0}),
    "Ctrl + Z": ("code", ("p", "draw"), {"strokes": 0}),
    "Delete": ("code", ("p", "draw"), {"strokes": 0}),
    "W": ("code", (), {"warm": 1}),
    "?": ("code", (), {"dialog": "cb-dialog cb-sheet"}),
    "F1": ("code", (), {"dialog": "cb-dialog cb-sheet"}),
    "Esc": ("code", ("p",), {"drawing": False}),
}
ELSEWHERE = {"N": "notes", "S": "the speaker's window", "Ctrl + Enter": "cells", "Tab": "cells"}
ELSEWHERE |= {"Shift + Enter": "cells"}
"""Keys that leave the deck, or are the cells' own; tests of their own press them."""

PRESSED = {
    "→": "ArrowRight", "←": "ArrowLeft", "↓": "ArrowDown", "↑": "ArrowUp", "Page ↓": "PageDown",
    "Page ↑": "PageUp", "Esc": "Escape", "−": "-", "1 … 9": "3", "Shift + Space": "Shift+Space",
    "Ctrl + Z": "Control+z",
}  # fmt: skip


def press(page: Page, key: str) -> None:
    """Press a key and wait until what it opens is there."""
    if key == "draw":
        draw(page, (200, 500), (400, 520))
        expect_strokes(page, 1)
        return
    before = page.evaluate(STATE)
    page.keyboard.press(key)
    page.wait_for_function(f"(before) => JSON.stringify(({STATE})()) !== before", arg=_text(before))


def _text(state: Any) -> str:
    return json.dumps(state, separators=(",", ":"), ensure_ascii=False)


def test_every_key_on_the_sheet_does_what_the_sheet_says(deck: str, page: Page) -> None:
    page.add_init_script("addEventListener('cb-warm-up', () => { globalThis.cbWarm = 1; }, true)")
    at(page, deck, "code").keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    caps = set(page.locator(".cb-sheet kbd").all_text_contents())
    assert caps == set(OPEN) | set(ELSEWHERE)
    for cap, (slide, before, wanted) in OPEN.items():
        at(page, deck, slide)
        page.evaluate("sessionStorage.clear(); localStorage.clear()")
        for key in before:
            press(page, key)
        page.keyboard.press(PRESSED.get(cap, cap.lower() if len(cap) == 1 else cap))
        for name, value in wanted.items():
            page.wait_for_function(
                f"([name, value]) => ({STATE})()[name] === value", arg=[name, value], timeout=5000
            )


def test_no_other_key_does_anything(deck: str, page: Page) -> None:
    at(page, deck, "code")
    page.evaluate(
        """() => addEventListener("keydown", (event) => {
            if (event.defaultPrevented) (globalThis.taken ??= []).push(event.key);
        })"""
    )
    before = page.evaluate(STATE)
    known = {PRESSED.get(cap, cap).lower() for cap in OPEN} | set("123456789ns")
    others = [key for key in string.ascii_lowercase + ",;:!#/_*<" if key not in known]
    assert {"h", "j", "k", "m", "q", "/"} <= set(others)
    for key in [*others, "Escape", "Delete", "Enter", "F3", "Control+b", "Alt+p", "Control+d"]:
        page.keyboard.press(key)
    assert page.evaluate("globalThis.taken ?? []") == []
    assert page.evaluate(STATE) == before


def test_the_question_mark_of_any_keyboard_opens_the_sheet(deck: str, page: Page) -> None:
    at(page, deck, "a-list").keyboard.press("PageDown")
    expect(page.locator("#code h2")).to_be_focused()
    german = {"key": "?", "code": "Minus", "windowsVirtualKeyCode": 219, "modifiers": 8}
    page.context.new_cdp_session(page).send("Input.dispatchKeyEvent", {"type": "keyDown", **german})
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("b")
    assert here(page) == "code"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#code h2")).to_be_focused()


def test_the_sheet_can_be_used_without_keys(deck: str, page: Page) -> None:
    at(page, deck, "code").mouse.move(900, 30)
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("dialog").get_by_role("button", name="Overview of all slides").click()
    expect(page.get_by_role("link", name="2: A list")).to_be_visible()


def test_a_remote_turns_all_slides_darkens_the_wall_and_never_reloads(
    deck: str, page: Page
) -> None:
    at(page, deck, "hands").evaluate("globalThis.cbSame = true")
    seen = [here(page)]
    for _ in SLIDES[1:]:
        page.keyboard.press("PageDown")
        seen.append(here(page))
    assert seen == SLIDES
    page.keyboard.press(".")
    expect(page.get_by_role("status").first).to_have_text(
        "The screen is black. Any key shows the slide again."
    )
    black = page.locator(".pause-overlay")
    assert black.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(0, 0, 0)"
    page.keyboard.press("PageUp")
    expect(black).to_be_hidden()
    assert here(page) == "the-end"
    page.keyboard.press("F5")
    page.wait_for_function("() => document.fullscreenElement")
    assert page.evaluate("globalThis.cbSame")


def test_what_is_seldom_used_is_loaded_when_it_is(deck: str, page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    at(page, deck, "code")
    files = {url.split("?")[0].rsplit("/", 1)[-1] for url in loaded}
    rare = {"sheet.js", "jump.js", "drawing.js", "zoom.js", "pointer.js", "overview.js"}
    assert {"deck.js", "keys.js"} <= files
    assert not files & {*rare, "tools.css", "dialog.js"}
    ours = [url for url in loaded if "/_static/" in url]
    assert all("?v=" in url for url in ours), "another build's modules are never mixed with these"


def test_a_tool_that_cannot_be_loaded_is_told_of_and_the_next_try_works(
    deck: str, page: Page
) -> None:
    at(page, deck, "code")
    page.route("**/tools.css*", lambda route: route.abort())
    page.keyboard.press("?")
    expect(page.get_by_role("status").first).to_contain_text("could not be loaded")
    page.keyboard.press("PageDown")
    assert here(page) == "below-the-code"
    page.unroute("**/tools.css*")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


# ── Finding a slide ──────────────────────────────────────────────────────────────────────────


def test_a_slide_is_found_by_words_of_its_title(deck: str, page: Page) -> None:
    at(page, deck, "hands").keyboard.press("g")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(page.get_by_role("option")).to_have_count(len(SLIDES))
    page.keyboard.type("emile st")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'emile-s-steps'")
    expect(page.locator(".present h2")).to_be_focused()


def test_arrows_choose_in_the_list_and_turn_nothing(deck: str, page: Page) -> None:
    at(page, deck, "hands").keyboard.press("g")
    page.get_by_role("combobox").fill("code")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Code")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Below the code")
    assert here(page) == "hands"
    page.keyboard.press("Enter")
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'below-the-code'")


def test_a_number_goes_to_the_slide_that_bears_it(deck: str, page: Page) -> None:
    at(page, deck, "hands").keyboard.press("5")
    page.keyboard.press("Enter")
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'a-cell'")


def test_what_is_not_there_is_said_and_escape_leads_back(deck: str, page: Page) -> None:
    at(page, deck, "a-list").keyboard.press("g")
    page.get_by_role("combobox").fill("no such slide")
    expect(page.locator(".cb-said")).to_have_text("No slide has this number or title.")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert here(page) == "a-list"


def test_the_overview_is_walked_through_by_keys(deck: str, page: Page) -> None:
    at(page, deck, "a-list").keyboard.press("o")
    expect(page.get_by_role("link", name="2: A list")).to_be_focused()
    links = page.locator(".cb-thumb").all()
    assert [link.get_attribute("aria-label") for link in links][3:5] == [
        "4: Below the code",
        "5: A cell",
    ]
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="6: Émile’s steps")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name="5: A cell")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="7: The end")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_function("() => !Reveal.isOverview()")
    assert here(page) == "the-end"
    expect(page.locator("#the-end h2")).to_be_focused()
    assert page.locator(".cb-thumb").count() == 0


# ── Pointer and pen ──────────────────────────────────────────────────────────────────────────


def test_the_pointer_follows_and_links_still_work(deck: str, page: Page) -> None:
    at(page, deck, "hands").keyboard.press("l")
    spot = page.locator(".cb-spot")
    expect(spot).to_be_attached()
    page.mouse.move(300, 200)
    box = spot.bounding_box()
    assert box and abs(box["x"] + box["width"] / 2 - 300) < 1
    page.get_by_role("link", name="the end").click()
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'the-end'")
    page.keyboard.press("Escape")
    expect(spot).to_have_count(0)


def test_a_drawing_stays_on_its_slide_over_a_reload(deck: str, page: Page) -> None:
    at(page, deck, "code")
    take_pen(page)
    draw(page, (200, 500), (400, 520), (420, 600))
    expect_strokes(page, 1)
    page.keyboard.press("PageDown")
    assert here(page) == "below-the-code"
    expect_strokes(page, 0)
    page.keyboard.press("PageUp")
    expect_strokes(page, 1)
    page.reload()
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    expect_strokes(page, 1)
    assert page.get_by_role("region", name="Drawing").count() == 0


def test_strokes_begun_before_the_pen_has_come_are_drawn_and_mark_no_text(
    deck: str, page: Page
) -> None:
    at(page, deck, "code")
    waiting: list[Route] = []
    page.route("**/drawing.js*", lambda route: waiting.append(route))
    page.keyboard.press("p")
    draw(page, (100, 90), (500, 90), (500, 170))
    page.mouse.move(200, 500)
    page.mouse.down()
    page.mouse.move(300, 520, steps=4)
    assert page.locator(".present path").count() == 2, "what is drawn is seen at once"
    assert page.evaluate("getSelection().isCollapsed")
    waiting[0].continue_()
    expect(page.get_by_role("region", name="Drawing")).to_be_visible()
    page.mouse.move(420, 600, steps=4)
    page.mouse.up()
    expect_strokes(page, 2)
    assert page.locator(".present path").count() == 2
    box = page.locator(".cb-stroke").last.bounding_box()
    assert box and (round(box["x"]), round(box["y"])) == pytest.approx((200, 500), abs=4)
    assert box["width"] == pytest.approx(220, abs=8)
    assert (here(page), page.evaluate("getSelection().isCollapsed")) == ("code", True)


def test_a_drawing_that_is_off_blocks_no_link(deck: str, page: Page) -> None:
    at(page, deck, "hands")
    take_pen(page)
    link = page.get_by_role("link", name="the end")
    box = link.bounding_box()
    assert box
    middle = (round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2))
    draw(page, middle, (middle[0] + 60, middle[1]))
    assert here(page) == "hands"
    expect_strokes(page, 1)
    page.keyboard.press("Escape")
    page.mouse.click(*middle)
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'the-end'")


def test_strokes_are_erased_taken_back_and_cleared(deck: str, page: Page) -> None:
    at(page, deck, "code")
    take_pen(page)
    draw(page, (200, 500), (400, 500))
    page.get_by_role("button", name="Teal pen").click()
    draw(page, (200, 600), (400, 600))
    expect_strokes(page, 2)
    page.get_by_role("button", name="Eraser").click()
    draw(page, (300, 480), (300, 520))
    expect_strokes(page, 1)
    assert page.locator(".cb-stroke").get_attribute("data-cb-ink") == "accent"
    page.keyboard.press("Control+z")
    expect_strokes(page, 2)
    page.keyboard.press("Delete")
    expect_strokes(page, 0)
    page.get_by_role("button", name="Undo").click()
    expect_strokes(page, 2)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("region", name="Drawing")).to_have_count(0)
    expect_strokes(page, 2)


def test_a_drawing_is_scaled_with_its_slide(deck: str, page: Page) -> None:
    def over_the_heading() -> tuple[float, float]:
        line = page.locator(".cb-stroke").bounding_box()
        title = page.locator(".present h2").bounding_box()
        assert line and title
        return (
            (line["x"] - title["x"]) / title["height"],
            (line["y"] - title["y"]) / title["height"],
        )

    at(page, deck, "code")
    take_pen(page)
    draw(page, (200, 100), (400, 100))
    large = over_the_heading()
    page.set_viewport_size({"width": 640, "height": 400})
    page.wait_for_function("() => Reveal.getScale() < 0.6")
    assert over_the_heading() == pytest.approx(large, abs=0.1)
    draw(page, (200, 250), (300, 250))
    box = page.locator(".cb-stroke").last.bounding_box()
    assert box and abs(box["y"] + box["height"] / 2 - 250) < 2


def test_a_finger_draws_and_once_there_is_a_pen_a_hand_does_not(deck: str, page: Page) -> None:
    at(page, deck, "code")
    take_pen(page)
    swipe(page, (600, 500), (200, 520))
    assert here(page) == "code"
    expect_strokes(page, 1)
    session = page.context.new_cdp_session(page)
    for kind, x in (("Pressed", 300), ("Moved", 350), ("Moved", 400), ("Released", 400)):
        session.send(
            "Input.dispatchMouseEvent",
            {
                "type": f"mouse{kind}",
                "x": x,
                "y": 600,
                "button": "left",
                "buttons": int(kind != "Released"),
                "clickCount": 1,
                "pointerType": "pen",
            },
        )
    expect_strokes(page, 2)
    swipe(page, (600, 400), (200, 420))
    assert here(page) == "code"
    expect_strokes(page, 2)


# ── Larger code ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slide", ["code", "below-the-code", "a-cell"])
def test_code_grows_as_far_as_its_slide_holds_it(deck: str, page: Page, slide: str) -> None:
    at(page, deck, slide)
    code = page.locator(".cb-slide.present pre").first
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    lines = (
        "element => Math.round(element.clientHeight"
        " / parseFloat(getComputedStyle(element).lineHeight))"
    )
    usual, count = code.evaluate(size), code.evaluate(lines)
    said = page.locator(".cb-said")
    sizes = [usual]
    for _ in range(14):
        before = said.text_content()
        page.keyboard.press("+")
        expect(said).not_to_have_text(before or "nothing yet")
        sizes.append(code.evaluate(size))
        if said.text_content() == "As large as fits." or "600" in (said.text_content() or ""):
            break
    assert sizes == sorted(sizes)
    assert sizes[-1] > 1.15 * usual
    assert code.evaluate(lines) <= count
    assert overflowing_slides(page) == []
    at_most = sizes[-1]
    page.evaluate(
        f"Reveal.slide(...Object.values(Reveal.getIndices(document.getElementById('{slide}'))))"
    )
    page.keyboard.press("-")
    expect(said).to_contain_text("Code at")
    assert code.evaluate(size) < at_most
    page.keyboard.press("0")
    expect(said).to_have_text("Code at 100 %.")
    assert code.evaluate(size) == usual


def test_where_there_is_no_code_nothing_grows(deck: str, page: Page) -> None:
    at(page, deck, "a-list").keyboard.press("+")
    expect(page.get_by_role("status").first).to_have_text("There is no code on this slide.")


# ── Fingers ──────────────────────────────────────────────────────────────────────────────────


def test_a_finger_turns_in_both_directions_and_two_turn_nothing(deck: str, page: Page) -> None:
    at(page, deck, "a-list")
    swipe(page, (900, 300), (500, 310))
    assert here(page) == "code"
    swipe(page, (600, 500), (610, 250))
    assert here(page) == "below-the-code"
    swipe(page, (600, 250), (610, 500))
    assert here(page) == "code"
    swipe(page, (500, 300), (900, 310))
    assert here(page) == "a-list"
    send = touches(page)
    send("start", (500, 300))
    send("start", (500, 300), (700, 300))
    for step in range(1, 9):
        send("move", (500 - 20 * step, 300), (700 + 20 * step, 300))
    send("end")
    assert here(page) == "a-list"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (740, 360)])
def test_a_phone_reads_a_document_however_it_is_held(
    deck: str, browser: Browser, width: int, height: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(deck)
    for text in ("a line of code", "Words after it.", "Nothing more."):
        expect(page.get_by_text(text).first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate("() => globalThis.Reveal") is None
    context.close()


# ── For ears, and for all eyes ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_tool_is_clean(deck: str, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    at(page, deck, "code")
    found = violations(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    found += violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.get_by_role("combobox").fill("e")
    found += violations(page)
    page.keyboard.press("Escape")
    take_pen(page)
    draw(page, (200, 500), (400, 520))
    found += violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.get_by_role("link", name="3: Code")).to_be_focused()
    found += violations(page)
    page.keyboard.press("Enter")
    page.keyboard.press("+")
    expect(page.locator(".cb-said")).to_contain_text("Code at")
    found += violations(page)
    page.keyboard.press("b")
    found += violations(page)
    assert "\n".join(found) == ""


def test_with_the_systems_own_colours_black_is_black_and_the_chosen_pen_is_seen(
    deck: str, page: Page
) -> None:
    page.emulate_media(forced_colors="active")
    at(page, deck, "code")
    take_pen(page)
    dots = page.locator(".cb-draw-pen").evaluate_all(
        "pens => pens.map((pen) => getComputedStyle(pen, '::before').backgroundColor)"
    )
    assert len(set(dots)) == 3
    page.keyboard.press("b")
    black = page.locator(".pause-overlay")
    assert black.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(0, 0, 0)"


# ── Measures ─────────────────────────────────────────────────────────────────────────────────


def test_the_frames_of_ours_and_of_plain_reveal_are_counted_in_one_run(
    deck: str, browser: Browser
) -> None:
    long = deck.replace("hands.html", "long.html")
    found = compare(browser, long, deck.replace("hands.html", PLAIN), rounds=1, turns=8)
    for frames in found.values():
        assert 0 < frames.median <= frames.worst
        assert frames.lost >= 0 and frames.turns == 8
        assert frames.work > 0
