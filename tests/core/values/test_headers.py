"""Headers: invalid names and values are rejected, and no message repeats a value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk._core.secret import Secret
from knock_sdk._core.values.headers import check_idempotency_key, check_secret, check_token, encode_headers, merge
from knock_sdk.errors import ConfigurationError, InvalidArgumentError

CANARY = "CANARY"
BAD_VALUES = [
    *("a\r\nX-Evil: 1", "a\nb", "a\rb", "a\x00b", "a\x0bb", "a\x1fb", "a\x7fb", "\n", "a\n"),
    *("\u20ac", "\u4e2d", "\U0001f600", "\ud800", "\u2028"),
    *(None, 5, b"bytes", ["a"], True),
]
BAD_NAMES = ["", "a b", "a:", "a\r\n", "\x00", "ä", "(a)", 'a"b', "a/b", None, 5, b"x-a"]
BAD_TOKENS = [
    "",
    " ",
    "sk_ CANARY",
    " CANARY",
    "CANARY ",
    "CANARY\n",
    "CANARY\r\n",
    "\tCANARY",
    "CANARY\x00",
    "CANARYä",
    "CANARY\ud800",
]


@pytest.mark.parametrize("value", BAD_VALUES, ids=ascii)
def test_an_invalid_value_is_rejected(value: Any) -> None:
    given_value = f"{CANARY}{value}" if isinstance(value, str) else value
    with pytest.raises(InvalidArgumentError) as caught:
        encode_headers("extra_headers", {"X-Fine": "1", "X-Custom": given_value})
    assert str(caught.value) == (
        "extra_headers: the value of 'X-Custom' must be a string of Latin-1 characters without control characters"
    )


@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
def test_an_invalid_name_is_rejected(name: Any) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        encode_headers("default_headers", {name: CANARY})
    assert str(caught.value) == (
        "default_headers: contains a name that is not a valid header name; use letters, digits and hyphens"
    )


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "CONNECTION"])
def test_a_header_that_frames_the_request_is_rejected(name: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        encode_headers("extra_headers", {name: CANARY})
    assert str(caught.value) == f"extra_headers: must not contain {name!r}, which the client sets itself; leave it out"


@pytest.mark.parametrize("headers", [["X-A"], "X-A: 1", [("X-A", "1")], 5])
def test_headers_must_be_a_mapping(headers: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        encode_headers("extra_headers", headers)
    assert str(caught.value) == f"extra_headers: must be a mapping, not {type(headers).__name__}"


def test_valid_headers_are_encoded() -> None:
    assert encode_headers("x", {"X-Custom_1": " caf\xe9\ta ", "x-empty": "", "X-Nbsp": "\xa0"}) == [
        (b"x-custom_1", b"caf\xe9\ta"),
        (b"x-empty", b""),
        (b"x-nbsp", b"\xa0"),
    ]


@settings(max_examples=1000)
@given(st.text(st.characters()))
def test_any_value_is_encoded_unchanged_or_rejected(value: str) -> None:
    try:
        ((_, sent),) = encode_headers("extra_headers", {"x-custom": value})
    except InvalidArgumentError as error:
        assert any(ord(character) > 255 or ord(character) in {*range(9), *range(10, 32), 127} for character in value)
        assert str(error).endswith("must be a string of Latin-1 characters without control characters")  # noqa: PT017
    else:
        assert sent.decode("latin-1") == value.strip(" \t")
        assert not set(sent) & {0, 10, 13}


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Proxy-Authorization", "X-Knock-User-Token"])
def test_the_value_of_a_secret_header_is_not_shown(name: str) -> None:
    ((_, value),) = encode_headers("extra_headers", {name: CANARY})
    assert value == b"CANARY"
    assert CANARY not in f"{value!r} {[value]!r}"


@pytest.mark.parametrize("token", BAD_TOKENS, ids=ascii)
def test_an_invalid_token_is_rejected(token: str) -> None:
    problem = "contains a space, a line break or another character that is not visible ASCII; remove it"
    if not token:
        problem = "is empty; give it a value, or leave it out"
    with pytest.raises(ConfigurationError) as caught:
        check_secret("api_key", Secret(token))
    assert str(caught.value) == f"api_key: {problem}"
    with pytest.raises(ConfigurationError) as caught:
        check_token("branch", token)
    assert str(caught.value) == f"branch: {problem}"


@pytest.mark.parametrize("token", [None, 5, b"CANARY", ["CANARY"]])
def test_a_token_must_be_a_string(token: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check_secret("api_key", Secret(token))
    assert str(caught.value) == f"api_key: must be a string, not {type(token).__name__}"


def test_a_valid_token_is_accepted() -> None:
    secret = Secret("sk_test_12345!~")
    assert check_secret("api_key", secret) is secret
    assert check_token("branch", "my-branch") == "my-branch"


@pytest.mark.parametrize("key", ["k", "!" * 255, "overdue:inv-20931", "~"])
def test_a_valid_idempotency_key_is_accepted(key: str) -> None:
    assert check_idempotency_key(key) == key


@pytest.mark.parametrize("key", ["", "k" * 256, "a b", "a\n", "\r\n", "ä", "\x00", "\x7f", None, 5, b"k"], ids=ascii)
def test_an_invalid_idempotency_key_is_rejected(key: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        check_idempotency_key(key)
    assert str(caught.value) == "idempotency_key: must be a string of 1 to 255 visible ASCII characters"


def test_later_headers_replace_earlier_ones() -> None:
    assert merge([(b"a", b"1"), (b"b", b"2")], [(b"c", b"3"), (b"a", b"4")]) == [
        (b"a", b"4"),
        (b"b", b"2"),
        (b"c", b"3"),
    ]
    assert merge() == []
