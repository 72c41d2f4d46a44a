# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: channel data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONModel


@with_config(extra="forbid")
class AWSSNSPushChannelDataTargetARNsOnly(TypedDict):
    """Channel data for AWS SNS push, as a plain list of endpoint ARNs."""

    target_arns: Items[str]
    """ARNs of the SNS endpoints to push to, one for each device."""


@with_config(extra="forbid")
class AWSSNSPushDevice(TypedDict):
    """One device that AWS SNS can push to."""

    locale: NotRequired[str | None]
    """Locale of the device, such as `en-US`; null if not set for this device."""

    target_arn: str
    """ARN of the device's SNS endpoint."""

    timezone: NotRequired[str | None]
    """IANA time zone of the device, such as `Europe/Paris`; null if not set for this device."""


@with_config(extra="forbid")
class DiscordChannelConnection(TypedDict):
    """A Discord channel to post to through your bot."""

    channel_id: str
    """Discord's id of the channel, not the id of the Knock channel."""

    knock_tenant_id: NotRequired[str | None]
    """
    Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """


@with_config(extra="forbid")
class IncomingWebhook(TypedDict):
    """A webhook of a chat provider, for posting into one of its channels."""

    url: str
    """URL to post to; treat it as a secret, because anyone who has it can post."""


@with_config(extra="forbid")
class MsTeamsIncomingWebhookConnection(TypedDict):
    """A Microsoft Teams destination that is reached through an incoming webhook."""

    incoming_webhook: IncomingWebhook | JSONModel
    """The webhook to post to."""

    knock_tenant_id: NotRequired[str | None]
    """
    Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """


@with_config(extra="forbid")
class MsTeamsTokenConnection(TypedDict):
    """A Microsoft Teams destination given by ids: a channel in a team, or a user."""

    knock_tenant_id: NotRequired[str | None]
    """
    Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """

    ms_teams_channel_id: NotRequired[str | None]
    """Id of the Teams channel to post to, or null when writing to a user."""

    ms_teams_team_id: NotRequired[str | None]
    """Id of the team that the channel belongs to, or null when writing to a user."""

    ms_teams_tenant_id: NotRequired[str | None]
    """Id of the Microsoft Entra tenant, or null to use the one set beside the connections."""

    ms_teams_user_id: NotRequired[str | None]
    """Id of the Teams user to write to, or null when posting to a channel."""


@with_config(extra="forbid")
class OneSignalChannelDataPlayerIdsOnly(TypedDict):
    """Channel data for push through OneSignal."""

    player_ids: Items[str]
    """OneSignal player ids of the recipient's devices, each a UUID."""


@with_config(extra="forbid")
class PushChannelDataTokensOnly(TypedDict):
    """Channel data for FCM, APNs or Expo push as plain tokens."""

    tokens: Items[str]
    """The recipient's device tokens; they replace those stored before."""


@with_config(extra="forbid")
class PushDevice(TypedDict):
    """A device that can receive push notifications."""

    locale: NotRequired[str | None]
    """Language tag of the device, such as `en-GB`, or null if not known."""

    timezone: NotRequired[str | None]
    """Time zone of the device from the tz database, such as `Europe/Paris`, or null if not known."""

    token: str
    """Token that identifies the device to the push provider."""


@with_config(extra="forbid")
class SlackChannelDataTokenObject(TypedDict):
    """The access token of a Slack workspace."""

    access_token: str | None
    """Slack access token, a secret, or null if there is none."""


@with_config(extra="forbid")
class SlackIncomingWebhookConnection(TypedDict):
    """A Slack destination that is reached through an incoming webhook."""

    incoming_webhook: IncomingWebhook | JSONModel
    """The webhook to post to."""

    knock_tenant_id: NotRequired[str | None]
    """
    Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """


@with_config(extra="forbid")
class SlackTokenConnection(TypedDict):
    """A Slack destination given by ids: a channel or a user."""

    access_token: NotRequired[str | None]
    """Slack access token for this destination, a secret; null to use the one set beside the connections."""

    channel_id: NotRequired[str | None]
    """Id of the Slack channel to post to, or null when writing to a user."""

    channel_name: NotRequired[str | None]
    """Name of the Slack channel, for display; may be null."""

    knock_tenant_id: NotRequired[str | None]
    """
    Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """

    user_id: NotRequired[str | None]
    """Id of the Slack user to write to, or null when posting to a channel."""


@with_config(extra="forbid")
class AWSSNSPushChannelDataDevicesOnly(TypedDict):
    """Channel data for AWS SNS push, as devices, each with its own locale and time zone."""

    devices: Items[AWSSNSPushDevice | JSONModel]
    """The recipient's devices, one for each SNS endpoint to push to."""


@with_config(extra="forbid")
class DiscordIncomingWebhookConnection(TypedDict):
    """A Discord webhook to post to, with no bot needed."""

    incoming_webhook: IncomingWebhook | JSONModel
    """The webhook that Discord created for the channel."""

    knock_tenant_id: NotRequired[str | None]
    """
    Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """


@with_config(extra="forbid")
class MsTeamsChannelData(TypedDict):
    """Channel data for Microsoft Teams: a recipient's destinations in Teams."""

    connections: Items[MsTeamsTokenConnection | MsTeamsIncomingWebhookConnection | JSONModel]
    """Destinations to post to, each given by Teams ids or by an incoming webhook."""

    ms_teams_tenant_id: NotRequired[str | None]
    """Id of the Microsoft Entra tenant that the connections share, or null if each names its own."""


@with_config(extra="forbid")
class PushChannelDataDevicesOnly(TypedDict):
    """Channel data for FCM, APNs or Expo push as devices, which carry a locale and a time zone."""

    devices: Items[PushDevice | JSONModel]
    """The recipient's devices; they replace those stored before."""


@with_config(extra="forbid")
class SlackChannelData(TypedDict):
    """Channel data for Slack: a recipient's destinations in Slack, and the access token for them."""

    connections: Items[SlackTokenConnection | SlackIncomingWebhookConnection | JSONModel]
    """Destinations to post to, each given by Slack ids or by an incoming webhook."""

    token: NotRequired[SlackChannelDataTokenObject | JSONModel | None]
    """Access token for a whole workspace, usually stored on a tenant; null if each connection has its own."""


@with_config(extra="forbid")
class DiscordChannelData(TypedDict):
    """Channel data for Discord: the destinations to post to."""

    connections: Items[DiscordChannelConnection | DiscordIncomingWebhookConnection | JSONModel]
    """Destinations to post to, each a Discord channel or an incoming webhook."""


ProviderChannelDataRequest: TypeAlias = (
    PushChannelDataTokensOnly
    | PushChannelDataDevicesOnly
    | AWSSNSPushChannelDataTargetARNsOnly
    | AWSSNSPushChannelDataDevicesOnly
    | OneSignalChannelDataPlayerIdsOnly
    | SlackChannelData
    | MsTeamsChannelData
    | DiscordChannelData
    | JSONModel
)
"""Channel data to store, in the shape of the channel's provider."""


@with_config(extra="forbid")
class ChannelDataRequest(TypedDict):
    """Request to store a recipient's data for one channel, which replaces the stored data."""

    data: ProviderChannelDataRequest
    """The data to store, in the shape that the channel's provider requires."""


InlineChannelDataRequest: TypeAlias = Mapping[str, ProviderChannelDataRequest]
"""Channel data to store with a recipient: a mapping from channel id to the data for that channel."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
