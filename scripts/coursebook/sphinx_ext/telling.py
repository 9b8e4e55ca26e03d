"""Telling an author what is wrong, at his line, while Sphinx reads a chapter."""

from __future__ import annotations

from sphinx.util import logging

LOGGER = logging.getLogger(__name__)


def warning(place: str, message: str, hint: str, code: str) -> None:
    """Say one thing; see ``coursebook.warning_stream``.

    Args:
        place: ``path:line``.
        message: What is wrong, in one sentence.
        hint: What to type.
        code: Name of the problem.
    """
    LOGGER.warning(
        "%s\n    hint: %s", message, hint, location=place, type="coursebook", subtype=code
    )
