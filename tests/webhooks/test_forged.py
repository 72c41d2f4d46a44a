"""Tests of signatures that somebody has changed or made up, and of what errors show of a secret."""

from __future__ import annotations

import traceback
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk import KnockError
from knock_sdk.webhooks import SignatureMismatchError, WebhookError, WebhookPayloadError, sign, unwrap, verify
from tests.webhooks.test_signature import BODY, NOW, SECRET, SIGNED, VALUE, check, openssl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def one_byte_changes(raw: bytes, others: Iterable[int]) -> Iterator[bytes]:
    """Yield what differs in one byte: another one in its place, one more, or one less."""
    for index in range(len(raw) + 1):
        yield raw[:index] + raw[index + 1 :] if index < len(raw) else raw[:-1]
        for byte in others:
            yield raw[:index] + bytes([byte]) + raw[index:]
            if index < len(raw) and byte != raw[index]:
                yield raw[:index] + bytes([byte]) + raw[index + 1 :]


def test_each_change_of_a_byte_is_refused() -> None:
    for changed in one_byte_changes(VALUE.encode(), range(256)):
        with pytest.raises(WebhookError):
            check(changed, tolerance=None)
    for changed in one_byte_changes(BODY, (0, 32, 92, 255)):
        with pytest.raises(SignatureMismatchError):
            check(body=changed)


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
@given(body=st.one_of(st.binary(), st.text()), headers=ANY_HEADERS, signed=st.booleans())
def test_nothing_else_is_raised(body: Any, headers: Any, *, signed: bool) -> None:
    with pytest.raises(WebhookError) as caught:
        unwrap(body, sign(body, secret=SECRET, at=NOW) if signed else headers, secret=SECRET, now=NOW)
    assert SECRET not in str(caught.value)
    assert isinstance(caught.value, WebhookPayloadError) == signed


OTHER = "another secret of ours"


@pytest.mark.parametrize(
    ("call", "options"),
    [
        (unwrap, {"secret": ["x" + SECRET, OTHER]}),
        (unwrap, {"secret": [SECRET, OTHER], "now": NOW + timedelta(days=1)}),
        (unwrap, {"secret": [SECRET, OTHER, 5]}),
        (verify, {"secret": {"a": OTHER}}),
        (verify, {"secret": bytearray(OTHER.encode())}),
        (verify, {"secret": [[OTHER]]}),
        (verify, {"secret": f"{OTHER} "}),
        (sign, {"secret": [OTHER]}),
        (sign, {"secret": OTHER, "at": 5}),
    ],
)
def test_no_traceback_shows_a_secret(call: Any, options: dict[str, Any]) -> None:
    arguments: tuple[Any, ...] = (BODY,) if call is sign else (BODY, SIGNED)
    with pytest.raises(KnockError) as caught:
        call(*arguments, **({} if call is sign else {"now": NOW}) | options)
    # Without the frame of this test itself, which has the secret.
    frames = traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack[1:]
    shown = "".join(str(frame.locals) for frame in frames) + repr(caught.value)
    expected = openssl(VALUE[2:].partition(",")[0].encode() + b"." + BODY, OTHER)
    assert len(frames) >= 2
    for hidden in (SECRET, OTHER, expected):
        assert hidden not in shown


def test_the_environment_is_not_read_when_a_secret_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", OTHER)
    with pytest.raises(SignatureMismatchError):
        check(sign(BODY, secret=OTHER, at=NOW))
    check()
