"""``{choice}``: a question with answers to choose from; one is right, or with ``several`` some.

:::{choice}
:see: what-the-list-leaves-out

Which of these notices an altered wheel of the right version?

- [ ] a pin

  It compares the version only.

- [x] a hash
- [ ] a marker

  It decides whether a package is wanted at all.
:::

Every wrong answer says why it is wrong; a right one may say why it is right. ``see`` names the
label of the paragraph that answers. A part ``+++ answer`` may explain more.
"""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from coursebook.sphinx_ext.self_check.answers import (
    EXAMPLE,
    read_answers,
    whys_are_given,
    write_answers,
    write_whys,
)
from coursebook.sphinx_ext.self_check.block import CheckBlock
from coursebook.sphinx_ext.telling import warning


class Choice(CheckBlock):
    """Makes a question, its answers, and a fold that explains them."""

    kind = "choice"
    option_spec: ClassVar = {**CheckBlock.option_spec, "several": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Make it."""
        several = "several" in self.options
        question, known = self.read_parts()
        words, answers = read_answers(self, question)
        right = sum(answer.right for answer in answers)
        if len(answers) < 2:
            self.tell("this question has not two answers to choose from", EXAMPLE)
        elif not right:
            message = "none of the answers is marked as right"
            warning(self.place, message, "mark it: `- [x] …`", code="no-right-answer")
        elif right > 1 and not several:
            message = f"{right} answers are marked as right, where one is asked for"
            second = [answer for answer in answers if answer.right][1]
            hint = "mark one, or write `:several:` below the first line"
            warning(self.place_at(second.line), message, hint, code="two-right-answers")
        whys_are_given(self, answers)
        heading = "Several answers may be right" if several else "One answer is right"
        if not answers:
            return [self.check(words, heading)]
        fold = self.fold("Answer", self.explanation(known, *write_whys(answers)))
        data = {"several": ""} if several else {}
        return [self.check([*words, write_answers(answers), fold], heading, **data)]
