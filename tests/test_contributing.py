"""What CONTRIBUTING.md says is so."""

from __future__ import annotations

import ast
import re

from coursebook.course.cell import DEFAULT_TIMEOUT, TAGS
from coursebook.course.conditions import BUILDS, FLAGS
from coursebook.execute.room import OUTPUT_CAP
from coursebook.library_hints import OURS
from coursebook.paths import ENGINE, REPOSITORY
from markdown_tables import code_words, paper, table
from problem_codes import read_codes

TEXT = paper("CONTRIBUTING.md")


def test_every_code_can_be_read_from_the_source() -> None:
    _, unread = read_codes()
    assert unread == [], "write the code as a text where the problem is made"


def test_the_table_of_codes_is_that_of_the_engine() -> None:
    codes, _ = read_codes()
    rows = table(TEXT, "code")
    told = [code_words(row[0])[0] for row in rows]
    assert told == sorted(set(told)), "in order, each once"
    assert {code: place for code, place in codes.items() if code not in told} == {}
    assert [code for code in told if code not in codes] == []
    assert [row for row in rows if not row[1]] == []


def test_the_reader_of_codes_finds_what_is_written_in_each_way() -> None:
    codes, _ = read_codes()
    in_a_problem, in_a_rule, by_the_logger = "no-toc", "heading-jump", "bad-formula"
    kept_for_later, by_a_function = "no-notes", "unknown-language"
    assert {in_a_problem, in_a_rule, by_the_logger, kept_for_later, by_a_function} <= set(codes)


def test_every_guard_is_a_test() -> None:
    for row in table(TEXT, "it holds that"):
        for guard in code_words(row[1]):
            path, _, name = guard.partition("::")
            tree = ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))
            tests = {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}
            assert not name or name in tests, guard


def test_flags_tags_and_limits_are_those_of_the_engine() -> None:
    words = set(code_words(TEXT))
    assert set(FLAGS) <= words
    assert {f'"{name}"' for name in BUILDS} <= words
    # What concerns the theme's layout alone is told in MyST-NB's own documentation.
    assert set(TAGS) - {"full-width", "margin"} <= words
    assert f"({DEFAULT_TIMEOUT:g} if you say nothing)" in TEXT
    assert f"at most {OUTPUT_CAP // 1000} kB" in TEXT


def test_every_directive_for_slides_is_told() -> None:
    told = {name for name in OURS if f"{{{name}}}" in TEXT}
    assert told == set(OURS)


def test_what_it_says_about_a_rule_is_what_rules_have() -> None:
    for path in (ENGINE / "course" / "rules").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "CODE" in source, path
        assert "def check" in source, path
    assert "RULES" in TEXT


def test_it_can_be_read_in_one_sitting() -> None:
    # Tables are looked up, and have a row for each code.
    assert len([line for line in TEXT.splitlines() if not line.startswith("|")]) < 205
    assert not re.search(r"[^\n]{141,}", re.sub(r"(?m)^\|.*$", "", TEXT))
