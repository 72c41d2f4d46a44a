"""Grants: URIs, names, merging, and what is refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk import InvalidArgumentError
from knock_sdk.user_tokens import build_user_token_grant, sign_user_token
from tests.support.signing_keys import PRIVATE, claims_of

API = "https://api.knock.app/v1"
ID = st.text(min_size=1).filter(lambda text: text not in (".", ".."))


@pytest.mark.parametrize(
    ("entity", "uri"),
    [
        ({"type": "user", "id": "jhammond"}, "users/jhammond"),
        ({"type": "tenant", "id": "ingen"}, "objects/$tenants/ingen"),
        ({"type": "object", "collection": "projects", "id": "p1"}, "objects/projects/p1"),
        ({"type": "object", "collection": "$tenants", "id": "ingen"}, "objects/$tenants/ingen"),
        ({"type": "user", "id": "a/b#c?d e%"}, "users/a%2Fb%23c%3Fd%20e%25"),
        ({"type": "tenant", "id": "zoë@x"}, "objects/$tenants/zo%C3%AB@x"),
        ({"type": "object", "collection": "a b", "id": "c d"}, "objects/a%20b/c%20d"),
    ],
)
def test_uris(entity: Any, uri: str) -> None:
    assert build_user_token_grant(entity, ["user/read"]) == {"entity": f"{API}/{uri}", "grants": {"user/read": []}}


@given(collection=ID, object_id=ID)
def test_ids_can_be_read_from_a_uri(collection: str, object_id: str) -> None:
    grant = build_user_token_grant({"type": "object", "collection": collection, "id": object_id}, [])
    *_, found_collection, found_id = grant["entity"].removeprefix(API).split("/")
    assert (unquote(found_collection), unquote(found_id)) == (collection, object_id)
    assert grant["entity"] == f"{API}/objects/{quote(collection, SAFE)}/{quote(object_id, SAFE)}"


SAFE = "!$&'()*+,;=:@"


@pytest.mark.parametrize(
    "names",
    [
        ["user/read", "user/write"],
        ("user/read", "user/write"),
        {"user/read": 1, "user/write": 2}.keys(),
        ["user/read", "user/write", "user/read"],
    ],
)
def test_names_are_taken_from_any_list(names: Any) -> None:
    found = build_user_token_grant({"type": "user", "id": "u"}, names)
    assert found["grants"] == {"user/read": [], "user/write": []}


def test_any_name_is_taken() -> None:
    found = build_user_token_grant({"type": "user", "id": "u"}, ["feed/read", "knock/later", "ümlaut"])
    assert found["grants"] == {"feed/read": [], "knock/later": [], "ümlaut": []}
    assert build_user_token_grant({"type": "user", "id": "u"}, [])["grants"] == {}


def claim(grants: Any) -> Any:
    return claims_of(sign_user_token("u", signing_key=PRIVATE, grants=grants)).get("grants")


def test_grants_on_one_entity_are_merged() -> None:
    user: Any = {"type": "user", "id": "u"}
    tenant: Any = {"type": "tenant", "id": "t"}
    parts = [
        build_user_token_grant(user, ["user/read"]),
        build_user_token_grant(tenant, ["slack/channels_read"]),
        build_user_token_grant(user, ["user/write", "user/read"]),
    ]
    merged = {
        f"{API}/users/u": {"user/read": [], "user/write": []},
        f"{API}/objects/$tenants/t": {"slack/channels_read": []},
    }
    assert (
        claim(parts) == claim(tuple(parts)) == claim({"a": parts[0], "b": parts[1], "c": parts[2]}.values()) == merged
    )
    assert parts[0]["grants"] == {"user/read": []}


def test_the_spellings_of_the_documentation_can_be_written_by_hand() -> None:
    by_hand: Any = {"entity": f"{API}/tenants/acme", "grants": {"user/feed_read": [{}], "feed/read": ({},)}}
    assert claim(by_hand) == {f"{API}/tenants/acme": {"user/feed_read": [{}], "feed/read": [{}]}}
    later: Any = {"entity": f"{API}/tenants/acme", "grants": {"user/feed_read": []}}
    assert claim([by_hand, later])[f"{API}/tenants/acme"]["user/feed_read"] == []


@pytest.mark.parametrize(
    ("entity", "argument", "problem"),
    [
        (None, "entity", "not NoneType"),
        ("u", "entity", "must be a mapping with type and id, not str"),
        ({}, "entity.type", "'object', 'tenant' or 'user'"),
        ({"type": "users", "id": "u"}, "entity.type", "'object', 'tenant' or 'user'"),
        ({"type": ["user"], "id": "u"}, "entity.type", "'object', 'tenant' or 'user'"),
        ({"type": "user"}, "entity.id", "must be a string, not NoneType"),
        ({"type": "user", "id": ""}, "entity.id", "cannot be empty"),
        ({"type": "user", "id": 5}, "entity.id", "must be a string, not int"),
        ({"type": "tenant", "id": "."}, "entity.id", "cannot be empty"),
        ({"type": "tenant", "id": "\udfff"}, "entity.id", "lone surrogate"),
        ({"type": "object", "id": "o"}, "entity.collection", "must be a string, not NoneType"),
        ({"type": "object", "collection": "", "id": "o"}, "entity.collection", "cannot be empty"),
        ({"type": "user", "id": "u", "collection": "c"}, "entity", "'collection'; with the type user it has type, id"),
        (
            {"type": "object", "object_id": "o", "collection": "c"},
            "entity",
            "'object_id'; with the type object it has type, collection, id",
        ),
    ],
)
def test_an_invalid_entity_is_refused(entity: Any, argument: str, problem: str) -> None:
    with pytest.raises(InvalidArgumentError, match=problem) as caught:
        build_user_token_grant(entity, ["user/read"])
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    ("names", "argument"),
    [("user/read", "grants"), (None, "grants"), ({"user/read": []}, "grants"), (b"user/read", "grants")]
    + [(["user/read", wrong], "grants[1]") for wrong in ("", None, 5, ["user/read"])],
)
def test_invalid_names_are_refused(names: Any, argument: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        build_user_token_grant({"type": "user", "id": "u"}, names)
    assert caught.value.argument == argument


GRANT = {"entity": f"{API}/users/u", "grants": {"user/read": []}}


@pytest.mark.parametrize(
    ("grants", "argument"),
    [
        ({}, "grants"),
        ({f"{API}/users/u": {"user/read": [{}]}}, "grants"),
        ({**GRANT, "more": 1}, "grants"),
        ([GRANT, None], "grants[1]"),
        ([GRANT, {"entity": "x"}], "grants[1]"),
        ([{**GRANT, "entity": ""}], "grants[0].entity"),
        ([{**GRANT, "entity": 5}], "grants[0].entity"),
        ([{**GRANT, "entity": "users/u"}], "grants[0].entity"),
        ([{**GRANT, "entity": "http://api.knock.app/v1/users/u"}], "grants[0].entity"),
        ([{**GRANT, "entity": "https://api.knock.app/v1"}], "grants[0].entity"),
        ({**GRANT, "entity": "https%3A//api.knock.app/v1/users/u"}, "grants.entity"),
        ([{**GRANT, "grants": ["user/read"]}], "grants[0].grants"),
        ([{**GRANT, "grants": {"": []}}], "grants[0].grants"),
        ([{**GRANT, "grants": {5: []}}], "grants[0].grants"),
        ([{**GRANT, "grants": {"user/read": {}}}], "grants[0].grants"),
        ([{**GRANT, "grants": {"user/read": True}}], "grants[0].grants"),
        ([{**GRANT, "grants": {"user/read": [object()]}}], "grants"),
        ([{**GRANT, "grants": {"user/read": [float("nan")]}}], None),
        ([{**GRANT, "entity": "\ud800"}], "grants"),
        ([[GRANT]], "grants[0]"),
    ],
)
def test_invalid_grants_are_refused(grants: Any, argument: str | None) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        sign_user_token("u", signing_key=PRIVATE, grants=grants)
    if argument is not None:
        assert caught.value.argument.startswith(argument)
