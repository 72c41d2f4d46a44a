"""Operators of conditions: one row for each rule of an operator."""

from __future__ import annotations

from typing import Any

import pytest

from knock_sdk.testing.expressions.conditions import OPERATORS, holds

CONTEXT: dict[str, Any] = {
    "data": {
        "amount": 10,
        "ratio": 0.5,
        "text": "a blue car",
        "word": "blue",
        "digits": "10",
        "tags": ["blue", "red", 3],
        "flag": True,
        "nothing": None,
        "blank": "",
        "none": [],
        "nested": {"deep": {"value": "x"}},
        "day": "2026-03-02",
        "noon": "2026-03-02T12:00:00Z",
        "noon_in_lima": "2026-03-02T07:00:00-05:00",
    },
    "recipient": {"id": "ana", "least": 10, "color": "blue", "muted": ["a", "b"]},
    "actor": {},
}

ROWS = [
    ("data.text", "equal_to", "a blue car", True),
    ("data.text", "equal_to", "a blue", False),
    ("data.amount", "equal_to", 10, True),
    ("data.amount", "equal_to", "10", True),
    ("data.amount", "equal_to", "10.0", True),
    ("data.digits", "equal_to", 10, True),
    ("data.digits", "equal_to", "10", True),
    ("data.flag", "equal_to", True, True),
    ("data.flag", "equal_to", "true", True),
    ("data.flag", "equal_to", 1, False),
    ("data.nothing", "equal_to", None, True),
    ("data.nothing", "equal_to", "null", True),
    ("data.missing", "equal_to", "", True),
    ("data.missing", "equal_to", None, False),
    ("data.nested.deep.value", "equal_to", "x", True),
    ("data.nested.deep.value.more", "equal_to", "", True),
    ("recipient.id", "equal_to", "ana", True),
    ("data.amount", "equal_to", "recipient.least", True),
    ("recipient.color", "equal_to", "data.missing", False),
    ("recipient.id", "equal_to", "other.path", False),
    ("data.text", "not_equal_to", "a red car", True),
    ("data.amount", "not_equal_to", "10", False),
    ("data.amount", "greater_than", 9, True),
    ("data.amount", "greater_than", "9.5", True),
    ("data.amount", "greater_than", 10, False),
    ("data.digits", "greater_than", "9", True),
    ("data.missing", "greater_than", 1, False),
    ("data.text", "greater_than", 1, False),
    ("data.flag", "greater_than", 0, False),
    ("data.day", "greater_than", "2026-03-01", True),
    ("data.word", "greater_than", "black", True),
    ("data.word", "greater_than", "blue", False),
    ("data.word", "greater_than", "brown", False),
    ("data.amount", "greater_than", "-Infinity", False),
    ("data.amount", "less_than", 11, True),
    ("data.amount", "less_than", 10, False),
    ("data.missing", "less_than", 10, False),
    ("data.word", "less_than", "brown", True),
    ("data.word", "less_than", "blue", False),
    ("data.word", "less_than", "black", False),
    ("data.word", "less_than", "recipient.color", False),
    ("data.amount", "less_than", "Infinity", False),
    ("data.amount", "greater_than_or_equal_to", "recipient.least", True),
    ("data.word", "greater_than_or_equal_to", "blue", True),
    ("data.word", "greater_than_or_equal_to", "black", True),
    ("data.word", "greater_than_or_equal_to", "brown", False),
    ("data.word", "greater_than_or_equal_to", "", False),
    ("data.amount", "greater_than_or_equal_to", 10.5, False),
    ("data.ratio", "less_than_or_equal_to", 0.5, True),
    ("data.ratio", "less_than_or_equal_to", 0.4, False),
    ("data.word", "less_than_or_equal_to", "blue", True),
    ("data.word", "less_than_or_equal_to", "brown", True),
    ("data.word", "less_than_or_equal_to", "black", False),
    ("data.text", "contains", "blue", True),
    ("data.text", "contains", "green", False),
    ("data.text", "contains", 5, False),
    ("data.tags", "contains", "blue", True),
    ("data.tags", "contains", "blu", False),
    ("data.tags", "contains", "3", True),
    ("data.tags", "contains", "recipient.color", True),
    ("data.missing", "contains", "", False),
    ("data.amount", "contains", "1", False),
    ("recipient.muted", "not_contains", "c", True),
    ("recipient.muted", "not_contains", "b", False),
    ("data.missing", "not_contains", "b", True),
    ("data.tags", "contains_all", ["blue", "red"], True),
    ("data.tags", "contains_all", '["blue", 3]', True),
    ("data.tags", "contains_all", "blue", True),
    ("data.tags", "contains_all", ["blue", "green"], False),
    ("data.text", "contains_all", ["blue", "car"], True),
    ("data.tags", "not_contains_all", ["blue", "green"], True),
    ("data.tags", "not_contains_all", ["blue"], False),
    ("data.blank", "empty", None, True),
    ("data.none", "empty", None, True),
    ("data.nothing", "empty", None, True),
    ("data.missing", "empty", None, True),
    ("data.amount", "empty", None, False),
    ("data.tags", "not_empty", None, True),
    ("data.blank", "not_empty", None, False),
    ("data.blank", "exists", None, True),
    ("data.nothing", "exists", None, True),
    ("data.missing", "exists", None, False),
    ("actor.name", "not_exists", None, True),
    ("recipient.id", "not_exists", None, False),
    ("data.noon", "is_timestamp", None, True),
    ("data.day", "is_timestamp", None, True),
    ("data.digits", "is_timestamp", None, False),
    ("data.amount", "is_timestamp", None, False),
    ("data.text", "is_not_timestamp", None, True),
    ("data.noon", "is_not_timestamp", None, False),
    ("data.noon", "is_timestamp_on_or_after", "2026-03-02T12:00:00Z", True),
    ("data.noon", "is_timestamp_on_or_after", "2026-03-02T12:00:01Z", False),
    ("data.noon", "is_timestamp_on_or_after", "data.noon_in_lima", True),
    ("data.text", "is_timestamp_on_or_after", "2026-03-02", False),
    ("data.noon", "is_timestamp_before", "2026-03-02T12:00:01Z", True),
    ("data.noon", "is_timestamp_before", "data.noon_in_lima", False),
    ("data.missing", "is_timestamp_before", "2026-03-02", False),
    ("data.noon", "is_timestamp_on_or_after_date", "2026-03-02T23:00:00Z", True),
    ("data.noon", "is_timestamp_on_or_after_date", "2026-03-03", False),
    ("data.noon", "is_timestamp_before_date", "2026-03-03", True),
    ("data.noon", "is_timestamp_before_date", "2026-03-02T23:00:00Z", False),
    ("data.noon", "is_timestamp_between", ["2026-03-02", "2026-03-03"], True),
    ("data.noon", "is_timestamp_between", "2026-03-02,2026-03-03", True),
    ("data.noon", "is_timestamp_between", " 2026-03-02 , 2026-03-03 ", True),
    ("data.noon", "is_timestamp_between", ["2026-03-03", "2026-03-04"], False),
    ("data.noon", "is_timestamp_between", "2026-03-02", False),
    ("data.amount", "is_between", [10, 12], True),
    ("data.amount", "is_between", "[1, 9]", False),
    ("data.amount", "is_between", "1, 10", True),
    ("data.amount", "is_between", " 1 , 10 ", True),
    ("data.word", "is_between", "black,brown", True),
    ("data.word", "is_between", " blue , brown ", True),
    ("data.word", "is_between", "black , blue", True),
    ("data.word", "is_between", ["brown", "green"], False),
    ("data.amount", "is_between", 5, False),
    ("data.amount", "is_between", [1, "many"], False),
    ("data.amount", "is_between", ["few", 12], False),
    ("data.amount", "is_between", "1, Infinity", False),
    ("data.missing", "is_between", [0, 1], False),
    ("recipient", "is_audience_member", "beta", False),
    ("recipient", "is_not_audience_member", "beta", True),
]


@pytest.mark.parametrize(("variable", "operator", "argument", "expected"), ROWS)
def test_operator(variable: str, operator: str, argument: Any, expected: bool) -> None:
    assert holds([{"variable": variable, "operator": operator, "argument": argument}], CONTEXT) is expected


def test_every_operator_has_a_row_for_both_outcomes() -> None:
    one_way = {"is_audience_member", "is_not_audience_member"}
    assert {operator for _, operator, _, expected in ROWS if expected} >= OPERATORS.keys() - one_way
    assert {operator for _, operator, _, expected in ROWS if not expected} >= OPERATORS.keys() - one_way


def test_all_conditions_of_a_list_must_hold() -> None:
    yes = {"variable": "data.amount", "operator": "equal_to", "argument": 10}
    no = {"variable": "data.amount", "operator": "equal_to", "argument": 11}
    assert holds([], CONTEXT)
    assert holds([yes, yes], CONTEXT)
    assert not holds([yes, no], CONTEXT)
