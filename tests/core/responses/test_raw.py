"""Raw requests: only the client's own host is called, and unknown methods are never sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from knock_sdk import types as t
from knock_sdk._core.lifetime import Lifetime
from knock_sdk._core.requests.encode import encode
from knock_sdk._core.responses.raw import raw_request
from knock_sdk._core.wire.url import Origin, check_raw_path, parse_base_url
from knock_sdk.errors import InvalidArgumentError

from ..support import make_config

ORIGIN = Origin("https", "h", 443, "")


@pytest.mark.parametrize(
    ("base", "path", "taken"),
    [
        ("https://h", "/v1/users", "/v1/users"),
        ("https://h", "/v1/users?a=b&c%5B%5D=d", "/v1/users?a=b&c%5B%5D=d"),
        ("https://h", "/", "/"),
        ("https://h", "https://h/v1/users", "/v1/users"),
        ("https://h:8443/k", "https://h:8443/k/v1/users", "/v1/users"),
        ("https://h:443", "https://h/v1/users", "/v1/users"),
    ],
)
def test_a_path_or_url_of_the_client_s_own_host_is_accepted(base: str, path: str, taken: str) -> None:
    assert check_raw_path(parse_base_url(base, allow_http=False), path) == taken


OTHER_HOST = "must start with a single '/'; only the host of base_url is called"
ENCODED = "must be percent-encoded ASCII without spaces, control characters or '#'"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", OTHER_HOST),
        ("v1/users", OTHER_HOST),
        ("//evil.example/v1", OTHER_HOST),
        ("https://evil.example/v1/users", OTHER_HOST),
        ("http://h/v1/users", OTHER_HOST),
        ("https://h.evil.example/v1", OTHER_HOST),
        ("https://h@evil.example/v1", OTHER_HOST),
        ("https://h:444/v1", OTHER_HOST),
        ("https://h", OTHER_HOST),
        ("https://h//evil.example/v1", OTHER_HOST),
        ("/v1/users\r\nX-Evil: 1", ENCODED),
        ("/v1/a b", ENCODED),
        ("/v1/ä", ENCODED),
        ("/v1/x#y", ENCODED),
        ("/\\evil.example", ENCODED),
        ("/v1/\x00", ENCODED),
        (None, "must be a string, not NoneType"),
        (b"/v1", "must be a string, not bytes"),
    ],
    ids=ascii,
)
def test_a_path_of_another_host_or_with_invalid_characters_is_rejected(path: object, problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        check_raw_path(Origin("https", "h", 443, ""), path)
    assert str(caught.value) == f"path: {problem}"


def make_raw(method: object, path: object = "/v1/things", **more: Any) -> Any:
    return raw_request(ORIGIN, method, path, **{"query": None, "body": None, "cast_to": None, "options": {}, **more})


@pytest.mark.parametrize(
    ("method", "verb", "repeat"),
    [
        ("GET", "GET", "safe"),
        ("get", "GET", "safe"),
        ("head", "HEAD", "safe"),
        ("Put", "PUT", "idempotent"),
        ("DELETE", "DELETE", "idempotent"),
        ("POST", "POST", "never"),
        ("patch", "PATCH", "never"),
        ("PURGE", "PURGE", "never"),
    ],
)
def test_a_method_that_may_be_unsafe_is_never_sent_twice(method: str, verb: str, repeat: str) -> None:
    operation = make_raw(method).operation
    assert (operation.method, operation.repeat, operation.path) == (verb, repeat, "/v1/things")


@pytest.mark.parametrize("method", ["", "GET ", "GET\r\nX: 1", "G3T", "GÉT", None, b"GET", 5], ids=ascii)
def test_an_invalid_method_is_rejected(method: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        make_raw(method)
    assert str(caught.value) == "method: must be an HTTP method, such as 'GET'"


def test_a_raw_request_is_encoded_without_an_idempotency_key() -> None:
    request = make_raw("post", "/v1/things?a=b", query={"c": ["d"]}, body={"n": None}, options={"extra_body": {"m": 1}})
    sent = encode(request, make_config(base_url="https://h/knock"), Lifetime())
    assert sent.target == "/knock/v1/things?a=b&c%5B%5D=d"
    assert sent.body == b'{"n":null,"m":1}'
    assert sent.idempotency_key is None
    assert b"idempotency-key" not in dict(sent.headers)


@pytest.mark.parametrize(
    ("method", "body", "content", "length"),
    [
        ("POST", None, b"", b"0"),
        ("PUT", None, b"", b"0"),
        ("PATCH", None, b"", b"0"),
        ("GET", None, b"", None),
        ("DELETE", None, b"", None),
        ("DELETE", {"ids": [1]}, b'{"ids":[1]}', b"11"),
        ("POST", [], b"[]", b"2"),
        ("POST", {}, b"{}", b"2"),
        ("POST", 0, b"0", b"1"),
        ("POST", "text", b'"text"', b"6"),
    ],
)
def test_a_body_is_sent_with_its_length_and_type(
    method: str, body: object, content: bytes, length: bytes | None
) -> None:
    sent = encode(make_raw(method, body=body), make_config(), Lifetime())
    headers = dict(sent.headers)
    assert sent.body == content
    assert headers.get(b"content-length") == length
    assert headers.get(b"content-type") == (b"application/json" if content else None)


def test_the_response_is_plain_json_or_of_the_given_type() -> None:
    assert make_raw("GET").response_type is object
    assert make_raw("GET", cast_to=t.User).response_type is t.User
