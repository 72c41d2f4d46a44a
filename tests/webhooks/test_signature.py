"""Tests of signatures: what is accepted, and what is refused with which error."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from hmac import digest
from io import BytesIO
from typing import Any

import pytest
from django.http.request import HttpHeaders
from starlette.datastructures import Headers
from werkzeug.test import EnvironBuilder

from knock_sdk import ConfigurationError, InvalidArgumentError
from knock_sdk.webhooks import (
    MalformedSignatureError,
    MissingSignatureError,
    SignatureExpiredError,
    SignatureMismatchError,
    WebhookError,
    _signature,
    sign,
    unwrap,
    verify,
)

SECRET = "a secret of ours"
BODY = '{"type":"message.sent","data":{"id":"m","text":"ä"}}'.encode()
NOW = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
RELEASED = memoryview(BODY)
RELEASED.release()
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
    check({"HTTP_X_WEBHOOK_SIGNATURE": VALUE}, header="HTTP_X_WEBHOOK_SIGNATURE")
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


def test_times_are_compared_in_milliseconds() -> None:
    at = NOW + timedelta(microseconds=700)
    check(sign(BODY, secret=SECRET, at=at), now=at, tolerance=0)


def test_many_signatures_cost_no_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []

    def count(key: bytes, message: bytes, _: str) -> bytes:
        made.append(message)
        return digest(key, message, "sha256")

    monkeypatch.setattr(_signature, "digest", count)
    time, _, signature = VALUE.partition(",")
    check(f"{time}{',s=AAAA' * 15},{signature}", secret=["another", SECRET])
    assert len(made) == 2
    with pytest.raises(MalformedSignatureError):
        check(f"{time}{',s=AAAA' * 16},{signature}")
    with pytest.raises(MalformedSignatureError):
        check(time + ",s=" * 100_000)
    assert len(made) == 2


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
    check(f"{signature},{time}")
    check(f"{VALUE},v=2")


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({}, MissingSignatureError),
        ([], MissingSignatureError),
        ("", MissingSignatureError),
        (" ", MissingSignatureError),
        ({"x-knock-signature": ""}, MissingSignatureError),
        (None, MissingSignatureError),  # as `headers.get(…)` returns it
        ({"x-knock-signature": None}, MissingSignatureError),
        ({"x-knock-signature": []}, MissingSignatureError),
        ({"Http-X-Knock-Signature": VALUE}, MissingSignatureError),
        ([("x-knock-signature", VALUE), ("X-Knock-Signature", VALUE)], MalformedSignatureError),
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
        ({"body": RELEASED}, "body"),
        ({"headers": 5}, "headers"),
        ({"headers": ["x-knock-signature"]}, "headers"),
        ({"headers": [("a", "b", "c")]}, "headers"),
        ({"header": ""}, "header"),
        ({"header": b"x"}, "header"),
        ({"secret": 5}, "secret"),
        ({"secret": ["a", None]}, "secret"),
        ({"secret": [["a"]]}, "secret"),
        ({"secret": {"a": "b"}}, "secret"),
        ({"tolerance": -1}, "tolerance"),
        ({"tolerance": float("nan")}, "tolerance"),
        ({"tolerance": float("inf")}, "tolerance"),
        ({"tolerance": 10**400}, "tolerance"),
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


@pytest.mark.parametrize("secret", ["", b"", " ", [], [SECRET, ""], f"{SECRET}\n", [f" {SECRET}"]])
def test_an_empty_secret(secret: Any) -> None:
    with pytest.raises(ConfigurationError, match="secret: "):
        check(secret=secret)


def test_what_cannot_be_signed() -> None:
    with pytest.raises(InvalidArgumentError, match="body: takes the raw body"):
        sign({"a": 1}, secret=SECRET)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="at: has no time zone"):
        sign(BODY, secret=SECRET, at=datetime(2026, 1, 5))  # noqa: DTZ001
    with pytest.raises(ConfigurationError, match="secret: is empty"):
        sign(BODY, secret="")
    with pytest.raises(InvalidArgumentError, match="secret: takes a text"):
        sign(BODY, secret=None)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgumentError, match="at: must be in 1970 or later"):
        sign(BODY, secret=SECRET, at=datetime(1969, 12, 31, tzinfo=timezone.utc))
