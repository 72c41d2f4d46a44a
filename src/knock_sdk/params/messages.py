# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: messages."""

from __future__ import annotations

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.argument_types import Items, JSONObject


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


@with_config(extra="forbid")
class MessageInteractedRequest(TypedDict):
    """Request to mark one message as interacted with."""

    metadata: NotRequired[JSONObject]
    """Metadata of the interaction: at most 5 key-value pairs, not nested."""
