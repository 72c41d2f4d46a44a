"""Operators of conditions: a table of their documented rules, with every form of argument.

A row is a value, an argument and what they give. Rows of a part marked as a guess follow no document: Knock's says
nothing about them, and docs/simulator.md lists them.
"""

from __future__ import annotations

from typing import Any

import pytest

from knock_sdk.testing.expressions.conditions.conditions import AUDIENCES, holds
from knock_sdk.testing.expressions.conditions.operators import OPERATORS
from knock_sdk.testing.expressions.liquid.liquid import NOW, TemplateError

from ..rules.table import rule

ABSENT: Any = object()
T, F = True, False

EQUALITY: list[tuple[Any, Any, bool]] = [
    ("pro", "pro", T),
    ("pro", "free", F),
    (True, "true", T),
    (True, True, T),
    (5, "5", T),
    (5.0, "5", T),
    (ABSENT, "", T),
    (ABSENT, "pro", F),
    (None, None, T),
    (None, "null", T),
]
EQUALITY_GUESSED: list[tuple[Any, Any, bool]] = [
    ("true", "true", T),
    ("5", "5", T),
    ("5", 5, T),
    ("5", '"5"', T),
    (5, '"5"', F),
    (ABSENT, None, F),
    (["a"], '["a"]', T),
    (["a"], ["a"], T),
    ({"a": 1}, '{"a":1}', T),
    (1, True, F),
    (True, 1, F),
    ("A", "a", F),
    ("pro", '"pro"', T),
    ("x", "recipient.least", F),
    (10, "recipient.least", T),
    ("", "recipient.absent", T),
    ("foo.bar", "foo.bar", T),
]

ORDER: list[tuple[Any, Any, list[bool]]] = [
    (21, "18", [T, T, F, F]),
    (21, 21, [F, T, F, T]),
    (9, "9.5", [F, F, T, T]),
]
"""Value, argument, and the outcomes of >, >=, < and <=."""

ORDER_GUESSED: list[tuple[Any, Any, list[bool]]] = [
    ("21", "18", [T, T, F, F]),
    ("9", "18", [F, F, T, T]),
    ("b", "a", [T, T, F, F]),
    ("b", "b", [F, T, F, T]),
    ("2026-01-02", "2026-01-01", [T, T, F, F]),
    (11, "recipient.least", [T, T, F, F]),
    (None, 5, [F, F, F, F]),
    (ABSENT, 5, [F, F, F, F]),
    ([1], 5, [F, F, F, F]),
    (True, 0, [F, F, F, F]),
    (5, None, [F, F, F, F]),
    ("b", "", [F, F, F, F]),
    (5, "NaN", [F, F, F, F]),
    (5, "Infinity", [F, F, F, F]),
]

CONTAINS: list[tuple[Any, Any, bool]] = [
    ("senior engineer", "engineer", T),
    ("abc", "x", F),
    (["vip", "beta"], "vip", T),
    (["beta"], "vip", F),
    ("vip", ["vip", "x"], T),
    ("vip", '["vip", "x"]', T),
    ("vip member", ["vip"], F),
    (["a", "b"], ["b", "c"], T),
    (["a", "b"], "recipient.muted", T),
    (["a", "b"], ["c"], F),
    (["x", "y"], ["y", "z"], T),
    ("b", "recipient.muted", T),
    ("", "x", F),
]
CONTAINS_GUESSED: list[tuple[Any, Any, bool]] = [
    ([1, 2], "2", T),
    ([1, 2], [2.0], T),
    ([1], [True], F),
    ("abc2", "2", T),
    ("abc2", 2, F),
    (ABSENT, "x", F),
    (None, "x", F),
    (ABSENT, ["x"], F),
    (ABSENT, [""], F),
    ("x", "", F),
    ("x", "recipient.absent", F),
    ({"a": 1}, "a", F),
    (12, "1", F),
]

CONTAINS_ALL: list[tuple[Any, Any, bool]] = [
    (["admin", "editor", "viewer"], ["admin", "editor"], T),
    (["admin", "editor", "viewer"], '["admin", "editor"]', T),
    (["admin"], ["admin", "editor"], F),
]
CONTAINS_ALL_GUESSED: list[tuple[Any, Any, bool]] = [
    (["admin"], "admin", T),
    (["admin"], "editor", F),
    ([3], "3", T),
    ("admin editor", ["admin", "editor"], F),
    (ABSENT, ["a"], F),
    (["a"], [], T),
    (["a", "b"], "recipient.muted", F),
]

PRESENCE: list[tuple[Any, bool, bool]] = [
    (ABSENT, T, F),
    (None, T, F),
    ("", T, T),
    ([], T, T),
    (0, F, T),
    (False, F, T),
    ("a", F, T),
    ({}, F, T),  # the document does not say whether an empty object is empty
]
"""Value, whether it is empty, and whether it exists."""

MOMENTS: list[tuple[str, Any, Any, bool]] = [
    ("is_timestamp_before", "2026-03-07T12:00:00Z", "7 days from now", T),
    ("is_timestamp_before", "2026-03-12T12:00:00Z", "7 days from now", F),
    ("is_timestamp_on_or_after", "2026-02-20T12:00:00Z", "30 days ago", T),
    ("is_timestamp_on_or_after", "2026-01-01T12:00:00Z", "30 days ago", F),
    ("is_timestamp_on_or_after", "2026-02-20", "2026-02-20T00:00:00Z", T),
    ("is_timestamp_before", "2026-02-20", "2026-02-20T00:00:00Z", F),
    ("is_timestamp_before", "2026-02-20", "{{ recipient.ends_at }}", T),
    ("is_timestamp_before", "2026-02-28", "{{ recipient.ends_at }}", F),
    ("is_timestamp_between", "2025-06-15", ["2025-01-01", "2025-12-31"], T),
    ("is_timestamp_between", "2024-12-31", ["2025-01-01", "2025-12-31"], F),
    ("is_timestamp_between", "2026-03-03", ["1 day ago", "7 days from now"], F),
    ("is_timestamp_before_now", "2026-03-02T11:59:59Z", None, T),
    ("is_timestamp_before_now", "2026-03-02T12:00:00Z", None, F),
    ("is_timestamp_on_or_after_now", "2026-03-02T12:00:00Z", None, T),
    ("is_timestamp_on_or_after_now", "2026-03-02T11:59:59Z", None, F),
]
MOMENTS_GUESSED: list[tuple[str, Any, Any, bool]] = [
    ("is_timestamp_before", "2026-03-02T12:29:59Z", "30 minutes from now", T),
    ("is_timestamp_before", "2026-03-02T13:00:00Z", "1 hour from now", F),
    ("is_timestamp_on_or_after", "2026-02-16T12:00:00Z", "2 weeks ago", T),
    ("is_timestamp_on_or_after", "2026-02-16T11:59:59Z", "2 weeks ago", F),
    ("is_timestamp_before", "2026-03-03", "999999999 weeks from now", F),
    ("is_timestamp_before", "2026-03-02T12:00:00", "2026-03-02T12:00:01Z", T),
    ("is_timestamp_before", "2026-03-02T12:00:00", "2026-03-02T07:00:00-05:00", F),
    ("is_timestamp_between", "2025-01-01", ["2025-01-01", "2025-12-31"], T),
    ("is_timestamp_between", "2025-12-31", '["2025-01-01","2025-12-31"]', T),
    ("is_timestamp_between", "2025-12-31T00:00:01Z", "2025-01-01, 2025-12-31", F),
    ("is_timestamp_between", "2025-12-31", "2025-12-31", F),
    ("is_timestamp_between", "soon", ["2025-01-01", "2025-12-31"], F),
    ("is_timestamp_on_or_after_date", "2026-03-02T00:00:00Z", "2026-03-02T23:00:00Z", T),
    ("is_timestamp_on_or_after_date", "2026-03-02T12:00:00Z", "2026-03-03", F),
    ("is_timestamp_before_date", "2026-03-02T12:00:00Z", "2026-03-03", T),
    ("is_timestamp_before_date", "2026-03-02T00:00:00Z", "2026-03-02T23:00:00Z", F),
    ("is_timestamp", "2026-03-02", None, T),
    ("is_timestamp", "2026-03-02T12:00:00Z", None, T),
    ("is_timestamp", "10", None, F),
    ("is_timestamp", 10, None, F),
    ("is_timestamp", ABSENT, None, F),
    ("is_not_timestamp", "soon", None, T),
    ("is_not_timestamp", ABSENT, None, T),
    ("is_not_timestamp", "2026-03-02", None, F),
    ("is_timestamp_before", ABSENT, "2026-03-02", F),
    ("is_timestamp_before", None, "2026-03-02", F),
    ("is_timestamp_on_or_after", "soon", "2026-03-02", F),
    ("is_timestamp_on_or_after", "2026-03-02", "soon", F),
    ("is_timestamp_on_or_after", "2026-03-02", None, F),
    ("is_timestamp_before_now", ABSENT, None, F),
    ("is_timestamp_on_or_after_now", "soon", None, F),
]

BETWEEN_GUESSED: list[tuple[Any, Any, bool]] = [
    (10, [10, 12], T),
    (12, [10, 12], T),
    (10, "[1, 9]", F),
    (10, "1, 10", T),
    ("blue", "black,brown", T),
    ("blue", ["brown", "green"], F),
    (10, 5, F),
    (10, [1, "many"], F),
    (10, ["few", 12], F),
    (10, "1, Infinity", F),
    (ABSENT, [0, 1], F),
]

NEGATIONS = {
    "equal_to": "not_equal_to",
    "contains": "not_contains",
    "contains_all": "not_contains_all",
    "empty": "not_empty",
    "exists": "not_exists",
    "is_audience_member": "is_not_audience_member",
}


def judge(value: Any, operator: str, argument: Any) -> bool:
    context: dict[str, Any] = {
        NOW: "2026-03-02T12:00:00Z",
        AUDIENCES: {"beta"},
        "data": {} if value is ABSENT else {"v": value},
        "recipient": {"least": 10, "muted": ["b", "c"], "ends_at": "2026-02-28T00:00:00Z"},
    }
    return holds([{"variable": "data.v", "operator": operator, "argument": argument}], context)


def both_ways(value: Any, operator: str, argument: Any) -> bool:
    """Return the outcome of an operator, after a look at its negation."""
    found = judge(value, operator, argument)
    assert judge(value, NEGATIONS[operator], argument) is not found
    return found


@rule("c/conditions", "what is missing equals the empty text, and null equals null")
@rule("c/conditions", 'text in an argument is decoded as JSON: `"5"` equals 5, `"true"` equals true')
@pytest.mark.parametrize(("value", "argument", "expected"), EQUALITY + EQUALITY_GUESSED)
def test_equality(value: Any, argument: Any, expected: bool) -> None:
    assert both_ways(value, "equal_to", argument) is expected


@rule("c/conditions", "numbers are greater or less than one another")
@pytest.mark.parametrize(("value", "argument", "expected"), ORDER + ORDER_GUESSED)
def test_order(value: Any, argument: Any, expected: list[bool]) -> None:
    operators = ("greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to")
    assert [judge(value, operator, argument) for operator in operators] == expected


@rule("c/conditions", "a text contains its parts, a list its items; `not_contains` is the opposite")
@rule(
    "c/conditions", "a list contains a text that is one of its items, either way round, and a list with a common item"
)
@pytest.mark.parametrize(("value", "argument", "expected"), CONTAINS + CONTAINS_GUESSED)
def test_contains(value: Any, argument: Any, expected: bool) -> None:
    assert both_ways(value, "contains", argument) is expected


@rule("c/conditions", "a list contains all items of another list, or does not")
@pytest.mark.parametrize(("value", "argument", "expected"), CONTAINS_ALL + CONTAINS_ALL_GUESSED)
def test_contains_all(value: Any, argument: Any, expected: bool) -> None:
    assert both_ways(value, "contains_all", argument) is expected


@rule("c/conditions", "missing, null, the empty text and the empty list are empty; zero and false are not")
@rule("c/conditions", "missing and null do not exist; the empty text and the empty list do")
@pytest.mark.parametrize("argument", [None, "", "x"])
@pytest.mark.parametrize(("value", "empty", "exists"), PRESENCE)
def test_presence(value: Any, empty: bool, exists: bool, argument: Any) -> None:
    assert both_ways(value, "empty", argument) is empty
    assert both_ways(value, "exists", argument) is exists


@rule("c/conditions", "timestamps are before, on or after a moment, which can be relative, a time or Liquid")
@rule("c/conditions", "`is_timestamp_between` takes two times, none of which is relative")
@rule("c/conditions", "the operators that end in `_now` compare with the moment of the evaluation")
@pytest.mark.parametrize(("operator", "value", "argument", "expected"), MOMENTS + MOMENTS_GUESSED)
def test_moments(operator: str, value: Any, argument: Any, expected: bool) -> None:
    assert judge(value, operator, argument) is expected


@pytest.mark.parametrize(("value", "argument", "expected"), BETWEEN_GUESSED)
def test_between(value: Any, argument: Any, expected: bool) -> None:
    assert judge(value, "is_between", argument) is expected


@rule("c/audiences", "the operators of audiences are about the recipient of the run")
@pytest.mark.parametrize("value", [ABSENT, "beta", None])
@pytest.mark.parametrize(("argument", "expected"), [("beta", T), ("alpha", F), (None, F), (5, F)])
def test_membership_is_that_of_the_recipient(value: Any, argument: Any, expected: bool) -> None:
    assert both_ways(value, "is_audience_member", argument) is expected


@rule("mapi/Condition", "conditions have the operators of the management API, and those of the API")
def test_every_operator_has_been_judged() -> None:
    judged = {
        *NEGATIONS,
        *NEGATIONS.values(),
        *("greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to", "is_between"),
        *(operator for operator, *_ in MOMENTS + MOMENTS_GUESSED),
    }
    assert judged == OPERATORS.keys()


@rule("mapi/Condition", "the variable of a condition is a path or static JSON")
@pytest.mark.parametrize(
    ("variable", "argument", "expected"),
    [
        ("5", 5, T),
        (5, "5", T),
        ('"pro"', "pro", T),
        (True, "true", T),
        ("data.v.inner", "x", T),
        ("data.v.0", "x", F),
        ("data.list.0", "a", F),
        ("elsewhere.v", "", T),
    ],
)
def test_variables_are_paths_or_json(variable: Any, argument: Any, expected: bool) -> None:
    context = {NOW: "2026-03-02T12:00:00Z", "data": {"v": {"inner": "x"}, "list": ["a"]}}
    assert holds([{"variable": variable, "operator": "equal_to", "argument": argument}], context) is expected


@rule("preferences/preference-conditions", "all conditions of a list must hold")
def test_all_conditions_of_a_list_must_hold() -> None:
    context = {NOW: "2026-03-02T12:00:00Z", "data": {"n": 10}}
    yes = {"variable": "data.n", "operator": "equal_to", "argument": 10}
    no = {"variable": "data.n", "operator": "equal_to", "argument": 11}
    assert holds([], context)
    assert holds([yes, yes], context)
    assert not holds([yes, no], context)


def test_liquid_in_arguments_fails_with_its_message_or_is_text() -> None:
    context = {NOW: "2026-03-02T12:00:00Z", "data": {"n": "{{ 1 | divided_by: 0 }}"}}
    condition = {"variable": "data.n", "operator": "equal_to", "argument": "{{ 1 | divided_by: 0 }}"}
    with pytest.raises(TemplateError, match="divide"):
        holds([condition], context)
    assert holds([condition], context, templates=False)
