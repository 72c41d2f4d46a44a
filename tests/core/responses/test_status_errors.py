"""Errors of responses with a status other than 2xx."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from knock_sdk import errors
from knock_sdk._core.responses.error_factory import status_error
from knock_sdk.errors import APIStatusError, FieldError, RateLimitError

from ..support import KEY, TOKEN, get_user, make_config, make_response, show_with_locals, trigger

CLASSES = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    422: errors.UnprocessableEntityError,
    429: errors.RateLimitError,
    **dict.fromkeys((500, 501, 502, 503, 504, 505, 511, 520, 599, 600, 999), errors.InternalServerError),
    **dict.fromkeys(
        (100, 199, 300, 301, 302, 304, 307, 308, 402, 405, 406, 408, 410, 413, 418, 425, 431, 451), APIStatusError
    ),
}


def make_error(body: bytes | object = b"", status: int = 422, headers: dict[str, str] | None = None) -> APIStatusError:
    """Return the error for a response body, which is given as bytes or as a value to be encoded."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = make_response(status, content, {"X-Request-Id": "r1", **(headers or {})})
    return status_error(get_user(make_config(user_token=TOKEN)), response, 3)


@pytest.mark.parametrize(("status", "kind"), CLASSES.items())
def test_each_status_has_its_error_class(status: int, kind: type[APIStatusError]) -> None:
    error = make_error({"code": "c", "message": "m"}, status)
    assert type(error) is kind
    assert error.status_code == status


def test_an_error_has_every_field_of_the_response() -> None:
    body = {
        "code": "invalid_params",
        "message": "The  request\nis invalid.",
        "status": 422,
        "type": "invalid_request_error",
        "errors": [{"field": "name", "message": "is too long", "type": "length"}, {"field": "email"}],
        "extra": [1],
    }
    error = make_error(body, headers={"Retry-After": "7", "X-A": "b"})
    assert (error.code, error.type, error.message) == (
        "invalid_params",
        "invalid_request_error",
        "The request is invalid.",
    )
    assert error.errors == (FieldError("name", "is too long", "length"), FieldError("email", None, None))
    assert (error.status_code, error.request_id, error.attempts, error.retry_after) == (422, "r1", 3, 7.0)
    assert error.headers == {"x-request-id": "r1", "retry-after": "7", "x-a": "b"}
    assert error.body == body
    assert (error.method, error.path, error.idempotency_key) == ("GET", "/v1/users/{user_id}", None)
    assert str(error) == (
        "422 invalid_params: The request is invalid: name is too long; email is invalid. See errors for the invalid"
        " fields (GET /v1/users/{user_id}; request id r1; retry after 7 s)"
    )


def test_the_documented_example_becomes_a_readable_message() -> None:
    body = {"code": "authorization", "message": "Access token not set.", "status": 403, "type": "authentication_error"}
    assert str(make_error(body, 403)) == (
        "403 authorization: Access token not set (GET /v1/users/{user_id}; request id r1)"
    )


def test_the_error_of_a_trigger_has_its_idempotency_key() -> None:
    error = status_error(trigger(idempotency_key="k1"), make_response(500), 4)
    assert (error.idempotency_key, error.attempts, error.request_id) == ("k1", 4, None)
    assert str(error) == "500: no message (POST /v1/workflows/{key}/trigger; request id unknown)"


HTML = b"<!DOCTYPE html><html><body>" + b"<p>Bad gateway</p>" * 120_000 + b"</body></html>"
REDIRECT = "the server responded with a redirect; redirects are not followed, check base_url"
PAGE = "an HTML page instead of JSON: is there a proxy in between?"
ODD: list[tuple[Any, int, str, Any]] = [
    (b"", 500, "no message", ""),
    (b"   ", 500, "no message", "   "),
    (b"null", 500, "no message", None),
    (b"[]", 422, "no message", []),
    (b"{}", 422, "no message", {}),
    (b"0", 500, "no message", 0),
    (b'"went wrong"', 500, "went wrong", "went wrong"),
    (b"upstream\n  timed out", 504, "upstream timed out", "upstream\n  timed out"),
    (b'{"message": "cut o', 502, '{"message": "cut o', '{"message": "cut o'),
    (b"\xff\xfe", 500, "\ufffd\ufffd", "\ufffd\ufffd"),
    (b'{"message": "caf\xe9"}', 400, "caf\ufffd", {"message": "caf\ufffd"}),
    (HTML, 502, PAGE, HTML[:2048].decode()),
    (b"\n <html>", 502, PAGE, "\n <html>"),
    (HTML, 302, REDIRECT, HTML[:2048].decode()),
    (b"", 300, REDIRECT, ""),
    (b"", 399, REDIRECT, ""),
    (b"", 400, "no message", ""),
    (["a", 1], 422, '["a",1]', ["a", 1]),
    (
        {"errors": {"detail": "Not Found"}},
        404,
        '{"errors":{"detail":"Not Found"}}',
        {"errors": {"detail": "Not Found"}},
    ),
    ({"message": {"a": 1}}, 422, '{"message":{"a":1}}', {"message": {"a": 1}}),
    ({"message": ""}, 422, '{"message":""}', {"message": ""}),
    (
        {"message": None, "code": 5, "type": []},
        422,
        '{"message":null,"code":5,"type":[]}',
        {"message": None, "code": 5, "type": []},
    ),
    (b"[" * 5000, 500, "[" * 199 + "…", "[" * 2048),
    (b'{"n": ' + b"9" * 5000 + b"}", 500, '{"n": ' + "9" * 193 + "…", '{"n": ' + "9" * 2042),
    (
        {"message": "\x1b[31mred\x07\x00 \u202eback"},
        400,
        "\ufffd[31mred\ufffd\ufffd \ufffdback",
        {"message": "\x1b[31mred\x07\x00 \u202eback"},
    ),
]


@pytest.mark.parametrize(("body", "status", "message", "stored"), ODD, ids=lambda value: ascii(value)[:24])
def test_an_unexpected_body_is_described_and_stored(body: Any, status: int, message: str, stored: Any) -> None:
    error = make_error(body, status)
    assert error.message == message
    assert error.body == stored
    assert (error.type, error.errors) == (None, ())
    assert error.code is None
    assert len(str(error)) < 2048
    assert str(error).isprintable()
    str(error).encode()


@pytest.mark.parametrize("body", [body for body, *_ in ODD], ids=lambda value: ascii(value)[:24])
def test_every_status_with_an_unexpected_body_has_its_error_class(body: Any) -> None:
    for status in (*range(100, 200), *range(300, 600)):
        error = make_error(body, status)
        fallback = errors.InternalServerError if status >= 500 else APIStatusError
        assert type(error) is errors.STATUS_ERRORS.get(status, fallback)
        assert str(error).startswith(f"{status}: ")
        assert len(str(error)) < 2048


ALL_FIELDS = {"field": "f", "message": "m", "type": "t"}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (None, ()),
        ([], ()),
        ({}, ()),
        (5, ()),
        ("is refused", (FieldError(None, "is refused", None),)),
        (ALL_FIELDS, (FieldError("f", "m", "t"),)),
        ([ALL_FIELDS], (FieldError("f", "m", "t"),)),
        ([{"field": 5, "message": ["x"], "type": "t"}], (FieldError(None, None, "t"),)),
        (
            [None, 5, [], {}, {"other": "x"}, ALL_FIELDS, "text"],
            (FieldError("f", "m", "t"), FieldError(None, "text", None)),
        ),
    ],
    ids=str,
)
def test_field_errors_are_read_from_every_shape(raw: object, found: tuple[FieldError, ...]) -> None:
    assert make_error({"message": "m", "errors": raw}).errors == found


def test_long_texts_are_truncated() -> None:
    long = "x" * 10_000
    body = {"code": long, "message": long, "type": long, "errors": [dict.fromkeys(FieldError._fields, long)] * 20}
    error = make_error(body, headers={"X-Request-Id": long})
    assert len(error.message) == len(error.code or "") == len(error.type or "") == 500
    assert {len(text or "") for text in error.errors[0]} == {500}
    assert len(error.errors) == 20
    assert error.body == body
    assert len(str(error)) < 2048


def test_large_json_is_parsed_up_to_a_megabyte() -> None:
    body = {
        "message": "many",
        "errors": [{"field": f"users[{number}].id", "message": "is blank"} for number in range(1000)],
    }
    error = make_error(body)
    assert len(json.dumps(body)) > 40_000
    assert (error.message, len(error.errors)) == ("many", 1000)
    most = b'{"message": "m"}'.ljust(1024 * 1024)
    assert (make_error(most).message, make_error(most + b" ").body) == ("m", most[:2048].decode())
    error = make_error({"message": "many", "filler": "x" * 1024 * 1024})
    assert error.message.startswith('{"message": "many", "filler": "xxx')
    assert len(error.body) == 2048


@pytest.mark.parametrize("status", [302, 400, 401, 429, 500])
def test_unexpected_headers_of_an_error_are_preserved(status: int) -> None:
    error = make_error(b"", status, {"Location": "https://evil.example", "Retry-After": "garbage", "X-Odd": "\xff"})
    assert error.headers["location"] == "https://evil.example"
    assert error.retry_after is None


@pytest.mark.parametrize("escape", [False, True])
def test_echoed_secrets_are_redacted(escape: bool) -> None:
    echoed = f"no access with {KEY} and {TOKEN}"
    body = json.dumps({"message": echoed, "code": KEY, "type": TOKEN, "errors": [{"field": KEY}], KEY: [{"a": TOKEN}]})
    if escape:
        body = body.replace("CANARY", "\\u0043ANARY")
    error = make_error(body.encode(), 401, {"X-Request-Id": f"r-{KEY}", "X-Echo": f"Bearer {TOKEN}"})
    assert error.message == "no access with [redacted] and [redacted]"
    assert (error.code, error.type, error.request_id) == ("[redacted]", "[redacted]", "r-[redacted]")
    assert error.body["[redacted]"] == [{"a": "[redacted]"}]
    assert error.headers["x-echo"] == "Bearer [redacted]"
    assert "CANARY" not in f"{error} {error!r} {error.__dict__}"
    assert b"CANARY" not in pickle.dumps(error)


@pytest.mark.parametrize("before", range(2000, 2060, 5))
def test_a_truncated_body_has_no_part_of_a_secret(before: int) -> None:
    error = make_error(b"." * before + KEY.encode() + b"." * 5000, 500)
    assert "CANARY" not in error.body
    assert "sk_te" not in error.body
    assert len(error.body) <= 2048


def test_a_short_key_is_redacted_in_texts_only() -> None:
    body = {"code": "workflow_missing", "message": "a message", "errors": [{"field": "f", "message": "e"}]}
    error = status_error(get_user(make_config(api_key="e")), make_response(404, json.dumps(body).encode()), 1)
    assert error.message == "a m[redacted]ssag[redacted]"
    assert error.errors == (FieldError("f", "[redacted]", None),)


def test_tracebacks_show_no_secret() -> None:
    def call() -> None:
        config = make_config(user_token=TOKEN)
        outgoing = trigger(config, body={"recipients": [], "data": {"key": KEY}})
        response = make_response(401, f'{{"message": "{KEY}"}}'.encode(), {"X-Echo": KEY})
        raise status_error(outgoing, response, 1)

    with pytest.raises(errors.AuthenticationError) as caught:
        call()
    shown = show_with_locals(caught.value)
    assert "outgoing = <Outgoing POST /v1/workflows/{key}/trigger, " in shown
    assert "response = <Response 401, 42 bytes>" in shown
    assert "CANARY" not in shown


def test_a_rate_limit_error_has_the_requested_wait() -> None:
    error = make_error({"message": "slow down"}, 429, {"Retry-After": "Fri, 31 Dec 99999 23:59:59 GMT"})
    assert type(error) is RateLimitError
    assert error.retry_after == 1e12
