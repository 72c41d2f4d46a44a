"""Slack and Microsoft Teams, as far as the API reads them: credentials, and the channels that they give access to."""

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
    """A workspace in Slack, to which an access token gives access."""

    team_id: str
    conversations: tuple[SlackConversation, ...]


class TeamsTeam(NamedTuple):
    """A team in Microsoft Teams; its channels are as Microsoft Graph returns them."""

    id: str
    name: str
    channels: tuple[JSON, ...]


class Directory:
    """The declared workspaces and teams."""

    def __init__(self) -> None:
        """Start without workspaces and teams."""
        self.slack: dict[str, SlackWorkspace] = {}
        """Workspaces by access token."""
        self.ms_teams: dict[str, tuple[TeamsTeam, ...]] = {}
        """Teams by the id of their Microsoft Entra tenant."""


class Provider(NamedTuple):
    """A chat provider, and the names under which requests and channel data hold its credential."""

    name: str
    parameter: str
    """The query parameter that identifies the object with the credential."""
    credential: str
    """The field of the credential in channel data."""
    unset: str
    """The API's message if the object has no credential."""


SLACK = Provider("chat_slack", "access_token_object", "access_token", "Access token not set.")
MS_TEAMS = Provider(
    "chat_ms_teams", "ms_teams_tenant_object", "ms_teams_tenant_id", "Microsoft Teams tenant ID not set."
)


class Access(NamedTuple):
    """The credential on the object that a request identifies."""

    provider: Provider
    data: JSON
    """The object's channel data."""
    credential: str

    def revoke(self) -> None:
        """Remove the credential from the object; other objects and tenants keep it."""
        for connection in self.data.get("connections", ()):
            if connection.get(self.provider.credential) == self.credential:
                connection[self.provider.credential] = None
        for holder in (self.data, object_at(self.data, "token")):
            if holder.get(self.provider.credential) == self.credential:
                holder[self.provider.credential] = None


def invalid_credential(reason: str) -> Problem:
    """Return the error for a credential that the provider rejects."""
    return Problem("authorization", f"The provider rejected the credential: {reason}.")


def credential_of(data: JSON, field: str) -> str | None:
    """Return the shared credential in channel data or, without one, that of the first connection that has one."""
    for holder in (object_at(data, "token"), data, *data.get("connections", ())):
        value = holder.get(field)
        if isinstance(value, str):
            return value
    return None
