r"""Code on paper, line by line: a line that is too long goes on in the next, with a mark.

    <pre>one\ntwo\n</pre>

becomes

    <pre><span class="cb-code-line">one</span><span class="cb-code-line">two</span></pre>

Style sheets draw the mark beside all but the first row of such a line. It is a picture, so that
who copies code out of a PDF copies code alone.
"""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

LINE = "cb-code-line"


def split_code(content: Tag) -> None:
    """Put every line of every block of code into an element of its own, in place."""
    for block in content.find_all("pre"):
        lines = _Lines(block)
        block.clear()
        block.extend(lines.made)


class _Lines:
    """Takes one block apart; elements that reach over an end of line are opened anew."""

    def __init__(self, block: Tag) -> None:
        self.factory = BeautifulSoup("", "html.parser")
        self.made: list[Tag] = []
        self.open: list[tuple[Tag | None, Tag]] = []
        self.again: list[Tag] = []
        self._begin()
        self._take(block)
        self._end()
        if self.made and not self.made[-1].get_text():
            self.made.pop()

    def _begin(self) -> None:
        sources = [source for source, _ in self.open[1:]]
        self.open = [(None, self.factory.new_tag("span", attrs={"class": LINE}))]
        for source in sources:
            assert source is not None
            self._enter(source, again=True)

    def _end(self) -> None:
        line = self.open[0][1]
        # What was opened anew and then closed at once would be a box without content.
        for element in reversed(self.again):
            if not element.get_text() and not element.find(["img", "svg"]):
                element.decompose()
        self.again.clear()
        self.made.append(line)

    def _enter(self, source: Tag, *, again: bool) -> None:
        copy = self.factory.new_tag(source.name)
        copy.attrs.update(source.attrs)
        if again:
            del copy["id"]
            self.again.append(copy)
        self.open[-1][1].append(copy)
        self.open.append((source, copy))

    def _take(self, element: Tag) -> None:
        for child in list(element.children):
            if isinstance(child, Tag):
                self._enter(child, again=False)
                self._take(child)
                self.open.pop()
            elif _is_text(child):
                for number, piece in enumerate(str(child).split("\n")):
                    if number:
                        self._end()
                        self._begin()
                    if piece:
                        self.open[-1][1].append(NavigableString(piece))


def _is_text(node: PageElement) -> bool:
    # Comments and their like are strings of other types.
    return type(node) is NavigableString
