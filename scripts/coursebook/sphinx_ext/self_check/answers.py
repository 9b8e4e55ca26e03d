"""Answers to choose from: a list with boxes, each answer with its why.

- [ ] the first

  Why it is wrong.

- [x] the second
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docutils import nodes

from coursebook.course.self_check.parts import Part, take_boxes
from coursebook.sphinx_ext.self_check.block import CheckBlock, line_below, plain
from coursebook.sphinx_ext.self_check.nodes import LETTERS, ItemNode, ListNode
from coursebook.sphinx_ext.telling import warning

EXAMPLE = "write `- [x] …` for what is right and `- [ ] …` for what is wrong"


@dataclass
class Answer:
    """One answer.

    Attributes:
        words: What is chosen.
        why: Why it is right or wrong.
        right: Which of the two it is.
        line: Where its author wrote it.
    """

    words: list[nodes.Node]
    why: list[nodes.Node]
    right: bool
    line: int

    @property
    def text(self) -> str:
        """Its words, to compare."""
        return plain(self.words)


def read_answers(block: CheckBlock, part: Part) -> tuple[list[nodes.Node], list[Answer]]:
    """Read a question and the answers below it.

    Returns:
        What stands around the list, and the answers; none if there is no list with boxes.
    """
    lines, boxes = take_boxes(part.lines)
    children = block.parse(part, lines)
    lists = [child for child in children if isinstance(child, nodes.bullet_list)]
    if not boxes or not lists:
        return children, []
    found = lists[-1]
    if len(found.children) != len(boxes):
        message = "not every answer of this list has a box"
        block.tell(message, EXAMPLE, line=block.line_of(part.first + boxes[0][0]))
    answers = []
    for item, (place, right) in zip(found.children, boxes, strict=False):
        line = line_below(item) or block.line_of(part.first + place)
        words, why = list(item.children[:1]), list(item.children[1:])
        answers.append(Answer(words, why, right, line))
    children.remove(found)
    texts = [answer.text for answer in answers]
    for answer in answers:
        if texts.count(answer.text) > 1 and answer.text == texts[answers.index(answer)]:
            message = f"the answer `{answer.text}` stands here twice"
            block.tell(message, "let every answer say something else", line=answer.line)
            break
    if len(answers) > len(LETTERS):
        block.tell("nobody reads so many answers", "leave most of them out", line=answers[0].line)
    return children, answers[: len(LETTERS)]


def whys_are_given(block: CheckBlock, answers: Sequence[Answer]) -> None:
    """Complain of every wrong answer that does not say why it is wrong."""
    for answer in answers:
        if not answer.right and not answer.why:
            message = f"the wrong answer `{answer.text}` does not say why it is wrong"
            hint = "write that below it, as a paragraph of its own that is indented like the answer"
            warning(block.place_at(answer.line), message, hint, code="answer-without-why")


def write_answers(answers: Sequence[Answer]) -> ListNode:
    """Make the list that is chosen from."""
    made = ListNode(tag="ol", list_class="cb-choices", lettered=True)
    for answer in answers:
        item = ItemNode(data={"right": ""} if answer.right else {})
        item.line = answer.line
        item += answer.words
        made += item
    return made


def write_whys(answers: Sequence[Answer]) -> list[nodes.Node]:
    """Make what explains them: which is right, then why each is what it is."""
    right = [LETTERS[place] for place, answer in enumerate(answers) if answer.right]
    words = f"{_listed(right)} {'is' if len(right) == 1 else 'are'} right."
    key = nodes.paragraph("", "", nodes.strong("", words), classes=["cb-key"])
    whys = ListNode(tag="ul", list_class="cb-whys")
    for place, answer in enumerate(answers):
        if not answer.why:
            continue
        item = ItemNode(data={"of": LETTERS[place]})
        item += nodes.inline("", LETTERS[place], classes=["cb-letter"])
        item += [node.deepcopy() for node in answer.why]
        whys += item
    return [key, whys] if whys.children else [key]


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
