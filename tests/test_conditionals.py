"""What authors rely on when they write ``{% if slide %}``."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from coursebook.course.conditionals import attempt, flags_for, render
from coursebook.problems import CourseError, Problem

RENDERINGS = ("slides", "pages")
PATH = "book/practice/locks.md"


def deck(text: str) -> str:
    return render(text, flags_for("slides"), PATH)


def page(text: str) -> str:
    return render(text, flags_for("pages"), PATH)


def problems(text: str) -> list[Problem]:
    found = attempt(text, flags_for("slides"), PATH).problems
    # A mistake is a mistake in both renderings, whichever arm it stands in.
    assert found == attempt(text, flags_for("pages"), PATH).problems
    return sorted(found)


def only(text: str) -> Problem:
    (problem,) = problems(text)
    return problem


# What stands where


def test_each_arm_stands_in_its_own_rendering_only() -> None:
    text = "{% if slide %}\nwall\n{% else %}\npaper\n{% endif %}\n"
    assert deck(text).split() == ["wall"]
    assert page(text).split() == ["paper"]


@pytest.mark.parametrize(
    ("condition", "on_slides", "on_pages"),
    [
        ("slide", True, False),
        ("page", False, True),
        ("not slide", False, True),
        ("not not slide", True, False),
        ('build == "slides"', True, False),
        ("build == 'pages'", False, True),
        ('"pages" == build', False, True),
        ('build != "pages"', True, False),
        ("slide and page", False, False),
        ("slide or page", True, True),
        ("(slide or page) and not page", True, False),
        ("not (slide and page)", True, True),
        ("slide == page", False, False),
        ("slide != page", True, True),
        ("(slide or page) == true", True, True),
        ("true", True, True),
        ("false or page", False, True),
        ('slide and build == "slides" or page and build == "slides"', True, False),
    ],
)
def test_conditions_mean_what_they_say(condition: str, on_slides: bool, on_pages: bool) -> None:
    text = f"{{% if {condition} %}}\nshown\n{{% endif %}}"
    assert ("shown" in deck(text)) is on_slides
    assert ("shown" in page(text)) is on_pages


def test_the_first_true_arm_wins_and_nothing_else_is_kept() -> None:
    text = "{% if page %}a{% elif slide %}b{% elif slide or page %}c{% else %}d{% endif %}"
    assert (deck(text), page(text)) == ("b", "a")
    assert deck("{% if page %}a{% elif page %}b{% else %}c{% endif %}") == "c"


def test_conditionals_nest() -> None:
    text = (
        "{% if slide %}a{% if page %}b{% else %}c{% if build == 'slides' %}d{% endif %}{% endif %}"
        "e{% else %}f{% if slide %}g{% else %}h{% endif %}i{% endif %}"
    )
    assert (deck(text), page(text)) == ("acde", "fhi")


def test_raw_text_is_left_as_it_is() -> None:
    text = "{% raw %}{% if x %} {{ y }} {% endfor %}{% endraw %}!"
    assert deck(text) == "{% if x %} {{ y }} {% endfor %}!"


def test_raw_text_in_a_dropped_arm_is_dropped() -> None:
    assert page("a{% if slide %}b{% raw %}{% endif %}{% endraw %}c{% endif %}d") == "ad"


@pytest.mark.parametrize(
    "text",
    [
        "{{ x }}",
        "${{ secrets.TOKEN }}",
        'echo "${#array[@]}"',
        "[text]{#name .wide}",
        "{# not a comment #}",
        "# line statement",
        "## another",
        "a % b {x} %}",
        "\ttabs and trailing   ",
        "no newline at the end",
        "two at the end\n\n",
        "",
    ],
)
def test_everything_but_our_tags_passes_byte_for_byte(text: str) -> None:
    assert deck(text) == text
    assert deck(text + "{% if slide %}x{% endif %}" + text) == text + "x" + text


def test_whitespace_signs_are_accepted_and_move_no_line() -> None:
    text = "a\n{%- if slide -%}\nb\n{%+ endif -%}\n\nc"
    assert deck(text).split("\n") == ["a", "", "b", "", "", "c"]


def test_windows_line_breaks_and_a_byte_order_mark_change_nothing() -> None:
    text = "# T\n{% if slide %}\na\n{% endif %}\n"
    assert deck("\ufeff" + text.replace("\n", "\r\n")) == deck(text)


# Lines


def test_a_dropped_branch_leaves_its_lines_blank() -> None:
    text = "# T\n\n{% if slide %}\na\n\nb\n{% else %}\nc\n{% endif %}\n\nend\n"
    assert deck(text).split("\n") == ["# T", "", "", "a", "", "b", "", "", "", "", "end", ""]
    assert page(text).split("\n") == ["# T", "", "", "", "", "", "", "c", "", "", "end", ""]


def test_a_tag_over_many_lines_leaves_as_many_blank() -> None:
    text = "{% if slide\n   and not\n   page %}\na\n{% endif %}\nb"
    assert deck(text).split("\n") == ["", "", "", "a", "", "b"]


def test_a_conditional_inside_a_line_takes_only_its_own_characters() -> None:
    text = (
        "## Why {% if slide %}now{% else %}now, and not later{% endif %}?\n"
        "- a{% if page %}b{% endif %}"
    )
    assert deck(text) == "## Why now?\n- a"
    assert page(text) == "## Why now, and not later?\n- ab"


def test_a_conditional_inside_a_table_row_keeps_the_row() -> None:
    text = "| a | {% if slide %}b{% else %}c{% endif %} |\n|---|---|"
    assert page(text) == "| a | c |\n|---|---|"


def test_a_conditional_at_the_end_of_a_line_makes_no_hard_break() -> None:
    text = "one {% if slide %}two{% endif %} \nthree"
    assert page(text) == "one\nthree"
    assert deck(text) == "one two \nthree"
    assert page("one {% if slide %}two{% endif %}  \nthree") == "one   \nthree"


def test_a_paragraph_torn_in_mid_line_stays_one_paragraph() -> None:
    text = "It takes {% if page %}a\nrather long\nwhile{% else %}time{% endif %} to read.\n\nend"
    assert deck(text).split("\n") == ["It takes ", "time to read.", "", "", "end"]
    text = "It {% if slide %}\na\n{% else %}\nb\n{% endif %} is.\n\nend"
    assert page(text).split("\n") == ["It ", "b", " is.", "", "", "", "end"]


TABLE = """\
| a | b |
|---|---|
{% if slide %}
| 1 | 2 |
{% else %}
| 3 | 4 |
{% endif %}
| 5 | 6 |

end
"""


def test_a_table_with_dropped_rows_stays_one_table_and_the_text_below_keeps_its_line() -> None:
    head = ["| a | b |", "|---|---|"]
    tail = ["| 5 | 6 |", "", "", "", "", "", "end", ""]
    assert deck(TABLE).split("\n") == [*head, "| 1 | 2 |", *tail]
    assert page(TABLE).split("\n") == [*head, "| 3 | 4 |", *tail]


def test_every_line_of_a_shortened_table_can_be_named() -> None:
    rendered = attempt(TABLE, flags_for("pages"), PATH)
    assert rendered.lines == (1, 2, 6, 8, 3, 4, 5, 7, 9, 10, 11)


def test_a_table_may_lack_outer_bars_and_have_a_conditional_head() -> None:
    text = "{% if slide %}\na | b\n--|--\n{% else %}\nc | d\n--|--\n{% endif %}\n1 | 2\n\nend"
    assert deck(text).split("\n") == ["", "a | b", "--|--", "1 | 2", "", "", "", "", "", "end"]
    assert page(text).split("\n")[4:] == ["c | d", "--|--", "1 | 2", "", "", "end"]


def test_a_tight_list_with_dropped_items_stays_tight() -> None:
    text = (
        "- a\n{% if slide %}\n- b\n  - c\n{% endif %}\n  - d\n"
        "{% if page %}\n1. e\n{% endif %}\n\nend"
    )
    assert page(text).split("\n") == ["- a", "  - d", "1. e", *[""] * 7, "end"]
    assert deck(text).split("\n")[:4] == ["- a", "- b", "  - c", "  - d"]
    assert deck(text).split("\n")[10] == "end"


def test_a_list_that_ends_before_a_heading_keeps_the_headings_line() -> None:
    text = "- a\n{% if slide %}\n- b\n{% endif %}\n- c\n## Next"
    assert page(text).split("\n") == ["- a", "- c", "", "", "", "## Next"]


CODE = """\
```{code-cell} bash
:tags: [hide-output]
{% if slide %}
ls
{% else %}
ls -la

{% endif %}
pwd
```
end
"""


def test_a_dropped_line_of_code_vanishes_and_the_text_below_keeps_its_line() -> None:
    head = ["```{code-cell} bash", ":tags: [hide-output]"]
    assert deck(CODE).split("\n") == [*head, "ls", "pwd", "```", *[""] * 5, "end", ""]
    assert page(CODE).split("\n") == [*head, "ls -la", "", "pwd", "```", *[""] * 4, "end", ""]


def test_code_inside_a_list_gets_no_blank_lines_either() -> None:
    text = "1. a\n   ```bash\n   x\n{% if page %}\n   y\n{% endif %}\n   ```\n2. b\n\nend"
    assert deck(text).split("\n") == [
        *["1. a", "   ```bash", "   x", "   ```", "2. b"],
        *["", "", "", "", "end"],
    ]


def test_a_fence_may_open_differently_and_close_once() -> None:
    text = "{% if slide %}\n```bash\n{% else %}\n```python\n{% endif %}\nx\n```\nend"
    assert deck(text).split("\n") == ["", "```bash", "x", "```", "", "", "", "end"]
    assert page(text).split("\n") == ["", "", "", "```python", "x", "```", "", "end"]


def test_options_of_a_directive_stay_with_it() -> None:
    text = (
        "::::{grid}\n{% if slide %}\n:gutter: 1\n{% else %}\n:gutter: 3\n{% endif %}\n"
        ":margin: 0\n\nx\n::::"
    )
    assert page(text).split("\n") == [
        "::::{grid}",
        ":gutter: 3",
        ":margin: 0",
        *[""] * 5,
        "x",
        "::::",
    ]


def test_lines_inside_nested_directives_keep_their_numbers() -> None:
    text = (
        "::::{grid}\n:gutter: 2\n\n"
        "{% if slide %}\n:::{grid-item-card} One\nfirst\n:::\n{% else %}\n"
        ":::{grid-item-card} Two\nsecond\n:::\n{% endif %}\n:::{note}\nthird\n:::\n::::\n"
    )
    for rendered, kept in ((deck(text), "first"), (page(text), "second")):
        for word in (kept, "third"):
            assert rendered.split("\n").index(word) == text.split("\n").index(word)


def test_a_closing_fence_of_a_directive_opens_no_code() -> None:
    text = "```{note}\na\n```\n{% if page %}\nb\n{% endif %}\nc\n"
    assert deck(text).split("\n") == ["```{note}", "a", "```", "", "", "", "c", ""]


def pieces(chance: random.Random, depth: int) -> Iterator[tuple[str, str]]:
    """Yield lines of a chapter with what must be kept: ``"slides"``, ``"pages"``, both or none."""
    blocks = [
        ["para {n}", ""],
        ["## head {n}"],
        ["", "| a{n} | b |", "|---|---|", "| c | d |"],
        ["- item {n}", "  - sub {n}"],
        ["", "```python", "code_{n}()", "", "```"],
        ["", ":::{note}", "inner {n}", ":::", ""],
    ]
    for _ in range(chance.randint(1, 4)):
        if depth < 3 and chance.random() < 0.5:
            first, second = chance.sample(["slides", "pages"], 2)
            yield f"{{% if build == '{first}' %}}", ""
            for line, kept in pieces(chance, depth + 1):
                yield line, first if first in kept else ""
            yield "{% else %}", ""
            for line, kept in pieces(chance, depth + 1):
                yield line, second if second in kept else ""
            yield "{% endif %}", ""
        else:
            for line in chance.choice(blocks):
                yield line.replace("{n}", str(chance.randint(100, 999))), "slides pages"


@pytest.mark.parametrize("seed", range(150))
def test_any_nesting_keeps_the_right_lines_in_order_and_counts_them_all(seed: int) -> None:
    source = [*pieces(random.Random(seed), 0), ("", "slides pages"), ("THE END", "slides pages")]
    text = "\n".join(line for line, _ in source)
    for rendering in RENDERINGS:
        rendered = attempt(text, flags_for(rendering), PATH)
        assert not rendered.problems
        lines = rendered.text.split("\n")
        assert len(lines) == len(source)
        assert [line for line in lines if line] == [
            line for line, kept in source if rendering in kept and line
        ]
        # The numbers name every line once, and rightly.
        assert sorted(rendered.lines) == list(range(1, len(source) + 1))
        for line, number in zip(lines, rendered.lines, strict=True):
            assert not line or source[number - 1][0] == line
        for number, line in enumerate(lines, 1):
            # Where a paragraph, heading or directive begins, the line is the author's own.
            if re.match(r"para|##|:::\{|THE END", line) and "```" not in line:
                assert rendered.lines[number - 1] == number or follows_a_list(lines, number - 1)


def follows_a_list(lines: list[str], index: int) -> bool:
    """Tell whether a line is glued to the list or table above it, as its lazy continuation."""
    return bool(re.match(r"\s*-|\|", lines[index - 1]))


# Mistakes


def test_an_unclosed_if_is_told_at_its_own_line() -> None:
    problem = only("# T\n\n{% if slide %}\na\n{% if page %}\nb\n{% endif %}\n")
    assert (problem.path, problem.line, problem.code) == (PATH, 3, "unclosed-if")
    assert "{% endif %}" in problem.hint


@pytest.mark.parametrize("tag", ["endif", "else", "elif slide", "endraw"])
def test_a_stray_tag_is_told_at_its_line(tag: str) -> None:
    problem = only(f"# T\n{{% {tag} %}}\n")
    assert (problem.line, problem.code) == (2, "stray-tag")
    assert problem.hint


@pytest.mark.parametrize("tag", ["else", "elif page"])
def test_an_arm_below_else_is_refused(tag: str) -> None:
    problem = only(f"{{% if slide %}}\n{{% else %}}\n{{% {tag} %}}\n{{% endif %}}")
    assert (problem.line, problem.code) == (3, "stray-tag")
    assert "line 2" in problem.message


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("sldie", "slide"), ("Slide", "slide"), ("pages", "page"), ("builds", "build")],
)
def test_an_unknown_flag_names_the_nearest(wrong: str, right: str) -> None:
    problem = only(f"a\n{{% if page or not {wrong} %}}\n{{% endif %}}")
    assert (problem.line, problem.code) == (2, "unknown-flag")
    assert f"`{wrong}`" in problem.message
    assert problem.hint == f"did you mean `{right}`?"


def test_a_flag_unlike_any_other_lists_them_all() -> None:
    assert only("{% if xyz %}{% endif %}").hint == "write one of `slide`, `page`, `build`"


def test_an_unknown_flag_is_told_at_its_own_line_of_a_long_tag() -> None:
    assert only("a\n{% if slide\n  and (page or\n  sldie) %}{% endif %}").line == 4


@pytest.mark.parametrize("arm", ["slide", "page"])
def test_a_mistake_in_a_dropped_arm_is_told_in_both_renderings(arm: str) -> None:
    text = f"{{% if {arm} %}}\n{{% if sldie %}}{{% endif %}}\n{{% endif %}}"
    assert only(text).line == 2


def test_all_mistakes_of_a_file_come_together() -> None:
    text = (
        "{% if sldie %}\n{% elif paeg %}\n{% endif %}\n{% endif %}\n"
        "{% if slide | upper %}\n{% for %}"
    )
    assert [(p.line, p.code) for p in problems(text)] == [
        (1, "unknown-flag"),
        (2, "unknown-flag"),
        (4, "stray-tag"),
        (5, "bad-condition"),
        (5, "unclosed-if"),
        (6, "unknown-tag"),
    ]
    with pytest.raises(CourseError) as raised:
        page(text)
    assert len(raised.value.problems) == 6


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("include 'x.md'", "MyST's {include}"),
        ("extends 'x'", "MyST's {include}"),
        ("elseif slide", "`{% elif %}`"),
        ("elsif slide", "`{% elif %}`"),
        ("fi", "`{% endif %}`"),
        ("end", "`{% endif %}`"),
        ("endfi", "`{% endif %}`"),
        ("set x = 1", "`{% if %}`, `{% elif %}`, `{% else %}`, `{% endif %}`, `{% raw %}`"),
        ("block x", "`{% if %}`"),
        ("macro x()", "`{% if %}`"),
    ],
)
def test_an_unknown_tag_says_what_works(tag: str, hint: str) -> None:
    problem = only(f"a\n{{% {tag} %}}")
    assert (problem.line, problem.code) == (2, "unknown-tag")
    assert hint in problem.hint


def test_the_end_of_an_unknown_tag_is_not_told_again() -> None:
    assert only("{% for a in b %}\n{% endfor %}").line == 1


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("slide | upper", "a filter"),
        ("slide is defined", "a test"),
        ("slide()", "a call"),
        ("build.upper", "an attribute"),
        ("build['x']", "a subscript"),
        ("1", "a constant"),
        ("none", "a constant"),
        ("slide + page", "a calculation"),
        ("[slide]", "a list"),
        ("slide, page", "a tuple"),
        ("slide < page", "only one == or !="),
        ("slide == page == slide", "only one == or !="),
        ("build in ['slides']", "only one == or !="),
        ("slide =", "is not a condition"),
        ("slide = true", "is not a condition"),
        ("slide and", "is not a condition"),
        ("", "empty"),
        ("build", "neither true nor false"),
        ("'slides'", "neither true nor false"),
        ("slide == 'slides'", "compared with a text"),
        ("slide if page else page", "is not a condition"),
    ],
)
def test_a_condition_outside_the_language_is_refused(condition: str, what: str) -> None:
    problem = only(f"a\n{{% if {condition} %}}\n{{% endif %}}")
    assert (problem.line, problem.code) == (2, "bad-condition")
    assert what in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    ("wrong", "hint"), [("slide", '"slides"'), ("page", '"pages"'), ("html", '"slides", "pages"')]
)
def test_an_unknown_build_names_the_right_ones(wrong: str, hint: str) -> None:
    problem = only(f'{{% if build == "{wrong}" %}}{{% endif %}}')
    assert problem.code == "unknown-build"
    assert hint in problem.hint


def test_else_if_is_told_to_be_elif_and_endif_takes_nothing() -> None:
    text = "{% if slide %}\n{% else if page %}\n{% else %}\n{% endif slide %}"
    first, second = problems(text)
    assert (first.line, first.hint) == (2, "write {% elif page %}")
    assert (second.line, second.hint) == (4, "write {% endif %}")


@pytest.mark.parametrize("rest", [" and then", "\n\ntext's end", "}\ntext\n{% endif %}"])
def test_a_tag_without_its_end_is_told_where_it_opens(rest: str) -> None:
    found = problems("a\n{% if slide" + rest)
    assert (found[0].line, found[0].code) == (2, "broken-tag")


def test_what_follows_a_broken_tag_is_still_read() -> None:
    found = problems("{% $ %}\n{% if slide\ntext\n{% if sldie %}{% endif %}\n")
    assert [(p.line, p.code) for p in found] == [
        (1, "broken-tag"),
        (2, "broken-tag"),
        (4, "unknown-flag"),
    ]


def test_an_unclosed_raw_is_told_at_its_line() -> None:
    assert (only("a\n{% raw %}\n{% if x %}").line, only("{% raw %}").code) == (2, "unclosed-raw")


@pytest.mark.parametrize(
    "fence", ["```jinja", "~~~", "```{code-block} jinja", ":::{code-block} jinja"]
)
def test_a_foreign_tag_in_code_is_told_to_be_wrapped_in_raw(fence: str) -> None:
    close = re.match(r"\W{3}", fence)
    assert close
    problem = only(f"{fence}\n{{% for a in b %}}\n{close[0]}\n")
    assert "{% raw %}" in problem.hint
    assert "{% raw %}" not in only("{% for a in b %}").hint.replace("`{% raw %}`", "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{% if slide %}\n---\nkernelspec:\n  name: bash\n---\n# T\n{% endif %}", 1),
        ("\n{% if slide %}\n\n---\na: 1\n---\n{% endif %}", 2),
        ("---\na: 1\n{% if slide %}\nb: 2\n{% endif %}\n---\n# T", 3),
        ("{% if slide %}{% endif %}---\na: 1\n---\n# T", 1),
    ],
)
def test_a_conditional_above_or_inside_the_front_matter_is_refused(text: str, line: int) -> None:
    problem = only(text)
    assert (problem.line, problem.code) == (line, "conditional-above-front-matter")
    assert "below" in problem.hint


def test_a_conditional_above_a_plain_rule_is_fine() -> None:
    assert "---" in deck("{% if slide %}\n---\ntext: more\n\nand more\n\n---\n{% endif %}\n")
    assert deck("---\na: 1\n---\n{% if slide %}x{% endif %}").endswith("x")


def test_a_nul_character_is_refused_at_its_line() -> None:
    problem = only("a\nb\0c {% if slide %}{% endif %}")
    assert (problem.line, problem.code) == (2, "control-character")


def test_a_rendering_has_a_known_name() -> None:
    assert flags_for("pages") == {"slide": False, "page": True, "build": "pages"}
    with pytest.raises(ValueError, match="html"):
        flags_for("html")
