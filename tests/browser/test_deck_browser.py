"""What a lecturer and an audience do with a deck, in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.decks import EVERYTHING, open_deck, overflowing_slides
from coursebook import steps
from coursebook.agreement.hosting import host
from coursebook.course.book import read_book
from coursebook.course.counterparts import deck_address
from coursebook.course.rules import check_book
from coursebook.course.slide_list import SLIDES_FILE, read_slides
from coursebook.overflow.gate import check_slides
from coursebook.paths import Tree
from coursebook.publish import publish
from coursebook.renderings import DECK, output

pytestmark = pytest.mark.browser

TEXT = "slides/parts/text.html"
CODE = "slides/parts/code.html"
BOXES = "slides/parts/boxes.html"
FIGURES = "slides/parts/figures.html"
DECKS = (TEXT, CODE, BOXES, FIGURES, "slides/parts/seed.html", "slides/opening.html")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The book with every element, built once."""
    root = tmp_path_factory.mktemp("everything") / "book"
    shutil.copytree(EVERYTHING, root, ignore=shutil.ignore_patterns("_build"))
    tree = Tree(root)
    with steps.workers(tree) as crew:
        found = steps.make(tree, crew, lambda message: None)
    assert not found, "\n".join(map(str, found))
    publish(tree)
    return tree


@pytest.fixture(scope="module")
def site(tree: Tree) -> Iterator[str]:
    """The same, served on loopback."""
    with host(tree.site, sub_path="/") as hosted:
        yield hosted.address


def test_the_book_of_everything_passes_all_checks(tree: Tree) -> None:
    found = [*check_slides(tree, lambda message: None), *check_book(read_book(tree))]
    assert [str(problem) for problem in found] == []


def here(page: Page) -> str:
    """Return the id of the slide that is shown."""
    name: str = page.evaluate("() => Reveal.getCurrentSlide().id")
    return name


def test_keys_walk_through_all_slides_without_any_error_or_foreign_request(
    site: str, page: Page
) -> None:
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith(site) else None,
    )
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status > 399 else None)
    for deck in DECKS:
        open_deck(page, site + deck)
        seen = {here(page)}
        for _ in range(60):
            page.keyboard.press("Space")
            seen.add(here(page))
        assert len(seen) == page.evaluate("() => Reveal.getTotalSlides()")
    assert [one for one in wrong if not one.startswith("data:")] == []


@pytest.mark.parametrize("deck", DECKS)
def test_no_slide_with_any_element_overflows(site: str, page: Page, deck: str) -> None:
    open_deck(page, site + deck)
    assert overflowing_slides(page) == []


def test_a_slide_that_holds_too_much_is_found_and_says_by_how_much(site: str, page: Page) -> None:
    open_deck(page, site + TEXT)
    page.evaluate(
        """() => {
            const list = document.querySelector("#a-plain-list ul");
            for (let n = 0; n < 12; n++) list.append(list.firstElementChild.cloneNode(true));
            document.querySelector("#definitions .cb-body > dl").style.width = "1120px";
            document.querySelector("#definitions .cb-body > dl").style.marginLeft = "900px";
        }"""
    )
    found = {one["slide"]: one for one in overflowing_slides(page)}
    assert set(found) == {"a-plain-list", "definitions"}
    assert 100 < found["a-plain-list"]["sides"]["bottom"] < 900
    assert "A virtual environment" in found["a-plain-list"]["culprit"]
    assert set(found["definitions"]["sides"]) == {"right"}


def test_a_browser_sees_the_blocks_of_every_slide_that_the_deck_has_listed(
    site: str, tree: Tree, page: Page
) -> None:
    listed = read_slides(output(tree, DECK).parent / SLIDES_FILE)
    assert listed
    for docname, slides in listed.items():
        open_deck(page, site + deck_address(docname))
        seen = page.evaluate(
            """() => Reveal.getSlides().map((slide) => (
                [slide.id, slide.querySelector(".cb-body").children.length]))"""
        )
        blocks = [[one.id, sum(block.elements for block in one.blocks)] for one in slides]
        assert seen == blocks


def test_a_figure_of_any_shape_is_made_to_fit(site: str, page: Page) -> None:
    open_deck(page, site + FIGURES)
    for box in ("0 0 640 4000", "0 0 640 330", "0 0 640 100"):
        page.evaluate(
            "(box) => document"
            ".querySelectorAll('#a-figure-with-a-caption svg, #a-figure-alone svg')"
            ".forEach((figure) => figure.setAttribute('viewBox', box))",
            box,
        )
        assert overflowing_slides(page) == []


def test_text_on_slides_can_be_read_from_the_last_row(site: str, page: Page) -> None:
    for deck in DECKS:
        open_deck(page, site + deck)
        small = page.evaluate(
            """() => [...document.querySelectorAll(".slides *")]
                .filter((element) => !element.closest("svg, aside.notes, sup, .sd-badge")
                    && [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
                    && parseFloat(getComputedStyle(element).fontSize) < 19.9)
                .map((element) => `${element.localName} ${element.textContent.trim().slice(0, 30)}`)
            """
        )
        assert small == []


def test_a_slide_keeps_its_address_over_a_reload(site: str, page: Page) -> None:
    open_deck(page, site + TEXT + "#/definitions")
    assert here(page) == "definitions"
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**#/a-quotation")
    page.reload()
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    assert here(page) == "a-quotation"


def test_an_old_address_of_a_labelled_section_leads_to_its_slide(site: str, page: Page) -> None:
    open_deck(page, site + TEXT + "#/a-table")
    assert here(page) == "table-of-tools"


def test_a_link_within_the_deck_turns_to_that_slide(site: str, page: Page) -> None:
    open_deck(page, site + TEXT + "#/steps-one-by-one")
    page.evaluate("() => Reveal.navigateFragment(99)")
    page.get_by_role("link", name="table").click()
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'table-of-tools'")


def test_fragments_come_one_by_one(site: str, page: Page) -> None:
    open_deck(page, site + TEXT + "#/steps-one-by-one")
    steps_shown = []
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        steps_shown.append(page.locator("#steps-one-by-one .fragment.visible").count())
    assert steps_shown == [1, 2, 3, 4]
    assert here(page) == "steps-one-by-one"
    page.keyboard.press("ArrowRight")
    assert here(page) == "table-of-tools"


def test_the_notes_of_a_slide_open_at_its_section(site: str, page: Page) -> None:
    open_deck(page, site + TEXT + "#/a-quotation")
    page.get_by_role("link", name="Notes").click()
    page.wait_for_url("**/parts/text.html#a-quotation")
    assert page.locator("#a-quotation").count() == 1


def test_n_opens_the_notes_and_back_returns_to_the_slide(site: str, page: Page) -> None:
    open_deck(page, site + FIGURES + "#/only-on-slides")
    page.keyboard.press("n")
    page.wait_for_url("**/parts/figures.html#figures")
    page.go_back()
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    assert here(page) == "only-on-slides"


def test_d_changes_the_scheme_for_good_and_for_the_index_too(site: str, page: Page) -> None:
    def paper() -> str:
        colour: str = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        return colour

    open_deck(page, site + TEXT)
    light = paper()
    page.keyboard.press("d")
    dark = paper()
    assert dark != light
    page.reload()
    assert paper() == dark
    page.goto(f"{site}slides/index.html")
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Light / dark").click()
    assert page.evaluate("() => localStorage.getItem('cb-scheme')") == "light"


def test_without_a_choice_the_systems_scheme_holds(site: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 1280, "height": 720})
    page = context.new_page()
    open_deck(page, site + FIGURES + "#/a-figure-with-a-caption")
    ink = page.evaluate(
        "() => getComputedStyle(document.querySelector('.present .cb-figure text')).fill"
    )
    red, green, blue = map(int, re.findall(r"\d+", ink))
    assert min(red, green, blue) > 180, "figures follow the scheme"
    context.close()


def test_screen_readers_are_not_locked_out(site: str, page: Page) -> None:
    open_deck(page, site + TEXT)
    assert page.locator("[role=application]").count() == 0
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="A plain list")).to_be_focused()
    assert page.locator(".slides section.cb-slide:not([inert])").count() == 1
    assert page.locator(".aria-status").inner_text(), "reveal still writes its copy of the slide"
    expect(page.locator(".aria-status")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status")).to_have_text("Write down what you ask for")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_typing_in_a_field_never_turns_the_slide(site: str, page: Page) -> None:
    open_deck(page, site + TEXT)
    page.evaluate(
        """() => {
            const host = document.createElement("div");
            host.attachShadow({ mode: "open" }).append(document.createElement("textarea"));
            document.querySelector(".present .cb-body").append(host);
            host.shadowRoot.firstChild.focus();
        }"""
    )
    page.keyboard.type("new 50 slides")
    page.keyboard.press("ArrowRight")
    assert here(page) == "text-lists-and-tables"


def test_space_opens_a_fold_that_has_the_focus_and_turns_otherwise(site: str, page: Page) -> None:
    open_deck(page, site + BOXES + "#/folded-away")
    page.locator("summary").focus()
    page.keyboard.press("Space")
    assert page.locator("details").evaluate("element => element.open")
    assert here(page) == "folded-away"
    page.keyboard.press("ArrowLeft")
    assert here(page) == "three-columns"


def test_after_a_click_on_a_tab_the_arrows_turn_slides_again(site: str, page: Page) -> None:
    open_deck(page, site + CODE + "#/two-languages")
    page.get_by_text("Windows", exact=True).click()
    expect(page.get_by_text("It may need an execution policy.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    assert here(page) == "a-long-line"


def test_tabs_can_be_chosen_by_keyboard(site: str, page: Page) -> None:
    open_deck(page, site + CODE + "#/two-languages")
    page.locator(".present .sd-tab-set > input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("It may need an execution policy.")).to_be_visible()
    assert here(page) == "two-languages"


def test_the_overview_shows_every_slide_and_goes_where_one_clicks(site: str, page: Page) -> None:
    open_deck(page, site + TEXT)
    page.keyboard.press("o")
    expect(page.get_by_text("A plain list", exact=True)).to_be_visible()
    page.get_by_role("link", name="2: A plain list").click()
    assert here(page) == "a-plain-list"
    assert page.evaluate("() => !Reveal.isOverview()")
    assert page.locator(".slides section.cb-slide:not([inert])").count() == 1


def test_jumping_takes_the_number_that_a_slide_bears(site: str, page: Page) -> None:
    open_deck(page, site + TEXT)
    numbers = page.locator(".cb-number").all_text_contents()
    wanted = len(numbers) - 1
    page.keyboard.press("g")
    page.keyboard.type(str(wanted))
    page.keyboard.press("Enter")
    expect(page.locator(".cb-slide.present .cb-number")).to_have_text(f"{wanted} / {len(numbers)}")
    expect(page.locator(".reveal > .slide-number")).to_be_hidden()


def test_the_speakers_code_is_not_loaded_before_it_is_wanted(site: str, page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(Path(urlsplit(request.url).path).name))
    open_deck(page, site + TEXT)
    first = {name for name in loaded if name.startswith(("speaker", "projector"))}
    assert first == {"speaker_pair.js", "speaker_window.js"}


def test_a_grid_keeps_its_columns_in_a_small_window(site: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 360})
    page = context.new_page()
    open_deck(page, site + BOXES + "#/cards-in-a-grid")
    tops = page.evaluate(
        "() => [...document.querySelectorAll('.present .sd-card')].map((card) => card.offsetParent"
        " && Math.round(card.getBoundingClientRect().top))"
    )
    assert tops[0] == tops[1] != tops[2] == tops[3]
    context.close()


@pytest.mark.parametrize("how", ["without JavaScript", "on a phone", "on paper"])
def test_a_deck_is_a_readable_document(site: str, browser: Browser, how: str) -> None:
    phone = how == "on a phone"
    context = browser.new_context(
        java_script_enabled=how != "without JavaScript",
        viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 720},
    )
    page = context.new_page()
    page.goto(site + TEXT + ("#/definitions" if phone else ""))
    if how == "on paper":
        page.wait_for_function("() => globalThis.Reveal?.isReady()")
        page.emulate_media(media="print")
    texts = ["A plain list", "Install what was resolved", "A built distribution", "A quotation"]
    for text in texts:
        expect(page.get_by_text(text).first).to_be_visible()
    tops = [page.get_by_text(text).first.bounding_box() for text in texts]
    heights = [box["y"] for box in tops if box]
    assert heights == sorted(heights) and len(set(heights)) == len(texts)
    assert page.get_by_text("Ask for a show of hands").count() == 0
    if phone:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
        expect(page.locator("#definitions")).to_be_in_viewport()
    context.close()


def test_who_wants_less_motion_gets_none(site: str, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    open_deck(page, site + TEXT + "#/steps-one-by-one")
    moving = page.evaluate(
        """() => [...document.querySelectorAll(".fragment, .progress span, .controls *")]
            .filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0).length
        """
    )
    assert moving == 0
    context.close()


def test_the_index_leads_to_every_deck(site: str, page: Page) -> None:
    page.goto(f"{site}slides/index.html")
    page.get_by_role("link", name="Boxes and grids", exact=True).click()
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    assert here(page) == "boxes-and-grids"


def test_slides_keep_their_margins_in_the_print_view(site: str, page: Page) -> None:
    page.goto(site + TEXT + "?view=print")
    page.wait_for_function("() => globalThis.Reveal?.isReady()")
    left = "element => element.getBoundingClientRect().left"
    heading = page.locator(".pdf-page h2").first.evaluate(left)
    assert heading == page.locator(".pdf-page .cb-foot a").first.evaluate(left) > 0
