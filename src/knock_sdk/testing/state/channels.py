"""Channels of an environment, and the channel types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .ids import uuid_of
from .names import did_you_mean
from .records import Channel

if TYPE_CHECKING:
    from .clock import Clock
    from .records import ChannelGroup
    from .steps.condition_types import Alternatives

PROVIDERS = {
    "chat": "chat_slack",
    "email": "email_sendgrid",
    "http": "http_knock_webhook",
    "in_app_feed": "in_app_feed_knock",
    "in_app_guide": "in_app_guide_knock",
    "push": "push_fcm",
    "sms": "sms_twilio",
}
"""The default provider of each channel type."""

FEED = "in_app_feed"
"""The type of the channels of feeds."""

GUIDE = "in_app_guide"
"""The type of the channels of guides."""

IN_APP = (FEED, GUIDE)
"""Channel types whose messages Knock delivers itself."""


class Channels:
    """The declared channels. A channel whose key is a channel type is declared on first use."""

    def __init__(self, clock: Clock) -> None:
        """Start without channels."""
        self.by_key: dict[str, Channel] = {}
        self.groups: dict[str, ChannelGroup] = {}
        self._clock = clock

    def get(self, key: str) -> Channel:
        """Return a channel by its key.

        Raises:
            ValueError: No channel with this key is declared, and it is not a channel type.
        """
        return self.by_key.get(key) or self.declare(key)

    def type_of(self, key: str) -> str:
        """Return the type of a channel, or of a channel group, by its key.

        Raises:
            ValueError: As `get` does.
        """
        group = self.groups.get(key)
        return self.get(key).type if group is None else group.type

    def by_id(self, channel_id: str) -> Channel | None:
        """Return a channel by its id, or None if there is none."""
        for channel in self.by_key.values():
            if channel.id == channel_id:
                return channel
        undeclared = (key for key in PROVIDERS if key not in self.by_key and _id_of(key) == channel_id)
        key = next(undeclared, None)
        return None if key is None else self.get(key)

    def feeds(self) -> dict[str, str]:
        """Return the ids of the declared channels of feeds, by key; if there is none, that of the default one."""
        declared = {key: channel.id for key, channel in self.by_key.items() if channel.type == FEED}
        return declared or {FEED: _id_of(FEED)}

    def hint(self, channel_id: str) -> str:
        """Return a sentence, to follow a message, if what was given as a channel's id is a channel's key."""
        channel = self.by_key.get(channel_id)
        if channel is None and channel_id not in PROVIDERS:
            return ""
        right = _id_of(channel_id) if channel is None else channel.id
        return f" {channel_id!r} is the key of a channel, whose id is {right}: sim.channel({channel_id!r}).id"

    def declare(
        self,
        key: str,
        channel_type: str | None = None,
        *,
        provider: str | None = None,
        name: str | None = None,
        channel_id: str | None = None,
        conditions: Alternatives | None = None,
        sandbox: bool | None = None,
        token_deregistration: bool | None = None,
    ) -> Channel:
        """Add a channel or replace it; what is None stays as it was, or has its default.

        Raises:
            ValueError: `channel_type` is not a channel type, it is None and the key of a new channel is none either, or
                the channel is in-app and cannot be in sandbox mode.
        """
        given: dict[str, Any] = {
            "type": channel_type,
            "provider": provider,
            "name": name,
            "id": channel_id,
            "conditions": conditions,
            "sandbox": sandbox,
            "token_deregistration": token_deregistration,
        }
        present = self.by_key.get(key)
        if present is None:
            present = self._build(key, channel_type)
        elif channel_type not in (None, present.type):
            present = self._build(key, channel_type, present)
        channel = replace(present, **{field: value for field, value in given.items() if value is not None})
        if channel.sandbox and channel.type in IN_APP:
            raise ValueError(f"sandbox: channels of type {channel.type} have no sandbox mode")
        self.by_key[key] = channel
        return channel

    def _build(self, key: str, channel_type: str | None, former: Channel | None = None) -> Channel:
        """Return a channel with the defaults of its type; one that had another type keeps its id and name."""
        kind, types = key if channel_type is None else channel_type, ", ".join(PROVIDERS)
        if channel_type is None and kind not in PROVIDERS:
            near = did_you_mean(key, [*self.by_key, *PROVIDERS])
            raise ValueError(f"no channel {key!r} is declared, and {key!r} is not a channel type ({types}){near}")
        if kind not in PROVIDERS:
            raise ValueError(f"type: {kind!r} is not a channel type ({types}){did_you_mean(kind, PROVIDERS)}")
        return Channel(
            id=_id_of(key) if former is None else former.id,
            key=key,
            type=kind,
            provider=PROVIDERS[kind],
            name=key if former is None else former.name,
            created_at=self._clock.now,
        )


def _id_of(key: str) -> str:
    return uuid_of(f"channel {key}")
