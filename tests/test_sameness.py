"""The same source gives the same bytes, anywhere, and they tell nothing of the machine."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from books import copy_real_book
from commands import VARIABLES, command
from coursebook.paths import REPOSITORY


def build_a_copy(folder: Path, seed: str) -> dict[str, bytes]:
    """Build the real book in a folder of its own, without anything that was made before."""
    copy_real_book(folder)
    variables = {**VARIABLES, "PYTHONHASHSEED": seed, "TZ": f"Etc/GMT+{seed}"}
    subprocess.run(command("build", folder), check=True, capture_output=True, env=variables)
    site = folder / "_build" / "site"
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in sorted(site.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    top = tmp_path_factory.mktemp("sameness")
    return build_a_copy(top / "one", "1"), build_a_copy(top / "elsewhere" / "deeper" / "two", "2")


def test_two_clean_builds_in_two_folders_are_equal_byte_for_byte(
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
        for name, content in twice[0].items()
        for word, what in told.items()
        if word.encode() in content
    ]
    assert found == []
