"""Decoding of successful responses: data of the expected type, or a typed error."""

from __future__ import annotations

import copy
import gzip
import json
import logging
from datetime import datetime, timezone
from functools import reduce
from types import NoneType
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, field_validator

from knock_sdk import types as t
from knock_sdk._core.requests.request import Request
from knock_sdk._core.responses import decode as module
from knock_sdk._core.responses.decode import decode
from knock_sdk.errors import APIResponseValidationError, APIStatusError
from tests.support.paths import DATA

from ..support import KEY, get_user, make_config, make_response, read, show_with_locals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER = {"__typename": "User", "id": "u1", "updated_at": "2030-03-17T12:00:00Z", "created_at": None, "email": "j@x.y"}


@pytest.fixture(autouse=True)
def _reset_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_warned", set())


@pytest.mark.parametrize("status", [199, 300, 304, 400, 404, 429, 500])
@pytest.mark.parametrize("expected", [t.User, object, NoneType])
def test_a_status_other_than_2xx_is_an_error_whatever_the_body(expected: Any, status: int) -> None:
    with pytest.raises(APIStatusError) as caught:
        read(expected, USER, status)
    assert (caught.value.status_code, caught.value.attempts, caught.value.body) == (status, 2, USER)


def test_an_object_is_decoded_to_a_model() -> None:
    user = read(t.User, USER)
    assert type(user) is t.User
    assert (user.id, user.email, user.created_at) == ("u1", "j@x.y", None)
    assert user.updated_at == datetime(2030, 3, 17, 12, tzinfo=timezone.utc)
    assert user.model_fields_set == {"typename", "id", "updated_at", "created_at", "email"}
    assert user.phone_number is None


def test_unknown_fields_and_enum_values_are_preserved() -> None:
    user = read(t.User, {**USER, "plan": {"name": "pro"}, "cls": 1})
    assert user.properties == {"plan": {"name": "pro"}, "cls": 1}
    assert user.plan == {"name": "pro"}
    channel = read(
        t.MessageChannel,
        {
            "id": "c",
            "type": "hologram",
            "provider": "p",
            "created_at": USER["updated_at"],
            "updated_at": USER["updated_at"],
        },
    )
    assert channel.type == "hologram"


def test_a_list_is_decoded_to_models() -> None:
    users = read(list[t.User], [USER, {**USER, "id": "u2"}])
    assert [type(user) for user in users] == [t.User, t.User]
    assert [user.id for user in users] == ["u1", "u2"]
    assert read(list[t.User], []) == []


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_body_is_ignored_where_no_data_is_expected(status: int) -> None:
    assert read(NoneType, b"", status) is None
    assert read(NoneType, b'"ok"', status) is None
    assert read(NoneType, b"{}", status) is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"", None),
        (b"null", None),
        (b'{"a": [1, 2.5, "x", true]}', {"a": [1, 2.5, "x", True]}),
        (b"[]", []),
        (b"0", 0),
        (b'"text"', "text"),
    ],
)
def test_json_is_decoded_to_plain_values(body: bytes, value: object) -> None:
    assert read(object, body) == value


HTML = b"<!DOCTYPE html><html><body>Sign in</body></html>"
NOT_JSON = [
    *(HTML, b"OK", b" ", b"\n", b"{", b'{"id": "u1"', b'{"id": "u1"}}', b"[" * 100_000, b'{"a":' * 100_000),
    *(b'{"id": "\xff"}', b"\xff\xfe", b"\xef\xbb\xbf", b"{\"id\": 'u1'}", b"\x00"),
    *(
        b'{"id": "u1"}\x00',
        gzip.compress(b"{}", mtime=0),
        b'{"n": ' + b"9" * 5000 + b"}",
        b'{"id": "\\ud800"}',
        b"{'id': 1}",
        b"undefined",
    ),
]


@pytest.mark.parametrize("body", NOT_JSON, ids=lambda body: repr(body[:24]))
@pytest.mark.parametrize("expected", [t.User, t.TriggerWorkflowResponse, list[t.Message], object, NoneType, t.PageInfo])
def test_a_body_that_is_not_json_is_an_error(expected: Any, body: bytes) -> None:
    with pytest.raises(APIResponseValidationError) as caught:
        read(expected, body)
    error = caught.value
    assert "the server accepted the request (200), but its response is not JSON" in str(error)
    assert (error.status_code, error.request_id, error.attempts) == (200, "r1", 2)
    assert (error.method, error.path) == ("GET", "/v1/users/{user_id}")
    assert error.start == body[:512]
    assert len(str(error)) < 2048
    assert error.__cause__ is None


@pytest.mark.parametrize("expected", [t.User, object, dict[str, Any]])
def test_a_byte_order_mark_is_skipped(expected: Any) -> None:
    body = json.dumps(USER).encode()
    assert read(expected, b"\xef\xbb\xbf" + body) == read(expected, body)
    with pytest.raises(APIResponseValidationError):
        read(expected, b"\xef\xbb\xbf" * 2 + body)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("expected", [t.User, object, dict[str, Any]])
def test_nan_in_a_custom_property_is_malformed_for_every_reader(expected: Any, number: str) -> None:
    with pytest.raises(APIResponseValidationError, match="is not JSON"):
        read(expected, json.dumps(USER).encode()[:-1] + f', "score": [{number}]}}'.encode())
    text = json.dumps({**USER, "score": number}).encode()
    assert json.loads(text)["score"] == number
    read(expected, text)


@pytest.mark.parametrize("body", [b'{"id": NaN}', b'{"id": -Infinity}', b"NaN", b"[Infinity]"])
@pytest.mark.parametrize("expected", [t.User, list[t.User], object, NoneType])
def test_nan_and_infinity_are_errors(expected: Any, body: bytes) -> None:
    with pytest.raises(APIResponseValidationError):
        read(expected, body)


WRONG_KINDS: list[tuple[Any, bytes]] = [
    (t.User, b""),
    (list[t.User], b""),
    *((t.User, body) for body in (b"null", b"[]", b"5", b'"u1"', b"true", b"{}", b'[{"id":"u1"}]', b'{"other":1}')),
    *((t.ListUsersResponse, body) for body in (b"null", b"[]", b"{}", b'{"users": []}')),
    *((t.TriggerWorkflowResponse, body) for body in (b"null", b"[]", b"{}", b'{"ok": true}', b'"id"')),
    *((t.SuccessResponse, body) for body in (b"null", b"[]", b"{}", b'{"okay": "ok"}')),
    *((list[t.User], body) for body in (b"null", b"{}", b'{"id":"u1"}', b"[null]", b"[{}]", b'["u1"]', b'[{"x":1}]')),
    (list[t.User], json.dumps([USER, {}]).encode()),
    (list[t.User], json.dumps([USER, None]).encode()),
    (int, b'"text"'),
    (list[int], b'["text"]'),
    (dict[str, int], b"[]"),
    (dict[str, int], b'{"a": "text"}'),
]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[{}]", id="empty"),
        pytest.param(b'[{"other": 1}]', id="unknown"),
        pytest.param(b'[{"other": 1}, {"another": 2}]', id="all-unknown"),
        pytest.param(b'[{"ok": "yes"}, {"other": 1}]', id="last-unknown"),
        pytest.param(b'[{"other": 1}, {"ok": "yes"}]', id="first-unknown"),
    ],
)
def test_every_model_of_a_list_must_have_a_known_field(body: bytes, strict: bool) -> None:
    with pytest.raises(APIResponseValidationError, match="its response has none of the expected fields"):
        read(list[t.SuccessResponse], body, strict=strict)
    assert [each.ok for each in read(list[t.SuccessResponse], b'[{"ok": "yes", "other": 1}]', strict=strict)] == ["yes"]
    assert read(list[t.SuccessResponse], b"[]", strict=strict) == []


@pytest.mark.parametrize(("expected", "body"), WRONG_KINDS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("strict", [False, True])
def test_json_of_another_shape_is_an_error(
    expected: Any, body: bytes, strict: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(APIResponseValidationError, match=r"the server accepted the request \(200\), but ") as caught:
        read(expected, body, strict=strict)
    assert caught.value.start == body
    assert "cannot be read" not in str(caught.value)
    assert caplog.records == []


def test_a_type_of_the_caller_can_be_expected() -> None:
    class Own(BaseModel):
        id: str

    assert read(Own, USER).id == "u1"
    assert read(dict[str, Any], {"a": 1}) == {"a": 1}
    assert read(list[int], [1, 2]) == [1, 2]


@pytest.mark.parametrize("strict", [False, True])
def test_an_exception_in_a_validator_of_the_caller_is_a_validation_error(strict: bool) -> None:
    class Own(BaseModel):
        id: str

        @field_validator("id")
        @classmethod
        def check(cls, value: str) -> str:
            raise KeyError(value)

    with pytest.raises(APIResponseValidationError) as caught:
        read(Own, USER, strict=strict)
    assert "but its response cannot be read (KeyError)" in str(caught.value)
    assert type(caught.value.__cause__) is KeyError


def test_invalid_fields_are_read_leniently_with_one_warning_per_schema(caplog: pytest.LogCaptureFixture) -> None:
    body = {**USER, "email": 5, "updated_at": "soon", "plan": "pro"}
    with caplog.at_level(logging.WARNING, "knock_sdk"):
        users = [read(t.User, body) for _ in range(3)]
        read(list[t.User], [body])
        read(list[t.User], [body])
    for user in users:
        assert type(user) is t.User
        assert (user.id, user.email, user.updated_at, user.plan) == ("u1", 5, "soon", "pro")
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == 2
    assert messages[0].startswith("a response does not match User: email: Input should be")
    assert messages[1].startswith("a response does not match list[knock_sdk.types.users.User]: 0.email")


def test_a_missing_required_field_reads_as_none(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "knock_sdk"):
        user = read(t.User, {"id": "u1"})
    assert (user.id, user.updated_at, user.typename, user.name) == ("u1", None, None, None)
    assert user.model_fields_set == {"id"}
    assert len(caplog.records) == 1


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each key in a JSON value, at any depth."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if isinstance(value, dict):
            yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_any_field_of_a_response_may_be_missing(path: Path) -> None:
    model = getattr(t, path.name.split(".")[0])
    body = json.loads(path.read_text(encoding="utf-8"))
    for *above, key in places(body):
        partial = copy.deepcopy(body)
        owner = reduce(lambda value, step: value[step], above, partial)
        del owner[key]
        if not above and not owner:
            continue  # a response without any known field is an error
        if isinstance(body, list) and len(above) == 1 and not owner:
            continue
        value = read(model, partial)
        for step in above:
            value = value[step] if isinstance(value, (dict, list)) else attribute(value, step)
        if isinstance(value, BaseModel) and (name := known(value, key)):
            assert getattr(value, name) is None
            assert name not in value.model_fields_set


def attribute(model: BaseModel, key: str) -> Any:
    """Return the value of a field by the API's name."""
    return getattr(model, known(model, key) or key)


def known(model: BaseModel, key: str) -> str | None:
    """Return the attribute of a field by the API's name, or None if the model does not know it."""
    return next((name for name, field in type(model).model_fields.items() if key in (name, field.alias)), None)


def test_strict_mode_raises_an_error_for_invalid_fields() -> None:
    with pytest.raises(APIResponseValidationError) as caught:
        read(t.User, {**USER, "email": 5}, strict=True)
    assert "but its response does not match User: email: Input should be a valid string (request id r1" in str(
        caught.value
    )
    with pytest.raises(APIResponseValidationError, match="does not match User: updated_at: Field required"):
        read(t.User, {"__typename": "User", "id": "u1"}, strict=True)
    assert read(t.User, {**USER, "plan": "pro"}, strict=True).plan == "pro"


def test_errors_show_no_key() -> None:
    body = b"." * 500 + f'{{"id": {KEY}'.encode()
    with pytest.raises(APIResponseValidationError) as caught:
        read(t.User, body)
    assert b"CANARY" not in caught.value.start
    assert caught.value.start == b"." * 500 + b'{"id": [reda'
    with pytest.raises(APIResponseValidationError) as caught:
        read(t.User, f'{{"{KEY}": 1}}'.encode())
    assert caught.value.start == b'{"[redacted]": 1}'
    assert "CANARY" not in str(caught.value)
    with pytest.raises(APIResponseValidationError) as wrong:
        decode(
            Request(get_user().operation, t.User, options={}), get_user(), make_response(200, b"x"), 1, make_config()
        )
    assert "CANARY" not in show_with_locals(wrong.value)


def test_long_field_paths_are_truncated_in_the_message() -> None:
    body = {**USER, "email": {"x" * 5000: 1}, "y" * 5000: 2}
    with pytest.raises(APIResponseValidationError) as caught:
        read(t.User, body, strict=True)
    assert len(str(caught.value)) < 2048
