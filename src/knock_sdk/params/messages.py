# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONObject

ArchivedFilter: TypeAlias = Literal["exclude", "include", "only"]
"""Whether to leave out archived messages, to include them, or to return no others."""


@with_config(extra="forbid")
class BatchMessagesInteractedRequest(TypedDict):
    """Request to mark several messages as interacted with."""

    message_ids: Items[str]
    """Ids of the messages to mark, at most 50."""

    metadata: NotRequired[JSONObject | None]
    """Metadata of the interaction: up to 5 flat key-value pairs, or null for none."""


@with_config(extra="forbid")
class BatchMessagesStatusRequest(TypedDict):
    """Request to set or clear one engagement status on several messages."""

    message_ids: Items[str]
    """Ids of the messages to change, at most 50; each may change once a second."""


EngagementStatusFilter: TypeAlias = Literal[
    "seen", "unseen", "read", "unread", "archived", "unarchived", "link_clicked", "interacted"
]
"""Engagement to filter messages by, or its opposite."""


@with_config(extra="forbid")
class MessageInteractedRequest(TypedDict):
    """Request to mark one message as interacted with."""

    metadata: NotRequired[JSONObject]
    """Metadata of the interaction: at most 5 key-value pairs, not nested."""


MessageStatus: TypeAlias = Literal[
    "queued", "sent", "delivered", "delivery_attempted", "undelivered", "not_sent", "bounced"
]
"""Status of a message, how far its delivery got."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
