"""What the chapters promise of their cells, whatever browser they run in."""

from __future__ import annotations

import re

BASE = "/usr/local/bin/python3"
ACTIVATED = "/home/learner/activation/.venv/bin/python3"

PYTHON_SEES = "print(open('/home/learner/activation/.venv/pyvenv.cfg').read())"
"""A Python cell that reads what bash made in the chapter on activation."""

TAMPERING = "hide numlib|cat > pyproject|zipfile|sha256sum|uv cache"
"""The cells of the chapter on locks that lead to what uv refuses; `check --live` runs all."""

REFUSED_BY_PIP = "-o hashed|--require-hashes"
"""Those by which pip is asked, too; it takes long in a tab."""


def assert_activation_changes_which_python(printed: list[str]) -> None:
    """The first cell names the machine's interpreter, a later one the environment's."""
    assert which_lines(printed[0]) == [BASE]
    activated = next(text for text in printed if "python3 is" in text)
    assert which_lines(activated)[0] == ACTIVATED


def assert_moved_environment_is_broken(printed: str) -> None:
    """Moved away, scripts still call the interpreter at its old place."""
    assert "cannot execute: required file not found" in printed
    assert which_lines(printed)[-1] == BASE


def assert_uv_refuses_the_tampered_wheel(printed: list[str]) -> None:
    """The real uv sees that its bytes are others."""
    assert "Hash mismatch" in printed[-1]
    assert "packages installed: 0" in printed[-1]


def assert_tampered_wheel_is_refused(printed: list[str]) -> None:
    """Both pip and the real uv refuse it."""
    assert "pip's exit status: 1" in printed[-2]
    assert_uv_refuses_the_tampered_wheel(printed)


def which_lines(text: str) -> list[str]:
    """Return the lines that name an interpreter by its whole path."""
    return re.findall(r"(?m)(/\S*/bin/python3?)$", text)
