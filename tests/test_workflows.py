"""Workflows and hooks run the commands that everybody types, with no power they do not need."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursebook.paths import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))

ACTIONS = {
    "actions/checkout@v4",
    "actions/upload-pages-artifact@v3",
    "actions/deploy-pages@v4",
}


def read(path: Path) -> dict[Any, Any]:
    """Read YAML; its word ``on`` is read as true, as YAML 1.1 wants."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_only_read_unless_a_job_says_more(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert True in workflow, "it says when it runs"
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 60, name
        more = job.get("permissions", {})
        assert more == ({"pages": "write", "id-token": "write"} if name == "deploy" else {})


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_uses_known_actions_and_our_commands_alone(path: Path) -> None:
    for step in steps(read(path)):
        if "uses" in step:
            assert step["uses"] in ACTIONS
        else:
            command = step["run"]
            known = (
                r"python3 scripts/course\.py \w+( build)?",
                r"apt-get update && apt-get install --yes --no-install-recommends [\w -]+",
                r'git config --global --add safe\.directory "\$GITHUB_WORKSPACE"',
            )
            assert any(re.fullmatch(one, command.strip()) for one in known), command


def commands(name: str) -> list[str]:
    workflow = read(REPOSITORY / ".github" / "workflows" / name)
    return [step["run"] for step in steps(workflow) if "course.py" in step.get("run", "")]


def test_the_test_command_is_that_of_the_readme() -> None:
    assert commands("test.yml") == ["python3 scripts/course.py test"]


def test_what_was_checked_and_built_is_what_is_published() -> None:
    assert commands("publish.yml") == [
        "python3 scripts/course.py check",
        "python3 scripts/course.py machine build",
        "python3 scripts/course.py build",
    ]
    workflow = read(REPOSITORY / ".github" / "workflows" / "publish.yml")
    uploads = [step["with"]["path"] for step in steps(workflow) if "upload" in step.get("uses", "")]
    assert uploads == ["_build/site"]


def test_hooks_are_local_and_come_from_the_locked_environment() -> None:
    configuration = read(REPOSITORY / ".pre-commit-config.yaml")
    assert [repository["repo"] for repository in configuration["repos"]] == ["local"]
    hooks = configuration["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    for hook in hooks:
        program = hook["entry"].split()[0]
        assert program.startswith(".venv/bin/") or hook["entry"].startswith(
            "python3 scripts/course.py "
        )
    pushed = [hook["entry"] for hook in hooks if hook.get("stages") == ["pre-push"]]
    assert pushed == ["python3 scripts/course.py check"]


def check_files(*paths: Path) -> subprocess.CompletedProcess[str]:
    script = REPOSITORY / ".github" / "check_files.py"
    return subprocess.run(
        [sys.executable, str(script), *map(str, paths)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"one\n<<<<<<< HEAD\ntwo\n", ":2: a conflict marker"),
        (b"one\n>>>>>>> branch\n", ":2: a conflict marker"),
        (b"one\r\ntwo\n", ":1: a line end of Windows"),
        (b"one", ": the last line has no end"),
        (b"x" * 1_000_001, ": larger than 1000 kB"),
    ],
)
def test_a_file_that_nobody_wants_is_told(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    answer = check_files(path)
    assert answer.returncode == 1
    assert what in answer.stdout


def test_underlined_headings_pictures_and_empty_files_pass(tmp_path: Path) -> None:
    heading, picture, empty = (tmp_path / name for name in ("a.md", "b.png", "c.txt"))
    heading.write_bytes(b"Title\n=======\n")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    empty.write_bytes(b"")
    answer = check_files(heading, picture, empty)
    assert answer.returncode == 0, answer.stdout


def test_no_file_of_the_repository_is_told() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    names = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    answer = check_files(*names)
    assert answer.returncode == 0, answer.stdout
