"""The conditions inside ``{% if … %}``: flags, ``and``, ``or``, ``not``, ``==`` and ``!=``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import Environment, TemplateSyntaxError, nodes

from coursebook.course.spelling import did_you_mean

BUILDS = ("slides", "pages")
FLAGS = ("slide", "page", "build")

_FORM = (
    'write flags (slide, page, build == "slides"), joined by and, or, not, ==, != and parentheses'
)
_REFUSED = {
    nodes.Filter: "a filter",
    nodes.Test: "a test with `is`",
    nodes.Call: "a call",
    nodes.Getattr: "an attribute",
    nodes.Getitem: "a subscript",
    nodes.CondExpr: "an `if` inside a condition",
    nodes.Tuple: "a tuple",
    nodes.List: "a list",
    nodes.Dict: "a dictionary",
    nodes.Const: "a constant",
    nodes.Concat: "a joining with `~`",
    nodes.BinExpr: "a calculation",
    nodes.UnaryExpr: "a calculation",
}

Value = bool | str | None


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a condition: line within its text, counted from 0."""

    line: int
    code: str
    message: str
    hint: str


@lru_cache(maxsize=1024)
def decide(
    text: str, flags: tuple[tuple[str, bool | str], ...], environment: Environment
) -> tuple[bool, tuple[Complaint, ...]]:
    """Decide a condition, once for all places where it stands.

    Args:
        text: What stands between ``if`` and ``%}``.
        flags: The items of what `coursebook.course.conditionals.flags_for` gives.
        environment: Whose parser reads the condition.

    Returns:
        What it comes to, false where it holds a mistake, and the mistakes.
    """
    condition = _Condition(text, dict(flags))
    return condition.true(environment), tuple(condition.complaints)


@dataclass
class _Condition:
    """A condition and what it comes to.

    Attributes:
        text: What stands between ``if`` and ``%}``.
        flags: As `coursebook.course.conditionals.flags_for` gives them.
        complaints: What the author has to mend.
    """

    text: str
    flags: Mapping[str, bool | str]
    complaints: list[Complaint] = field(default_factory=list)

    def true(self, environment: Environment) -> bool:
        """Decide the condition; one with a mistake is false.

        Args:
            environment: Whose parser reads the condition.
        """
        if not self.text.strip():
            self._refuse(0, "this condition is empty")
            return False
        try:
            template = environment.parse("{% if" + self.text + "%}{% endif %}")
        except TemplateSyntaxError as error:
            self._refuse(error.lineno - 1, f"`{self.text.strip()}` is not a condition")
            return False
        (statement,) = template.body
        if not isinstance(statement, nodes.If):
            self._refuse(0, f"`{self.text.strip()}` is not a condition")
            return False
        return self._decide(statement.test) and not self.complaints

    def _decide(self, node: nodes.Node) -> bool:
        """Decide a part that must be true or false; every branch is read for its mistakes."""
        if isinstance(node, nodes.And | nodes.Or):
            left, right = self._decide(node.left), self._decide(node.right)
            return (left and right) if isinstance(node, nodes.And) else (left or right)
        if isinstance(node, nodes.Not):
            return not self._decide(node.node)
        if isinstance(node, nodes.Compare):
            return self._compare(node)
        value = self._value(node)
        if isinstance(value, str):
            which = "build" if isinstance(node, nodes.Name) else repr(value)
            hint = 'compare it: build == "slides" or build == "pages"'
            self._complain(node, "bad-condition", f"`{which}` is neither true nor false", hint)
        return value is True

    def _compare(self, node: nodes.Compare) -> bool:
        if len(node.ops) != 1 or node.ops[0].op not in ("eq", "ne"):
            self._refuse(node.lineno - 1, "only one == or != can stand in a comparison")
            return False
        operands = (node.expr, node.ops[0].expr)
        left, right = (
            self._decide(operand)
            if isinstance(operand, nodes.And | nodes.Or | nodes.Not | nodes.Compare)
            else self._value(operand)
            for operand in operands
        )
        if left is None or right is None:
            return False
        if type(left) is not type(right):
            hint = 'only `build` has text: build == "slides" or build == "pages"'
            self._complain(node, "bad-condition", "a flag is compared with a text", hint)
        for operand, value in zip(operands, (left, right), strict=True):
            if isinstance(operand, nodes.Const) and isinstance(value, str) and value not in BUILDS:
                hint = did_you_mean(value, BUILDS, '"{}"')
                self._complain(node, "unknown-build", f'`build` is never "{value}"', hint)
        return (left == right) is (node.ops[0].op == "eq")

    def _value(self, node: nodes.Node) -> Value:
        if isinstance(node, nodes.Name):
            if node.name in self.flags:
                return self.flags[node.name]
            hint = did_you_mean(node.name, self.flags)
            self._complain(node, "unknown-flag", f"there is no flag `{node.name}`", hint)
            return None
        if isinstance(node, nodes.Const) and isinstance(node.value, bool | str):
            return node.value
        what = next(
            (name for kind, name in _REFUSED.items() if isinstance(node, kind)), "an expression"
        )
        self._refuse(node.lineno - 1, f"{what} cannot stand in a condition")
        return None

    def _refuse(self, line: int, message: str) -> None:
        self.complaints.append(Complaint(line, "bad-condition", message, _FORM))

    def _complain(self, node: nodes.Node, code: str, message: str, hint: str) -> None:
        self.complaints.append(Complaint(node.lineno - 1, code, message, hint))
