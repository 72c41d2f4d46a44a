"""Signing: claims, arguments that are refused, and what is imported."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk import ConfigurationError, InvalidArgumentError, user_tokens
from knock_sdk.user_tokens import build_user_token_grant, sign_user_token
from tests.support.signing_keys import PRIVATE, claims_of

NOW = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
ISSUED = 1767603600
SLACK = build_user_token_grant({"type": "tenant", "id": "ingen"}, ["slack/channels_read"])


def sign(user_id: str = "ana", **given: Any) -> dict[str, Any]:
    """Sign with the key and the time of the tests; return the claims."""
    return claims_of(sign_user_token(user_id, **{"signing_key": PRIVATE, "now": NOW, **given}))


@pytest.mark.parametrize(
    ("given", "claims"),
    [
        ({}, {}),
        ({"expires_in": 1}, {"exp": ISSUED + 1}),
        ({"expires_in": 60.0}, {"exp": ISSUED + 60}),
        ({"expires_in": timedelta(days=2, seconds=1)}, {"exp": ISSUED + 172801}),
        ({"grants": None}, {}),
        ({"grants": []}, {"grants": {}}),
        ({"grants": SLACK}, {"grants": {SLACK["entity"]: {"slack/channels_read": []}}}),
        ({"explicit_grants": True}, {"explicit_grants": True}),
        ({"explicit_grants": False, "jti": False}, {}),
        ({"now": NOW + timedelta(microseconds=999_999)}, {}),
        ({"now": NOW.astimezone(timezone(timedelta(hours=-7)))}, {}),
        ({"now": datetime(1969, 12, 31, 23, 59, 59, 1, timezone.utc)}, {"iat": -1, "exp": 3599}),
    ],
)
def test_claims(given: dict[str, Any], claims: dict[str, Any]) -> None:
    assert sign(**given) == {"sub": "ana", "iat": ISSUED, "exp": ISSUED + 3600, **claims}


def test_the_header() -> None:
    assert jwt.get_unverified_header(sign_user_token("ana", signing_key=PRIVATE)) == {"alg": "RS256", "typ": "JWT"}


def test_the_time_is_the_current_one_by_default() -> None:
    before = int(time.time())
    claims = sign(now=None)
    assert before <= claims["iat"] <= time.time()
    assert claims["exp"] == claims["iat"] + 3600


def test_an_id_makes_tokens_of_the_same_second_differ() -> None:
    assert sign_user_token("ana", signing_key=PRIVATE, now=NOW) == sign_user_token("ana", signing_key=PRIVATE, now=NOW)
    first, second = sign(jti=True)["jti"], sign(jti=True)["jti"]
    assert first != second
    assert UUID(first).version == 4
    assert str(UUID(first)) == first


@given(user=st.text(min_size=1), seconds=st.integers(1, 10**9), moment=st.datetimes(timezones=st.just(timezone.utc)))
def test_any_user_and_time(user: str, seconds: int, moment: datetime) -> None:
    issued = (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(seconds=1)
    if user in (".", "..") or issued + seconds > 253402300799:
        with pytest.raises(InvalidArgumentError):
            sign(user, expires_in=seconds, now=moment)
    else:
        assert sign(user, expires_in=seconds, now=moment) == {"sub": user, "iat": issued, "exp": issued + seconds}


@pytest.mark.parametrize(
    ("given", "argument", "problem"),
    [
        ({"user_id": ""}, "user_id", "cannot be empty"),
        ({"user_id": ".."}, "user_id", "cannot be empty, '.' or '..'"),
        ({"user_id": 5}, "user_id", "must be a string, not int"),
        ({"user_id": None}, "user_id", "must be a string, not NoneType"),
        ({"user_id": "\ud800"}, "user_id", "lone surrogate"),
        ({"expires_in": 0}, "expires_in", "1 or more"),
        ({"expires_in": -5}, "expires_in", "1 or more"),
        ({"expires_in": 0.5}, "expires_in", "whole number of seconds"),
        ({"expires_in": float("nan")}, "expires_in", "whole number of seconds"),
        ({"expires_in": float("inf")}, "expires_in", "whole number of seconds"),
        ({"expires_in": timedelta(0)}, "expires_in", "1 or more"),
        ({"expires_in": timedelta(milliseconds=1500)}, "expires_in", "whole number of seconds"),
        ({"expires_in": timedelta(days=-1)}, "expires_in", "1 or more"),
        ({"expires_in": "3600"}, "expires_in", "not str"),
        ({"expires_in": True}, "expires_in", "not bool"),
        ({"expires_in": None}, "expires_in", "not NoneType"),
        ({"expires_in": 10**12}, "expires_in", "after the year 9999"),
        ({"expires_in": 10**400}, "expires_in", "after the year 9999"),
        ({"expires_in": 1e300}, "expires_in", "after the year 9999"),
        ({"expires_in": timedelta(days=2_800_000, microseconds=1)}, "expires_in", "whole number of seconds"),
        ({"expires_in": timedelta(microseconds=1)}, "expires_in", "whole number of seconds"),
        ({"expires_in": timedelta(days=10**8)}, "expires_in", "after the year 9999"),
        ({"expires_in": timedelta.max}, "expires_in", "whole number|after the year 9999"),
        ({"now": datetime(2026, 1, 5)}, "now", "has no time zone"),  # noqa: DTZ001 - what is refused
        ({"now": 1767603600}, "now", "must be a datetime with a time zone, not int"),
        ({"jti": "my-id"}, "jti", "must be True or False, not str"),
        ({"explicit_grants": 1}, "explicit_grants", "must be True or False, not int"),
        ({"grants": "slack/channels_read"}, "grants", "not str"),
        ({"grants": 5}, "grants", "not int"),
    ],
)
def test_an_invalid_argument_is_named(given: dict[str, Any], argument: str, problem: str) -> None:
    with pytest.raises(InvalidArgumentError, match=problem) as caught:
        sign_user_token(**{"user_id": "ana", "signing_key": PRIVATE, **given})
    assert caught.value.argument == argument


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_libraries_are_imported_with_the_first_call() -> None:
    out = run(
        f"""
import sys, knock_sdk, knock_sdk.user_tokens
from knock_sdk.testing import Simulator
Simulator().client(api_key="pk_test", user_token="t").users.update("ana")
knock_sdk.user_tokens.build_user_token_grant({{"type": "user", "id": "u"}}, ["user/read"])
print(sorted({{"jwt", "cryptography"}} & sys.modules.keys()))
knock_sdk.user_tokens.sign_user_token("ana", signing_key={PRIVATE!r})
print(sorted({{"jwt", "cryptography"}} & sys.modules.keys()))
"""
    )
    assert out.splitlines() == ["[]", "['cryptography', 'jwt']"]


@pytest.mark.parametrize("missing", ["jwt", "cryptography"])
def test_a_missing_library_is_a_clear_error(missing: str) -> None:
    out = run(
        f"""
import sys
sys.modules[{missing!r}] = None
from knock_sdk import ConfigurationError
from knock_sdk.testing import Simulator
from knock_sdk.user_tokens import sign_user_token
for call in (
    lambda: sign_user_token("ana", signing_key={PRIVATE!r}),
    lambda: Simulator(signing_key="-----BEGIN PUBLIC KEY-----"),
):
    try:
        call()
    except (ConfigurationError, ImportError) as error:
        print(type(error).__name__, error)
"""
    )
    problem = "user tokens need PyJWT with cryptography: pip install 'knock-sdk[tokens]'"
    assert out.splitlines() == [f"ConfigurationError {problem}", f"ImportError {problem}"]


def test_the_names_of_the_module() -> None:
    assert sorted(user_tokens.__all__, key=lambda name: (not name[0].isupper(), name)) == user_tokens.__all__
    assert all(hasattr(user_tokens, name) for name in user_tokens.__all__)
    assert issubclass(ConfigurationError, ValueError)
