"""Query strings: values that can be encoded, and values that are rejected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk import types as t
from knock_sdk._core.sentinel import NOT_GIVEN
from knock_sdk._core.values.query import comma_text, encode_query, graph_options, json_text
from knock_sdk.errors import InvalidArgumentError
from tests.support.ids import short_id

TEXT = st.text(st.characters(), min_size=1)
ID = UUID("0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d")


class Status(Enum):
    SENT = "sent"


class Name(str, Enum):
    ID = "id"


class Size(IntEnum):
    SMALL = 5


@dataclass
class Reference:
    id: str
    collection: str | None = None


FORMS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({}, []),
    ({"a": None, "b": NOT_GIVEN, "c": [], "d": {}, "e": "", "f": (), "g": set()}, []),
    ({"a": {"b": None, "c": {}, "d": NOT_GIVEN}, "e": [None, "", NOT_GIVEN]}, []),
    ({"a": "x", "b": "y"}, [("a", "x"), ("b", "y")]),
    ({"a": True, "b": False, "c": 0}, [("a", "true"), ("b", "false"), ("c", "0")]),
    ({"a": 1.5, "b": Decimal("2.50"), "c": -3}, [("a", "1.5"), ("b", "2.50"), ("c", "-3")]),
    ({"a": ID}, [("a", str(ID))]),
    ({"a": Status.SENT, "b": Name.ID, "c": Size.SMALL}, [("a", "sent"), ("b", "id"), ("c", "5")]),
    ({"status": ["sent", "read"]}, [("status[]", "sent"), ("status[]", "read")]),
    ({"status": ("sent",)}, [("status[]", "sent")]),
    ({"status": {"sent"}}, [("status[]", "sent")]),
    ({"status": frozenset({Status.SENT})}, [("status[]", "sent")]),
    ({"status": {"a": "sent"}.values()}, [("status[]", "sent")]),
    ({"a": ["", None, "x", 1, True]}, [("a[]", "x"), ("a[]", "1"), ("a[]", "true")]),
    (
        {"inserted_at": {"gte": datetime(2030, 3, 17, 12, tzinfo=timezone.utc), "lt": "2031-01-01T00:00:00Z"}},
        [("inserted_at[gte]", "2030-03-17T12:00:00+00:00"), ("inserted_at[lt]", "2031-01-01T00:00:00Z")],
    ),
    ({"day": date(2030, 3, 17)}, [("day", "2030-03-17")]),
    ({"recipient": "u1"}, [("recipient", "u1")]),
    (
        {"recipient": {"id": "i1", "collection": "invoices"}},
        [("recipient[id]", "i1"), ("recipient[collection]", "invoices")],
    ),
    ({"recipient": MappingProxyType({"id": "i1"})}, [("recipient[id]", "i1")]),
    ({"recipient": Reference("i1", "invoices")}, [("recipient[id]", "i1"), ("recipient[collection]", "invoices")]),
    ({"recipient": Reference("u1")}, [("recipient[id]", "u1")]),
    (
        {"objects": [{"id": "1", "collection": "a"}, {"id": "2", "collection": "b"}]},
        [
            ("objects[0][id]", "1"),
            ("objects[0][collection]", "a"),
            ("objects[1][id]", "2"),
            ("objects[1][collection]", "b"),
        ],
    ),
    (
        {"objects": [t.ObjectReference(id="1", collection="a"), Reference("2")]},
        [("objects[0][collection]", "a"), ("objects[0][id]", "1"), ("objects[1][id]", "2")],
    ),
    (
        {"recipients": ["u1", {"id": "1", "collection": "a"}, "u2"]},
        [
            ("recipients[0]", "u1"),
            ("recipients[1][id]", "1"),
            ("recipients[1][collection]", "a"),
            ("recipients[2]", "u2"),
        ],
    ),
    ({"recipients": [{"id": "1"}, "u1"]}, [("recipients[0][id]", "1"), ("recipients[1]", "u1")]),
    ({"a": {"b": ["x", "y"], "c": {"d": 1}}}, [("a[b][]", "x"), ("a[b][]", "y"), ("a[c][d]", "1")]),
    ({"a": [{"b": ["x"]}]}, [("a[0][b][]", "x")]),
    ({"query_options": {"$top": 5, "limit": 2}}, [("query_options[$top]", "5"), ("query_options[limit]", "2")]),
    ({"a": {Name.ID: 1, Status.SENT: 2}}, [("a[id]", "1"), ("a[sent]", "2")]),
    ({"a b": "c&d=e+f", "ä": "☕"}, [("a b", "c&d=e+f"), ("ä", "☕")]),
]


@pytest.mark.parametrize(("query", "pairs"), FORMS, ids=lambda value: repr(value)[:50])
def test_a_query_is_encoded_as_the_api_reads_it(query: dict[str, Any], pairs: list[tuple[str, str]]) -> None:
    encoded = encode_query(query)
    assert encoded.isascii()
    assert parse_qsl(encoded, keep_blank_values=True, strict_parsing=bool(encoded)) == pairs


def test_names_and_values_are_percent_encoded() -> None:
    assert encode_query({"a": ["x y&"], "b": {"$top": 1}}) == "a%5B%5D=x+y%26&b%5B%24top%5D=1"


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT, min_size=1), max_size=5))
def test_any_text_is_encoded_unchanged_or_rejected(query: dict[str, str | list[str]]) -> None:
    expected = [
        pair
        for name, value in query.items()
        for pair in ([(name, value)] if isinstance(value, str) else [(f"{name}[]", inner) for inner in value])
    ]
    if any("\ud800" <= character <= "\udfff" for pair in expected for character in "".join(pair)):
        with pytest.raises(InvalidArgumentError, match="surrogate"):
            encode_query(query)
    else:
        assert parse_qsl(encode_query(query), keep_blank_values=True) == expected


REFUSED: list[tuple[Any, str]] = [
    (object(), "cannot contain a value of type object: pass text or a number"),
    (b"bytes", "cannot contain a value of type bytes: pass text or a number"),
    ([b"bytes"], "cannot contain a value of type bytes: pass text or a number"),
    ({"x": object()}, "cannot contain a value of type object: pass text or a number"),
    ([["nested"]], "cannot contain a list inside a list"),
    ([("nested",)], "cannot contain a list inside a list"),
    (math.nan, "is NaN or infinite: leave it out"),
    ([math.inf], "is NaN or infinite: leave it out"),
    (Decimal("NaN"), "is NaN or infinite: leave it out"),
    (Decimal("sNaN"), "is NaN or infinite: leave it out"),
    (Decimal("-Infinity"), "is NaN or infinite: leave it out"),
    ("x\ud800", "contains a lone surrogate, which cannot be encoded as UTF-8"),
    (["\udfff"], "contains a lone surrogate, which cannot be encoded as UTF-8"),
    ({"\ud800": "x"}, "contains a lone surrogate, which cannot be encoded as UTF-8"),
]


@pytest.mark.parametrize(("value", "problem"), REFUSED, ids=short_id)
def test_an_invalid_value_is_rejected(value: Any, problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        encode_query({"fine": 1, "name": value})
    assert caught.value.argument == "name"
    assert str(caught.value) == f"name: {problem}"


def test_names_must_be_strings() -> None:
    with pytest.raises(InvalidArgumentError, match=r"^query: names must be strings, not int$"):
        encode_query({1: "x"})


def test_a_circular_reference_is_rejected() -> None:
    circle: dict[str, Any] = {}
    circle["again"] = circle
    with pytest.raises(InvalidArgumentError, match=r"^name: refers to itself, or is nested too deeply$"):
        encode_query({"name": circle})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('{"plan": "pro"}', '{"plan": "pro"}'),
        ("any text", "any text"),
        ({"plan": "pro", "at": date(2030, 3, 17)}, '{"plan":"pro","at":"2030-03-17"}'),
        (Reference("i1", "invoices"), '{"id":"i1","collection":"invoices"}'),
        ({}, "{}"),
    ],
)
def test_json_text_encodes_values_and_passes_strings_through(value: Any, text: str) -> None:
    assert parse_qsl(encode_query({"trigger_data": json_text(value)})) == [("trigger_data", text)]


@pytest.mark.parametrize("value", [None, NOT_GIVEN])
def test_missing_json_text_and_lists_are_omitted(value: Any) -> None:
    assert (json_text(value), comma_text(value)) == (value, value)
    assert encode_query({"trigger_data": json_text(value), "exclude": comma_text(value)}) == ""


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"a": object()}, "a: cannot be encoded as JSON (object): pass text, a number, a dict or a list"),
        ({"a": {"b": math.nan}}, "a.b: is NaN or infinite, which JSON cannot represent: pass None, or leave it out"),
        (object(), "body: cannot be encoded as JSON (object): pass text, a number, a dict or a list"),
    ],
)
def test_json_text_that_cannot_be_encoded_names_the_argument(value: object, problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        encode_query({"trigger_data": json_text(value)})
    assert caught.value.argument == "trigger_data"
    assert str(caught.value) == f"trigger_data: {problem}"


def test_comma_joined_joins_lists_and_passes_strings_through() -> None:
    assert parse_qsl(encode_query({"exclude": comma_text(["a.b", Name.ID])})) == [("exclude", "a.b,id")]
    assert parse_qsl(encode_query({"exclude": comma_text("a,b")})) == [("exclude", "a,b")]
    assert encode_query({"exclude": comma_text([])}) == ""


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (5, "must be a list or a string, not int"),
        ([["a"]], "cannot contain a value of type list: pass text or a number"),
        ({"a": 1}, "must be a list or a string, not dict"),
    ],
)
def test_comma_joined_values_that_are_invalid_name_the_argument(value: object, problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        encode_query({"exclude": comma_text(value)})
    assert str(caught.value) == f"exclude: {problem}"


@pytest.mark.parametrize("sign", ["$", "_", ""])
def test_graph_options_get_a_dollar_sign(sign: str) -> None:
    given = {f"{sign}filter": "x", f"{sign}select": "id", f"{sign}skiptoken": "t", f"{sign}top": 5, "limit": 1, "_a": 2}
    assert graph_options(given) == {"$filter": "x", "$select": "id", "$skiptoken": "t", "$top": 5, "limit": 1, "_a": 2}
    assert graph_options(None) is None
