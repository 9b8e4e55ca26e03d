"""The same source gives the same bytes, anywhere, and they tell nothing of the machine."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from pathlib import Path

import pytest

from books import copy_real_book, files
from commands import type_in
from coursebook.paths import REPOSITORY, Tree

SEED = "2"
"""For what Python puts in order by chance, and for the time zone."""


def built(root: Path, **variables: str) -> dict[str, bytes]:
    """Build a book by the command, and return what it publishes."""
    answer = type_in("build", root, machine=False, seconds=900, **variables)
    assert answer.returncode == 0, answer.stderr
    return files(Tree(root).site)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The real book as it stands in the checkout, and built elsewhere from its source alone."""
    elsewhere = tmp_path_factory.mktemp("sameness") / "elsewhere" / "deeper" / "two"
    copy_real_book(elsewhere)
    return built(REPOSITORY), built(elsewhere, PYTHONHASHSEED=SEED, TZ=f"Etc/GMT+{SEED}")


def test_a_clean_build_in_another_folder_is_equal_byte_for_byte(
    twice: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    one, two = twice
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []


def test_no_built_file_tells_of_the_machine(
    twice: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    user = getpass.getuser()
    told = {
        str(REPOSITORY): "the checkout",
        os.path.realpath(sys.base_prefix): "the builder's Python",
        str(Path.home()) + "/": "the builder's home",
        "/sameness": "the folder of the build",
        socket.gethostname(): "the host",
        user: "the user",
    }
    told.pop("/usr", None)  # the system's own Python stands in the room where it stands outside
    # Names that are words of the course say nothing: root, vm, runner in a sentence.
    told = {word: what for word, what in told.items() if "/" in word or len(word) > 6}
    found = [
        f"{name} names {what}: {word}"
        for name, content in twice[1].items()
        for word, what in told.items()
        if word.encode() in content
    ]
    assert found == []
