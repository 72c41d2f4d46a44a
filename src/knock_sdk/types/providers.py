# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: providers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model


class MsTeamsAuthCheckConnection(Model):
    """State of the connection between Knock and a Microsoft Teams tenant."""

    ms_teams_tenant_id: str | None = None
    """Id of the Microsoft Entra tenant that is connected, or null if there is none."""

    ok: bool
    """Whether the connection works."""

    reason: str | None = None
    """Reason why the connection does not work, or null if it does."""


class MsTeamsAuthCheckResponse(Model):
    """Result of a check of a Microsoft Teams connection; the status is 200 even if the connection does not work."""

    connection: MsTeamsAuthCheckConnection
    """State of the connection; see its `ok`."""


class MsTeamsChannel(Model):
    """A channel of a Microsoft Teams team, as the Microsoft Graph API describes it."""

    created_date_time: Annotated[AwareDatetime | None, Field(alias="createdDateTime")] = None
    """When the channel was created, as text in Microsoft's format."""

    description: str | None = None
    """Description of the channel, or null if it has none."""

    display_name: Annotated[str, Field(alias="displayName")]
    """Name of the channel as Teams shows it."""

    id: str
    """Id of the channel in Microsoft Teams."""

    is_archived: Annotated[bool | None, Field(alias="isArchived")] = None
    """Whether the channel is archived."""

    membership_type: Annotated[str | None, Field(alias="membershipType")] = None
    """Membership type of the channel, in Microsoft's terms, such as `standard` or `private`."""


class MsTeamsTeam(Model):
    """A team in Microsoft Teams, as the Microsoft Graph API describes it."""

    description: str | None = None
    """Description of the team, or null if it has none."""

    display_name: Annotated[str, Field(alias="displayName")]
    """Name of the team as Teams shows it."""

    id: str
    """Id of the team in Microsoft Teams."""


class SlackAuthCheckConnection(Model):
    """State of the connection between Knock and a Slack workspace."""

    ok: bool
    """Whether the connection works."""

    reason: str | None = None
    """Reason why the connection does not work, or null if it does."""


class SlackAuthCheckResponse(Model):
    """Result of a check of a Slack connection; the status is 200 even if the connection does not work."""

    connection: SlackAuthCheckConnection
    """State of the connection; see its `ok`."""


class SlackChannel(Model):
    """A Slack conversation that messages can be posted to."""

    context_team_id: str
    """Id of the Slack workspace in which the channel was listed."""

    id: str
    """Id of the channel in Slack."""

    is_im: bool
    """Whether it is a direct conversation between two people."""

    is_private: bool
    """Whether only invited people can see the channel."""

    name: str
    """Name of the channel, without the `#`."""


class TeamsForMsTeamsProviderResponse(Model):
    """A page of the teams in a Microsoft Entra tenant."""

    ms_teams_teams: list[MsTeamsTeam]
    """The teams on this page."""

    skip_token: str | None
    """Token to pass as `query_options.$skiptoken` for the next page, or null on the last one."""


class ChannelsForMsTeamsProviderResponse(Model):
    """The channels of one Microsoft Teams team; the list is never split into pages."""

    ms_teams_channels: list[MsTeamsChannel]
    """Channels of the team, as Microsoft describes them."""


class ChannelsForSlackProviderResponse(Model):
    """One page of the channels in a Slack workspace."""

    next_cursor: str | None
    """Cursor to pass as `query_options.cursor` for the next page; null or empty on the last page."""

    slack_channels: list[SlackChannel]
    """Channels on this page, as Slack describes them."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
