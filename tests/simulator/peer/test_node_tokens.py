"""The vendor's helper for user tokens in JavaScript: the same input gives the same token, and the simulator accepts it.

Where it is not installed, these tests are skipped, as those of `test_node` are.
"""

from __future__ import annotations

import json
import os
import subprocess
from base64 import b64encode
from datetime import datetime, timezone
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest

from knock_sdk import AuthenticationError, ConfigurationError
from knock_sdk.testing import Simulator
from knock_sdk.user_tokens import build_user_token_grant, sign_user_token
from tests.support.signing_keys import PRIVATE, PRIVATE_PKCS1, PUBLIC, PUBLIC_PKCS1, claims_of, unsuitable

from .node_caller import NODE, skip_reason

REASON = skip_reason()
pytestmark = pytest.mark.skipif(REASON is not None and "NODE_TESTS_REQUIRED" not in os.environ, reason=str(REASON))

NOW = 1767603600
MOMENT = datetime.fromtimestamp(NOW, timezone.utc)
USER: Any = {"type": "user", "id": "ana"}
TENANT: Any = {"type": "tenant", "id": "acme"}
OBJECT: Any = {"type": "object", "collection": "projects", "id": "p1"}
ODD: Any = {"type": "object", "collection": "a b", "id": "ö/#%"}
DOCUMENTED = [
    "slack/channels_read",
    "ms_teams/channels_read",
    "channel_data/read",
    "channel_data/write",
    "user/feed_read",
]

# The user, seconds, and grants as pairs of an entity and names; None leaves an argument out.
INPUTS: list[tuple[str, int | None, list[tuple[Any, list[str]]] | None]] = [
    ("ana", None, None),
    ("ana", 60, None),
    ("ana", 86_400 * 365, []),
    ("ana", None, [(TENANT, ["slack/channels_read"])]),
    ("ana", None, [(TENANT, DOCUMENTED)]),
    ("ana", None, [(USER, []), (OBJECT, ["channel_data/read"])]),
    ("ana", 1, [(USER, ["user/feed_read"]), (TENANT, ["x/y"]), (USER, ["user/write", "user/feed_read"])]),
    ("ana", None, [(OBJECT, ["b", "a", "b"]), (OBJECT, ["c", "a"])]),
    ("Zoë 😀", None, [(TENANT, ["ümlaut", 'quote " and \\'])]),
    ("a/b#c?d", None, None),
    ("line\nbreak\t\x01\x7f\u2028", None, None),
    ("$x@y:z,(w)!*'", None, [({"type": "user", "id": "$x@y:z,(w)!*'"}, ["user/read"])]),
    ("ana", None, [(ODD, ["channel_data/read"])]),
]


def sign_with_node(inputs: list[dict[str, Any]], key: str = PRIVATE) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", "sign.mjs"],
        cwd=NODE,
        input=json.dumps(inputs),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "KNOCK_SIGNING_KEY": key},
        timeout=60,
    )
    outcomes: list[dict[str, Any]] = json.loads(done.stdout)
    return outcomes


@pytest.fixture(scope="module")
def by_node() -> list[dict[str, Any]]:
    """Return what the helper makes of the inputs."""
    assert REASON is None, REASON
    return sign_with_node(
        [
            {
                "userId": user,
                "now": NOW,
                "options": {} if seconds is None else {"expiresInSeconds": seconds},
                **({} if grants is None else {"grants": [{"entity": of, "names": names} for of, names in grants]}),
            }
            for user, seconds, grants in INPUTS
        ]
    )


def sign(number: int) -> tuple[str, Any]:
    """Return the token and the grants for an input."""
    user, seconds, grants = INPUTS[number]
    built = None if grants is None else [build_user_token_grant(of, names) for of, names in grants]
    given: Any = {} if seconds is None else {"expires_in": seconds}
    return sign_user_token(user, signing_key=PRIVATE, now=MOMENT, grants=built, **given), built


@pytest.mark.parametrize("number", range(len(INPUTS) - 1))
def test_tokens_are_the_same_to_the_byte(by_node: list[dict[str, Any]], number: int) -> None:
    token, grants = sign(number)
    assert grants == by_node[number]["grants"]
    assert claims_of(token) == claims_of(by_node[number]["token"])
    assert token == by_node[number]["token"]


def test_ids_are_encoded_where_the_helper_leaves_them_as_they_are(by_node: list[dict[str, Any]]) -> None:
    ours, theirs = claims_of(sign(-1)[0]), claims_of(by_node[-1]["token"])
    assert list(theirs["grants"]) == ["https://api.knock.app/v1/objects/a b/ö/#%"]
    assert list(ours["grants"]) == ["https://api.knock.app/v1/objects/a%20b/%C3%B6%2F%23%25"]
    decoded = {unquote(uri): names for uri, names in ours.pop("grants").items()}
    assert decoded == theirs.pop("grants")
    assert ours == theirs


def test_the_helper_makes_random_ids_too() -> None:
    assert REASON is None, REASON
    (found,) = sign_with_node([{"userId": "ana", "now": NOW, "options": {"shouldGenerateJti": True}}])
    theirs = claims_of(found["token"])
    ours = claims_of(sign_user_token("ana", signing_key=PRIVATE, now=MOMENT, jti=True))
    assert list(ours) == list(theirs) == ["sub", "iat", "exp", "jti"]
    assert UUID(ours.pop("jti")).version == UUID(theirs.pop("jti")).version == 4
    assert ours == theirs


@pytest.mark.parametrize("name", ["base64", "nothing", "no key", "public", "EC", "PSS"])
def test_keys_are_accepted_and_refused_as_by_the_helper(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert REASON is None, REASON
    keys = {"base64": b64encode(PRIVATE.encode()).decode(), "nothing": "", "no key": "x", "public": PUBLIC}
    key = keys[name] if name in keys else unsuitable(name)[0]
    (found,) = sign_with_node([{"userId": "ana", "now": NOW}], key)
    monkeypatch.setenv("KNOCK_SIGNING_KEY", key)
    if name == "base64":
        assert sign_user_token("ana", now=MOMENT) == found["token"]
    else:
        assert "error" in found
        with pytest.raises(ConfigurationError):
            sign_user_token("ana", now=MOMENT)


def test_keys_in_pkcs1_are_accepted_which_the_helper_refuses() -> None:
    assert REASON is None, REASON
    (found,) = sign_with_node([{"userId": "ana", "now": NOW}], PRIVATE_PKCS1)
    assert "error" in found
    assert claims_of(sign_user_token("ana", signing_key=PRIVATE_PKCS1))["sub"] == "ana"


def test_the_simulator_accepts_tokens_of_the_helper(by_node: list[dict[str, Any]]) -> None:
    sim = Simulator(signing_key=PUBLIC_PKCS1, now=MOMENT)
    with sim.client(api_key="pk_test", user_token=by_node[1]["token"]) as client:
        assert client.users.update("ana", name="Ana").name == "Ana"
        sim.advance(seconds=60)
        with pytest.raises(AuthenticationError, match="invalid_user_token"):
            client.users.get("ana")
