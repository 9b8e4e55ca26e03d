"""Self-check: what a reader answers for himself, and the book has answered before.

(while reading)   one file for each directive: choice, ordering, matching, predict, task, question
doctree-read      addresses, numbers of tasks, and what a predicted cell has printed

A question is, in HTML::

    <div class="cb-check cb-choice" id="…--question-1" data-cb-check="choice" data-cb-asked="1f2e…">
      <p class="cb-check-kind">One answer is right</p>
      …the question…
      <ol class="cb-choices" type="A"><li data-cb-right>…</li><li>…</li></ol>
      <details class="cb-answer"><summary>Answer</summary>…</details>
    </div>

Things to order are ``cb-ordering`` with ``<li data-cb-place="3">``, pairs ``cb-matching`` with
``<li data-cb-match="B">``, each why ``<li data-cb-of="A">``; a cell that is predicted has the id of
its question as ``data-cb-predicted``.

All of it can be read and printed as it stands. ``frontend/widgets`` makes a form of it on a page; a
deck opens the answer as a step of its slide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coursebook.sphinx_ext.self_check.choice import Choice
from coursebook.sphinx_ext.self_check.finishing import finish_checks
from coursebook.sphinx_ext.self_check.matching import Matching
from coursebook.sphinx_ext.self_check.nodes import add_nodes
from coursebook.sphinx_ext.self_check.ordering import Ordering
from coursebook.sphinx_ext.self_check.predict import Predict
from coursebook.sphinx_ext.self_check.question import Question
from coursebook.sphinx_ext.self_check.task import TaskDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

AFTER_CELLS = 600
"""Later than ``cells``, whose outputs are predicted, and before slides are made from headings."""


def setup_self_check(app: Sphinx) -> None:
    """Register nodes, directives and the event."""
    add_nodes(app)
    app.add_directive("choice", Choice)
    app.add_directive("ordering", Ordering)
    app.add_directive("matching", Matching)
    app.add_directive("predict", Predict)
    app.add_directive("task", TaskDirective)
    app.add_directive("question", Question)
    app.connect("doctree-read", finish_checks, AFTER_CELLS)
