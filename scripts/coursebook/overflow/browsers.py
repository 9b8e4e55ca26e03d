"""Several browsers at once that measure the slides of a site, and what becomes of a fault.

A deck is measured in stretches, so that one long deck keeps all processors busy as well. A browser
that dies or hangs is replaced once for a stretch, and goes on with the slide at which it did; what
happens there a second time is told, and the rest of the stretch is left.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coursebook import browser as chromium
from coursebook.course.counterparts import deck_address
from coursebook.course.slide_list import Slide
from coursebook.overflow.tab import SCHEMES, DeckTab, State

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

STRETCH = 40
"""Slides of a deck that are measured by one tab."""

LIMIT = 30.0
"""Seconds in which a slide must be measured, and what is proposed be tried."""

OPENING = 60.0
"""Seconds in which a deck must open."""

MOST = 4
"""Browsers at once, at most: each takes some hundred megabytes."""

Advise = Callable[[DeckTab, int, Slide, Sequence[State]], tuple[object, ...]]
"""Is asked for advice about a slide while it is open: tab, place, slide, and what was found."""

Watch = Callable[[Slide], None]
"""Is told before a slide is measured."""


@dataclass
class Stretch:
    """Some slides of a deck that follow each other.

    Attributes:
        docname: The chapter.
        first: Place of the first in its deck, from 0.
        slides: The slides.
    """

    docname: str
    first: int
    slides: Sequence[Slide]


@dataclass
class Result:
    """What was found out about a slide.

    Attributes:
        docname: Its chapter.
        slide: The slide.
        children: How many children its body has in the browser.
        states: What was found, in each state that it can be in.
        advice: What could be done about it.
        left: How many slides were not measured, this one included, because the browser died or hung
            twice here; 0 if it did not.
        hung: Seconds that were waited, if it hung the second time; 0 if it died.
    """

    docname: str
    slide: Slide
    children: int = 0
    states: list[State] = field(default_factory=list)
    advice: tuple[object, ...] = ()
    left: int = 0
    hung: float = 0.0


def stretches(slides: Mapping[str, Sequence[Slide]]) -> list[Stretch]:
    """Cut decks into what one tab measures, in order."""
    return [
        Stretch(docname, first, deck[first : first + STRETCH])
        for docname, deck in slides.items()
        for first in range(0, len(deck), STRETCH)
    ]


def measure_all(
    site: str, slides: Mapping[str, Sequence[Slide]], advise: Advise, watch: Watch | None = None
) -> list[Result]:
    """Measure all slides of a site.

    Args:
        site: Address of the site's root.
        slides: The slides of every chapter.
        advise: Is asked about each slide where something was found.
        watch: Is told before each slide.

    Returns:
        One result for each slide, in order; none for those that a fault has left out.

    Raises:
        NoBrowserError: There is no Chromium, or it does not start.
    """
    program = chromium.require()
    work = stretches(slides)
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(work)):
        todo.put(number)
    done: dict[int, list[Result]] = {}
    stop = threading.Event()
    crew = max(1, min(os.cpu_count() or 1, MOST, len(work)))

    def take() -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            measurer = Measurer(playwright, program, site, advise, watch or (lambda slide: None))
            try:
                while not stop.is_set():
                    number = todo.get_nowait()
                    done[number] = measurer.measure(work[number])
            except queue.Empty:
                pass
            finally:
                measurer.close()

    with ThreadPoolExecutor(crew, "slides") as pool:
        futures = [pool.submit(take) for _ in range(crew)]
        try:
            for future in futures:
                future.result()
        except KeyboardInterrupt:
            end_quietly()
            raise
        finally:
            # After a failure of one, the others end with the stretch that they are at.
            stop.set()
    return [result for number in sorted(done) for result in done[number]]


def end_quietly() -> None:
    """Say nothing of what Ctrl-C breaks: it reaches Playwright's own process as well.

    That one ends at once, and whoever waits for its answers complains in several voices.
    """
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    warnings.simplefilter("ignore", RuntimeWarning)


class Measurer:
    """One browser at a time, and the deck that is open in it.

    Args:
        playwright: Drives it, in this thread.
        program: Path of the browser.
        site: Address of the site's root.
        advise: See `measure_all`.
        watch: See `measure_all`.
    """

    def __init__(
        self, playwright: Playwright, program: str, site: str, advise: Advise, watch: Watch
    ) -> None:
        self.playwright, self.program, self.site = playwright, program, site
        self.advise, self.watch = advise, watch
        self.browser: Browser | None = None
        self.tab: DeckTab | None = None
        self.process = 0
        self.hung = 0.0

    def measure(self, stretch: Stretch) -> list[Result]:
        """Measure a stretch, in both schemes; see the module for faults."""
        from playwright.sync_api import Error

        results = [Result(stretch.docname, slide) for slide in stretch.slides]
        steps = [(scheme, place) for scheme in SCHEMES for place in range(len(results))]
        faults = 0
        position = 0
        while position < len(steps):
            scheme, place = steps[position]
            try:
                self.measure_one(stretch, scheme, place, results[place])
                position += 1
            except Error:
                if not self.is_dead():
                    raise
                faults += 1
                hung, self.hung = self.hung, 0.0
                self.close()
                if faults == 2:
                    results[place].left, results[place].hung = len(results) - place, hung
                    return results[: place + 1] if scheme == SCHEMES[0] else results
        return results

    def measure_one(self, stretch: Stretch, scheme: str, place: int, result: Result) -> None:
        """Measure one slide in one scheme, in a new tab or browser if need be."""
        if self.browser is None:
            self.browser = self.launch()
        with self.limit(OPENING):
            if self.tab is None:
                self.tab = DeckTab(self.browser, self.site)
            self.tab.show(deck_address(stretch.docname), scheme)
        self.watch(result.slide)
        with self.limit(LIMIT):
            self.measure_open(self.tab, stretch.first + place, result)

    def measure_open(self, tab: DeckTab, number: int, result: Result) -> None:
        """Measure a slide of the deck that is open, and ask for advice if it holds too much."""
        measured = tab.measure(number)
        if measured.id != result.slide.id:
            raise RuntimeError(f"{result.docname}: {measured.id} is not {result.slide.id}")
        result.children = measured.children
        if not result.advice and any(state.findings for state in measured.states):
            result.advice = self.advise(tab, number, result.slide, measured.states)
        result.states += measured.states

    def launch(self) -> Browser:
        """Start a browser.

        Raises:
            NoBrowserError: It does not start.
        """
        from playwright.sync_api import Error

        try:
            launched = self.playwright.chromium.launch(
                executable_path=self.program, args=list(chromium.ARGUMENTS)
            )
            told = launched.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
            [self.process] = [one["id"] for one in told["processInfo"] if one["type"] == "browser"]
            return launched
        except Error as error:
            first = error.message.partition("\n")[0]
            message = f"Chromium does not start: {first}\n    {chromium.HINT}"
            raise chromium.NoBrowserError(message) from error

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """End the browser if something takes longer: a page that hangs answers to nothing else.

        Playwright's own limits wait for the page as well, to tell it that they are over.
        """

        def end() -> None:
            self.hung = seconds
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def is_dead(self) -> bool:
        """Tell whether browser or tab have died."""
        if self.browser is None or not self.browser.is_connected():
            return True
        return self.tab is not None and (self.tab.crashed or self.tab.page.is_closed())

    def close(self) -> None:
        """Let the browser go, in whatever state it is."""
        from playwright.sync_api import Error

        with contextlib.suppress(Error):
            if self.browser is not None:
                self.browser.close()
        self.browser = self.tab = None
