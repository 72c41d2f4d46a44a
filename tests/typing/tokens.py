"""User tokens and the simulator's secure mode; read by type checkers only."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from typing_extensions import assert_type

from knock_sdk import user_tokens
from knock_sdk.testing import Simulator
from knock_sdk.user_tokens import (
    GrantName,
    ObjectEntity,
    TenantEntity,
    TokenEntity,
    UserTokenGrant,
    build_user_token_grant,
    sign_user_token,
)


def signing(key: bytes, names: list[GrantName], added: set[str]) -> list[str]:
    tenant: TenantEntity = {"type": "tenant", "id": "ingen"}
    entity: TokenEntity = {"type": "object", "collection": "projects", "id": "p1"}
    slack = build_user_token_grant(tenant, ["slack/channels_read", "not/known/yet"])
    assert_type(slack, UserTokenGrant)
    by_hand: UserTokenGrant = {"entity": "https://api.knock.app/v1/tenants/a", "grants": {"user/feed_read": [{}]}}
    grants = [slack, build_user_token_grant(entity, names), build_user_token_grant(entity, added), by_hand]
    return [
        sign_user_token("ana"),
        sign_user_token("ana", signing_key=key, expires_in=60, grants=slack, jti=True),
        sign_user_token("ana", signing_key="text", expires_in=timedelta(hours=1), grants=grants, explicit_grants=True),
        sign_user_token("ana", grants=tuple(grants), now=datetime.now(timezone.utc)),
        sign_user_token("ana", signing_key=None, grants=None, now=None),
        user_tokens.sign_user_token("ana", grants=build_user_token_grant({"type": "user", "id": "u"}, ("user/read",))),
    ]


def entity_of(collection: str, object_id: str) -> ObjectEntity:
    return {"type": "object", "collection": collection, "id": object_id}


def secure_mode(token: str) -> str | None:
    sim = Simulator(signing_key="-----BEGIN PUBLIC KEY-----")
    Simulator(signing_key=b"-----BEGIN PUBLIC KEY-----")
    Simulator(signing_key=Path("public.pem"))
    sim.client(api_key="pk_test", user_token=token)
    sim.signing_key = Path("public.pem")
    sim.signing_key = None
    return sim.signing_key
