"""The command that a newcomer types: what it makes, and what it says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import course
from coursebook import cli
from coursebook.paths import REPOSITORY

COURSE = str(REPOSITORY / "scripts" / "course.py")


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Type a command as a user does."""
    return subprocess.run(
        [sys.executable, COURSE, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **variables},
    )


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_verb_explains_itself_and_its_exit_codes(verb: str) -> None:
    answer = run(verb, "--help")
    assert answer.returncode == 0
    assert f"course.py {verb}" in answer.stdout
    assert "exit codes:" in answer.stdout


def test_help_needs_no_environment(tmp_path: Path) -> None:
    """A copy of scripts/ alone, without .venv, still answers."""
    import shutil

    shutil.copytree(
        REPOSITORY / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__")
    )
    answer = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "scripts" / "course.py"), "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "serve" in answer.stdout


def test_a_wrong_verb_lists_the_right_ones() -> None:
    answer = run("serv")
    assert answer.returncode == 2
    assert "serve" in answer.stderr


def test_ctrl_c_while_it_still_imports_leaves_no_traceback() -> None:
    """On a busy machine its imports take long enough for an impatient user."""
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", COURSE, "check"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "contextlib" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode in (-signal.SIGINT, 130)
    assert "Traceback" not in rest


PRINTS = """
import sys
from coursebook import __main__, cli
cli.main = lambda: print("a line") or 0
sys.exit(__main__.run())
"""


def test_a_reader_that_has_seen_enough_is_no_mistake() -> None:
    """As with `course.py machine info | head -1`, only surer: nobody reads at all."""
    reads, writes = os.pipe()
    os.close(reads)
    answer = subprocess.run(
        [sys.executable, "-c", PRINTS],
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={"PYTHONPATH": str(REPOSITORY / "scripts")},
    )
    os.close(writes)
    assert (answer.returncode, answer.stderr) == (128 + signal.SIGPIPE, "")


def test_an_environment_that_stands_is_used_without_any_network() -> None:
    answer = run(
        "clean", "--help", HTTPS_PROXY="http://127.0.0.1:9", PIP_INDEX_URL="http://127.0.0.1:9"
    )
    assert answer.returncode == 0


def test_only_supported_pythons_are_found_and_each_answers_to_its_version() -> None:
    found = course.installed_pythons()
    assert found
    for version, path in found.items():
        assert course.OLDEST <= version <= course.NEWEST
        assert course.answers(path, version)


def program(folder: Path, text: str) -> str:
    """Write a command that says something."""
    path = folder / "uv"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_the_newest_supported_python_is_taken_without_asking_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {course.OLDEST: "/old/python", course.NEWEST: "/new/python"}
    monkeypatch.setattr(course, "installed_pythons", lambda: found)
    assert course.choose_python(program(tmp_path, "exit 99")) == "/new/python"


def test_the_python_of_the_course_is_fetched_where_the_machine_has_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "installed_pythons", lambda: {course.OLDEST: "/old/python"})
    uv = program(tmp_path, 'test "$2" = find && echo /fetched/python || exit 0')
    assert course.choose_python(uv) == "/fetched/python"


def test_an_older_python_serves_where_none_can_be_fetched_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(course, "installed_pythons", lambda: {course.OLDEST: "/old/python"})
    assert course.choose_python(program(tmp_path, "exit 1")) == "/old/python"
    assert "cells will run with Python 3.11" in capsys.readouterr().err


def test_no_python_at_all_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course, "installed_pythons", dict)
    with pytest.raises(course.SetupError, match="Install one of them"):
        course.choose_python(program(tmp_path, "exit 1"))


def test_a_broken_shim_is_not_taken_for_a_python(tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho not installed >&2\nexit 127\n")
    shim.chmod(0o755)
    assert not course.answers(str(shim), (3, 13))


def test_uv_is_taken_from_its_locked_wheel_where_there_is_no_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil
    import zipfile

    uv = shutil.which("uv") or str(REPOSITORY / ".venv" / "bin" / "uv")
    wheel = tmp_path / "uv-0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(uv, "uv-0.data/scripts/uv")
    import hashlib

    monkeypatch.setattr(course, "platform_pattern", lambda: "uv-0-py3")
    address = wheel.as_uri()
    good = {address: hashlib.sha256(wheel.read_bytes()).hexdigest()}
    program = course.uv_from_wheel(good, tmp_path)
    assert course.uv_version(program) == course.uv_version(uv) != ()
    with pytest.raises(course.SetupError, match=r"not the one in uv\.lock"):
        course.uv_from_wheel({address: "0" * 64}, tmp_path)


def test_the_locked_uv_has_a_wheel_for_this_machine() -> None:
    import re

    _, wheels = course.locked_uv()
    assert any(re.search(course.platform_pattern(), address) for address in wheels)
