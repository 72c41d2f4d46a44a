"""Values on their way into JSON: the table of docs/values.md, wherever a value may stand."""

from __future__ import annotations

import math
import re
from collections import UserDict
from collections.abc import Iterable  # noqa: TC003 (Pydantic needs it)
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, SecretStr, field_serializer
from pydantic_core import from_json, to_json

from knock_sdk._core.values.body import encode_body
from knock_sdk._core.values.query import encode_query
from knock_sdk._core.values.values import plain_kinds
from knock_sdk.errors import InvalidArgumentError
from tests.support.ids import short_id
from tests.support.json_values import ID, Box, Holder
from tests.support.json_values import KEYS as TABLE_KEYS
from tests.support.json_values import REFUSED as TABLE_REFUSED
from tests.support.json_values import SENT as TABLE_SENT
from tests.support.paths import ROOT

from ..support import trigger

if TYPE_CHECKING:
    from collections.abc import Callable

SENT = [example for examples in TABLE_SENT.values() for example in examples]
REFUSED = [example for examples in TABLE_REFUSED.values() for example in examples]
KEYS = [key for keys in TABLE_KEYS.values() for key in keys]

PLACES: list[tuple[str, Callable[[Any], Any], str]] = [
    ("at the top", lambda value: {"data": value}, "data"),
    ("nested", lambda value: {"data": {"attachments": [{"content": value}]}}, "data.attachments[0].content"),
    ("in a tuple", lambda value: {"data": ("a", value)}, "data[1]"),
    ("in a model", lambda value: {"data": Box(value=value)}, "data.value"),
    ("deep in a model", lambda value: {"data": [Box(value=[{"a": value}])]}, "data[0].value[0].a"),
    ("in a dataclass", lambda value: {"data": Holder([value])}, "data.value[0]"),
    ("in a mapping", lambda value: {"data": UserDict(a=value)}, "data.a"),
]


def rows_of(heading: str) -> list[str]:
    """Return the first column of the table below a heading of docs/values.md."""
    page = (ROOT / "docs" / "values.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("|")][2:]


def test_every_row_of_the_documented_table_has_examples() -> None:
    assert rows_of("What is sent") == list(TABLE_SENT)
    assert rows_of("What is rejected") == [*TABLE_REFUSED, *TABLE_KEYS]


def follow(data: Any, path: str) -> Any:
    for step in re.findall(r"\w+", path):
        data = data[int(step)] if step.isdigit() else data[step]
    return data


@pytest.mark.parametrize(("value", "sent"), SENT, ids=short_id)
@pytest.mark.parametrize(("place", "make", "path"), PLACES, ids=[place for place, _, _ in PLACES])
def test_a_value_is_sent_as_the_table_says(place: str, make: Any, path: str, value: Any, sent: Any) -> None:
    if "model" in place and getattr(value, "nanosecond", 0):
        with pytest.raises(InvalidArgumentError, match="has nanoseconds"):
            encode_body(make(value))
        return
    if "model" in place and value == timedelta(days=365):
        sent = "P1Y"  # a model's own serializer
    assert follow(from_json(encode_body(make(value))), path) == sent


@pytest.mark.parametrize(("value", "problem"), REFUSED, ids=short_id)
@pytest.mark.parametrize(("place", "make", "path"), PLACES, ids=[place for place, _, _ in PLACES])
def test_a_value_without_a_word_in_json_is_refused_by_place(
    place: str, make: Any, path: str, value: Any, problem: str
) -> None:
    del place
    with pytest.raises(InvalidArgumentError, match=re.escape(problem)) as caught:
        encode_body(make(value))
    assert caught.value.argument == path
    assert "hidden-text" not in str(caught.value)


@pytest.mark.parametrize(("value", "problem"), REFUSED, ids=short_id)
def test_a_value_is_refused_in_properties_and_in_extra_body(value: Any, problem: str) -> None:
    with pytest.raises(InvalidArgumentError, match=re.escape(problem)) as caught:
        trigger(body={"recipients": ["u1"], "data": {}}, properties={"photo": value})
    assert caught.value.argument == "photo"
    with pytest.raises(InvalidArgumentError, match=re.escape(problem)) as caught:
        trigger(body={"recipients": ["u1"], "data": {}}, options={"extra_body": {"data": {"photo": value}}})
    assert caught.value.argument == "data.photo"
    with pytest.raises(InvalidArgumentError, match=re.escape(problem)):
        trigger(body={"recipients": ["u1"], "data": Holder(value)}, options={"extra_body": {"data": {"a": 1}}})


@pytest.mark.parametrize("value", [value for value, _ in REFUSED], ids=short_id)
def test_a_value_is_refused_in_a_query(value: Any) -> None:
    for query in ({"a": value}, {"a": [value]}, {"a": {"b": value}}, {"a": Holder(value)}):
        with pytest.raises(InvalidArgumentError) as caught:
            encode_query(query)
        assert caught.value.argument.startswith("a")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.int64(5), "5"),
        (np.float32(0.5), "0.5"),
        (np.bool_(True), "true"),
        (np.str_("a"), "a"),
        (np.datetime64("2030-03-17"), "2030-03-17"),
        (pd.Timestamp("2030-03-17"), "2030-03-17T00%3A00%3A00"),
    ],
    ids=short_id,
)
def test_scalars_of_numpy_and_pandas_are_taken_in_a_query(value: Any, text: str) -> None:
    assert encode_query({"a": value}) == f"a={text}"


@pytest.mark.parametrize("key", KEYS, ids=short_id)
def test_a_key_that_would_be_changed_is_refused(key: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="keys of JSON objects are text") as caught:
        encode_body({"data": [{key: 1}]})
    assert caught.value.argument == "data[0]"


@pytest.mark.parametrize("key", KEYS, ids=short_id)
def test_a_key_that_would_be_changed_is_refused_in_a_query(key: Any) -> None:
    for query in ({"filter": {key: 1}}, {"filter": [{"a": {key: 1}}]}):
        with pytest.raises(InvalidArgumentError, match="keys of JSON objects are text") as caught:
            encode_query(query)
        assert caught.value.argument == "filter"


def test_keys_of_a_query_are_those_of_a_body() -> None:
    keys = TABLE_SENT["keys: text, `int`, `float`, `UUID`, dates, times, `Enum`"]
    for given_keys, sent in keys:
        assert encode_query({"a": dict.fromkeys(given_keys, "x")}) == encode_query({"a": dict.fromkeys(sent, "x")})


@pytest.mark.parametrize("name", ["None", "true", "false"])
def test_text_that_looks_like_such_a_key_is_sent(name: str) -> None:
    assert encode_body({"data": {name: 1}}) == f'{{"data":{{"{name}":1}}}}'.encode()


def test_a_model_with_a_form_of_its_own_for_bytes_and_secrets_is_sent() -> None:
    class Attachment(BaseModel):
        model_config = ConfigDict(ser_json_bytes="base64")
        content: bytes

    class Login(BaseModel):
        password: SecretStr

        @field_serializer("password")
        def _reveal(self, value: SecretStr) -> str:
            return value.get_secret_value()

    assert encode_body({"data": Attachment(content=b"a,b")}) == b'{"data":{"content":"YSxi"}}'
    assert encode_body({"data": Login(password=SecretStr("x"))}) == b'{"data":{"password":"x"}}'


class Missing(Enum):
    NAN = math.nan


class Stream(BaseModel):
    items: Iterable[Any]


@pytest.mark.parametrize(
    ("model", "problem", "place"),
    [
        (Box(value=Missing.NAN), "is NaN or infinite", "data.value"),
        (Box(value=[Missing.NAN]), "is NaN or infinite", "data.value[0]"),
        (Stream(items=[b"a,b"]), "pass a list", "data.items"),
        (Box(value=(each for each in "ab")), "pass a list", "data.value"),
        *((Box(value={key: 1}), "keys of JSON objects are text", "data.value") for key in KEYS),
        (Box(value={timedelta(1): 1}), "keys of JSON objects are text", "data.value"),
        (Box(value=np.ma.masked), "is masked", "data.value"),
    ],
    ids=short_id,
)
def test_nothing_in_a_model_is_changed_without_a_word(model: Any, problem: str, place: str) -> None:
    with pytest.raises(InvalidArgumentError, match=problem) as caught:
        encode_body({"data": model})
    assert caught.value.argument == place


def test_keys_in_a_model_and_beside_other_values_are_those_of_plain_data() -> None:
    keys: dict[Any, int] = {"a": 0, date(2030, 3, 17): 1, 5: 2, 1.5: 3, datetime(2030, 3, 17, tzinfo=timezone.utc): 4}
    plain = from_json(encode_body({"data": keys}))["data"]
    assert plain == {"a": 0, "2030-03-17": 1, "5": 2, "1.5": 3, "2030-03-17T00:00:00Z": 4}
    assert from_json(encode_body({"data": Box(value=keys)}))["data"]["value"] == plain
    assert from_json(encode_body({"data": keys, "beside": ID}))["data"] == plain


@pytest.mark.parametrize("value", [10**5000, {10**5000: 1}], ids=["value", "key"])
def test_a_number_with_too_many_digits_is_refused_in_a_query(value: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="too many digits") as caught:
        encode_query({"a": value})
    assert caught.value.argument == "a"


def test_a_name_within_a_name_stays() -> None:
    assert encode_body({'x"_typename': 1, "_typename": 2}) == b'{"x\\"_typename":1,"__typename":2}'


def test_a_typename_by_its_python_name_is_sent_by_its_own() -> None:
    body = {"repeats": [{"_typename": "ScheduleRepeat", "frequency": "daily"}], "data": {"text": '"_typename":'}}
    assert encode_body(body) == (
        b'{"repeats":[{"__typename":"ScheduleRepeat","frequency":"daily"}],"data":{"text":"\\"_typename\\":"}}'
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("ab"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner),
)


@given(json_values)
def test_plain_data_is_left_to_the_encoder(value: Any) -> None:
    assert plain_kinds(value) is not None
    assert encode_body(value) == to_json(value)


@given(json_values, st.lists(st.booleans(), max_size=6))
def test_a_single_foreign_value_is_found_at_any_depth(value: Any, path: list[bool]) -> None:
    hidden: Any = b"x"
    for in_list in path:
        hidden = [value, hidden] if in_list else {"a": value, "b": hidden}
    assert plain_kinds(hidden) is None
    with pytest.raises(InvalidArgumentError, match="is bytes"):
        encode_body(hidden)
