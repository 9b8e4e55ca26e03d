"""``{ordering}``: things to be put in order. Their author writes them in the right one.

:::{ordering}
What does an installer do, from first to last?

1. resolve
2. download
3. check the hash
4. unpack
:::

Paragraphs below a thing say why it stands where it does.
"""

from __future__ import annotations

from docutils import nodes

from coursebook.sphinx_ext.self_check.block import CheckBlock, line_below, plain
from coursebook.sphinx_ext.self_check.nodes import ItemNode, ListNode
from coursebook.sphinx_ext.self_check.shuffled import shuffled


class Ordering(CheckBlock):
    """Makes the question, the things in another order, and a fold with the right one."""

    kind = "ordering"
    heading = "Put in order"

    def run(self) -> list[nodes.Node]:
        """Make it."""
        question, known = self.read_parts()
        children = self.parse(question)
        lists = [child for child in children if isinstance(child, nodes.enumerated_list)]
        items = list(lists[-1].children) if lists else []
        texts = [plain(item.children[:1]) for item in items]
        line = line_below(lists[-1]) if lists else 0
        if len(items) < 2:
            count = "one thing alone has" if items else "there is nothing here that has"
            hint = "write a list with numbers, in the right order: `1. first`, `2. second`"
            self.tell(f"{count} no order", hint, line=line)
            return [self.check(children)]
        for place, text in enumerate(texts):
            if text in texts[:place]:
                message = f"`{text}` stands here twice, and nobody can tell one from the other"
                hint = "let them say different things"
                self.tell(message, hint, line=line_below(items[place]) or line)
        children.remove(lists[-1])
        things = ListNode(tag="ol", list_class="cb-things", lettered=True)
        for place in shuffled(texts):
            item = ItemNode(data={"place": place + 1})
            item.line = line_below(items[place])
            item += [node.deepcopy() for node in items[place].children[:1]]
            things += item
        right = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
        right += items
        fold = self.fold("Answer", self.explanation(known, right))
        return [self.check([*children, things, fold])]
