"""``{matching}``: pairs to be found. Their author writes them as the rows of a table.

:::{matching}
Which promise needs which mechanism?

| you want … | you need … |
|---|---|
| the same version of one package | a pin |
| the same bytes | a hash |
|  | a marker |
:::

A row without a left side is an answer that fits nothing. A third column says why.
"""

from __future__ import annotations

from dataclasses import dataclass

from docutils import nodes

from coursebook.course.self_check.parts import Part
from coursebook.sphinx_ext.self_check.block import CheckBlock, plain
from coursebook.sphinx_ext.self_check.nodes import LETTERS, ItemNode, ListNode
from coursebook.sphinx_ext.self_check.shuffled import shuffled

EXAMPLE = "write a table of two columns: `| this | belongs to that |`"


@dataclass
class Pair:
    """One row: two sides, and where it was written."""

    left: nodes.entry
    right: nodes.entry
    line: int


class Matching(CheckBlock):
    """Makes the question, both sides of the pairs, and a fold with the table."""

    kind = "matching"
    heading = "Find the pairs"

    def run(self) -> list[nodes.Node]:
        """Make it."""
        question, known = self.read_parts()
        children = self.parse(question)
        tables = [child for child in children if isinstance(child, nodes.table)]
        lines = self.row_lines(question)
        pairs = self.read_pairs(tables[-1], lines) if tables else []
        whole = [pair for pair in pairs if plain([pair.left])]
        if len(whole) < 2:
            line = lines[0] if lines else 0
            self.tell("there are not two pairs here to be found", EXAMPLE, line=line)
            return [self.check(children)]
        self.compare(pairs)
        table = tables[-1]
        place = children.index(table)
        children.remove(table)
        heads = [
            entry.astext()
            for head in table.findall(nodes.thead)
            for entry in head.findall(nodes.entry)
        ]
        fold = self.fold("Answer", self.explanation(known, table))
        children.insert(place, self.sides(pairs, heads))
        return [self.check([*children, fold])]

    def row_lines(self, part: Part) -> list[int]:
        """Find where the rows of the last table were written: MyST gives them no lines."""
        rows: list[int] = []
        for place, line in enumerate(part.lines):
            if not line.lstrip().startswith("|"):
                continue
            if rows and rows[-1] != place - 1:
                rows = []
            rows.append(place)
        return [self.line_of(part.first + place) for place in rows[2:]]

    def read_pairs(self, table: nodes.table, lines: list[int]) -> list[Pair]:
        """Read the rows of a table, each with its line."""
        pairs = []
        for body in table.findall(nodes.tbody):
            for number, row in enumerate(body.findall(nodes.row)):
                entries = list(row.findall(nodes.entry))
                line = lines[number] if number < len(lines) else 0
                if len(entries) in (2, 3) and plain([entries[1]]):
                    pairs.append(Pair(entries[0], entries[1], line))
                else:
                    self.tell("this row is no pair", EXAMPLE, line=line)
        return pairs

    def compare(self, pairs: list[Pair]) -> None:
        """Complain of sides that nobody can tell apart."""
        for name, texts in (
            ("left", [plain([pair.left]) for pair in pairs]),
            ("right", [plain([pair.right]) for pair in pairs]),
        ):
            for place, text in enumerate(texts):
                if text and text in texts[:place]:
                    message = f"`{text}` stands twice on the {name}: which belongs to which?"
                    hint = "let both say different things, or put the two rows into one"
                    self.tell(message, hint, line=pairs[place].line)

    def sides(self, pairs: list[Pair], heads: list[str]) -> nodes.Element:
        """Make both sides, the right one in another order and with letters."""
        order = shuffled([plain([pair.right]) for pair in pairs])
        letter = {place: LETTERS[at % len(LETTERS)] for at, place in enumerate(order)}
        left = ListNode(tag="ul", list_class="cb-pairs-left")
        for place, pair in enumerate(pairs):
            if plain([pair.left]):
                left += _side(pair.left, {"match": letter[place]}, pair.line)
        right = ListNode(tag="ol", list_class="cb-pairs-right", lettered=True)
        for place in order:
            right += _side(pairs[place].right, {}, pairs[place].line)
        holder = nodes.container(classes=["cb-sides"])
        self.set_source_info(holder)
        for side, head in zip((left, right), [*heads, "", ""], strict=False):
            column = nodes.container(classes=["cb-half"])
            if head:
                column += nodes.paragraph("", head, classes=["cb-half-head"])
            column += side
            holder += column
        return holder


def _side(entry: nodes.entry, data: dict[str, str], line: int) -> ItemNode:
    item = ItemNode(data=data)
    item.line = line
    item += [node.deepcopy() for node in entry.children]
    return item
