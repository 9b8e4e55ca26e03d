"""Questions with keys: what is built of them, and that no key is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup, Tag

from books import Book
from coursebook import execute
from coursebook.course.book import read_book
from coursebook.course.self_check.task import Task, chapter_tasks
from coursebook.problems import CourseError, Problem
from coursebook.sphinx_ext.self_check.shuffled import shuffled
from self_check_book import HEAD, TASK, self_check_book


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return self_check_book(tmp_path_factory.mktemp("checks") / "a-book")


def checks(page: BeautifulSoup, kind: str) -> list[Tag]:
    return page.select(f".cb-check[data-cb-check={kind}]")


def words(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


# What is built


def test_a_question_can_be_read_as_it_stands(built: Book) -> None:
    choice = checks(built.page("checks"), "choice")[0]
    answers = [words(item) for item in choice.select(".cb-choices > li")]
    assert answers == ["a pin", "a hash", "a marker"]
    fold = choice.select_one("details.cb-answer")
    assert fold is not None and not fold.has_attr("open")
    assert "B is right." in words(fold)
    assert "A It compares versions only." in words(fold)
    assert fold.select_one(".cb-see a[href='#three-promises']") is not None


def test_the_key_of_a_prediction_is_what_the_cell_prints(built: Book) -> None:
    for page in (built.page("checks"), built.deck("checks")):
        chosen, typed = checks(page, "predict")
        (right,) = chosen.select(".cb-choices > li[data-cb-right]")
        assert words(right) == "42"
        assert words(typed.select_one(".cb-printed")) == "42"


def test_things_stand_in_another_order_which_is_always_the_same(built: Book) -> None:
    (ordering,) = checks(built.page("checks"), "ordering")
    places = [str(item["data-cb-place"]) for item in ordering.select(".cb-things > li")]
    assert sorted(places) == ["1", "2", "3"] != places
    right = [words(item) for item in ordering.select(".cb-answer ol > li")]
    assert right == ["resolve", "download", "check"]


@pytest.mark.parametrize("texts", [["a", "b"], ["a", "b", "c"], [str(n) for n in range(26)]])
def test_nothing_is_shuffled_into_the_order_it_had(texts: Sequence[str]) -> None:
    order = shuffled(texts)
    assert order == shuffled(texts) != sorted(order) == list(range(len(texts)))


def test_pairs_know_what_belongs_together_and_what_fits_nothing(built: Book) -> None:
    (matching,) = checks(built.page("checks"), "matching")
    right = [words(item) for item in matching.select(".cb-pairs-right > li")]
    assert sorted(right) == ["a hash", "a marker", "a pin"]
    pairs = {
        words(item): right["ABC".index(str(item["data-cb-match"]))]
        for item in matching.select(".cb-pairs-left > li")
    }
    assert pairs == {"one version": "a pin", "the same bytes": "a hash"}


def test_on_a_slide_the_answer_is_a_step(built: Book) -> None:
    deck = built.deck("checks")
    for kind in ("choice", "ordering", "matching", "predict", "task"):
        for check in checks(deck, kind):
            (step,) = check.select(".fragment.cb-shows-answer")
            fold = step.find_next_sibling()
            assert isinstance(fold, Tag) and "cb-answer" in fold["class"]
    page = built.page("checks")
    assert not page.select(".fragment, .cb-shows-answer")


def test_a_task_is_a_cell_apart_from_those_of_its_chapter(built: Book) -> None:
    (task,) = checks(built.page("checks"), "task")
    (cell,) = task.select(".cell[data-cb-cell]")
    assert int(str(cell["data-cb-cell"])) >= 10_000
    assert words(cell) == "# Type here"
    data = json.loads(task.select(".cb-task-data")[0].string or "")
    assert data["chapter"] == "checks/make-a-file"
    assert data["topic"] == "make-a-file"
    assert [words(hint.summary) for hint in task.select(".cb-hint")] == ["Hint 1", "Hint 2"]


def test_only_pages_with_questions_load_what_questions_need(built: Book) -> None:
    assert "checks.js" in built.html("checks")
    assert not re.search(r"checks\.(css|js)", built.html("index"))


def test_a_notebook_has_the_answers_in_folds(built: Book) -> None:
    cells = json.loads((built.tree.site / "checks.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    assert "- **A** a pin\n- **B** a hash\n" in text
    assert "<details>\n<summary>Answer</summary>\n\n**B is right.**" in text
    assert "```bash\necho done > here.txt\n```" in text
    assert "cb-task" not in text


# What is wrong with a question


class Mistake(NamedTuple):
    name: str
    text: str
    line: int
    code: str
    says: str
    hint: str = ""


WHY = "\n\n  Because.\n"

MISTAKES = (
    Mistake(
        "none-right", f":::{{choice}}\nQ?\n\n- [ ] a{WHY}\n- [ ] b{WHY}:::", 1,
        "no-right-answer", "none", "- [x]",
    ),
    Mistake(
        "two-right", ":::{choice}\nQ?\n\n- [x] a\n- [x] b\n:::", 5,
        "two-right-answers", "2 answers", ":several:",
    ),
    Mistake(
        "no-why", ":::{choice}\nQ?\n\n- [x] a\n- [ ] b\n:::", 5,
        "answer-without-why", "`b`", "indented",
    ),
    Mistake("no-boxes", ":::{choice}\nQ?\n\n- a\n- b\n:::", 1, "bad-question", "not two", "- [x]"),
    Mistake(
        "twice", f":::{{choice}}\nQ?\n\n- [x] a\n- [ ] a{WHY}:::", 4, "bad-question", "twice",
    ),
    Mistake("alone", ":::{ordering}\nQ?\n\n1. a\n:::", 4, "bad-question", "alone", "1. first"),
    Mistake("not-a-list", ":::{ordering}\nQ?\n:::", 1, "bad-question", "nothing", "1. first"),
    Mistake(
        "same-side", ":::{matching}\nQ?\n\n|l|r|\n|-|-|\n|a|x|\n|b|x|\n:::", 7,
        "bad-question", "twice on the right",
    ),
    Mistake(
        "no-table", ":::{matching}\nQ?\n:::", 1, "bad-question", "not two pairs", "table",
    ),
    Mistake(
        "nothing-to-predict", ":::{predict}\nQ?\n:::", 1, "bad-question", "no cell follows",
    ),
    Mistake(
        "no-such-line",
        ":::{predict}\n:line: 7\n\nQ?\n:::\n\n```{code-cell} bash\necho 1\n```", 1,
        "bad-question", "no line 7", "1 line",
    ),
    Mistake(
        "wrong-is-right",
        f":::{{predict}}\nQ?\n\n- [ ] `1`{WHY}:::\n\n```{{code-cell}} bash\necho 1\n```", 4,
        "key-contradicted", "marked as wrong", "take it out",
    ),
    Mistake(
        "right-is-wrong",
        f":::{{predict}}\nQ?\n\n- [x] `2`\n- [ ] `3`{WHY}:::\n\n"
        "```{code-cell} bash\necho 1\n```", 4,
        "key-contradicted", "prints `1`", "leave the right answer out",
    ),
    Mistake(
        "looks-right",
        f":::{{predict}}\nQ?\n\n- [ ] two{WHY}- [ ] three{WHY}:::\n\n"
        "```{code-cell} bash\necho one\n```", 4,
        "key-shows", "its look tells the right answer", "`two`",
    ),
    Mistake(
        "leads-nowhere", ":::{choice}\n:see: no-such-place\n\nQ?\n\n- [x] a\n"
        f"- [ ] b{WHY}:::", 1, "myst.xref_missing", "no-such-place", "label",
    ),
    Mistake(
        "misspelt-option", f":::{{choice}}\n:severl:\n\nQ?\n\n- [x] a\n- [ ] b{WHY}:::", 1,
        "myst.directive_option", "severl", "`several`",
    ),
    Mistake(
        "misspelt-part", ":::{question}\nQ?\n\n+++ answr\nA\n:::", 4,
        "bad-question", "`+++ answr`", "`answer`",
    ),
    Mistake(
        "no-time", ":::{question}\n:minutes: soon\n\nQ?\n:::", 1,
        "bad-question", "`soon`", ":minutes: 2",
    ),
    Mistake("asks-nothing", ":::{choice}\n:::", 1, "bad-question", "asks nothing"),
)  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Problem]:
    """All mistakes, each in a chapter of its own, told by one build."""
    book = Book(tmp_path_factory.mktemp("mistakes") / "a-book")
    for mistake in MISTAKES:
        book.chapter(mistake.name, f"{HEAD}# {mistake.name}\n\n{mistake.text}\n")
    return book.problems()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told_at_its_line_with_what_to_type(
    mistake: Mistake, told: list[Problem]
) -> None:
    above = HEAD.count("\n") + 2
    found = [
        (problem.line - above, problem.message, problem.hint)
        for problem in told
        if problem.path == f"book/{mistake.name}.md" and problem.code == mistake.code
    ]
    assert found, [str(one) for one in told if mistake.name in one.path]
    assert [one for one in found if one[0] == mistake.line], found
    _, message, hint = next(one for one in found if one[0] == mistake.line)
    assert mistake.says in message
    assert mistake.hint in hint


def test_a_mistake_is_told_once(told: list[Problem]) -> None:
    places = [(problem.path, problem.line, problem.message) for problem in told]
    assert len(places) == len(set(places))


# Tasks


Read = Callable[[str], tuple[list[Task], list[Problem]]]


@pytest.fixture
def read(book: Book) -> Read:
    """Read the tasks of a chapter."""

    def read(text: str) -> tuple[list[Task], list[Problem]]:
        book.chapter("chapter", f"# Chapter\n\n{text}")
        chapter = next(one for one in read_book(book.tree).chapters if "chapter" in one.entry.path)
        return chapter_tasks(chapter)

    return read


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (" Make a file\n", "\n", 3, "no title"),
        ("+++ check", "+++ chek", 10, "`+++ chek`"),
        ("+++ solution", "+++ hint", 3, "no solution"),
        ("```bash\necho done", "```ruby\necho done", 20, "not in bash or python"),
        ("+++ setup\n```bash\necho old > before.txt\n```", "+++ setup\necho old", 6, "no code"),
        ("Write `done` into a file `here.txt`.", "", 3, "what to do"),
        (" Make a file\n", " Chapter\n", 3, "`chapter`"),
    ],
)
def test_a_task_that_cannot_be_read_is_told_at_its_line(
    old: str, new: str, line: int, says: str, read: Read
) -> None:
    assert old in TASK
    _, problems = read(TASK.replace(old, new))
    assert {problem.code for problem in problems} == {"bad-task"}
    (problem,) = [one for one in problems if says in one.message]
    assert problem.line == line, problem
    assert problem.hint


def test_a_task_is_proved_once_and_again_when_it_changes(book: Book, read: Read) -> None:
    (task,), _ = read(TASK)
    assert execute.prove(book.tree, [task]) == 1
    (moved,), _ = read(f"A sentence more.\n\n{TASK.replace('Write', 'Put')}")
    assert execute.prove(book.tree, [moved]) == 0
    (other,), _ = read(TASK.replace("grep -q done", "grep -q one"))
    assert execute.prove(book.tree, [other]) == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "says"),
    [
        ("grep -q done here.txt", "true", 0, "", ""),
        ("[ -f here.txt ]", "[ -f before.txt ]", 11, "task-already-passes", "passes at once"),
        ("echo done >", "echo almost >", 20, "task-solution-fails", "does not pass"),
        ("echo old > before.txt", "cat nothing", 3, "bad-task", "setup"),
    ],
)
def test_a_wrong_key_of_a_task_is_told(
    old: str, new: str, line: int, code: str, says: str, book: Book, read: Read
) -> None:
    text = TASK.replace(old, new)
    if code == "task-already-passes":
        text = text.replace("grep -q done here.txt", "true")
    tasks, problems = read(text)
    assert problems == []
    if not code:
        assert execute.prove(book.tree, tasks) == 1
        return
    with pytest.raises(CourseError) as failure:
        execute.prove(book.tree, tasks)
    (problem,) = failure.value.problems
    assert (problem.code, problem.line) == (code, line)
    assert says in problem.message


def test_a_check_sees_the_readers_shell_and_his_python(book: Book, read: Read) -> None:
    shell = TASK.replace("echo done > here.txt", "word=done; echo done > here.txt").replace(
        "grep -q done here.txt", '[ "$word" = done ] || { echo "no word"; exit 1; }'
    )
    python = """
:::{task} Count
Let `count` be 3.

+++ check
```python
assert globals().get("count") == 3, "count is not 3"
```
+++ solution
```python
count = 3
```
:::
"""
    tasks, problems = read(f"{shell}\n{python}")
    assert problems == []
    assert execute.prove(book.tree, tasks) == 2


def test_a_second_build_proves_nothing_again(built: Book) -> None:
    said: list[str] = []
    book = read_book(built.tree)
    tasks = [task for chapter in book.chapters for task in chapter_tasks(chapter)[0]]
    assert len(tasks) == 1
    assert execute.prove(built.tree, tasks, progress=said.append) == 0
    assert said == []
