"""Secrets: keys and tokens are not shown, pickled or copied, and are redacted in texts."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk._core.secret import Secret, SecretBytes, redact, redact_json, redact_start

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "sk_test_CANARY-0f9e8d7c6b5a"
SECRET = Secret(CANARY)
BYTES = SecretBytes(b"Bearer " + CANARY.encode())
SHOWN: list[Callable[[object], str]] = [
    repr,
    str,
    ascii,
    lambda value: f"{value}",
    lambda value: f"{value!s:>40}",
    lambda value: "%s %r" % (value, value),  # noqa: UP031 (logging formats so)
    lambda value: repr([value, (value,), {"key": value}]),
    "{}".format,
]


@pytest.mark.parametrize("show", SHOWN)
@pytest.mark.parametrize("secret", [SECRET, BYTES])
def test_a_secret_is_not_shown(secret: object, show: Callable[[object], str]) -> None:
    shown = show(secret)
    assert "CANARY" not in shown
    assert "***" in shown


@pytest.mark.parametrize("secret", [SECRET, BYTES])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_cannot_be_pickled(secret: object, protocol: int) -> None:
    with pytest.raises(TypeError, match=r"^a secret cannot be pickled$"):
        pickle.dumps(secret, protocol)


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy])
def test_a_secret_cannot_be_copied(copier: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"^a secret cannot be pickled$"):
        copier(SECRET)


def test_a_secret_is_read_through_reveal_or_bytes_only() -> None:
    assert SECRET.reveal() == CANARY
    assert not hasattr(SECRET, "__dict__")
    assert bytes(BYTES) == b"Bearer " + CANARY.encode()


def test_secrets_are_compared_by_value() -> None:
    assert Secret(CANARY) == SECRET
    assert hash(SECRET) == hash(Secret(CANARY))
    assert Secret("other") != SECRET
    assert SECRET != CANARY


def test_redact_replaces_every_secret() -> None:
    both = (SECRET, Secret("tok"))
    assert redact(f"key {CANARY} and {CANARY}, tok", both) == "key [redacted] and [redacted], [redacted]"
    assert redact("nothing here", both) == "nothing here"
    assert redact(CANARY, ()) == CANARY


def test_redact_json_changes_strings_only() -> None:
    value = {"a": [CANARY, 1, None, True, 1.5], CANARY: {"b": f"x{CANARY}"}}
    assert redact_json(value, (SECRET,)) == {
        "a": ["[redacted]", 1, None, True, 1.5],
        "[redacted]": {"b": "x[redacted]"},
    }


@pytest.mark.parametrize("before", range(60))
def test_redact_start_leaves_no_part_of_a_secret_at_the_end(before: int) -> None:
    text = b"." * before + CANARY.encode() + b"." * 60
    start = redact_start(text, 40, (SECRET,))
    assert len(start) <= 40
    assert b"CANARY" not in start
    assert b"sk_te" not in start
    assert start.startswith(b"." * min(before, 36))


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (3, b"sk_"),
        (4, b"sk_t"),
        (5, b"[redacted]"),
        (6, b"[redacted]"),
        (len(CANARY) - 1, b"[redacted]"),
        (len(CANARY), b"[redacted]"),
    ],
)
def test_redact_start_shows_at_most_four_characters_of_a_secret(left: int, shown: bytes) -> None:
    before = b"." * 100
    # The result does not exceed the limit.
    assert redact_start(before + CANARY.encode() + b".", 100 + left, (SECRET,)) == (before + shown)[: 100 + left]


def test_redact_start_keeps_other_bytes() -> None:
    assert redact_start(b"\xff\x00\xe2\x98", 10, (SECRET,)) == b"\xff\x00\xe2\x98"
    assert redact_start(b"0123456789abc", 10, (SECRET,)) == b"0123456789"
    assert redact_start(b"", 10, (SECRET,)) == b""
    assert redact_start(b"a text that ends in sk_te", 25, (SECRET,)) == b"a text that ends in sk_te"
