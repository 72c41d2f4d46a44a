# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: channels."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items

from .messages import ArchivedFilter, EngagementStatusFilter, MessageStatus

BulkMessageAction: TypeAlias = Literal[
    "seen", "unseen", "read", "unread", "archived", "unarchived", "interacted", "archive", "unarchive", "delete"
]
"""Action on all messages that match: the engagement to set or to clear, or `delete`."""


@with_config(extra="forbid")
class BulkUpdateMessagesForChannelRequest(TypedDict):
    """Filters that select a channel's messages for a bulk action; without any, it applies to every message."""

    archived: NotRequired[ArchivedFilter]
    """Whether to leave out archived messages, include them, or select only those."""

    delivery_status: NotRequired[MessageStatus]
    """Only messages whose delivery has reached this status."""

    engagement_status: NotRequired[EngagementStatusFilter]
    """Only messages with this engagement status, or without it for the `un…` values."""

    has_tenant: NotRequired[bool]
    """True for only messages that belong to a tenant, false for only those that do not."""

    newer_than: NotRequired[datetime | str]
    """Only messages created after this time."""

    older_than: NotRequired[datetime | str]
    """Only messages created before this time."""

    recipient_ids: NotRequired[Items[str]]
    """Only messages to recipients with one of these ids."""

    tenants: NotRequired[Items[str]]
    """Only messages that belong to one of these tenants, by id."""

    trigger_data: NotRequired[str]
    """
    Only messages whose trigger data matches this JSON string exactly: top-level scalars, strings up to 256
    characters.
    """

    workflows: NotRequired[Items[str]]
    """Only messages produced by one of these workflows, by key."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
