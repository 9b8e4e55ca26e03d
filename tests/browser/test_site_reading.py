from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from site_sample import Site, sample

__all__ = ["sample"]

pytestmark = pytest.mark.browser

PAGES = [
    "index.html",
    "start/elements.html",
    "start/notebook.html",
    "deep/plain.html",
    "search.html",
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def base(sample: Site, serve: Callable[[Path], str]) -> str:
    """The site two folders below the root of a host."""
    place = sample.root.parent / "host" / "some" / "where"
    if not place.exists():
        place.parent.mkdir(parents=True)
        place.symlink_to(sample.folder)
    return serve(sample.root.parent / "host") + "some/where/"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_an_address_with_a_section_opens_there_without_a_journey(page: Page, base: str) -> None:
    page.goto(base + "start/elements.html")
    last = page.locator("main section[id]").last.get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{base}start/elements.html#{last}")
    before = page.evaluate("scrollY")
    assert before > 1000
    page.wait_for_timeout(200)
    assert page.evaluate("scrollY") == before


@pytest.mark.parametrize("name", PAGES)
def test_a_page_makes_no_foreign_request_and_no_error(page: Page, base: str, name: str) -> None:
    wrong: list[str] = []
    page.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: wrong.append(request.url) if not request.url.startswith(base) else None,
    )
    page.on(
        "response",
        lambda answer: (
            wrong.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        ),
    )
    page.goto(base + name, wait_until="networkidle")
    assert wrong == []


def test_the_index_is_not_loaded_before_somebody_searches(page: Page, base: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base + "start/elements.html", wait_until="networkidle")
    assert not [url for url in asked if url.endswith("search.json")]


@pytest.mark.parametrize(
    "query", ["sys.path", "pyvenv.cfg", "--locked", "uv lock", "env.cf", "ETEXT"]
)
def test_search_finds_words_and_code_as_they_are_typed(page: Page, base: str, query: str) -> None:
    query = "upgrade-package" if query == "ETEXT" else query
    page.goto(base + "deep/plain.html")
    page.keyboard.press("/")
    page.keyboard.type(query)
    first = page.locator(".cb-search-list a").first
    expect(first).to_contain_text(query)
    assert "elements.html" in str(first.get_attribute("href"))


def test_search_works_by_keyboard_and_leads_to_the_section(page: Page, base: str) -> None:
    page.goto(base + "index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("marmalade")
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.get_by_role("option")).to_contain_text("Far away · A plain page")
    page.keyboard.press("Enter")
    page.wait_for_url("**/deep/plain.html#far-away")


def test_arrows_choose_among_results_and_escape_closes(page: Page, base: str) -> None:
    page.goto(base + "index.html")
    page.keyboard.press("/")
    page.keyboard.type("code")
    expect(page.get_by_role("option").nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".cb-search")).to_be_hidden()


def test_search_is_closed_by_its_button(page: Page, base: str) -> None:
    page.goto(base + "index.html")
    page.keyboard.press("/")
    page.get_by_role("button", name="Esc: close the search").click()
    expect(page.locator(".cb-search")).to_be_hidden()


def test_search_says_when_nothing_has_the_word(page: Page, base: str) -> None:
    page.goto(base + "search.html?q=xylophone")
    expect(page.get_by_role("status")).to_have_text("Nothing has “xylophone”.")


def test_a_found_text_is_never_read_as_html(page: Page, base: str) -> None:
    page.goto(base + "search.html?q=search_path()")
    expect(page.locator(".cb-search-list mark").first).to_have_text("search_path()")


def test_the_dark_scheme_is_kept_from_page_to_page(page: Page, base: str) -> None:
    page.goto(base + "index.html")
    light = ground(page)
    page.get_by_role("button", name="Dark colours").click()
    dark = ground(page)
    assert dark != light
    page.goto(base + "start/elements.html", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    # Dark from the first paint on: the page's own modules have not run yet.
    assert ground(page) == dark
    expect(page.get_by_role("button", name="Dark colours")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_system_decides_until_the_reader_does(browser: Browser, base: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(base + "index.html")
        grounds.append(ground(page))
        context.close()
    assert grounds[0] != grounds[1]


def test_tabs_of_a_group_turn_together_and_are_remembered(page: Page, base: str) -> None:
    page.goto(base + "start/elements.html")
    page.get_by_text("Windows", exact=True).first.click()
    expect(page.get_by_text("The folder is Scripts.")).to_be_visible()
    expect(page.get_by_text("The folder is bin.")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("The folder is Scripts.")).to_be_visible()


def test_tabs_turn_by_keyboard(page: Page, base: str) -> None:
    page.goto(base + "start/elements.html")
    page.locator(".sd-tab-set input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("The folder is Scripts.")).to_be_visible()


def test_code_is_copied_without_prompts_and_outputs_have_no_button(
    browser: Browser, base: str
) -> None:
    context: BrowserContext = browser.new_context(
        permissions=["clipboard-read", "clipboard-write"], viewport={"width": 1280, "height": 720}
    )
    page = context.new_page()
    page.goto(base + "start/elements.html")
    block = page.locator("div.highlight-console")
    block.hover()
    block.get_by_role("button", name="Copy this code").click()
    expect(block.get_by_role("button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "which python"
    page.goto(base + "start/notebook.html")
    expect(page.locator(".cell_input .cb-copy").first).to_be_attached()
    expect(page.locator(".cell_output .cb-copy")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_never_scrolls_the_page_sideways(phone: Page, base: str, name: str) -> None:
    phone.goto(base + name)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_contents_are_a_drawer_on_a_phone(phone: Page, base: str) -> None:
    phone.goto(base + "index.html")
    drawer = phone.get_by_role("navigation", name="Chapters", exact=True)
    expect(drawer).to_be_hidden()
    phone.get_by_role("button", name="Contents").click()
    expect(drawer).to_be_visible()
    drawer.get_by_role("link", name="Cells that ran").click()
    phone.wait_for_url("**/start/notebook.html")


def test_everything_can_be_read_without_javascript(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(base + "start/elements.html")
    for words in (
        "A virtual environment is a folder.",
        "uv lock --upgrade-package",
        "A note, with",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    # Opens without a script: a popover.
    page.get_by_role("button", name="Contents").click()
    expect(page.get_by_role("navigation", name="Chapters", exact=True)).to_be_visible()
    context.close()


def test_the_outline_marks_what_is_being_read(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 800})
    # Without motion: a wheel that turns during the jump to the anchor would be lost.
    page.emulate_media(reduced_motion="reduce")
    page.goto(base + "start/elements.html#boxes")
    marked = page.locator(".cb-outline a[aria-current]")
    expect(marked).to_have_text("Boxes")
    page.mouse.move(700, 400)
    page.mouse.wheel(0, -20000)
    expect(page.locator('.cb-outline a[aria-current][href="#boxes"]')).to_have_count(0)


def test_a_long_outline_keeps_the_section_in_sight(page: Page, base: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 260})
    page.goto(base + "start/elements.html")
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    marked = page.locator(".cb-outline a[aria-current]")
    expect(marked).to_have_text("A question")
    expect(marked).to_be_in_viewport(ratio=1)


CONTRAST = """() => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  const read = (colours) => {
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) { pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const linear = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = rgb.map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const bad = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const style = getComputedStyle(element);
    if (!own || !element.checkVisibility() || element.closest("svg, math")) continue;
    const grounds = [];
    for (let e = element; e; e = e.parentElement) {
      grounds.unshift(getComputedStyle(e).backgroundColor);
    }
    const ground = read(grounds);
    const ink = read([...grounds, style.color]);
    const [a, b] = [light(ground), light(ink)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const words = element.textContent.trim().slice(0, 30);
    if (ratio < 4.5) bad.push(`${element.tagName}.${element.className} ${ratio} ${words}`);
  }
  return bad;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "start/elements.html", "start/notebook.html"])
def test_all_text_stands_out_enough(browser: Browser, base: str, name: str, scheme: str) -> None:
    context = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": 1440, "height": 900},
    )
    page = context.new_page()
    page.goto(base + name, wait_until="networkidle")
    assert page.evaluate(CONTRAST) == []
    context.close()


def test_paper_has_the_text_and_none_of_the_frame(page: Page, base: str) -> None:
    page.goto(base + "start/elements.html")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for part in (".cb-top", ".cb-side", ".cb-outline", ".cb-neighbours"):
        expect(page.locator(part).first).to_be_hidden()
    assert ground(page) == "rgb(253, 252, 250)"


def test_on_paper_folds_are_open_and_all_tabs_stand_below_their_names(
    page: Page, base: str
) -> None:
    page.goto(base + "start/elements.html")
    folded = page.get_by_text("It was there all along.")
    second = page.get_by_text("The folder is Scripts.")
    expect(folded).to_be_hidden()
    expect(second).to_be_hidden()
    page.emulate_media(media="print")
    expect(folded).to_be_visible()
    expect(second).to_be_visible()
    tops = [
        page.locator(".sd-tab-set")
        .last.get_by_text(text, exact=True)
        .evaluate("element => element.getBoundingClientRect().top")
        for text in ("Linux and macOS", "The folder is bin.", "Windows", "The folder is Scripts.")
    ]
    assert tops == sorted(tops)
    assert len(set(tops)) == 4
