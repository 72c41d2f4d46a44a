"""Secure mode: a join needs a valid user token of the very user, which grants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.user_tokens import build_user_token_grant, sign_user_token
from tests.support.signing_keys import OTHER, PRIVATE, PUBLIC

from .phoenix import opened

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

FEED: Any = {"c": {}}
GUIDES: Any = {"user_id": "ana"}


@pytest.fixture(autouse=True)
def _secure(sim: Simulator) -> None:
    sim.signing_key = PUBLIC


def query(token: str | None) -> str:
    return f"api_key=pk_x&vsn=2.0.0{'' if token is None else f'&user_token={token}'}"


def sign(sim: Simulator, user: str = "ana", key: str = PRIVATE, **options: Any) -> str:
    return sign_user_token(user, signing_key=key, now=sim.now, **options)


def test_the_user_s_token_is_accepted(url: str, sim: Simulator, topic: str) -> None:
    with opened(url, query(sign(sim))) as socket:
        socket.join(topic, FEED)
        socket.join(f"guides:{sim.channel('in_app_guide').id}", GUIDES)
        with sim.client() as knock:
            knock.users.update("ana")
            knock.workflows.trigger("w", recipients=["ana"])
        assert socket.receive().event == "new-message"


@pytest.mark.parametrize("case", ["none", "empty", "malformed", "another user's", "another key's", "expired"])
def test_without_a_valid_token_joins_are_refused(url: str, sim: Simulator, topic: str, case: str) -> None:
    tokens = {
        "none": None,
        "empty": "",
        "malformed": "a.b.c",
        "another user's": sign(sim, "ben"),
        "another key's": sign(sim, key=OTHER),
        "expired": sign(sim, expires_in=60),
    }
    if case == "expired":
        sim.advance(minutes=2)
    with opened(url, query(tokens[case])) as socket:
        assert socket.refused(topic, FEED)["reason"] == "unauthorized"
        assert socket.refused(f"guides:{sim.channel('in_app_guide').id}", GUIDES)["reason"] == "unauthorized"
        with sim.client() as knock:
            knock.users.update("ana")
            knock.workflows.trigger("w", recipients=["ana"])
        assert socket.is_quiet()


def test_grants_limit_what_may_be_joined(url: str, sim: Simulator, topic: str) -> None:
    user: Any = {"type": "user", "id": "ana"}
    guides = f"guides:{sim.channel('in_app_guide').id}"
    grants = build_user_token_grant(user, ["user/guide_read"])
    with opened(url, query(sign(sim, grants=grants, explicit_grants=True))) as socket:
        assert socket.refused(topic, FEED)["reason"] == "unauthorized"
        assert socket.refused(topic, {})["reason"] == "unauthorized"
        socket.join(guides, GUIDES)
    grants = build_user_token_grant(user, ["user/feed_read"])
    with opened(url, query(sign(sim, grants=grants, explicit_grants=True))) as socket:
        socket.join(topic, FEED)
        assert socket.refused(guides, GUIDES)["reason"] == "unauthorized"


def test_a_grant_on_a_tenant_limits_the_feed_to_it(url: str, sim: Simulator, topic: str) -> None:
    grants = build_user_token_grant({"type": "tenant", "id": "acme"}, ["user/feed_read"])
    with opened(url, query(sign(sim, grants=grants))) as socket:
        assert socket.refused(topic, {"c": {"tenant": "acme"}, "d": {}})["reason"] == "unauthorized"
        socket.join(topic, {"c": {"tenant": "acme"}})
