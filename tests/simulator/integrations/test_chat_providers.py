"""Providers: who lets the API in to Slack and Microsoft Teams, and what it lists there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, PermissionDeniedError, UnprocessableEntityError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http, settled_client

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "xoxb-1"
TENANT = "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11"
ACME = {"object_id": "acme", "collection": "$tenants"}


class Place:
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
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    sim = Simulator()
    with settled_client(sim, request.param) as client:
        yield Place(sim, client)


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


def test_slack_lets_a_known_token_in(place: Place) -> None:
    place.connect(place.slack, slack())
    assert place.check_slack() == (False, "invalid_auth")
    place.sim.slack(TOKEN)
    assert place.check_slack() == (True, None)
    place.connect(place.slack, {"connections": [{"channel_id": "C1", "access_token": "xoxb-2"}]})
    assert place.check_slack() == (False, "invalid_auth")
    place.sim.slack("xoxb-2")
    assert place.check_slack() == (True, None)


def test_without_a_token_all_is_forbidden(place: Place) -> None:
    providers = place.knock.providers
    place.sim.slack(TOKEN)
    place.sim.ms_teams(TENANT)

    def refusals() -> None:
        for call in (providers.slack.check_auth, providers.slack.list_channels, providers.slack.revoke_access):
            with pytest.raises(PermissionDeniedError) as caught:
                call(place.slack, access_token_object=ACME)
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
            lambda *args, **named: providers.ms_teams.list_channels(*args, team_id="t", **named),
        ):
            with pytest.raises(PermissionDeniedError, match="Microsoft Teams tenant ID not set") as caught:
                call(place.teams, ms_teams_tenant_object=ACME)
            assert caught.value.code == "authorization"

    refusals()
    place.knock.tenants.set("acme")
    refusals()
    place.connect(place.slack, {"connections": [{"channel_id": "C1"}]})
    place.connect(place.teams, {"connections": [{"ms_teams_channel_id": "c"}]})
    refusals()


def test_channels_of_slack(place: Place) -> None:
    place.sim.slack(TOKEN, channels=CONVERSATIONS, team_id="T7")
    place.connect(place.slack, slack())
    assert place.slack_names() == ["general", "random"]
    place.connect(place.slack, slack(connections=[{"user_id": "U1"}]))
    assert place.slack_names() == ["general", "leads", "random"]
    assert place.slack_names(exclude_archived=False) == ["general", "old", "leads", "random"]
    assert place.slack_names(types="private_channel, im") == ["leads", "ana"]
    assert place.slack_names(team_id="T7") == ["general", "leads", "random"]
    assert place.slack_names(team_id="T8") == []
    page = place.knock.providers.slack.list_channels(
        place.slack, access_token_object=ACME, query_options={"types": "private_channel,im"}
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
    with pytest.raises(UnprocessableEntityError) as refused:
        place.slack_names(types="clubs")
    assert refused.value.errors[0].field == "query_options.types"


def test_a_token_that_slack_does_not_know_lists_nothing(place: Place) -> None:
    place.connect(place.slack, slack())
    with pytest.raises(PermissionDeniedError, match="invalid_auth"):
        place.slack_names()
    place.connect(place.teams, teams_data())
    with pytest.raises(PermissionDeniedError, match="tenant_not_found"):
        place.team_names()


def test_pages_of_slack_channels(place: Place) -> None:
    names = [f"c{number}" for number in range(450)]
    place.sim.slack(TOKEN, channels=names)
    place.connect(place.slack, slack())
    page = place.knock.providers.slack.list_channels(place.slack, access_token_object=ACME)
    assert [channel.name for channel in page.items] == names[:200]
    page = place.knock.providers.slack.list_channels(
        place.slack, access_token_object=ACME, query_options={"cursor": page.next_cursor, "limit": 250}
    )
    assert ([channel.name for channel in page.items], page.next_cursor) == (names[200:], None)


def test_all_pages_are_walked() -> None:
    sim = Simulator()
    names = [f"c{number}" for number in range(25)]
    sim.slack(TOKEN, channels=names)
    sim.ms_teams(TENANT, teams={name: [] for name in names})
    client = sim.client(strict=True)
    place = Place(sim, client)
    place.connect(place.slack, slack())
    place.connect(place.teams, teams_data())
    channels = client.providers.slack.list_channels(place.slack, access_token_object=ACME, query_options={"limit": 10})
    assert [channel.name for channel in channels] == names
    teams = client.providers.ms_teams.list_teams(place.teams, ms_teams_tenant_object=ACME, query_options={"$top": 10})
    assert [team.display_name for team in teams] == names
    assert len([request for request in sim.requests if request.method == "GET"]) == 6


def test_access_to_slack_is_revoked(place: Place) -> None:
    place.sim.slack(TOKEN)
    place.connect(place.slack, slack(connections=[{"channel_id": "C1", "access_token": TOKEN}]))
    place.knock.objects.set("projects", "p1", channel_data={place.slack: slack()})
    assert place.knock.providers.slack.revoke_access(place.slack, access_token_object=ACME).ok
    with pytest.raises(PermissionDeniedError, match="Access token not set"):
        place.check_slack()
    # The token is void wherever else it stands.
    other = {"object_id": "p1", "collection": "projects"}
    answer = place.knock.providers.slack.check_auth(place.slack, access_token_object=other)
    assert (answer.connection.ok, answer.connection.reason) == (False, "invalid_auth")


def test_access_to_teams_is_revoked(place: Place) -> None:
    place.sim.ms_teams(TENANT)
    place.connect(place.teams, teams_data())
    answer = place.knock.providers.ms_teams.check_auth(place.teams, ms_teams_tenant_object=ACME)
    assert answer.connection.model_dump() == {"ms_teams_tenant_id": TENANT, "ok": True, "reason": None}
    assert place.knock.providers.ms_teams.revoke_access(place.teams, ms_teams_tenant_object=ACME).ok
    with pytest.raises(PermissionDeniedError, match="tenant ID not set"):
        place.knock.providers.ms_teams.check_auth(place.teams, ms_teams_tenant_object=ACME)


def test_a_tenant_that_is_not_connected(place: Place) -> None:
    place.connect(place.teams, teams_data())
    answer = place.knock.providers.ms_teams.check_auth(place.teams, ms_teams_tenant_object=ACME)
    assert (answer.connection.ok, answer.connection.reason) == (False, "tenant_not_found")


def test_teams_and_their_filters(place: Place) -> None:
    place.sim.ms_teams(TENANT, teams={"Engineering": [], "Sales and More": [], "Engine Room": [], "Ann's": []})
    place.connect(place.teams, teams_data())
    assert place.team_names() == ["Engineering", "Sales and More", "Engine Room", "Ann's"]
    for expression, found in {
        "startswith(displayName, 'engine')": ["Engineering", "Engine Room"],
        "displayName eq 'Sales and More'": ["Sales and More"],
        "displayName eq 'Ann''s'": ["Ann's"],
        "contains(displayName,'e') and displayName ne 'Engineering'": ["Sales and More", "Engine Room"],
        "endswith(displayName,'room')": ["Engine Room"],
        "startswith(description,'x')": [],
    }.items():
        assert place.team_names(**{"$filter": expression}) == found
    assert place.team_names(**{"$select": "id"}) == place.team_names()
    for name, value, field in (
        ("$filter", "displayName gt 'A'", "query_options.$filter"),
        ("$filter", "displayName eq 'A' or id eq 'B'", "query_options.$filter"),
        ("$top", 0, "query_options.$top"),
        ("$skiptoken", "nonsense", "query_options.$skiptoken"),
    ):
        with pytest.raises(UnprocessableEntityError) as refused:
            place.team_names(**{name: value})
        assert refused.value.errors[0].field == field


def test_channels_of_a_team(place: Place) -> None:
    channels: list[Any] = [
        "General",
        {"name": "Old", "archived": True},
        {"name": "Board", "type": "private"},
        {"name": "Partners", "type": "shared", "id": "19:x@thread.tacv2"},
    ]
    place.sim.ms_teams(TENANT, teams={"Engineering": channels, "Sales": ["General"]})
    place.connect(place.teams, teams_data())
    assert [channel.display_name for channel in place.teams_channels("Engineering")] == ["General", "Partners"]
    (board,) = place.teams_channels("Engineering", **{"$filter": "membershipType eq 'private'"})
    assert (board.display_name, board.membership_type, board.is_archived) == ("Board", "private", False)
    (old,) = place.teams_channels("Engineering", **{"$filter": "isArchived eq true", "$select": "membershipType"})
    assert (old.display_name, old.membership_type, old.is_archived) == ("Old", "standard", None)
    with pytest.raises(NotFoundError):
        place.knock.providers.ms_teams.list_channels(place.teams, ms_teams_tenant_object=ACME, team_id="none")


def test_which_channel_and_which_object(place: Place) -> None:
    place.connect(place.slack, slack())
    for channel in (place.teams, "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a12"):
        with pytest.raises(NotFoundError) as caught:
            place.knock.providers.slack.check_auth(channel, access_token_object=ACME)
        assert caught.value.code == "resource_missing"
    target = f"/v1/providers/slack/{place.slack}/auth_check"
    for query, field in {
        "": "access_token_object",
        "?access_token_object=acme": "access_token_object",
        '?access_token_object={"object_id":"acme"}': "access_token_object.collection",
        '?access_token_object={"object_id":1,"collection":"x"}': "access_token_object.object_id",
    }.items():
        response, problem = http(place.sim, "GET", target + query)
        assert (response.status, problem["errors"][0]["field"]) == (422, field)


def test_what_cannot_be_declared() -> None:
    sim = Simulator()
    with pytest.raises(ValueError, match="'club' is not one of public_channel"):
        sim.slack(TOKEN, channels=[{"name": "x", "type": "club"}])
    with pytest.raises(ValueError, match="'club' is not one of standard"):
        sim.ms_teams(TENANT, teams={"t": [{"name": "x", "type": "club"}]})
    with pytest.raises(TypeError, match="takes a list of channels"):
        sim.ms_teams(TENANT, teams={"t": "General"})
