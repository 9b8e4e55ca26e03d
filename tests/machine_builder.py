"""The machine of the book is built beside the tests that do without it, and ends when they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest

from coursebook.machine import make
from coursebook.paths import REPOSITORY, Tree

COMMAND = [sys.executable, "-m", "coursebook", "machine", "build"]

BUILDER: list[subprocess.Popen[bytes]] = []


def pytest_configure() -> None:
    """Let SIGTERM end the tests in order, as Ctrl-C does: else nobody would stop the builder."""
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: FrameType | None) -> None:
    pytest.exit("ended by SIGTERM", returncode=128 + number)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the machine, and let all that need it come last.

    It is being built meanwhile. What is `patient` asks for nothing within moments, and may run
    beside other tests.
    """
    for item in filter(_needs_machine, items):
        if not item.get_closest_marker("patient"):
            item.add_marker("machine")
    items.sort(key=_needs_machine)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start to build the machine, which takes minutes, beside the tests that do without."""
    asked = session.config.option
    # `course.py test` runs what needs it next.
    wanted = any(map(_needs_machine, session.items)) or asked.markexpr == "not machine"
    if wanted and not asked.collectonly and make.standing(Tree(REPOSITORY)) is None:
        BUILDER.append(
            subprocess.Popen(
                COMMAND,
                cwd=REPOSITORY,
                env=os.environ | {"PYTHONPATH": str(REPOSITORY / "scripts")},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # A group of its own, so that what it has started ends with it.
                start_new_session=True,
            )
        )


def pytest_sessionfinish() -> None:
    """Leave no builder behind where the tests ended before it."""
    for builder in BUILDER:
        if builder.poll() is None:
            os.killpg(builder.pid, signal.SIGTERM)
            builder.wait()


def _needs_machine(item: pytest.Item) -> bool:
    """Tell whether a test uses the machine."""
    return "machine_folder" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def machine_folder() -> Path:
    """The machine of this book, as a site offers it; built if it does not stand yet."""
    for builder in BUILDER:
        builder.wait()
    # Finds what was built beside the tests, or says here why it could not be.
    return make.build(Tree(REPOSITORY), lambda line: None)
