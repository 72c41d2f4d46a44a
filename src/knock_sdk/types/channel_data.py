# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: channel data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from knock_sdk._core.responses.model import ByProvider, Model


class AWSSNSPushDevice(Model):
    """One device that AWS SNS can push to."""

    locale: str | None = None
    """Locale of the device, such as `en-US`; null if not set for this device."""

    target_arn: str
    """ARN of the device's SNS endpoint."""

    timezone: str | None = None
    """IANA time zone of the device, such as `Europe/Paris`; null if not set for this device."""


ChannelDataProvider: TypeAlias = Literal[
    "push_fcm",
    "push_apns",
    "push_aws_sns",
    "push_expo",
    "push_one_signal",
    "chat_slack",
    "chat_ms_teams",
    "chat_discord",
    "http_knock_webhook",
]
"""Provider of a channel, which decides the shape of its data."""


class DiscordChannelConnection(Model):
    """A Discord channel to post to through your bot."""

    channel_id: str
    """Discord's id of the channel, not the id of the Knock channel."""

    knock_tenant_id: str | None = None
    """Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """


class IncomingWebhook(Model):
    """A webhook of a chat provider, for posting into one of its channels."""

    url: str
    """URL to post to; treat it as a secret, because anyone who has it can post."""


class MsTeamsIncomingWebhookConnection(Model):
    """A Microsoft Teams destination that is reached through an incoming webhook."""

    incoming_webhook: IncomingWebhook
    """The webhook to post to."""

    knock_tenant_id: str | None = None
    """Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """


class MsTeamsTokenConnection(Model):
    """A Microsoft Teams destination given by ids: a channel in a team, or a user."""

    knock_tenant_id: str | None = None
    """Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """

    ms_teams_channel_id: str | None = None
    """Id of the Teams channel to post to, or null when writing to a user."""

    ms_teams_team_id: str | None = None
    """Id of the team that the channel belongs to, or null when writing to a user."""

    ms_teams_tenant_id: str | None = None
    """Id of the Microsoft Entra tenant, or null to use the one set beside the connections."""

    ms_teams_user_id: str | None = None
    """Id of the Teams user to write to, or null when posting to a channel."""


class OneSignalChannelDataPlayerIdsOnly(Model):
    """Channel data for push through OneSignal."""

    player_ids: list[str]
    """OneSignal player ids of the recipient's devices, each a UUID."""


class PushDevice(Model):
    """A device that can receive push notifications."""

    locale: str | None = None
    """Language tag of the device, such as `en-GB`, or null if not known."""

    timezone: str | None = None
    """Time zone of the device from the tz database, such as `Europe/Paris`, or null if not known."""

    token: str
    """Token that identifies the device to the push provider."""


class SlackChannelDataTokenObject(Model):
    """The access token of a Slack workspace."""

    access_token: str | None
    """Slack access token, a secret, or null if there is none."""


class SlackIncomingWebhookConnection(Model):
    """A Slack destination that is reached through an incoming webhook."""

    incoming_webhook: IncomingWebhook
    """The webhook to post to."""

    knock_tenant_id: str | None = None
    """Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """


class SlackTokenConnection(Model):
    """A Slack destination given by ids: a channel or a user."""

    access_token: str | None = None
    """Slack access token for this destination, a secret; null to use the one set beside the connections."""

    channel_id: str | None = None
    """Id of the Slack channel to post to, or null when writing to a user."""

    channel_name: str | None = None
    """Name of the Slack channel, for display; may be null."""

    knock_tenant_id: str | None = None
    """Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """

    user_id: str | None = None
    """Id of the Slack user to write to, or null when posting to a channel."""


class AWSSNSPushChannelDataFull(Model):
    """AWS SNS push channel data as Knock returns it, in both forms: the devices and their bare ARNs."""

    devices: list[AWSSNSPushDevice]
    """The recipient's devices; locale and timezone are null where only an ARN was given."""

    target_arns: list[str]
    """ARNs of the SNS endpoints, the same endpoints as in `devices`."""


class DiscordIncomingWebhookConnection(Model):
    """A Discord webhook to post to, with no bot needed."""

    incoming_webhook: IncomingWebhook
    """The webhook that Discord created for the channel."""

    knock_tenant_id: str | None = None
    """Id of the Knock tenant that the destination is for, which a trigger with that tenant prefers to those without
    one; null if it is for any.
    """


class MsTeamsChannelData(Model):
    """Channel data for Microsoft Teams: a recipient's destinations in Teams."""

    connections: list[MsTeamsTokenConnection | MsTeamsIncomingWebhookConnection]
    """Destinations to post to, each given by Teams ids or by an incoming webhook."""

    ms_teams_tenant_id: str | None = None
    """Id of the Microsoft Entra tenant that the connections share, or null if each names its own."""


class PushChannelDataFull(Model):
    """Channel data for FCM, APNs or Expo push as Knock returns it, both as tokens and as devices."""

    devices: list[PushDevice]
    """The recipient's devices, with null for unknown values."""

    tokens: list[str]
    """The tokens of the same devices."""


class SlackChannelData(Model):
    """Channel data for Slack: a recipient's destinations in Slack, and the access token for them."""

    connections: list[SlackTokenConnection | SlackIncomingWebhookConnection]
    """Destinations to post to, each given by Slack ids or by an incoming webhook."""

    token: SlackChannelDataTokenObject | None = None
    """Access token for a whole workspace, usually stored on a tenant; null if each connection has its own."""


class DiscordChannelData(Model):
    """Channel data for Discord: the destinations to post to."""

    connections: list[DiscordChannelConnection | DiscordIncomingWebhookConnection]
    """Destinations to post to, each a Discord channel or an incoming webhook."""


ProviderChannelData: TypeAlias = (
    PushChannelDataFull
    | AWSSNSPushChannelDataFull
    | OneSignalChannelDataPlayerIdsOnly
    | SlackChannelData
    | MsTeamsChannelData
    | DiscordChannelData
)
"""Channel data as it is stored, in the shape of the channel's provider."""


class ChannelData(Model):
    """Data that Knock stores about a recipient for one channel, such as push tokens or chat connections."""

    provider: ChannelDataProvider | str | None = None
    """Provider behind the channel, such as `push_fcm` or `chat_slack`; it determines the shape of `data`."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `ChannelData`."""

    channel_id: str
    """Id of the Knock channel (a UUID) that the data belongs to."""

    data: Annotated[
        ProviderChannelData,
        ByProvider(
            {
                "push_fcm": PushChannelDataFull,
                "push_apns": PushChannelDataFull,
                "push_expo": PushChannelDataFull,
                "push_aws_sns": AWSSNSPushChannelDataFull,
                "push_one_signal": OneSignalChannelDataPlayerIdsOnly,
                "chat_slack": SlackChannelData,
                "chat_ms_teams": MsTeamsChannelData,
                "chat_discord": DiscordChannelData,
            }
        ),
    ]
    """The data itself, in the shape that the channel's provider requires."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
