"""Encoding of requests, and arguments that are rejected before anything is sent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import RFC_4122, UUID

import numpy as np
import pytest

from knock_sdk._core.requests import operations as op
from knock_sdk._core.requests.encode import _new_key
from knock_sdk._core.requests.operation import Operation
from knock_sdk._core.sentinel import NOT_GIVEN
from knock_sdk.errors import InvalidArgumentError
from tests.support.ids import short_id

from ..support import KEY, TOKEN, get_user, make_config, make_operation, send, show_with_locals, trigger

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Settings:
    sandbox_mode: bool


@dataclass
class Order:
    lines: Mapping[str, int]
    note: str = "none"


def test_a_trigger_is_encoded_with_its_body_and_idempotency_key() -> None:
    sent = trigger(
        body={"recipients": ["u1"], "data": {"n": 1}, "actor": None, "tenant": NOT_GIVEN}, idempotency_key="k1"
    )
    assert sent.operation is op.TRIGGER_WORKFLOW
    assert sent.target == "/v1/workflows/flow/trigger"
    assert sent.body == b'{"recipients":["u1"],"data":{"n":1},"actor":null}'
    assert sent.headers[5:] == [
        (b"content-type", b"application/json"),
        (b"content-length", b"49"),
        (b"idempotency-key", b"k1"),
    ]
    assert sent.headers[:5] == list(make_config().headers)
    assert (sent.timeout, sent.max_retries, sent.max_response_size) == (60.0, None, 16 * 1024 * 1024)
    assert sent.idempotency_key == "k1"


def test_a_get_is_encoded_without_body_and_idempotency_key() -> None:
    sent = get_user()
    assert (sent.target, sent.body, sent.idempotency_key) == ("/v1/users/u1", b"", None)
    assert sent.headers == list(make_config().headers)


def test_every_trigger_gets_its_own_idempotency_key() -> None:
    keys = [trigger().idempotency_key or "" for _ in range(100)]
    assert len(set(keys)) == 100
    assert all(str(UUID(key)) == key for key in keys)
    sent = trigger()
    assert dict(sent.headers)[b"idempotency-key"].decode() == sent.idempotency_key


@pytest.mark.parametrize("operation", [value for value in vars(op).values() if isinstance(value, Operation)], ids=repr)
def test_only_a_trigger_has_an_idempotency_key(operation: Operation) -> None:
    sent = send(operation, path=("x",) * operation.path.count("{"))
    assert (
        (sent.idempotency_key is not None)
        == (b"idempotency-key" in dict(sent.headers))
        == (operation.repeat == "keyed")
    )
    assert (operation.repeat == "keyed") == (operation is op.TRIGGER_WORKFLOW)


def test_options_of_a_call_are_applied_to_its_request() -> None:
    sent = trigger(
        options={
            "timeout": 5,
            "max_retries": 0,
            "extra_headers": {"X-A": "1", "Accept": "text/plain"},
            "extra_query": {"debug": True, "list": ["a"]},
            "extra_body": {"data": {"added": 1}, "recipients": ["u2"]},
        }
    )
    assert (sent.timeout, sent.max_retries) == (5, 0)
    assert sent.target == "/v1/workflows/flow/trigger?debug=true&list%5B%5D=a"
    assert sent.body == b'{"recipients":["u2"],"data":{"added":1}}'
    headers = dict(sent.headers)
    assert len(headers) == len(sent.headers)
    assert (headers[b"x-a"], headers[b"accept"]) == (b"1", b"text/plain")
    assert get_user(options={"timeout": None}).timeout is None


def test_extra_body_merges_deeply_into_every_kind_of_object() -> None:
    body = {"recipients": ["u1"], "settings": Settings(sandbox_mode=True), "data": {"a": {"b": 1}}}
    sent = trigger(body=body, options={"extra_body": {"settings": {"skip_delay": True}, "data": {"a": {"c": 2}}}})
    assert sent.body == (
        b'{"recipients":["u1"],"settings":{"sandbox_mode":true,"skip_delay":true},"data":{"a":{"b":1,"c":2}}}'
    )


def test_extra_body_merges_into_an_immutable_mapping() -> None:
    body = {"recipients": ["u1"], "data": Order(MappingProxyType({"n": 1}))}
    sent = trigger(body=body, options={"extra_body": {"data": {"lines": {"m": 2}}}})
    assert sent.body == b'{"recipients":["u1"],"data":{"lines":{"n":1,"m":2},"note":"none"}}'


def test_extra_body_is_sent_by_an_operation_without_a_body() -> None:
    assert send(make_operation("idempotent", "PUT"), options={"extra_body": {"a": 1}}).body == b'{"a":1}'
    sent = send(make_operation("never", "POST"), body=Settings(sandbox_mode=True), options={"extra_body": {"a": 1}})
    assert sent.body == b'{"sandbox_mode":true,"a":1}'


@pytest.mark.parametrize("body", [[1], "text", 5])
def test_extra_body_needs_an_object(body: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        send(make_operation("never", "POST"), body=body, options={"extra_body": {"a": 1}})
    assert str(caught.value) == "extra_body: cannot be merged into a body that is not an object: leave it out"


def test_extra_query_overrides_arguments_and_these_override_default_query() -> None:
    config = make_config(default_query={"a": 1, "b": 2, "c": 3})
    sent = get_user(config, query={"b": 20, "c": None, "d": NOT_GIVEN, "e": 5}, options={"extra_query": {"e": 50}})
    assert sent.target == "/v1/users/u1?a=1&b=20&c=3&e=50"
    assert get_user(make_config(), query={"a": None}).target == "/v1/users/u1"


def test_default_headers_replace_others_and_are_sent_once() -> None:
    config = make_config(default_headers={"Content-Type": "application/vnd.api+json", "X-A": "1"})
    headers = trigger(config, options={"extra_headers": {"x-a": "2"}}).headers
    assert len(headers) == len(dict(headers))
    assert dict(headers)[b"content-type"] == b"application/vnd.api+json"
    assert dict(headers)[b"x-a"] == b"2"
    assert dict(trigger(config).headers)[b"content-type"] == b"application/vnd.api+json"
    assert [name for name, _ in trigger(config).headers].count(b"content-type") == 1


def test_an_idempotency_key_in_extra_headers_is_used() -> None:
    sent = trigger(options={"extra_headers": {"Idempotency-Key": "mine"}})
    assert sent.idempotency_key == "mine"
    assert [value for name, value in sent.headers if name == b"idempotency-key"] == [b"mine"]
    with pytest.raises(
        InvalidArgumentError, match=r"^idempotency_key: must be a string of 1 to 255 visible ASCII characters$"
    ):
        trigger(options={"extra_headers": {"Idempotency-Key": "k" * 256}})


LIMITS: list[tuple[Operation, dict[str, Any], str]] = [
    (
        op.TRIGGER_WORKFLOW,
        {"recipients": ["u"] * 1001},
        "recipients: has 1,001 elements; the limit is 1,000: split the call",
    ),
    (op.TRIGGER_WORKFLOW, {"recipients": "u1"}, "recipients: must be a list, not a single str: put it in brackets"),
    (op.TRIGGER_WORKFLOW, {"recipients": b"u1"}, "recipients: must be a list, not a single bytes: put it in brackets"),
    (op.TRIGGER_WORKFLOW, {"recipients": 5}, "recipients: must be a list, not int"),
    (op.TRIGGER_WORKFLOW, {"recipients": {"id": "u1"}}, "recipients: must be a list, not dict"),
    (op.BATCH_MARK_MESSAGES_AS_INTERACTED, {"metadata": ["a"]}, "metadata: must be a mapping, not list"),
    (op.TRIGGER_WORKFLOW, {"recipients": (u for u in "ab")}, "recipients: must be a list, not generator"),
    (
        op.BULK_IDENTIFY_USERS,
        {"users": [{"id": "u"}] * 1001},
        "users: has 1,001 elements; the limit is 1,000: split the call",
    ),
    (
        op.CREATE_SCHEDULES,
        {"recipients": ["u"] * 101},
        "recipients: has 101 elements; the limit is 100: split the call",
    ),
    (
        op.CREATE_SCHEDULES,
        {"repeats": [{"days": "mon"}]},
        "repeats[0].days: must be a list, 'weekdays' or 'weekends': put a single value in brackets",
    ),
    (op.CREATE_SCHEDULES, {"repeats": [{}, {"hours": 24}]}, "repeats[1].hours: is 24; it must be from 0 to 23"),
    (op.CREATE_SCHEDULES, {"repeats": [{"day_of_month": 0}]}, "repeats[0].day_of_month: is 0; it must be from 1 to 31"),
    (op.CREATE_SCHEDULES, {"repeats": ({"minutes": 59.5},)}, "repeats[0].minutes: must be a whole number, not float"),
    (op.CREATE_SCHEDULES, {"repeats": [{"minutes": True}]}, "repeats[0].minutes: must be a whole number, not bool"),
    (
        op.BULK_ADD_SUBSCRIPTIONS,
        {"subscriptions": [{"recipients": ["u"]}, {"recipients": ["u"] * 101}]},
        "subscriptions[1].recipients: has 101 elements; the limit is 100: split the call",
    ),
    (
        op.BULK_ADD_SUBSCRIPTIONS,
        {"subscriptions": [{"recipients": "u1"}]},
        "subscriptions[0].recipients: must be a list, not a single str: put it in brackets",
    ),
    (
        op.BATCH_MARK_MESSAGES_AS_INTERACTED,
        {"message_ids": ["m"], "metadata": dict.fromkeys("abcdef", 1)},
        "metadata: has 6 pairs; the limit is 5",
    ),
    (
        op.BATCH_MARK_MESSAGES_AS_READ,
        {"message_ids": ["m"] * 51},
        "message_ids: has 51 elements; the limit is 50: split the call",
    ),
]


@pytest.mark.parametrize(("operation", "body", "problem"), LIMITS, ids=short_id)
def test_a_body_beyond_a_limit_is_rejected(operation: Operation, body: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        send(operation, path=("x",) * operation.path.count("{"), body=body)
    assert str(caught.value) == problem
    assert caught.value.argument == problem.partition(":")[0]


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        (op.TRIGGER_WORKFLOW, {"recipients": ["u"] * 1000}),
        (op.TRIGGER_WORKFLOW, {"recipients": {f"u{number}" for number in range(1000)}}),
        (op.TRIGGER_WORKFLOW, {"recipients": dict.fromkeys(["u1"]).keys()}),
        (op.CANCEL_WORKFLOW, {"recipients": None}),
        (op.CANCEL_WORKFLOW, {"recipients": NOT_GIVEN}),
        (op.BATCH_MARK_MESSAGES_AS_INTERACTED, {"message_ids": ["m"], "metadata": Settings(sandbox_mode=True)}),
        (op.BATCH_MARK_MESSAGES_AS_INTERACTED, {"message_ids": [], "metadata": Order(MappingProxyType({"n": 1}))}),
        (op.CREATE_SCHEDULES, {"repeats": [{"hours": 0, "minutes": 59, "day_of_month": None, "days": ["mon"]}]}),
        (op.CREATE_SCHEDULES, {"repeats": None}),
        (op.CREATE_SCHEDULES, {"repeats": [{"days": "weekdays"}, {"days": "weekends"}, {"days": None}]}),
        (op.UPDATE_SCHEDULES, {"repeats": [{"days": "weekends"}]}),
    ],
    ids=[
        "a thousand in a list",
        "a thousand in a set",
        "the keys of a mapping",
        "null",
        "not given",
        "a model",
        "a dataclass of a mapping",
        "the ends of ranges",
        "null instead of rules",
        "groups of days",
        "a group of days in an update",
    ],
)
def test_a_body_within_the_limits_is_accepted(operation: Operation, body: dict[str, Any]) -> None:
    assert send(operation, path=("x",) * operation.path.count("{"), body=body).body


def test_the_fields_of_a_dataclass_count_towards_the_limit() -> None:
    operation = make_operation("never", "POST", pairs={"metadata": 1})
    with pytest.raises(InvalidArgumentError, match=r"^metadata: has 2 pairs; the limit is 1$"):
        send(operation, body={"metadata": Order(MappingProxyType({"n": 1}))})


@pytest.mark.parametrize("size", [1, 50, None, NOT_GIVEN])
def test_a_valid_page_size_is_accepted(size: object) -> None:
    assert send(op.LIST_USERS, query={"page_size": size}).target.startswith("/v1/users")


@pytest.mark.parametrize(
    ("size", "problem"),
    [
        (0, "is 0; it must be from 1 to 50"),
        (51, "is 51; it must be from 1 to 50"),
        (10**6, "is 1,000,000; it must be from 1 to 50"),
        (-1, "is -1; it must be from 1 to 50"),
        (0.5, "must be a whole number, not float"),
        (10**5000, "is too large; it must be from 1 to 50"),
        ("50", "must be a whole number, not str"),
        (np.int64(51), "is 51; it must be from 1 to 50"),
        (np.float64(5), "must be a whole number, not float64"),
        (math.nan, "must be a whole number, not float"),
        (True, "must be a whole number, not bool"),
    ],
    ids=short_id,
)
def test_an_invalid_page_size_is_rejected(size: object, problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        send(op.LIST_USERS, query={"page_size": size})
    assert str(caught.value) == f"page_size: {problem}"


def test_queries_and_paths_beyond_a_limit_are_rejected() -> None:
    with pytest.raises(InvalidArgumentError, match=r"^message_ids: has 51 elements; the limit is 50: split the call$"):
        send(op.LIST_MESSAGES, query={"message_ids": ["m"] * 51})
    with pytest.raises(InvalidArgumentError, match=r"^status: must be a list, not a single str: put it in brackets$"):
        send(op.LIST_MESSAGES, query={"status": "sent"})
    with pytest.raises(InvalidArgumentError, match=r"^user_id: has 257 characters; the limit is 256: shorten it$"):
        send(op.GET_USER, path=("u" * 257,))
    assert send(op.GET_USER, path=("u" * 256,)).target == "/v1/users/" + "u" * 256
    with pytest.raises(InvalidArgumentError, match=r"^user_id: has 257 characters; the limit is 256: shorten it$"):
        send(op.GET_USER_PREFERENCE_SET, path=("u" * 257, "default"))


def test_a_field_with_too_many_bytes_is_rejected() -> None:
    operation = make_operation("never", "POST", size={"data": 20})
    assert send(operation, body={"data": "x" * 18, "other": "y" * 100}).body
    with pytest.raises(InvalidArgumentError) as caught:
        send(operation, body={"data": "ä" * 10, "other": "y"})
    assert str(caught.value) == "data: is 22 bytes as JSON; the limit is 20"


def test_a_field_with_too_many_bytes_inside_a_list_is_rejected() -> None:
    operation = make_operation("never", "POST", size={"schedules.data": 20})
    assert send(operation, body={"schedules": [{"data": "x" * 18}] * 9}).body
    with pytest.raises(InvalidArgumentError) as caught:
        send(operation, body={"schedules": [{"data": "x"}, {"other": 1}, {"data": "x" * 19}]})
    assert str(caught.value) == "schedules[2].data: is 21 bytes as JSON; the limit is 20"


def test_trigger_data_is_limited_to_ten_megabytes() -> None:
    limit = op.TRIGGER_WORKFLOW.size["data"]
    assert limit == 10_000_000
    assert len(trigger(body={"recipients": [], "data": {"a": "x" * (limit - 8)}}).body) > limit
    with pytest.raises(InvalidArgumentError, match=r"^data: is 10,000,001 bytes as JSON; the limit is 10,000,000$"):
        trigger(body={"recipients": [], "data": {"a": "x" * (limit - 7)}})


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": {"recipients": "u1"}},
        {"body": {"data": object()}},
        {"query": {"a": object()}},
        {"options": {"extra_headers": {"X-A": "a\r\nb"}}},
        {"options": {"timeout": -1}},
        {"options": {"extra_body": {"a": math.nan}}},
        {"idempotency_key": "a b"},
    ],
    ids=short_id,
)
def test_no_traceback_of_an_invalid_argument_shows_a_key(wrong: dict[str, Any]) -> None:
    config = make_config(user_token=TOKEN, default_headers={"Authorization": f"Bearer {KEY}"})
    with pytest.raises(InvalidArgumentError) as caught:
        trigger(config, **wrong)
    shown = show_with_locals(caught.value)
    assert "in encode" in shown
    assert "CANARY" not in shown


def test_a_generated_idempotency_key_is_a_random_uuid() -> None:
    keys = {_new_key() for _ in range(1_000)}
    assert len(keys) == 1_000
    for key in keys:
        parsed = UUID(key)
        assert (str(parsed), parsed.version, parsed.variant) == (key, 4, RFC_4122)
