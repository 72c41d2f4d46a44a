# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import ByEventType, Model

from .message_events import (
    MessageArchived,
    MessageBounced,
    MessageComplaint,
    MessageDelivered,
    MessageDeliveryAttempted,
    MessageInteracted,
    MessageLinkClicked,
    MessageRead,
    MessageSeen,
    MessageSent,
    MessageUnarchived,
    MessageUndelivered,
    MessageUnread,
    MessageUnseen,
)
from .resource_events import (
    EmailLayoutCommitted,
    EmailLayoutUpdated,
    PartialCommitted,
    PartialUpdated,
    SourceEventActionCommitted,
    SourceEventActionUpdated,
    TranslationCommitted,
    TranslationUpdated,
    WorkflowCommitted,
    WorkflowRecipientRunCompleted,
    WorkflowRecipientRunError,
    WorkflowRecipientRunStarted,
    WorkflowUpdated,
)


class UnknownEvent(Model):
    """An event of a type that this version of the package does not know."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: dict[str, Any]
    """What the event is about."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null for none."""

    type: str
    """Type of the event."""


Event: TypeAlias = Annotated[
    MessageSent
    | MessageDelivered
    | MessageDeliveryAttempted
    | MessageUndelivered
    | MessageBounced
    | MessageComplaint
    | MessageSeen
    | MessageUnseen
    | MessageRead
    | MessageUnread
    | MessageArchived
    | MessageUnarchived
    | MessageInteracted
    | MessageLinkClicked
    | WorkflowRecipientRunStarted
    | WorkflowRecipientRunCompleted
    | WorkflowRecipientRunError
    | WorkflowUpdated
    | WorkflowCommitted
    | EmailLayoutUpdated
    | EmailLayoutCommitted
    | TranslationUpdated
    | TranslationCommitted
    | SourceEventActionUpdated
    | SourceEventActionCommitted
    | PartialUpdated
    | PartialCommitted
    | UnknownEvent,
    ByEventType,
]
"""An event that Knock sends to webhooks."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
