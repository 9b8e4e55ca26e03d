"""Comments of authors, ``% …``, stand in no page and on no slide.

docutils writes them into the HTML, where whoever looks at the source of a page reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class RemoveComments(SphinxTransform):
    """Takes the comments out, before anything looks at what stands where."""

    default_priority = 5

    def apply(self, **kwargs: object) -> None:
        """Go through the chapter once."""
        for comment in list(self.document.findall(nodes.comment)):
            comment.parent.remove(comment)


def setup_comments(app: Sphinx) -> None:
    """Register the step."""
    app.add_transform(RemoveComments)
