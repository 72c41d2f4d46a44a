"""Slack and Microsoft Teams as far as the API looks into them: who lets it in, and what it finds there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..http.errors import Problem
from ..state.json_objects import object_at

if TYPE_CHECKING:
    from ..state.json_objects import JSON

SLACK_KINDS = ("public_channel", "private_channel", "mpim", "im")
"""The kinds of conversation in Slack."""

TEAMS_KINDS = ("standard", "private", "shared")
"""The kinds of channel in Microsoft Teams."""


class SlackConversation(NamedTuple):
    """A channel in Slack, or a conversation of a few people."""

    id: str
    name: str
    kind: str
    archived: bool


class SlackWorkspace(NamedTuple):
    """What an access token opens."""

    team_id: str
    conversations: tuple[SlackConversation, ...]


class TeamsTeam(NamedTuple):
    """A team in Microsoft Teams; its channels are what Microsoft Graph says of them."""

    id: str
    name: str
    channels: tuple[JSON, ...]


class Directory:
    """Everything that has been declared of the two."""

    def __init__(self) -> None:
        """Start with nobody who lets the API in."""
        self.slack: dict[str, SlackWorkspace] = {}
        """Workspaces by access token."""
        self.ms_teams: dict[str, tuple[TeamsTeam, ...]] = {}
        """Teams by the id of their Microsoft Entra tenant."""


class Provider(NamedTuple):
    """How an object holds what lets the API in to a provider."""

    name: str
    parameter: str
    """The parameter that names the object."""
    credential: str
    """The field of a connection."""
    unset: str
    """What the API says if the object holds none."""


SLACK = Provider("chat_slack", "access_token_object", "access_token", "Access token not set.")
MS_TEAMS = Provider(
    "chat_ms_teams", "ms_teams_tenant_object", "ms_teams_tenant_id", "Microsoft Teams tenant ID not set."
)


class Access(NamedTuple):
    """What a request finds on the object that it names."""

    provider: Provider
    data: JSON
    """The object's channel data."""
    credential: str

    def revoke(self) -> None:
        """Take the credential off the object; where else it stands, it stays."""
        for connection in self.data.get("connections", ()):
            if connection.get(self.provider.credential) == self.credential:
                connection[self.provider.credential] = None
        for holder in (self.data, object_at(self.data, "token")):
            if holder.get(self.provider.credential) == self.credential:
                holder[self.provider.credential] = None


def refusal(reason: str) -> Problem:
    """Return the error for a credential that the provider does not take."""
    return Problem("authorization", f"The provider refused the credential: {reason}.")


def credential_of(data: JSON, field: str) -> str | None:
    """Return the credential that stands beside the connections, or else in the first of them that has one."""
    for holder in (object_at(data, "token"), data, *data.get("connections", ())):
        value = holder.get(field)
        if isinstance(value, str):
            return value
    return None
