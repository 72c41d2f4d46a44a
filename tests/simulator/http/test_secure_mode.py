"""Secure mode: what a user token allows through the clients, by Knock's documentation."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIStatusError, AuthenticationError, NotFoundError, PermissionDeniedError, RateLimitError
from knock_sdk.testing import Simulator
from knock_sdk.user_tokens import build_user_token_grant, sign_user_token
from tests.support.signing_keys import OTHER, PRIVATE, PUBLIC

from ..rules.table import rule
from ..support.pair import settled_client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

API = "https://api.knock.app/v1"


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator(signing_key=PUBLIC)
    sim.workflow("comment", channels=["in_app_feed"])
    sim.channel("slack", type="chat", provider="chat_slack")
    sim.slack("xoxb-1", channels=["general"])
    with sim.client() as client:
        for name in ("ana", "bob"):
            client.users.update(name, name=name.title())
            client.workflows.trigger("comment", recipients=[name], tenant="acme")
        for tenant in ("acme", "globex"):
            client.objects.set_channel_data(
                "$tenants",
                tenant,
                sim.channel("slack").id,
                data={"connections": [], "token": {"access_token": "xoxb-1"}},
            )
    return sim


@pytest.fixture(params=["sync", "async"])
def as_user(request: pytest.FixtureRequest, sim: Simulator) -> Callable[..., Any]:
    """Return a function that opens a client with a public key and a token of Ana's."""

    @contextmanager
    def open_client(token: str | None = None, **given: Any) -> Iterator[Any]:
        if token is None:
            token = sign_user_token("ana", **{"signing_key": PRIVATE, "now": sim.now, **given})
        with settled_client(sim, request.param, api_key="pk_test_1", user_token=token or None) as client:
            yield client

    return open_client


def grants(of: str, *names: str, value: Any = ()) -> Any:
    """Return a grant with the URI of an entity as it stands."""
    return {"entity": f"{API}/{of}", "grants": dict.fromkeys(names, value)}


@contextmanager
def refused(code: str, error: type[Exception] = AuthenticationError) -> Iterator[None]:
    with pytest.raises(error) as caught:
        yield
    assert caught.value.code == code  # type: ignore[attr-defined]


DOCUMENT = "ui/security-and-authentication"


@rule(DOCUMENT, "in secure mode, a public key needs a user token, and a secret key does not")
def test_a_token_is_needed_beside_a_public_key(sim: Simulator, as_user: Any) -> None:
    with as_user() as client:
        assert client.users.get("ana").name == "Ana"
        assert client.users.update("ana", name="Anna").name == "Anna"
        assert len(client.users.feeds.list_items("ana", sim.channel("in_app_feed").id).items) == 1
    with as_user(token="") as client, refused("missing_user_token"):
        client.users.get("ana")
    with settled_client(sim, "sync") as client:
        assert client.users.get("bob").name == "Bob"
    with settled_client(sim, "sync", user_token="nonsense") as client:
        assert client.users.get("bob").name == "Bob"
    assert [request.status for request in sim.requests][-5:] == [200, 200, 401, 200, 200]


@rule(DOCUMENT, "a token is valid until it expires, and if it is signed with the environment's key")
def test_tokens_expire_by_the_simulated_clock(sim: Simulator, as_user: Any) -> None:
    with as_user(expires_in=60) as client:
        sim.advance(seconds=59)
        assert client.users.get("ana").name == "Ana"
        sim.advance(seconds=1)
        with refused("invalid_user_token"):
            client.users.get("ana")
    with as_user(signing_key=OTHER) as client, refused("invalid_user_token"):
        client.users.get("ana")


@rule(DOCUMENT, "a token is for its own user alone")
def test_a_token_is_for_its_own_user(sim: Simulator, as_user: Any) -> None:
    with as_user() as client:
        with refused("invalid_user_token"):
            client.users.get("bob")
        with refused("invalid_user_token"):
            client.users.feeds.list_items("bob", sim.channel("in_app_feed").id)
        with refused("incorrect_token_type", PermissionDeniedError):
            client.users.list()
        with refused("incorrect_token_type", PermissionDeniedError):
            client.workflows.trigger("comment", recipients=["ana"])


@rule(DOCUMENT, "with explicit_grants, a token allows the granted actions alone")
def test_explicit_grants(as_user: Any) -> None:
    reading = build_user_token_grant({"type": "user", "id": "ana"}, ["user/read"])
    with as_user(grants=reading, explicit_grants=True) as client:
        assert client.users.get("ana").name == "Ana"
        with refused("authorization", PermissionDeniedError):
            client.users.update("ana", name="x")
    with as_user(grants=reading) as client:  # not explicit: grants add to what is allowed
        assert client.users.update("ana", name="x").name == "x"
    with as_user(explicit_grants=True) as client, refused("authorization", PermissionDeniedError):
        client.users.get("ana")


SPELLINGS = [
    grants("tenants/acme", "user/feed_read", value=[{}]),
    grants("objects/$tenants/acme", "user/feed_read"),
    grants("tenants/acme", "feed/read", value=[{}]),
    grants("objects/$tenants/acme", "user_feed/read"),
    build_user_token_grant({"type": "tenant", "id": "acme"}, ["user/feed_read"]),
]


@rule(DOCUMENT, "grants on a tenant limit the feed to this tenant")
@pytest.mark.parametrize("grant", SPELLINGS, ids=lambda grant: f"{grant['entity'][25:]} {[*grant['grants']]}")
def test_a_feed_of_a_tenant(sim: Simulator, as_user: Any, grant: Any) -> None:
    feed = "ana", sim.channel("in_app_feed").id
    with as_user(grants=grant, explicit_grants=True) as client:
        assert len(client.users.feeds.list_items(*feed, tenant="acme").items) == 1
        for given in ({"tenant": "x"}, {}):
            with refused("authorization", PermissionDeniedError):
                client.users.feeds.list_items(*feed, **given)
    own = grants("users/ana", "user/feed_read")
    with as_user(grants=[grant, own], explicit_grants=True) as client:
        assert len(client.users.feeds.list_items(*feed).items) == 1
        assert len(client.users.feeds.list_items(*feed, tenant="acme").items) == 1
        with refused("authorization", PermissionDeniedError):
            client.users.feeds.list_items(*feed, tenant="x")


@rule("ui/react/slack-kit", "channels of a workspace are listed with a grant on the tenant that holds its token")
@pytest.mark.parametrize("explicit", [False, True])
@pytest.mark.parametrize("folder", ["tenants", "objects/$tenants"])
def test_channels_of_a_workspace(sim: Simulator, as_user: Any, folder: str, explicit: bool) -> None:
    slack = sim.channel("slack").id
    with as_user(grants=grants(f"{folder}/acme", "slack/channels_read"), explicit_grants=explicit) as client:
        holder = {"collection": "$tenants", "object_id": "acme"}
        found = client.providers.slack.list_channels(slack, access_token_object=holder)
        assert [channel.name for channel in found.items] == ["general"]
        with refused("authorization", PermissionDeniedError):
            client.providers.slack.list_channels(slack, access_token_object={**holder, "object_id": "globex"})
    with as_user() as client, refused("authorization", PermissionDeniedError):
        client.providers.slack.list_channels(slack, access_token_object=holder)


def test_a_grant_for_slack_does_not_limit_the_feed(sim: Simulator, as_user: Any) -> None:
    with as_user(grants=grants("tenants/acme", "slack/channels_read")) as client:
        assert len(client.users.feeds.list_items("ana", sim.channel("in_app_feed").id).items) == 1


@rule("ui/react/slack-kit", "channel data of an object is written with a grant on the object")
def test_channel_data_of_an_object(sim: Simulator, as_user: Any) -> None:
    slack = sim.channel("slack").id
    data = {"connections": [{"channel_id": "C1"}]}
    with as_user(grants=grants("objects/videos/v1", "channel_data/write")) as client:
        assert client.objects.set_channel_data("videos", "v1", slack, data=data).data.connections[0].channel_id == "C1"
        for video in ("v2", "v1/x"):
            with refused("authorization", PermissionDeniedError):
                client.objects.set_channel_data("videos", video, slack, data=data)
        with refused("authorization", PermissionDeniedError):
            client.objects.get_channel_data("videos", "v1", slack)
        with refused("incorrect_token_type", PermissionDeniedError):
            client.objects.unset_channel_data("videos", "v1", slack)
    with settled_client(sim, "sync") as client, pytest.raises(NotFoundError):
        client.objects.get_channel_data("videos", "v2", slack)


@pytest.mark.parametrize(
    ("user", "encoded"),
    [
        *((user, encoded) for user in ("a b:ä", "50%", "$x@y", "%2") for encoded in (True, False)),
        ("50%25", True),
        ("a%2Fb", True),
    ],
)
def test_ids_in_uris_are_read_as_they_are_and_encoded(sim: Simulator, user: str, encoded: bool) -> None:
    own = (
        build_user_token_grant({"type": "user", "id": user}, ["user/read"])
        if encoded
        else grants(f"users/{user}", "user/read")
    )
    token = sign_user_token(user, signing_key=PRIVATE, now=sim.now, grants=own, explicit_grants=True)
    with sim.client(api_key="pk_test", user_token=token) as client:
        with pytest.raises(NotFoundError):
            client.users.get(user)
        with refused("authorization", PermissionDeniedError):
            client.users.update(user)


def test_messages_of_others_seem_not_to_exist(sim: Simulator, as_user: Any) -> None:
    ids = {name: sim.messages(to=name)[0].id for name in ("ana", "bob")}
    with as_user() as client:
        assert client.messages.get(ids["ana"]).id == ids["ana"]
        assert client.messages.mark_as_read(ids["ana"]).read_at is not None
        for call in (client.messages.get, client.messages.mark_as_read, client.messages.archive):
            with refused("resource_missing", NotFoundError):
                call(ids["bob"])
        changed = client.messages.batch.mark_as_seen(message_ids=[ids["bob"], ids["ana"], "none"])
        assert [message.id for message in changed] == [ids["ana"]]
        assert client.messages.batch.mark_as_seen(message_ids=[ids["bob"]]) == []
    assert sim.messages(to="bob")[0].engagement_statuses == []


def test_messages_of_others_are_not_changed_in_bulk(sim: Simulator, as_user: Any) -> None:
    feed = sim.channel("in_app_feed").id
    with as_user() as client:
        client.channels.bulk.update_message_status(feed, "read")
        client.channels.bulk.update_message_status(feed, "archived", recipient_ids=["ana"])
        with refused("invalid_user_token"):
            client.channels.bulk.update_message_status(feed, "read", recipient_ids=["ana", "bob"])
    sim.advance(minutes=1)
    assert {"read", "archived"} <= set(sim.messages(to="ana")[0].engagement_statuses)
    assert sim.messages(to="bob")[0].engagement_statuses == []


@pytest.mark.parametrize(
    ("value", "problem"), [(5, 422), ("ana", 422), (["ana", 5], 422), ({"ana": 1}, 422), (["bob"], 401), ([], None)]
)
def test_a_filter_by_users_in_bulk(sim: Simulator, as_user: Any, value: Any, problem: int | None) -> None:
    path = f"/v1/channels/{sim.channel('in_app_feed').id}/messages/bulk/read"
    with as_user() as client:
        if problem is None:
            client.post(path, body={"user_ids": value})
        else:
            with pytest.raises(APIStatusError) as caught:
                client.post(path, body={"user_ids": value})
            assert caught.value.status_code == problem
        assert sim.requests[-1].status == (problem or 200)
    sim.advance(minutes=1)
    assert [message.read_at for message in sim.messages()] == [None, None]


def test_messages_of_an_object_with_the_id_of_the_user_are_not_changed_in_bulk(sim: Simulator, as_user: Any) -> None:
    sim.workflow("mail", channels=["email"])
    project = {"id": "ana", "collection": "projects"}
    with sim.client() as client:
        client.users.update("ana", email="ana@example.com")
        client.objects.set("projects", "ana", properties={"email": "projects@example.com"})
        client.workflows.trigger("mail", recipients=["ana", project])
    email = sim.channel("email").id
    with as_user() as client:
        client.channels.bulk.update_message_status(email, "read")
        client.channels.bulk.update_message_status(email, "seen", recipient_ids=["ana"])
    sim.advance(minutes=1)
    (own,) = (message for message in sim.messages(to="ana") if message.workflow == "mail")
    (other,) = sim.messages(to=project)
    assert {"read", "seen"} <= set(own.engagement_statuses)
    assert other.engagement_statuses == []


@pytest.mark.parametrize("explicit", [True, False])
def test_messages_of_tenants_without_a_grant_are_not_changed_in_bulk(
    sim: Simulator, as_user: Any, explicit: bool
) -> None:
    with sim.client() as client:
        for tenant in ("globex", None):
            client.workflows.trigger("comment", recipients=["ana"], **({"tenant": tenant} if tenant else {}))
    feed, granted = sim.channel("in_app_feed").id, grants("tenants/acme", "user/feed_write")
    with as_user(grants=granted, explicit_grants=explicit) as client, refused("authorization", PermissionDeniedError):
        client.channels.bulk.update_message_status(feed, "read")
    own = grants("users/ana", "user/feed_write")
    with as_user(grants=[granted, own], explicit_grants=explicit) as client:
        client.channels.bulk.update_message_status(feed, "read")
        client.channels.bulk.update_message_status(feed, "seen", tenants=["acme"])
        with refused("authorization", PermissionDeniedError):
            client.channels.bulk.update_message_status(feed, "archived", tenants=["acme", "globex"])
    sim.advance(minutes=1)
    changed = {message.tenant: set(message.engagement_statuses) for message in sim.messages(to="ana")}
    assert changed == {"acme": {"read", "seen"}, "globex": set(), None: {"read"}}


def test_requests_are_counted_for_the_user_of_the_token(sim: Simulator, as_user: Any) -> None:
    sim.rate_limits = True
    feed = sim.channel("in_app_feed").id
    bob = sign_user_token("bob", signing_key=PRIVATE, now=sim.now)
    with as_user(jti=True) as client, as_user(jti=True) as another:
        for asking in (client, another, client, another, client):
            with refused("invalid_user_token"):
                asking.users.feeds.list_items("bob", feed, max_retries=0)
        with refused("rate_limited", RateLimitError):
            another.users.feeds.list_items("ana", feed, max_retries=0)
    with as_user(token=bob) as client:
        for _ in range(5):
            assert len(client.users.feeds.list_items("bob", feed, max_retries=0).items) == 1


def test_without_a_signing_key_tokens_are_not_read(as_user: Any, sim: Simulator) -> None:
    sim.signing_key = None
    for token in ("", "nonsense", sign_user_token("bob", signing_key=OTHER, now=sim.now - timedelta(days=1))):
        with as_user(token=token) as client:
            assert client.users.get("ana").name == "Ana"


def test_a_simulator_on_a_port(sim: Simulator) -> None:
    from knock_sdk import Knock

    token = sign_user_token("ana", signing_key=PRIVATE, now=sim.now)
    with sim.serve() as url:
        with Knock(api_key="pk_test", user_token=token, base_url=url) as client:
            assert client.users.get("ana").name == "Ana"
            with refused("invalid_user_token"):
                client.users.get("bob")
        with Knock(api_key="pk_test", base_url=url) as client, refused("missing_user_token"):
            client.users.get("ana")


@pytest.mark.anyio
async def test_a_simulator_on_a_port_through_the_asynchronous_client(sim: Simulator) -> None:
    from knock_sdk import AsyncKnock

    token = sign_user_token("ana", signing_key=PRIVATE, now=sim.now)
    with sim.serve() as url:
        async with AsyncKnock(api_key="pk_test", user_token=token, base_url=url) as client:
            assert (await client.users.get("ana")).name == "Ana"
            with refused("invalid_user_token"):
                await client.users.get("bob")
