"""Providers: access to Slack and Microsoft Teams, and lists of their channels and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, PermissionDeniedError, UnprocessableEntityError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http, settled_client

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "xoxb-1"
TENANT = "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11"
ACME = {"object_id": "acme", "collection": "$tenants"}


class ChatProviders:
    """A simulator with a Slack and a Teams channel, and a client."""

    def __init__(self, sim: Simulator, knock: Any) -> None:
        self.sim = sim
        self.knock = knock
        self.slack = sim.channel("slack", type="chat", provider="chat_slack").id
        self.teams = sim.channel("teams", type="chat", provider="chat_ms_teams").id

    def connect(self, channel: str, data: dict[str, Any]) -> None:
        self.knock.tenants.set("acme", channel_data={channel: data})

    def check_slack(self) -> tuple[bool, str | None]:
        connection = self.knock.providers.slack.check_auth(self.slack, access_token_object=ACME).connection
        return connection.ok, connection.reason

    def slack_names(self, **options: Any) -> list[str]:
        page = self.knock.providers.slack.list_channels(
            self.slack, access_token_object=ACME, query_options=options or None
        )
        return [channel.name for channel in page.items]

    def team_names(self, **options: Any) -> list[str]:
        page = self.knock.providers.ms_teams.list_teams(
            self.teams, ms_teams_tenant_object=ACME, query_options=options or None
        )
        return [team.display_name for team in page.items]

    def team_id(self, name: str) -> str:
        page = self.knock.providers.ms_teams.list_teams(self.teams, ms_teams_tenant_object=ACME)
        return next(team.id for team in page.items if team.display_name == name)

    def teams_channels(self, team: str, **options: Any) -> list[Any]:
        return self.knock.providers.ms_teams.list_channels(
            self.teams, ms_teams_tenant_object=ACME, team_id=self.team_id(team), query_options=options or None
        ).ms_teams_channels


@pytest.fixture(params=["sync", "async"])
def chat(request: pytest.FixtureRequest) -> Iterator[ChatProviders]:
    sim = Simulator()
    with settled_client(sim, request.param) as client:
        yield ChatProviders(sim, client)


def slack(**more: Any) -> dict[str, Any]:
    return {"token": {"access_token": TOKEN}, "connections": [], **more}


def teams_data() -> dict[str, Any]:
    return {"ms_teams_tenant_id": TENANT, "connections": []}


CONVERSATIONS: list[Any] = [
    "general",
    {"name": "old", "archived": True},
    {"name": "leads", "type": "private_channel", "id": "C42"},
    {"name": "ana", "type": "im"},
    "random",
]


@rule("api/checkSlackAuth", "a credential that the provider refuses is no error; the response says why")
def test_slack_accepts_only_declared_tokens(chat: ChatProviders) -> None:
    chat.connect(chat.slack, slack())
    assert chat.check_slack() == (False, "invalid_auth")
    chat.sim.slack(TOKEN)
    assert chat.check_slack() == (True, None)
    chat.connect(chat.slack, {"connections": [{"channel_id": "C1", "access_token": "xoxb-2"}]})
    assert chat.check_slack() == (False, "invalid_auth")
    chat.sim.slack("xoxb-2")
    assert chat.check_slack() == (True, None)


@rule("api/AuthenticationError", "a call to a provider without a credential is forbidden, as `authorization`")
def test_calls_without_a_token_are_forbidden(chat: ChatProviders) -> None:
    providers = chat.knock.providers
    chat.sim.slack(TOKEN)
    chat.sim.ms_teams(TENANT)

    def assert_forbidden() -> None:
        for call in (providers.slack.check_auth, providers.slack.list_channels, providers.slack.revoke_access):
            with pytest.raises(PermissionDeniedError) as caught:
                call(chat.slack, access_token_object=ACME)
            assert caught.value.body == {
                "code": "authorization",
                "message": "Access token not set.",
                "status": 403,
                "type": "authentication_error",
            }
        for call in (
            providers.ms_teams.check_auth,
            providers.ms_teams.list_teams,
            providers.ms_teams.revoke_access,
            lambda *args, **options: providers.ms_teams.list_channels(*args, team_id="t", **options),
        ):
            with pytest.raises(PermissionDeniedError, match="Microsoft Teams tenant ID not set") as caught:
                call(chat.teams, ms_teams_tenant_object=ACME)
            assert caught.value.code == "authorization"

    assert_forbidden()
    chat.knock.tenants.set("acme")
    assert_forbidden()
    chat.connect(chat.slack, {"connections": [{"channel_id": "C1"}]})
    chat.connect(chat.teams, {"connections": [{"ms_teams_channel_id": "c"}]})
    assert_forbidden()


def test_slack_channels_are_listed_and_filtered(chat: ChatProviders) -> None:
    chat.sim.slack(TOKEN, channels=CONVERSATIONS, team_id="T7")
    chat.connect(chat.slack, slack())
    assert chat.slack_names() == ["general", "random"]
    chat.connect(chat.slack, slack(connections=[{"user_id": "U1"}]))
    assert chat.slack_names() == ["general", "leads", "random"]
    assert chat.slack_names(exclude_archived=False) == ["general", "old", "leads", "random"]
    assert chat.slack_names(types="private_channel, im") == ["leads", "ana"]
    assert chat.slack_names(team_id="T7") == ["general", "leads", "random"]
    assert chat.slack_names(team_id="T8") == []
    page = chat.knock.providers.slack.list_channels(
        chat.slack, access_token_object=ACME, query_options={"types": "private_channel,im"}
    )
    leads, ana = page.items
    assert leads.model_dump() == {
        "context_team_id": "T7",
        "id": "C42",
        "is_im": False,
        "is_private": True,
        "name": "leads",
    }
    assert (ana.is_im, ana.is_private, ana.id[0]) == (True, True, "D")
    with pytest.raises(UnprocessableEntityError) as caught:
        chat.slack_names(types="clubs")
    assert caught.value.errors[0].field == "query_options.types"


def test_listing_with_an_undeclared_token_or_tenant_is_forbidden(chat: ChatProviders) -> None:
    chat.connect(chat.slack, slack())
    with pytest.raises(PermissionDeniedError, match="invalid_auth"):
        chat.slack_names()
    chat.connect(chat.teams, teams_data())
    with pytest.raises(PermissionDeniedError, match="tenant_not_found"):
        chat.team_names()


@rule("api/listSlackChannels", "Slack's channels come in pages of 200, unless the request says otherwise")
def test_pages_of_slack_channels(chat: ChatProviders) -> None:
    names = [f"c{number}" for number in range(450)]
    chat.sim.slack(TOKEN, channels=names)
    chat.connect(chat.slack, slack())
    page = chat.knock.providers.slack.list_channels(chat.slack, access_token_object=ACME)
    assert [channel.name for channel in page.items] == names[:200]
    page = chat.knock.providers.slack.list_channels(
        chat.slack, access_token_object=ACME, query_options={"cursor": page.next_cursor, "limit": 250}
    )
    assert ([channel.name for channel in page.items], page.next_cursor) == (names[200:], None)


@rule("py/pagination", "cursors of providers are sent as `query_options.cursor` and `query_options.$skiptoken`")
def test_iteration_fetches_all_pages() -> None:
    sim = Simulator()
    names = [f"c{number}" for number in range(25)]
    sim.slack(TOKEN, channels=names)
    sim.ms_teams(TENANT, teams={name: [] for name in names})
    client = sim.client(strict=True)
    chat = ChatProviders(sim, client)
    chat.connect(chat.slack, slack())
    chat.connect(chat.teams, teams_data())
    channels = client.providers.slack.list_channels(chat.slack, access_token_object=ACME, query_options={"limit": 10})
    assert [channel.name for channel in channels] == names
    teams = client.providers.ms_teams.list_teams(chat.teams, ms_teams_tenant_object=ACME, query_options={"$top": 10})
    assert [team.display_name for team in teams] == names
    assert len([request for request in sim.requests if request.method == "GET"]) == 6


def test_access_to_slack_is_revoked(chat: ChatProviders) -> None:
    chat.sim.slack(TOKEN)
    chat.connect(chat.slack, slack(connections=[{"channel_id": "C1", "access_token": TOKEN}]))
    chat.knock.objects.set("projects", "p1", channel_data={chat.slack: slack()})
    assert chat.knock.providers.slack.revoke_access(chat.slack, access_token_object=ACME).ok
    with pytest.raises(PermissionDeniedError, match="Access token not set"):
        chat.check_slack()
    # The token is invalid in the channel data of other objects, too.
    other = {"object_id": "p1", "collection": "projects"}
    response = chat.knock.providers.slack.check_auth(chat.slack, access_token_object=other)
    assert (response.connection.ok, response.connection.reason) == (False, "invalid_auth")


def test_access_to_teams_is_revoked(chat: ChatProviders) -> None:
    chat.sim.ms_teams(TENANT)
    chat.connect(chat.teams, teams_data())
    response = chat.knock.providers.ms_teams.check_auth(chat.teams, ms_teams_tenant_object=ACME)
    assert response.connection.model_dump() == {"ms_teams_tenant_id": TENANT, "ok": True, "reason": None}
    assert chat.knock.providers.ms_teams.revoke_access(chat.teams, ms_teams_tenant_object=ACME).ok
    with pytest.raises(PermissionDeniedError, match="tenant ID not set"):
        chat.knock.providers.ms_teams.check_auth(chat.teams, ms_teams_tenant_object=ACME)


def test_an_undeclared_teams_tenant_is_not_found(chat: ChatProviders) -> None:
    chat.connect(chat.teams, teams_data())
    response = chat.knock.providers.ms_teams.check_auth(chat.teams, ms_teams_tenant_object=ACME)
    assert (response.connection.ok, response.connection.reason) == (False, "tenant_not_found")


def test_teams_are_listed_and_filtered(chat: ChatProviders) -> None:
    chat.sim.ms_teams(TENANT, teams={"Engineering": [], "Sales and More": [], "Engine Room": [], "Ann's": []})
    chat.connect(chat.teams, teams_data())
    assert chat.team_names() == ["Engineering", "Sales and More", "Engine Room", "Ann's"]
    for expression, found in {
        "startswith(displayName, 'engine')": ["Engineering", "Engine Room"],
        "displayName eq 'Sales and More'": ["Sales and More"],
        "displayName eq 'Ann''s'": ["Ann's"],
        "contains(displayName,'e') and displayName ne 'Engineering'": ["Sales and More", "Engine Room"],
        "endswith(displayName,'room')": ["Engine Room"],
        "startswith(description,'x')": [],
    }.items():
        assert chat.team_names(**{"$filter": expression}) == found
    assert chat.team_names(**{"$select": "id"}) == chat.team_names()
    for name, value, field in (
        ("$filter", "displayName gt 'A'", "query_options.$filter"),
        ("$filter", "displayName eq 'A' or id eq 'B'", "query_options.$filter"),
        ("$top", 0, "query_options.$top"),
        ("$skiptoken", "nonsense", "query_options.$skiptoken"),
    ):
        with pytest.raises(UnprocessableEntityError) as caught:
            chat.team_names(**{name: value})
        assert caught.value.errors[0].field == field


def test_channels_of_a_team_are_listed_and_filtered(chat: ChatProviders) -> None:
    channels: list[Any] = [
        "General",
        {"name": "Old", "archived": True},
        {"name": "Board", "type": "private"},
        {"name": "Partners", "type": "shared", "id": "19:x@thread.tacv2"},
    ]
    chat.sim.ms_teams(TENANT, teams={"Engineering": channels, "Sales": ["General"]})
    chat.connect(chat.teams, teams_data())
    assert [channel.display_name for channel in chat.teams_channels("Engineering")] == ["General", "Partners"]
    (board,) = chat.teams_channels("Engineering", **{"$filter": "membershipType eq 'private'"})
    assert (board.display_name, board.membership_type, board.is_archived) == ("Board", "private", False)
    (old,) = chat.teams_channels("Engineering", **{"$filter": "isArchived eq true", "$select": "membershipType"})
    assert (old.display_name, old.membership_type, old.is_archived) == ("Old", "standard", None)
    with pytest.raises(NotFoundError):
        chat.knock.providers.ms_teams.list_channels(chat.teams, ms_teams_tenant_object=ACME, team_id="none")


def test_invalid_channels_and_object_references_are_rejected(chat: ChatProviders) -> None:
    chat.connect(chat.slack, slack())
    for channel in (chat.teams, "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a12"):
        with pytest.raises(NotFoundError) as caught:
            chat.knock.providers.slack.check_auth(channel, access_token_object=ACME)
        assert caught.value.code == "resource_missing"
    target = f"/v1/providers/slack/{chat.slack}/auth_check"
    for query, field in {
        "": "access_token_object",
        "?access_token_object=acme": "access_token_object",
        '?access_token_object={"object_id":"acme"}': "access_token_object.collection",
        '?access_token_object={"object_id":1,"collection":"x"}': "access_token_object.object_id",
    }.items():
        response, problem = http(chat.sim, "GET", target + query)
        assert (response.status, problem["errors"][0]["field"]) == (422, field)


def test_invalid_declarations_are_rejected() -> None:
    sim = Simulator()
    with pytest.raises(ValueError, match="'club' is not one of public_channel"):
        sim.slack(TOKEN, channels=[{"name": "x", "type": "club"}])
    with pytest.raises(ValueError, match="'club' is not one of standard"):
        sim.ms_teams(TENANT, teams={"t": [{"name": "x", "type": "club"}]})
    with pytest.raises(TypeError, match="takes a list of channels"):
        sim.ms_teams(TENANT, teams={"t": "General"})
