"""The local engine as a reader meets it: Run on a page of `serve`, in a real browser."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from books import Book
from browser.firefox import firefox
from browser.live_site import rewrite
from self_check_book import TASK
from serving_books import Served, serve

pytestmark = pytest.mark.browser

WAIT = 60_000
"""Milliseconds that a state is waited for; never a measure of speed."""

HEAD = "---\nfile_format: mystnb\nkernelspec: {name: bash}\n---\n"
ONE = (
    f"{HEAD}# One\n\n## Cells\n\n"
    "```{code-cell} bash\npython3 -m venv --without-pip .venv\n. .venv/bin/activate\n"
    "count=$((count + 1)); echo count $count\n```\n\n"
    "```{code-cell} python\nimport sys\nprint(sys.prefix)\n"
    "print('a complaint', file=sys.stderr)\n```\n\n"
    "```{code-cell} bash\n:tags: [raises-exception]\nread -r name\n"
    'echo "<$name>"; test "$name"\n```\n'
)
RICH = (
    f"{HEAD}# Rich\n\n```{{code-cell}} python\nfrom IPython.display import HTML\n"
    "HTML('<b id=word>table</b>')\n```\n"
)
THIEF = """\
<b id=word>table</b><script>
const found = document.body.dataset;
const tell = (name, what) => {
  try { found[name] = String(what()); } catch (error) { found[name] = error.name; }
};
tell("cookie", () => document.cookie);
tell("storage", () => sessionStorage.length);
tell("page", () => parent.document.cookie);
tell("address", () => top.location.href);
tell("leave", () => { top.location = "about:blank"; });
tell("window", () => open("/one.html"));
const cells = new URL("/_coursebook/cells", location.href);
fetch(cells, { credentials: "include" })
  .then((answer) => answer.text())
  .then((text) => { found.fetched = text; }, () => { found.fetched = "no"; });
tell("line", () => {
  const line = new WebSocket(cells.href.replace("http", "ws"));
  line.onmessage = ({ data }) => { found.said = data; };
  line.onclose = () => { found.closed = "yes"; };
});
</script>"""
HTML = (
    f"{HEAD}# Html\n\n```{{code-cell}} python\nfrom IPython.display import HTML\n"
    f"HTML({THIEF.replace(chr(10), ' ')!r})\n```\n"
)
TWO = f"{HEAD}# Two\n\n```{{code-cell}} bash\necho ${{count-none}}; pwd\n```\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    book = Book(tmp_path_factory.mktemp("served") / "a-book")
    book.chapter("one", ONE)
    book.chapter("two", TWO)
    book.chapter("rich", RICH)
    book.chapter("html", HTML)
    book.chapter("task", f"# Task\n\n{TASK}")
    with serve(book) as running:
        yield running


@pytest.fixture
def reader(page: Page, served: Served) -> Page:
    """Somebody who opened the printed address."""
    page.goto(served.address)
    expect(page).to_have_url(f"http://{served.name}/")
    return page


def open_page(page: Page, served: Served, path: str) -> None:
    page.goto(f"http://{served.name}/{path}")


def press_run(page: Page, number: int = 0) -> Locator:
    """Press Run of a cell and return what it printed."""
    cell = page.locator(".cell[data-cb-live]").nth(number)
    cell.locator(".cb-run").click()
    return cell.locator(".cb-result-body")


def ended(page: Page, number: int = 0) -> None:
    cell = page.locator(".cell[data-cb-live]").nth(number)
    expect(cell).to_have_attribute("data-cb-state", re.compile("done|failed"), timeout=WAIT)


def test_cells_of_a_page_run_on_this_computer(reader: Page, served: Served) -> None:
    open_page(reader, served, "one.html")
    expect(press_run(reader, 0)).to_contain_text("count 1", timeout=WAIT)
    ended(reader, 0)
    printed = press_run(reader, 1)
    expect(printed).to_contain_text("/usr/local")
    expect(printed).to_contain_text("a complaint")
    press_run(reader, 2)
    field = reader.get_by_role("textbox", name=re.compile("Input of"))
    field.fill("Ada")
    field.press("Enter")
    expect(reader.locator(".cb-result-body").nth(2)).to_contain_text("<Ada>", timeout=WAIT)
    # The same shell after a reload, and another one in another chapter.
    reader.reload()
    expect(press_run(reader, 0)).to_contain_text("count 2", timeout=WAIT)
    open_page(reader, served, "two.html")
    expect(press_run(reader)).to_contain_text("none\n/home/learner/two", timeout=WAIT)


def test_the_slides_run_in_the_chapters_room_too(reader: Page, served: Served) -> None:
    open_page(reader, served, "slides/two.html")
    reader.wait_for_function("() => globalThis.Reveal?.isReady()")
    expect(press_run(reader)).to_contain_text("/home/learner/two", timeout=WAIT)


def test_rich_output_shows_in_its_frame(reader: Page, served: Served) -> None:
    open_page(reader, served, "rich.html")
    word = press_run(reader).frame_locator("iframe").locator("#word")
    expect(word).to_have_text("table", timeout=WAIT)


def test_html_output_gets_neither_the_token_nor_a_line_of_its_own(
    reader: Page, served: Served
) -> None:
    open_page(reader, served, "html.html")
    body = press_run(reader).frame_locator("iframe").locator("body")
    expect(body.locator("#word")).to_have_text("table", timeout=WAIT)
    for secret in ("cookie", "storage", "page", "address"):
        expect(body).to_have_attribute(f"data-{secret}", "SecurityError")
    expect(body).to_have_attribute("data-fetched", "no")
    expect(body).to_have_attribute("data-window", "null")
    # The policy of the frame refuses the line, at once or by closing it.
    expect(body).to_have_attribute("data-line", re.compile("undefined|SecurityError"))
    expect(body).not_to_have_attribute("data-said", re.compile("."))
    assert reader.url.endswith("/html.html")


def test_who_did_not_open_the_printed_address_is_told_how(page: Page, served: Served) -> None:
    open_page(page, served, "one.html")
    press_run(page, 0)
    told = page.get_by_text("open the address that course.py serve printed", exact=False).first
    expect(told).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("count 1")).to_have_count(1)  # what the book printed, and no more


def test_a_page_in_a_frame_of_another_site_is_not_shown(reader: Page, served: Served) -> None:
    """localhost and 127.0.0.1 are two sites, as any two names are."""
    port = served.name.partition(":")[2]
    open_page(reader, served, "one.html")
    # Our own policy would stop the frame first; a page without one is somebody else's.
    reader.route(
        "**/elsewhere", lambda route: route.fulfill(body="<p>here", content_type="text/html")
    )
    reader.goto(f"http://localhost:{port}/elsewhere")
    reader.evaluate(
        "(address) => { const frame = document.createElement('iframe');"
        " frame.src = address; document.body.append(frame); }",
        f"http://{served.name}/one.html",
    )
    frame = reader.frame_locator("iframe")
    expect(frame.locator("h1", has_text="One")).to_have_count(0)
    reader.wait_for_function("() => document.querySelector('iframe').contentDocument === null")


def test_after_a_new_start_of_the_server_the_page_says_what_to_do(
    page: Page, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = Book(tmp_path_factory.mktemp("restarted") / "a-book")
    book.chapter("two", TWO)
    with serve(book) as first:
        page.goto(first.address)
        open_page(page, first, "two.html")
        expect(press_run(page)).to_contain_text("none", timeout=WAIT)
        ended(page)
        port = int(first.name.partition(":")[2])
        # The window of news would reload the page before the reader can press Run.
        page.route("**/_coursebook/events", lambda route: route.abort())
        page.reload()
        expect(press_run(page)).to_contain_text("none", timeout=WAIT)
        ended(page)
        first.process.send_signal(signal.SIGINT)
        first.process.wait(60)
        lost = page.get_by_text("The connection to course.py serve was lost", exact=False).first
        expect(lost).to_be_visible(timeout=WAIT)
        bar = page.locator(".cb-machine")
        bar.get_by_role("button", name="Try again").click()
        expect(bar).to_contain_text("The connection to course.py serve was lost", timeout=WAIT)
    with serve(book, port=port) as second:
        assert second.name == first.name
        bar.get_by_role("button", name="Try again").click()
        expect(bar).to_contain_text("open the address that course.py serve printed", timeout=WAIT)
        press_run(page)
        told = page.get_by_text("open the address that course.py serve printed", exact=False).first
        expect(told).to_be_visible(timeout=WAIT)


def test_firefox_runs_cells_on_this_computer_too(served: Served) -> None:
    with firefox() as fox:
        fox.go(served.address)
        fox.go(f"http://{served.name}/two.html")
        cell = "document.querySelector('.cell[data-cb-live]')"
        fox.click(f"{cell}.querySelector('.cb-run')")
        fox.wait_for(f"['done', 'failed'].includes({cell}.dataset.cbState)", 60)
        body = f"{cell}.querySelector('.cb-result-body').textContent"
        fox.wait_for(f"{body}.includes('/home/learner/two')", 30)
        assert "none\n/home/learner/two" in fox.evaluate(body)


def test_a_task_is_checked_in_a_room_of_its_own(reader: Page, served: Served) -> None:
    open_page(reader, served, "task.html")
    task = reader.locator(".cb-task")
    said = task.locator(".cb-task-said")
    task.get_by_role("button", name="Check", exact=True).click()
    expect(said).to_have_text("There is no here.txt.", timeout=WAIT)
    rewrite(task.locator(".cell"), "cat before.txt; pwd; echo done > here.txt")
    task.get_by_role("button", name="Check", exact=True).click()
    expect(said).to_have_text("Done. That is right.", timeout=WAIT)
    expect(task.locator(".cb-result-body")).to_have_text("old\n/home/learner/make-a-file\n")
    expect(task.locator(".cb-answer")).to_be_visible()
