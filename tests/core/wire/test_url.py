"""Paths and base URLs: an id stays one segment, and the key is sent to no other host."""

from __future__ import annotations

from enum import Enum
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knock_sdk._core.requests import operations as op
from knock_sdk._core.requests.operation import Operation
from knock_sdk._core.wire.url import Origin, check_segment, fill, is_loopback, parse_base_url
from knock_sdk.errors import ConfigurationError, InvalidArgumentError

from ..support import make_config, send

WITH_IDS = [value for value in vars(op).values() if isinstance(value, Operation) and "{" in value.path]
HOSTILE = [
    *(
        "../../x",
        "..%2f..%2fx",
        "%2e%2e",
        "%2E%2E/",
        "a/b",
        "/",
        "//evil.example",
        "\\",
        "..\\..",
        "https://evil.example",
    ),
    *(
        "?a=1",
        "a?b",
        "#",
        "a#b",
        "a;b=c",
        "a b",
        "a+b",
        "a%20b",
        "%",
        "%zz",
        "{id}",
        "{user_id}",
        "u1@evil.example",
        ":",
    ),
    *(
        "\r\nX-Evil: 1",
        "\x00",
        "\t",
        "\x7f",
        "ä",
        "☕",
        "\U0001f600",
        "\u202e",
        "\ufeff",
        " ",
        "  ",
        "...",
        "$",
        "~",
        '"',
        "<>",
    ),
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_hostile_ids_stay_one_segment(hostile: str) -> None:
    assert WITH_IDS
    for operation in WITH_IDS:
        segments = operation.path.split("/")
        ids = [index for index, segment in enumerate(segments) if segment.startswith("{")]
        target = send(operation, path=(hostile,) * len(ids)).target
        assert target.isascii()
        assert target.isprintable()
        assert " " not in target
        sent = target.split("/")
        assert len(sent) == len(segments)
        for index, (segment, value) in enumerate(zip(segments, sent, strict=True)):
            assert unquote(value) == (hostile if index in ids else segment)
            assert value not in (".", "..")


@settings(max_examples=2000)
@given(st.text(st.characters()))
@example("\ud800")
@example(".")
@example("..")
def test_any_id_is_encoded_unchanged_or_rejected(value: str) -> None:
    try:
        segment = check_segment("user_id", value)
    except InvalidArgumentError as error:
        assert error.argument == "user_id"  # noqa: PT017 (both outcomes are valid)
        assert value in ("", ".", "..") or any("\ud800" <= character <= "\udfff" for character in value)
        str(error).encode()
    else:
        assert unquote(segment, errors="strict") == value
        assert segment.isascii()
        assert not set(segment) & set('/?#\\ "<>{}')
        assert segment not in ("", ".", "..")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "must not be '': an id cannot be empty, '.' or '..'"),
        (".", "must not be '.': an id cannot be empty, '.' or '..'"),
        ("..", "must not be '..': an id cannot be empty, '.' or '..'"),
        ("a\ud800", "contains a lone surrogate, which cannot be encoded as UTF-8"),
        (None, "must be a string, not NoneType"),
        (5, "must be a string, not int"),
        (b"u1", "must be a string, not bytes"),
        (["u1"], "must be a string, not list"),
        ({"id": "u1"}, "must be a string, not dict"),
    ],
    ids=ascii,
)
def test_an_invalid_id_is_rejected(value: object, problem: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        fill("/v1/users/{user_id}/feeds/{id}", ("u1", value))
    assert caught.value.argument == "id"
    assert str(caught.value) == f"id: {problem}"


def test_characters_allowed_in_a_path_are_not_encoded() -> None:
    assert check_segment("id", "$tenants") == "$tenants"
    assert check_segment("id", "a-b.c_d~e!f'(g)*h,i;j=k:l@m&n+o") == "a-b.c_d~e!f'(g)*h,i;j=k:l@m&n+o"
    assert check_segment("id", "a/b c%ä") == "a%2Fb%20c%25%C3%A4"


def test_a_string_enum_is_accepted_as_an_id() -> None:
    class Workflow(str, Enum):
        NEW = "comment/new"

    assert check_segment("key", Workflow.NEW) == "comment%2Fnew"


def test_each_id_fills_its_own_placeholder() -> None:
    template = "/v1/objects/{collection}/{id}/channel_data/{channel_id}"
    assert fill(template, ("{id}", "{channel_id}", "c")) == "/v1/objects/%7Bid%7D/%7Bchannel_id%7D/channel_data/c"
    assert fill("/v1/users", ()) == "/v1/users"
    with pytest.raises(ValueError, match="argument"):
        fill("/v1/users/{user_id}", ("u1", "one too many"))


GOOD_URLS: list[tuple[str, Origin, str]] = [
    ("https://api.knock.app", Origin("https", "api.knock.app", 443, ""), "api.knock.app"),
    ("https://api.knock.app/", Origin("https", "api.knock.app", 443, ""), "api.knock.app"),
    ("HTTPS://API.Knock.App", Origin("https", "api.knock.app", 443, ""), "api.knock.app"),
    ("https://h:443", Origin("https", "h", 443, ""), "h"),
    ("https://h:8443/knock/eu/", Origin("https", "h", 8443, "/knock/eu"), "h:8443"),
    ("https://h:", Origin("https", "h", 443, ""), "h"),
    ("https://h:80", Origin("https", "h", 80, ""), "h:80"),
    ("https://10.0.0.1", Origin("https", "10.0.0.1", 443, ""), "10.0.0.1"),
    ("https://[2001:db8::1]:8443/x", Origin("https", "2001:db8::1", 8443, "/x"), "[2001:db8::1]:8443"),
    ("http://localhost:4000", Origin("http", "localhost", 4000, ""), "localhost:4000"),
    ("http://127.0.0.1", Origin("http", "127.0.0.1", 80, ""), "127.0.0.1"),
    ("http://127.9.9.9:1", Origin("http", "127.9.9.9", 1, ""), "127.9.9.9:1"),
    ("http://[::1]:4000", Origin("http", "::1", 4000, ""), "[::1]:4000"),
    ("http://knock.localhost", Origin("http", "knock.localhost", 80, ""), "knock.localhost"),
]


@pytest.mark.parametrize(("url", "origin", "authority"), GOOD_URLS)
def test_a_valid_base_url_is_parsed(url: str, origin: Origin, authority: str) -> None:
    parsed = parse_base_url(url, allow_http=False)
    assert parsed == origin
    assert parsed.authority == authority
    assert parse_base_url(parsed.url, allow_http=False) == parsed


HTTP = "http:// would send the key in the clear; use https://, or pass allow_http=True"
SCHEME = "must start with https:// and name a host, like https://api.knock.app"
CHARACTER = "contains a space, a control character or a character outside ASCII; remove it"
SHAPE = "is not a valid URL; write it like https://api.knock.app"
VERSION = "must not end with /v1, which the client adds; leave it out"
EXTRA = "must not contain a query or a fragment; pass default_query= for parameters"
LOGIN = "must not contain a user name or password; pass a key as api_key="
BAD_URLS: list[tuple[Any, str]] = [
    (f"https://{'a.' * 127}a", SHAPE),  # no name is longer than 253 characters and a dot
    ("", SCHEME),
    ("api.knock.app", SCHEME),
    ("https:", SCHEME),
    ("https://", SCHEME),
    ("https:///v1", SCHEME),
    ("ftp://h", SCHEME),
    ("file:///etc/passwd", SCHEME),
    ("javascript:alert(1)", SCHEME),
    ("http://h", HTTP),
    ("http://169.254.169.254", HTTP),
    ("http://0.0.0.0", HTTP),
    ("http://127.0.0.1.evil.example", HTTP),
    ("http://localhost.evil.example", HTTP),
    ("http://notlocalhost", HTTP),
    ("http://127.1", HTTP),
    ("https://user:CANARY@h", LOGIN),
    ("https://CANARY@h", LOGIN),
    ("https://h\\@evil.example", LOGIN),
    ("https://h?a=CANARY", EXTRA),
    ("https://h#CANARY", EXTRA),
    ("https://h?", EXTRA),
    ("https://h/#", EXTRA),
    ("https://h/ x", CHARACTER),
    (" https://h", CHARACTER),
    ("https://h\n", CHARACTER),
    ("https://h\x00", CHARACTER),
    ("https://h\t", CHARACTER),
    ("https://hä", CHARACTER),
    ("https://h:99999", SHAPE),
    ("https://h:-1", SHAPE),
    ("https://h:x", SHAPE),
    ("https://h:0", SHAPE),
    ("https://[::1", SHAPE),
    ("https://[::1]x", SHAPE),
    ("https://[fe80::1%25eth0]", SHAPE),
    ("https://a\\b", SHAPE),
    ("https://a,b", SHAPE),
    ("https://*", SHAPE),
    ("https://h/v1", VERSION),
    ("https://h/proxy/v1/", VERSION),
    ("https://api..knock.app", SHAPE),
    ("https://.knock.app", SHAPE),
    (f"https://{'a' * 64}.app", SHAPE),
    ("https://[::g]", SHAPE),
    ("https://[1.2.3.4]", SHAPE),
    ("https://[:::]", SHAPE),
    ("https://h%2eevil", SHAPE),
    ("https://h/a\\b", SHAPE),
    ('https://h/"', SHAPE),
    (None, "must be a string, not NoneType"),
    (b"https://h", "must be a string, not bytes"),
]


@pytest.mark.parametrize(("url", "problem"), BAD_URLS, ids=ascii)
def test_an_invalid_base_url_is_rejected(url: Any, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_base_url(url, allow_http=False)
    assert str(caught.value) == f"base_url: {problem}"


def test_allow_http_accepts_http_and_no_other_scheme() -> None:
    assert parse_base_url("http://10.0.0.1:8080/k", allow_http=True) == Origin("http", "10.0.0.1", 8080, "/k")
    with pytest.raises(ConfigurationError):
        parse_base_url("ftp://10.0.0.1", allow_http=True)


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.255.0.3", "::1"])
def test_a_loopback_host_is_recognized(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example", "127.0.0.1.nip.io", "10.0.0.1", "0.0.0.0", "::", "example", ""])
def test_another_host_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_the_path_of_the_base_url_prefixes_every_path() -> None:
    config = make_config(base_url="https://h/knock")
    assert send(op.GET_USER, config, path=("u/1",)).target == "/knock/v1/users/u%2F1"
