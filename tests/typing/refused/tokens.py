"""Uses of user tokens that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from knock_sdk.testing import Simulator
from knock_sdk.user_tokens import GrantName, TokenEntity, build_user_token_grant, sign_user_token


def entities() -> None:
    build_user_token_grant({"type": "tenants", "id": "a"}, ["user/read"])  # refused
    build_user_token_grant({"type": "user"}, ["user/read"])  # refused
    build_user_token_grant({"type": "user", "id": 5}, ["user/read"])  # refused
    build_user_token_grant({"type": "object", "id": "o"}, ["user/read"])  # refused
    build_user_token_grant({"type": "user", "id": "u", "collection": "c"}, ["user/read"])  # refused
    build_user_token_grant("u", ["user/read"])  # refused
    entity: TokenEntity = {"type": "object", "object_id": "o", "collection": "c"}  # refused
    print(entity)


def names() -> None:
    build_user_token_grant({"type": "user", "id": "u"}, "user/read")  # refused
    build_user_token_grant({"type": "user", "id": "u"}, [5])  # refused
    build_user_token_grant({"type": "user", "id": "u"}, {"user/read": []})  # refused
    name: GrantName = "user/feed"  # refused
    print(name)


def signing() -> None:
    sign_user_token()  # refused
    sign_user_token(5)  # refused
    sign_user_token("ana", "key")  # refused
    sign_user_token("ana", expires_in="1h")  # refused
    sign_user_token("ana", expires_in_seconds=60)  # refused
    sign_user_token("ana", grants=["user/read"])  # refused
    sign_user_token("ana", grants={"https://api.knock.app/v1/users/ana": {"user/read": [{}]}})  # refused
    sign_user_token("ana", jti="id")  # refused
    sign_user_token("ana", now=1767603600)  # refused
    count: int = sign_user_token("ana")  # refused
    print(count)


def secure_mode(sim: Simulator) -> None:
    Simulator(signing_key=5)  # refused
    sim.signing_key = 5  # refused
    key: str = sim.signing_key  # refused
    print(key)
