"""User tokens in secure mode, as raw requests: signatures and claims."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from knock_sdk.testing import HTTPRequest, Simulator
from tests.support.signing_keys import OTHER, PRIVATE, PUBLIC, sign_claims, sign_parts, sign_payload, unsuitable

from ..support.pair import PUBLIC as PUBLIC_KEY
from ..support.pair import http

if TYPE_CHECKING:
    from collections.abc import Mapping

API = "https://api.knock.app/v1"
SIM = Simulator(signing_key=PUBLIC)
NOW = int(SIM.now.timestamp())
HMAC = "0123456789abcdef" * 4


def ask(token: str, method: str = "GET", target: str = "/v1/users/ana", body: Any = None) -> tuple[int, str, str]:
    """Send a request; return the status, the code and the message."""
    response, answer = http(SIM, method, target, body, key=PUBLIC_KEY, x_knock_user_token=token)
    answer = answer if isinstance(answer, dict) else {}
    return response.status, answer.get("code", ""), answer.get("message", "")


def insert(character: str, number: int) -> str:
    """Return a valid token with a character that base64 does not have in one of its parts."""
    parts = sign_parts(b'{"alg":"RS256","typ":"JWT"}').split(".")
    parts[number] = parts[number][:4] + character + parts[number][4:]
    return ".".join(parts)


INVALID: dict[str, tuple[str, str]] = {
    "no token": ("x", "is malformed"),
    "three parts": ("a.b.c", "is malformed"),
    "no signature": (sign_claims({"sub": "ana"}).rpartition(".")[0] + ".", "is not signed with the key"),
    "another key": (sign_claims({"sub": "ana"}, OTHER), "is not signed with the key"),
    "another algorithm": (sign_claims({"sub": "ana"}, PRIVATE, "RS512"), "is not signed with RS256"),
    "PSS": (sign_claims({"sub": "ana"}, PRIVATE, "PS256"), "is not signed with RS256"),
    "EC": (sign_claims({"sub": "ana"}, unsuitable("EC")[0], "ES256"), "is not signed with RS256"),
    "HMAC": (sign_claims({"sub": "ana"}, HMAC, "HS256"), "is not signed with RS256"),
    "none": (jwt.encode({"sub": "ana"}, None, algorithm="none"), "is not signed with RS256"),
    "header nested deeply": (sign_parts(b"[" * 1000), "is malformed"),
    "header nested very deeply": (sign_parts(b"[" * 100_000), "is malformed"),
    "claims nested deeply": (sign_payload(b"[" * 1000), "has no JSON object"),
    "header is a list": (sign_parts(b'["RS256"]'), "is malformed"),
    "crit": (sign_parts(b'{"alg":"RS256","crit":["exp"],"exp":1}'), "is malformed"),
    "crit that is unknown": (sign_parts(b'{"alg":"RS256","crit":["b65"],"b65":1}'), "is malformed"),
    "kid as a number": (sign_parts(b'{"alg":"RS256","kid":5}'), "is malformed"),
    "other characters in its claims": (insert("!!!!", 1), "is malformed"),
    "other characters in its signature": (insert("****", 2), "is malformed"),
    "a space in its signature": (insert("    ", 2), "is malformed"),
    "padding": (sign_parts(b'{"alg":"RS256"}') + "==", "is malformed"),
    "no JSON": (sign_payload(b"{"), "has no JSON object"),
    "NaN": (sign_payload(b'{"sub": "ana", "exp": NaN}'), "has no JSON object"),
    "a list": (sign_payload(b'["ana"]'), "has no JSON object"),
    "no sub": (sign_claims({}), "has no user id in the claim sub"),
    "null as sub": (sign_payload(b'{"sub": null}'), "has no user id in the claim sub"),
    "empty sub": (sign_claims({"sub": ""}), "has no user id in the claim sub"),
    "number as sub": (sign_payload(b'{"sub": 5}'), "has no user id in the claim sub"),
    "other user": (sign_claims({"sub": "bob"}), "is for another user than the one in the path"),
    "expired": (sign_claims({"sub": "ana", "exp": NOW}), "has expired; the simulator's time is 2026-01-05T09:00:00"),
    "expired long ago": (sign_claims({"sub": "ana", "exp": -(10**30)}), "has expired"),
    "not valid yet": (sign_claims({"sub": "ana", "nbf": NOW + 1}), "is not valid yet"),
    "exp as text": (
        sign_payload(b'{"sub": "ana", "exp": "9"}'),
        "claim exp that is not a number",
    ),
    "exp as flag": (sign_payload(b'{"sub": "ana", "exp": true}'), "claim exp that is not a"),
    "explicit as text": (sign_claims({"sub": "ana", "explicit_grants": "yes"}), "neither true nor false"),
    "grants as list": (sign_claims({"sub": "ana", "grants": []}), "claim grants that is not an object"),
    "names as list": (sign_claims({"sub": "ana", "grants": {"x": []}}), "without lists by URI and name"),
    "values as flags": (sign_claims({"sub": "ana", "grants": {"x": {"y": True}}}), "without lists by URI and name"),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_tokens(name: str) -> None:
    token, problem = INVALID[name]
    status, code, message = ask(token)
    assert (status, code) == (401, "invalid_user_token")
    assert message.startswith("The user token ")
    assert problem in message


def test_a_header_that_is_written_by_hand() -> None:
    assert ask(sign_parts(b'{"alg":"RS256"}')) == ask(sign_parts(b'{"kid":"1","alg":"RS256"}'))
    assert ask(sign_parts(b'{"alg":"RS256"}'))[:2] == (404, "resource_missing")


@pytest.mark.parametrize("sent", [{}, {"x_knock_user_token": ""}])
def test_a_missing_token(sent: dict[str, str]) -> None:
    response, body = http(SIM, "GET", "/v1/users/ana", key=PUBLIC_KEY, **sent)
    assert (response.status, body["code"], body["type"]) == (401, "missing_user_token", "authentication_error")


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"exp": NOW + 1},
        {"exp": NOW + 0.5},
        {"exp": 10**30, "nbf": -(10**30)},
        {"nbf": NOW},
        {"iat": NOW + 10_000},
        {"aud": "someone", "iss": "someone", "more": [1]},
        {"grants": None, "explicit_grants": None, "exp": None, "nbf": None},
        {"explicit_grants": False},
        {"grants": {f"{API}/users/bob": {"user/read": []}}},
    ],
)
def test_valid_tokens(claims: dict[str, Any]) -> None:
    token = sign_payload(json.dumps({"sub": "ana", **claims}).encode())
    assert ask(token) == (404, "resource_missing", "The user 'ana' does not exist.")


@given(st.text(st.characters(min_codepoint=33, max_codepoint=255), min_size=1))
def test_arbitrary_text_is_no_token(text: str) -> None:
    sent = [(b"authorization", PUBLIC_KEY.encode()), (b"x-knock-user-token", text.encode("latin-1"))]
    response = SIM.handle(HTTPRequest("GET", "/v1/users/ana", sent))
    assert response.status == 401
    assert b'"code":"invalid_user_token"' in response.body or not text.strip()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("sub", "exp", "nbf", "grants", "explicit_grants"), JSON)))
def test_arbitrary_claims_have_a_proper_response(claims: Mapping[str, Any]) -> None:
    status, code, _ = ask(sign_payload(to_json({"sub": "ana", **claims})))
    assert (status, code) in [(401, "invalid_user_token"), (403, "authorization"), (404, "resource_missing")]
