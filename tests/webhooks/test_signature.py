"""Tests of signatures: what is accepted, and what is refused with which error."""

from __future__ import annotations

import os
import subprocess
import traceback
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pytest
from django.http.request import HttpHeaders
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers
from werkzeug.test import EnvironBuilder

from knock_sdk import ConfigurationError, InvalidArgumentError, KnockError
from knock_sdk.webhooks import (
    MalformedSignatureError,
    MissingSignatureError,
    SignatureExpiredError,
    SignatureMismatchError,
    WebhookError,
    sign,
    unwrap,
    verify,
)

SECRET = "a secret of ours"
BODY = '{"type":"message.sent","data":{"id":"m","text":"ä"}}'.encode()
NOW = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
SIGNED = sign(BODY, secret=SECRET, at=NOW)
VALUE = SIGNED["x-knock-signature"]


def check(headers: Any = VALUE, body: Any = BODY, **options: Any) -> None:
    verify(body, headers, **{"secret": SECRET, "now": NOW, **options})


def openssl(message: bytes, key: str) -> str:
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.encode().hex()}", "-binary"]
    made = subprocess.run(command, input=message, stdout=subprocess.PIPE, check=True).stdout
    return b64encode(made).decode()


@pytest.mark.parametrize("body", [b'{"a":1}', b"", b"\x00\xff\r\n", "ü".encode(), b"x" * 100_000])
@pytest.mark.parametrize("key", ["shh", "whsec_ö", "k" * 200])
def test_a_signature_is_what_openssl_computes(body: bytes, key: str) -> None:
    computed = openssl(b"1700000000000." + body, key)
    at = datetime.fromtimestamp(1_700_000_000, timezone.utc)
    assert sign(body, secret=key, at=at) == {"x-knock-signature": f"t=1700000000000,s={computed}"}
    verify(body, f"t=1700000000000,s={computed}", secret=key, now=at)


def test_a_known_vector() -> None:
    signature = "t=1700000000000,s=6w64Qo6m6WWiA318ND0Y09XuIaORf/IWPG2NrlinC8s="
    verify(b'{"a":1}', signature, secret="shh", tolerance=None)


def wsgi_environ() -> dict[str, Any]:
    return EnvironBuilder(method="POST", headers=SIGNED, data=BODY).get_environ()


HEADERS: list[Any] = [
    SIGNED,
    VALUE,
    VALUE.encode(),
    {"X-Knock-Signature": VALUE},
    {"X-KNOCK-SIGNATURE": VALUE.encode()},
    {b"x-knock-signature": VALUE.encode(), b"host": b"x"},
    {"x-kNoCk-signature": VALUE, "other": None},
    {"X-Knock-Signature": [VALUE], "Accept": ["a", "b"]},
    {"x-knock-signature": (VALUE,)},
    [("host", "x"), ("X-Knock-Signature", VALUE)],
    [(b"host", b"x"), (b"x-knock-signature", VALUE.encode())],
    Headers(SIGNED),
    Headers(raw=[(b"x-knock-signature", VALUE.encode())]),
    HttpHeaders(wsgi_environ()),
    EnvironBuilder(headers=SIGNED).headers,
    wsgi_environ(),
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda each: type(each).__name__)
def test_headers_of_any_framework(headers: Any) -> None:
    check(headers)


@pytest.mark.parametrize("body", [BODY, bytearray(BODY), memoryview(BODY), BODY.decode()])
def test_bodies_of_any_framework(body: Any) -> None:
    check(body=body)
    assert sign(body, secret=SECRET, at=NOW) == SIGNED


def test_another_header() -> None:
    check({"X-Webhook-Signature": VALUE}, header="x-webhook-signature")
    check({"HTTP_X_WEBHOOK_SIGNATURE": VALUE}, header="X-Webhook-Signature")
    with pytest.raises(MissingSignatureError, match="no header x-webhook-signature"):
        check(SIGNED, header="x-webhook-signature")


@pytest.mark.parametrize(
    "secret", [SECRET, SECRET.encode(), [SECRET], ["new", SECRET], (SECRET.encode(), "new"), {"new", SECRET}]
)
def test_one_secret_or_several(secret: Any) -> None:
    check(secret=secret)


def test_the_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", SECRET)
    check(secret=None)
    monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", " ")
    with pytest.raises(ConfigurationError, match="secret: is empty"):
        check(secret=None)
    monkeypatch.delenv("KNOCK_WEBHOOK_SECRET")
    with pytest.raises(ConfigurationError, match="set KNOCK_WEBHOOK_SECRET"):
        check(secret=None)


@pytest.mark.parametrize("seconds", [0, 1, 299.999, 300, -300])
def test_within_the_tolerance(seconds: float) -> None:
    check(now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("seconds", "problem"), [(301, "signed 301 s ago"), (-301, "signed 301 s in the future"), (10**9, "s ago")]
)
def test_outside_of_the_tolerance(seconds: int, problem: str) -> None:
    now = NOW + timedelta(seconds=seconds)
    with pytest.raises(SignatureExpiredError, match=f"{problem}, and the tolerance is 300 s"):
        check(now=now)
    check(now=now, tolerance=None)
    check(now=now, tolerance=10**9)
    with pytest.raises(SignatureExpiredError):
        check(now=now, tolerance=0)


def test_the_system_clock() -> None:
    verify(BODY, sign(BODY, secret=SECRET), secret=SECRET, tolerance=60)
    with pytest.raises(SignatureExpiredError):
        verify(BODY, SIGNED, secret=SECRET)


def test_a_wrong_signature_is_a_mismatch_whatever_its_age() -> None:
    with pytest.raises(SignatureMismatchError):
        check(secret="another", now=NOW + timedelta(days=1))


def test_one_of_several_signatures_is_enough() -> None:
    time, _, signature = VALUE.partition(",")
    check(f"{time},s=AAAA,{signature}")
    check(f"{signature}, {time}")
    check(f"{VALUE},v=2")


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({}, MissingSignatureError),
        ([], MissingSignatureError),
        ("", MissingSignatureError),
        (" ", MissingSignatureError),
        ({"x-knock-signature": ""}, MissingSignatureError),
        ({"x-knock-signature": None}, MalformedSignatureError),
        ({"x-knock-signature": []}, MalformedSignatureError),
        ({"x-knock-signature": [VALUE, VALUE]}, MalformedSignatureError),
        ({"x-knock-signature": 5}, MalformedSignatureError),
        ("x", MalformedSignatureError),
        ("t=1", MalformedSignatureError),
        ("s=AAAA", MalformedSignatureError),
        (f"{VALUE},{VALUE}", MalformedSignatureError),
        (f"{VALUE},t=1", MalformedSignatureError),
        ("t=,s=AAAA", MalformedSignatureError),
        ("t=-1,s=AAAA", MalformedSignatureError),
        ("t=1e3,s=AAAA", MalformedSignatureError),
        ("t=١٢,s=AAAA", MalformedSignatureError),
        (f"t={'9' * 5000},s=AAAA", MalformedSignatureError),
        ("t=1,s=", SignatureMismatchError),
        ("t=1,s=Ä", SignatureMismatchError),
        ("t=1,s=\udcff", SignatureMismatchError),
    ],
)
def test_what_is_no_signature(headers: Any, error: type[WebhookError]) -> None:
    with pytest.raises(WebhookError) as caught:
        check(headers)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"body": {"type": "message.sent"}}, "body"),
        ({"body": None}, "body"),
        ({"body": BytesIO(BODY)}, "body"),
        ({"headers": None}, "headers"),
        ({"headers": 5}, "headers"),
        ({"headers": ["x-knock-signature"]}, "headers"),
        ({"headers": [("a", "b", "c")]}, "headers"),
        ({"header": ""}, "header"),
        ({"header": b"x"}, "header"),
        ({"secret": 5}, "secret"),
        ({"secret": ["a", None]}, "secret"),
        ({"tolerance": -1}, "tolerance"),
        ({"tolerance": float("nan")}, "tolerance"),
        ({"tolerance": float("inf")}, "tolerance"),
        ({"tolerance": "300"}, "tolerance"),
        ({"tolerance": True}, "tolerance"),
        ({"tolerance": timedelta(1)}, "tolerance"),
        ({"now": datetime(2026, 1, 5)}, "now"),  # noqa: DTZ001
        ({"now": 5}, "now"),
    ],
)
def test_a_wrong_argument(options: dict[str, Any], argument: str) -> None:
    for function in (verify, unwrap):
        given_ = {"body": BODY, "headers": SIGNED, "secret": SECRET, "now": NOW, **options}
        with pytest.raises(InvalidArgumentError) as caught:
            function(given_.pop("body"), given_.pop("headers"), **given_)
        assert caught.value.argument == argument


@pytest.mark.parametrize("secret", ["", b"", " ", [], [SECRET, ""]])
def test_an_empty_secret(secret: Any) -> None:
    with pytest.raises(ConfigurationError, match="secret: "):
        check(secret=secret)


def test_what_cannot_be_signed() -> None:
    with pytest.raises(InvalidArgumentError, match="body: takes the raw body"):
        sign({"a": 1}, secret=SECRET)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="at: must have a time zone"):
        sign(BODY, secret=SECRET, at=datetime(2026, 1, 5))  # noqa: DTZ001
    with pytest.raises(ConfigurationError, match="secret: is empty"):
        sign(BODY, secret="")
    with pytest.raises(InvalidArgumentError, match="secret: takes a text"):
        sign(BODY, secret=None)  # type: ignore[arg-type]


def test_each_change_of_a_byte_is_refused() -> None:
    raw = VALUE.encode()
    for index in range(len(raw)):
        for byte in range(256):
            if byte != raw[index]:
                with pytest.raises(WebhookError):
                    check(raw[:index] + bytes([byte]) + raw[index + 1 :], tolerance=None)
    for index in range(len(BODY)):
        for byte in (0, 32, 92, 255, BODY[index] ^ 1):
            if byte != BODY[index]:
                with pytest.raises(SignatureMismatchError):
                    check(body=BODY[:index] + bytes([byte]) + BODY[index + 1 :])


VALUES = st.one_of(st.text(), st.binary(), st.none(), st.integers(), st.lists(st.text(), max_size=3))
PARTS = st.lists(st.tuples(st.sampled_from(["t", "s", "", "v"]), st.text(max_size=20)), max_size=4)
TEXTS = PARTS.map(lambda parts: ",".join(f"{name}={text}" for name, text in parts))
NAMES = st.one_of(st.sampled_from(["x-knock-signature", "X-Knock-Signature", "HTTP_X_KNOCK_SIGNATURE"]), st.text())
ANY_HEADERS = st.one_of(
    st.text(),
    st.binary(),
    TEXTS,
    st.dictionaries(NAMES, st.one_of(VALUES, TEXTS), max_size=3),
    st.lists(st.tuples(NAMES, VALUES), max_size=3),
)


@settings(max_examples=5000)
@given(body=st.one_of(st.binary(), st.text()), headers=ANY_HEADERS)
def test_nothing_else_is_raised(body: Any, headers: Any) -> None:
    with pytest.raises(WebhookError) as caught:
        unwrap(body, headers, secret=SECRET, now=NOW)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("failure", ["mismatch", "expired", "secret"])
def test_no_traceback_shows_a_secret(failure: str) -> None:
    second = "another secret of ours"
    options: dict[str, Any] = {
        "mismatch": {"secret": ["x" + SECRET, second]},
        "expired": {"secret": [SECRET, second], "now": NOW + timedelta(days=1)},
        "secret": {"secret": [SECRET, second, 5]},
    }[failure]
    try:
        unwrap(BODY, SIGNED, **{"now": NOW, **options})
    except KnockError as error:
        # Without the frame of this test itself, which has the secret.
        frames = traceback.TracebackException.from_exception(error, capture_locals=True).stack[1:]
        shown = "".join(str(frame.locals) for frame in frames) + repr(error)
        assert len(frames) >= 2
        assert SECRET not in shown
        assert second not in shown
        expected = openssl(VALUE[2:].partition(",")[0].encode() + b"." + BODY, second)
        assert expected not in shown
    else:
        pytest.fail("nothing was raised")


def test_the_environment_is_not_read_when_a_secret_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "KNOCK_WEBHOOK_SECRET", "another")
    check()
