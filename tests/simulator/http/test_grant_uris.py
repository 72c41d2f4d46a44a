"""URIs in the grants of a user token: which user or object each names, and which name none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knock_sdk.testing.http.token_grants import TokenGrants
from knock_sdk.testing.state.records import Reference
from knock_sdk.user_tokens import build_user_token_grant

API = "https://api.knock.app/v1"
NAME = "channel_data/read"
TENANTS = "$tenants"


def allows(uri: str, entity: Reference) -> bool:
    """Return whether a grant on a URI allows an action on a user or an object."""
    if entity.collection is None:
        return TokenGrants(entity.id, {uri: [NAME]}, explicit=True).allow(NAME)
    return TokenGrants("someone", {uri: [NAME]}, explicit=True).allow_on(NAME, entity)


@pytest.mark.parametrize(
    ("uri", "entity"),
    [
        ("users/ana", Reference("ana")),
        ("users/a%20b", Reference("a b")),
        ("users/a b", Reference("a b")),
        ("users/a%2Fb", Reference("a/b")),
        ("users/a/b", Reference("a/b")),
        ("users/a/b%2Fc", Reference("a/b/c")),
        ("users/50%", Reference("50%")),
        ("users/50%25", Reference("50%")),
        ("users/%2541", Reference("%41")),
        ("users/%C3%A4", Reference("ä")),
        ("tenants/acme", Reference("acme", TENANTS)),
        ("tenants/a/b", Reference("a/b", TENANTS)),
        ("objects/$tenants/acme", Reference("acme", TENANTS)),
        ("objects/%24tenants/acme", Reference("acme", TENANTS)),
        ("objects/$tenants/a/b", Reference("a/b", TENANTS)),
        ("objects/a%2Fb/c", Reference("c", "a/b")),
        ("objects/a/b%2Fc", Reference("b/c", "a")),
    ],
)
def test_what_a_uri_names(uri: str, entity: Reference) -> None:
    assert allows(f"{API}/{uri}", entity)


@pytest.mark.parametrize(
    ("uri", "entity"),
    [
        (f"{API}/objects/a%2Fb/c", Reference("b/c", "a")),
        (f"{API}/objects/a/b/c", Reference("b/c", "a")),
        (f"{API}/objects/a/b/c", Reference("c", "a/b")),
        (f"{API}/objects/a%2Fb", Reference("b", "a")),
        (f"{API}/objects//b", Reference("b", "")),
        (f"{API}/objects/a/", Reference("", "a")),
        (f"{API}/objects/$tenants%2Facme", Reference("acme", TENANTS)),
        (f"{API}/objects%2Fa/b", Reference("b", "a")),
        (f"{API}/tenants/", Reference("", TENANTS)),
        (f"{API}/users/", Reference("")),
        (f"{API}/users", Reference("")),
        (f"{API}/users%2Fana", Reference("ana")),
        (f"{API}/Users/ana", Reference("ana")),
        (f"{API}/users/ana", Reference("ana", "users")),
        (f"{API}/users/50%25", Reference("50%25")),
        (f"{API}/users/%FF", Reference("\ufffd")),
        (f"{API}/users/%FF", Reference("%FF")),
        ("https%3A//api.knock.app/v1/users/ana", Reference("ana")),
        ("http://api.knock.app/v1/users/ana", Reference("ana")),
        ("https://api.knock.app/v1users/ana", Reference("ana")),
        ("users/ana", Reference("ana")),
        ("", Reference("")),
    ],
)
def test_what_a_uri_does_not_name(uri: str, entity: Reference) -> None:
    assert not allows(uri, entity)


ID = st.text(st.sampled_from("/%$.aF25 ä😀") | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6).filter(
    lambda text: text not in (".", "..")
)
ENTITY = st.builds(Reference, ID, st.none() | st.just(TENANTS) | ID)


def entity_of(reference: Reference) -> Any:
    if reference.collection is None:
        return {"type": "user", "id": reference.id}
    if reference.collection == TENANTS:
        return {"type": "tenant", "id": reference.id}
    return {"type": "object", "collection": reference.collection, "id": reference.id}


@given(granted=ENTITY, other=ENTITY)
@example(granted=Reference("c", "a/b"), other=Reference("b/c", "a"))
@example(granted=Reference("a/b"), other=Reference("a%2Fb"))
@example(granted=Reference("x", TENANTS), other=Reference("$tenants/x"))
def test_a_grant_allows_its_entity_and_no_other(granted: Reference, other: Reference) -> None:
    uri = build_user_token_grant(entity_of(granted), [NAME])["entity"]
    assert allows(uri, granted)
    assert allows(uri, other) == (granted == other)


@given(st.text(st.sampled_from("/%$.aF2 ") | st.characters(exclude_categories=["Cs"])))
def test_any_text_after_the_address_is_read(text: str) -> None:
    for folder in ("", "users/", "tenants/", "objects/", "objects/$tenants/"):
        assert not allows(f"{API}/{folder}{text}", Reference("\x00", "\x00"))
