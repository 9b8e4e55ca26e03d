"""Putting in what a cell really printed, where its reader is asked to predict it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docutils import nodes

from coursebook.sphinx_ext.cells import CellNode
from coursebook.sphinx_ext.self_check.answers import Answer, write_answers, write_whys
from coursebook.sphinx_ext.self_check.block import plain
from coursebook.sphinx_ext.self_check.nodes import CheckNode, FoldNode, ItemNode, ListNode
from coursebook.sphinx_ext.self_check.shuffled import place_among
from coursebook.sphinx_ext.telling import warning


def printed(outputs: Sequence[dict[str, Any]]) -> str:
    """Return what a cell printed, as text; of an error its last line."""
    texts = []
    for output in outputs:
        if output["output_type"] == "stream":
            texts.append(output["text"])
        elif output["output_type"] == "error":
            texts.append(f"{output['ename']}: {output['evalue']}\n")
        else:
            text = output["data"].get("text/plain", "")
            texts.append(("".join(text) if isinstance(text, list) else text) + "\n")
    return "\n".join(line.rstrip() for line in "".join(texts).strip().splitlines())


def put_in_answer(
    node: CheckNode, cell: CellNode | None, outputs: Sequence[dict[str, Any]]
) -> None:
    """Complete a prediction.

    Args:
        node: As ``Predict`` made it: the question, its known answers, and a fold.
        cell: What is predicted; None if no cell follows.
        outputs: What that cell printed.
    """
    place = f"{node.source}:{node.line}"
    listed = next(iter(node.findall(ListNode)))
    fold = next(iter(node.findall(FoldNode)))
    if cell is None:
        hint = "write the cell below it; in which rendering it stands is told by its tags"
        message = "no cell follows that could be predicted"
        warning(place, message, hint, code="bad-question")
        return
    said = printed(outputs)
    if node["output_line"]:
        lines = said.splitlines()
        try:
            at = node["output_line"]
            said = lines[at - 1 if at > 0 else at].strip()
        except IndexError:
            message = f"the output of the next cell has no line {node['output_line']}"
            hint = f"it has {len(lines)} lines"
            warning(place, message, hint, code="bad-question")
    if not said:
        message = "the next cell prints nothing that could be predicted"
        warning(place, message, "let it print something", code="bad-question")
    answers = _with_key(node, listed, said)
    if len(answers) > 1:
        listed.replace_self(write_answers(answers))
    else:
        node.remove(listed)
    key = write_whys(answers) if len(answers) > 1 else [nodes.paragraph("", "It prints:")]
    shown = nodes.literal_block(said, said, language="text", classes=["cb-printed"])
    shown.source, shown.line = node.source, node.line
    for place_in_fold, part in enumerate([*key, *([] if len(answers) > 1 else [shown])]):
        fold.insert(place_in_fold, part)
    cell["data"]["predicted"] = node["ids"][0] if node["ids"] else ""


def _with_key(node: CheckNode, listed: ListNode, said: str) -> list[Answer]:
    """Compare the written answers with what was printed, and put that among them."""
    answers = []
    key: Answer | None = None
    for item in listed.findall(ItemNode):
        words, why = list(item.children[:1]), list(item.children[1:])
        answer = Answer(words, why, item["right"], item.line or 0)
        place = f"{node.source}:{answer.line}"
        if _same(answer.text, said) and not answer.right:
            message = (
                f"the answer `{answer.text}` is marked as wrong, and the cell prints just that"
            )
            warning(place, message, "take it out, or ask something else", code="key-contradicted")
        elif answer.right and not _same(answer.text, said):
            message = f"the answer `{answer.text}` is marked as right, and the cell prints `{said}`"
            hint = "leave the right answer out: the cell gives it"
            warning(place, message, hint, code="key-contradicted")
        if _same(answer.text, said):
            key = answer
        answers.append(answer)
    if key is None and answers:
        shown: nodes.Node = nodes.paragraph("", "", nodes.literal("", said))
        if "\n" in said:
            shown = nodes.literal_block(said, said, language="text")
        elif not any(_is_code(answer) for answer in answers):
            message = (
                "its look tells the right answer: what the cell prints is code, the rest is not"
            )
            hint = f"write in backticks what a cell might print: `{answers[0].text}`"
            warning(f"{node.source}:{answers[0].line}", message, hint, code="key-shows")
        key = Answer([shown], [], True, node.line or 0)
        answers.insert(place_among(said, [answer.text for answer in answers]), key)
    return answers


def _is_code(answer: Answer) -> bool:
    """Tell whether an answer is code and nothing else."""
    parts = [part for words in answer.words for part in words.children]
    return bool(parts) and all(isinstance(part, nodes.literal) for part in parts)


def _same(text: str, said: str) -> bool:
    return plain([nodes.Text(text)]).split() == said.split()
