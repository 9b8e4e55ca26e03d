"""``{predict}``: what will the next cell print? The cell itself has the answer.

:::{predict}
:line: -1

What does the last line say?

- [ ] `/usr/local/bin/python3`

  That is the base Python, which the shell found before.
:::

```{code-cell} bash
source .venv/bin/activate
command -v python3
```

The next cell of the same rendering is meant. Its whole output is the answer, or the line of it that
``line`` names, counted from 1, or from -1 upwards. Only wrong answers are written; without any, and
with ``typed``, the reader types the answer, and a wrong one that is known gets its why.
"""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from coursebook.sphinx_ext.self_check.answers import read_answers, whys_are_given
from coursebook.sphinx_ext.self_check.block import CheckBlock
from coursebook.sphinx_ext.self_check.nodes import ItemNode, ListNode


class Predict(CheckBlock):
    """Makes a question whose answer ``predicted`` puts in when the cells are known."""

    kind = "predict"
    heading = "Predict"
    option_spec: ClassVar = {
        **CheckBlock.option_spec,
        "line": directives.unchanged_required,
        "typed": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Make it."""
        question, known = self.read_parts()
        words, answers = read_answers(self, question)
        whys_are_given(self, answers)
        listed = ListNode(tag="ol", list_class="cb-choices", lettered=True)
        for answer in answers:
            item = ItemNode(right=answer.right)
            item.line = answer.line
            item += [*answer.words, *answer.why]
            listed += item
        fold = self.fold("Answer", self.explanation(known))
        data = {"typed": ""} if "typed" in self.options or not answers else {}
        node = self.check([*words, listed, fold], **data)
        node["output_line"] = self.line()
        return [node]

    def line(self) -> int:
        """Read which line of the output is meant; 0 for all of it."""
        text = self.options.get("line", "").strip()
        if not text:
            return 0
        if text.removeprefix("-").isdigit() and int(text):
            return int(text)
        hint = "write `:line: 1` for the first line, `:line: -1` for the last"
        self.tell(f"`{text}` is no line of an output", hint)
        return 0
