"""JSON bodies: values that can be encoded, and values that are rejected."""

from __future__ import annotations

import json
import math
from collections import ChainMap, UserDict, UserList, deque
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field

from knock_sdk._core.sentinel import NOT_GIVEN
from knock_sdk._core.values.body import as_mapping, collect, encode_body, json_field, merge_deeply
from knock_sdk.errors import InvalidArgumentError
from tests.support.ids import short_id

ID = UUID("0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d")
NOON = datetime(2030, 3, 17, 12, 0, tzinfo=timezone.utc)
EAST = datetime(2030, 3, 17, 12, 0, 0, 250000, tzinfo=timezone(timedelta(hours=5, minutes=30)))


class Plan(Enum):
    PRO = "pro"


class Level(IntEnum):
    HIGH = 3


class Account(BaseModel):
    model_config = ConfigDict(extra="allow")
    plan: str
    kind: str = Field(default="team", serialization_alias="__typename")


@dataclass
class Seat:
    row: int
    taken: bool = False


@dataclass(frozen=True)
class Slotted:
    __slots__ = ("price",)
    price: float


@dataclass
class Holder:
    inner: object


VALUES: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    (0, "0"),
    (-1.5, "-1.5"),
    (10**30, "1" + "0" * 30),
    ("", '""'),
    ("Zoë ☕ \U0001f600", '"Zoë ☕ \U0001f600"'),
    ('"\\\n\x00', '"\\"\\\\\\n\\u0000"'),
    ("NaN", '"NaN"'),
    ("-Infinity", '"-Infinity"'),
    (NOON, '"2030-03-17T12:00:00Z"'),
    (EAST, '"2030-03-17T12:00:00.250000+05:30"'),
    (datetime(2030, 3, 17, 12, 0), '"2030-03-17T12:00:00"'),  # noqa: DTZ001 (a naive time is the caller's choice)
    (date(2030, 3, 17), '"2030-03-17"'),
    (time(9, 30), '"09:30:00"'),
    (timedelta(minutes=5), '"PT5M"'),
    (ID, '"0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d"'),
    (Decimal("12.50"), '"12.50"'),
    (Plan.PRO, '"pro"'),
    (Level.HIGH, "3"),
    ({"a"}, '["a"]'),
    (frozenset({1}), "[1]"),
    ((1, "b"), '[1,"b"]'),
    ([], "[]"),
    ({}, "{}"),
    ({"a": 1}.values(), "[1]"),
    (MappingProxyType({"a": 1}), '{"a":1}'),
    (
        {1: "int", Plan.PRO: "enum", ID: "uuid"},
        '{"1":"int","pro":"enum","0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d":"uuid"}',
    ),
    (Seat(3), '{"row":3,"taken":false}'),
    (Slotted(2.5), '{"price":2.5}'),
    (Account(plan="pro"), '{"plan":"pro","__typename":"team"}'),
    (Account.model_validate({"plan": "pro", "seats": 4}), '{"plan":"pro","__typename":"team","seats":4}'),
    ([Account(plan="pro"), Seat(1)], '[{"plan":"pro","__typename":"team"},{"row":1,"taken":false}]'),
    ({"a": 1}.keys(), '["a"]'),
    (range(3), "[0,1,2]"),
    (deque([1]), "[1]"),
    (UserList([1, {"a"}]), '[1,["a"]]'),
    (UserDict(a=1), '{"a":1}'),
    (ChainMap({"a": 1}, {"a": 2, "b": range(1)}), '{"a":1,"b":[0]}'),
    ([MappingProxyType({"a": Seat(1)})], '[{"a":{"row":1,"taken":false}}]'),
    ((number for number in (1, 2)), "[1,2]"),
]


@pytest.mark.parametrize(("value", "encoded"), VALUES, ids=short_id)
def test_a_value_is_encoded_as_json(value: Any, encoded: str) -> None:
    content = encode_body({"field": value})
    assert content == f'{{"field":{encoded}}}'.encode()
    json.loads(content)


def test_a_body_can_be_a_list_a_string_or_a_dataclass() -> None:
    assert encode_body([1, None]) == b"[1,null]"
    assert encode_body("text") == b'"text"'
    assert encode_body(Seat(1)) == b'{"row":1,"taken":false}'


def test_nan_in_a_model_is_refused_unless_the_model_has_a_form_for_it() -> None:
    class Reading(BaseModel):
        level: float

    class Nullable(Reading):
        model_config = ConfigDict(ser_json_inf_nan="null")

    with pytest.raises(InvalidArgumentError, match=r"^data\.level: is NaN or infinite"):
        encode_body({"data": Reading(level=math.nan)})
    assert encode_body({"data": Nullable(level=math.nan)}) == b'{"data":{"level":null}}'


REFUSED: list[tuple[Any, str, str]] = [
    ({"a": 1, "b": math.nan}, "b", "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"),
    ({"a": math.inf}, "a", "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"),
    (
        {"a": "NaN", "b": [1, {"c": -math.inf}]},
        "b[1].c",
        "is NaN or infinite, which JSON cannot represent: pass None, or leave it out",
    ),
    ({"a": {math.nan}}, "a[0]", "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"),
    ({"a": (1.0, math.nan)}, "a[1]", "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"),
    ({"a": Seat(math.nan)}, "a.row", "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"),  # type: ignore[arg-type]
    (
        {"a": Slotted(math.nan)},
        "a.price",
        "is NaN or infinite, which JSON cannot represent: pass None, or leave it out",
    ),
    (
        {"a": (x for x in (1, math.nan))},
        "a[1]",
        "is NaN or infinite, which JSON cannot represent: pass None, or leave it out",
    ),
    ([math.nan], "[0]", "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"),
    (math.nan, "body", "is NaN or infinite, which JSON cannot represent: pass None, or leave it out"),
    ({"a": 1, "b": object()}, "b", "cannot be encoded as JSON (object): pass text, a number, a dict or a list"),
    ({"a": {"b": [object()]}}, "a.b[0]", "cannot be encoded as JSON (object): pass text, a number, a dict or a list"),
    ({"a": int}, "a", "cannot be encoded as JSON (type): pass text, a number, a dict or a list"),
    ({"a": len}, "a", "cannot be encoded as JSON (builtin_function_or_method): pass text, a number, a dict or a list"),
    (object(), "body", "cannot be encoded as JSON (object): pass text, a number, a dict or a list"),
    ({"a": 1, "b": "x\ud800"}, "b", "contains a lone surrogate, which cannot be encoded as UTF-8"),
    ({"a": ["\udfff"]}, "a", "contains a lone surrogate, which cannot be encoded as UTF-8"),
    ({"\ud800": 1}, "body", "contains a lone surrogate, which cannot be encoded as UTF-8"),
    ({"a": NOT_GIVEN}, "a", "cannot be encoded as JSON (NOT_GIVEN, which is valid only as a whole argument)"),
    (
        {"a": [{"b": NOT_GIVEN}]},
        "a[0].b",
        "cannot be encoded as JSON (NOT_GIVEN, which is valid only as a whole argument)",
    ),
]


@pytest.mark.parametrize(("body", "argument", "problem"), REFUSED, ids=short_id)
def test_a_value_without_a_json_form_is_rejected(body: Any, argument: str, problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        encode_body(body)
    assert caught.value.argument == argument
    assert str(caught.value) == f"{argument}: {problem}"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_a_circular_reference_is_rejected() -> None:
    circle: dict[str, Any] = {"name": "x"}
    circle["inner"] = [circle]
    with pytest.raises(InvalidArgumentError, match=r"^data: .*[Cc]ircular") as caught:
        encode_body({"recipients": ["u1"], "data": circle})
    assert caught.value.argument == "data"


def test_a_value_used_twice_is_encoded_twice() -> None:
    shared = {"a": [1]}
    assert encode_body({"x": shared, "y": [shared, shared]}) == b'{"x":{"a":[1]},"y":[{"a":[1]},{"a":[1]}]}'


def test_excessive_nesting_is_rejected() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InvalidArgumentError, match=r"^data: .*depth"):
        encode_body({"data": deep})


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity"])
def test_the_strings_nan_and_infinity_are_encoded_as_strings(word: bytes) -> None:
    assert encode_body({"a": word.decode(), word.decode(): 1}) == b'{"a":"%b","%b":1}' % (word, word)


def test_collect_omits_not_given_and_includes_none() -> None:
    assert collect({"name": None, "email": NOT_GIVEN, "avatar": ""}) == {"name": None, "avatar": ""}
    assert collect({"name": NOT_GIVEN}) == {}


def test_collect_formats_times_as_the_api_does() -> None:
    assert collect({"at": NOON, "ends": EAST, "day": date(2030, 3, 17)}) == {
        "at": "2030-03-17T12:00:00+00:00",
        "ends": "2030-03-17T12:00:00.250000+05:30",
        "day": date(2030, 3, 17),
    }


def test_collect_adds_properties_to_the_fields() -> None:
    body = collect({"name": "John", "email": NOT_GIVEN}, {"plan": "pro", "seats": NOT_GIVEN, "boss": None})
    assert body == {"name": "John", "plan": "pro", "boss": None}
    assert collect({"name": "John"}, None) == {"name": "John"}
    assert collect({"name": "John"}, NOT_GIVEN) == {"name": "John"}
    assert collect({"name": NOT_GIVEN}, {"name": "as a property"}) == {"name": "as a property"}


def test_a_property_named_like_a_given_argument_is_rejected() -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        collect({"name": "John", "email": None}, {"plan": 1, "name": "Jon", "email": "j@x.y"})
    assert str(caught.value) == "properties: 'email' is given twice, as an argument and as a property"


@pytest.mark.parametrize("properties", [["plan"], "plan", 5, Account(plan="pro"), [("plan", "pro")]])
def test_properties_must_be_a_mapping(properties: object) -> None:
    with pytest.raises(InvalidArgumentError, match=f"^properties: must be a mapping, not {type(properties).__name__}$"):
        collect({"name": "John"}, properties)


def test_merge_deeply_merges_objects_and_replaces_other_values() -> None:
    base = {"a": {"b": {"c": 1}, "d": [1, 2]}, "e": "text", "f": {"g": 1}}
    extra = {"a": {"b": {"x": 2}, "d": [3]}, "e": {"now": "an object"}, "f": None, "h": {"i": {"j": 5}}}
    merged = merge_deeply(base, extra)
    assert merged == {
        "a": {"b": {"c": 1, "x": 2}, "d": [3]},
        "e": {"now": "an object"},
        "f": None,
        "h": {"i": {"j": 5}},
    }
    assert base == {"a": {"b": {"c": 1}, "d": [1, 2]}, "e": "text", "f": {"g": 1}}
    assert extra["h"] == {"i": {"j": 5}}


@pytest.mark.parametrize("data", [Seat(3), MappingProxyType({"row": 3, "taken": False})])
def test_merge_deeply_accepts_dataclasses_and_mappings(data: object) -> None:
    merged = merge_deeply({"data": data}, {"data": {"taken": True, "by": "u1"}})
    assert merged == {"data": {"row": 3, "taken": True, "by": "u1"}}


def test_merge_deeply_accepts_a_model() -> None:
    assert merge_deeply({"data": Account(plan="pro")}, {"data": {"seats": 4}}) == {
        "data": {"plan": "pro", "__typename": "team", "seats": 4}
    }


def test_as_mapping_converts_models_and_dataclasses_only() -> None:
    assert as_mapping(Seat(3)) == {"row": 3, "taken": False}
    assert as_mapping(Slotted(1.5)) == {"price": 1.5}
    for value in (None, "text", 5, [Seat(1)], {"a": Seat(1)}, Seat, Account, object):
        assert as_mapping(value) is value


def test_as_mapping_converts_mappings_and_lists_inside_a_dataclass() -> None:
    holder = Holder(MappingProxyType({"a": 1, "rest": UserDict(b=deque([2]))}))
    assert as_mapping(holder) == {"inner": {"a": 1, "rest": {"b": [2]}}}
    assert merge_deeply({"data": holder}, {"data": {"inner": {"a": 3}, "by": "u1"}}) == {
        "data": {"inner": {"a": 3, "rest": {"b": [2]}}, "by": "u1"}
    }


def test_as_mapping_returns_a_dataclass_without_a_json_form_unchanged() -> None:
    holder = Holder(object())
    assert as_mapping(holder) is holder


def test_json_field_encodes_values_and_passes_strings_through() -> None:
    assert json_field("trigger_data", {"invoice": 20931}) == '{"invoice":20931}'
    assert [json_field("trigger_data", value) for value in ("{}", None, NOT_GIVEN)] == ["{}", None, NOT_GIVEN]
    with pytest.raises(InvalidArgumentError, match=r"^trigger_data: ") as caught:
        json_field("trigger_data", {"x": object()})
    assert caught.value.argument == "trigger_data"
