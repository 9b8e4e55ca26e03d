"""A deck in a tab of a real browser, slide by slide.

The deck is the one that is published, on a host of its own; what measures it is told to the tab
alone. Colours cannot change a length, but an author may show another picture in the dark: so every
slide is measured in both schemes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursebook.course.slide_sizes import DENSE, WIDE_CODE
from coursebook.overflow.units import Counted
from coursebook.paths import FRONTEND

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MODULES = FRONTEND / "serve"
ADDRESS = "measuring/"
"""Address below the site's root that no site has: the tab alone is told what stands there."""

WIDTH, HEIGHT = 1280, 720

SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Finding:
    """Something that does not fit.

    Attributes:
        kind: ``over`` the margins, ``cut``, ``scrolls`` or ``small``.
        sides: Pixels beyond each side; for small text, its ``size``.
        child: Which child of the slide's body has it, from 0; -1 for none.
        path: Which part of that child, such as an item, and which part of that; empty for none.
        what: Name of its element.
        text: How its text begins.
        step: Whether it is shown as a step.
        footer: Whether it covers the footer.
    """

    kind: str
    sides: dict[str, float]
    child: int
    path: tuple[int, ...]
    what: str
    text: str
    step: bool
    footer: bool


@dataclass(frozen=True)
class State:
    """What was found while something was chosen.

    Attributes:
        scheme: ``light`` or ``dark``.
        tab: What is written on the tabs that were open; empty without any.
        folds: What is written on the folds that were opened for it; empty without any.
        findings: What does not fit.
    """

    scheme: str
    tab: str
    folds: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Measured:
    """A slide in one scheme: its id, how many children its body has, and what was found."""

    id: str
    children: int
    states: tuple[State, ...]


Keep = bool | tuple[Counted, Counted]
"""Whether a child of a slide's body stays; of some, only the parts from one to another."""


class DeckTab:
    """A tab that shows one deck after the other.

    Args:
        browser: Has the tab.
        site: Address of the site's root.
    """

    def __init__(self, browser: Browser, site: str) -> None:
        self.site, self.script = site, f"{site}{ADDRESS}measure.js"
        self.page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        self.crashed = False
        self.page.on("crash", lambda page: setattr(self, "crashed", True))
        self.page.route(
            f"{site}{ADDRESS}*",
            lambda route: route.fulfill(path=MODULES / route.request.url.rpartition("/")[2]),
        )
        self.deck = self.scheme = ""

    def show(self, deck: str, scheme: str) -> None:
        """Open a deck in a scheme, if it is not, and wait until nothing is on its way any more.

        Args:
            deck: Its address, below the root.
            scheme: ``light`` or ``dark``; some pictures are shown in one alone.
        """
        if (deck, scheme) == (self.deck, self.scheme):
            return
        if scheme != self.scheme:
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if deck != self.deck:
            self.page.goto(self.site + deck)
            self.page.wait_for_function("() => globalThis.Reveal?.isReady()")
            self._call("prepare(Reveal)")
        self._call("settle()")
        self.deck, self.scheme = deck, scheme

    def measure(self, place: int) -> Measured:
        """Measure one slide, by its place from 0, in the present scheme."""
        found = self._call("measure(Reveal, place)", place=place)
        states = [
            State(
                self.scheme,
                state["tab"],
                state["folds"],
                tuple(_finding(finding) for finding in state["findings"]),
            )
            for state in found["states"]
        ]
        return Measured(found["id"], found["children"], tuple(states))

    def fits(self, place: int, kept: Sequence[Keep], sizes: Sequence[str]) -> bool:
        """Try whether a part of a slide would fit on a slide of its own.

        Args:
            place: Of the slide.
            kept: What stays of it.
            sizes: Classes that it would have, because of how much it holds.
        """
        return bool(
            self._call(
                "fits(Reveal, place, kept, sizes, allSizes)",
                place=place,
                kept=list(kept),
                sizes=list(sizes),
                allSizes=[DENSE, WIDE_CODE],
            )
        )

    def _call(self, call: str, **values: Any) -> Any:
        names = ", ".join(values)
        function = call.partition("(")[0]
        return self.page.evaluate(
            f"async ({{ script, {names} }}) => {{"
            f" const {{ {function} }} = await import(script); return {call}; }}",
            {"script": self.script, **values},
        )


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(**{**row, "path": tuple(row["path"])})
