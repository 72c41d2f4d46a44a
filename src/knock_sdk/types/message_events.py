# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: message events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .messages import Message


class BounceEventData(Model):
    """Details of a message that bounced."""

    failure_details: str | None = None
    """What the provider said; null for nothing."""

    failure_reason: str | None = None
    """Why the message bounced."""

    token: str | None = None
    """The token that the provider refused; for push messages only."""


class DeliveryAttemptEventData(Model):
    """Details of a failed attempt to deliver a message."""

    attempt: int | None = None
    """Number of the attempt, from 1."""

    max_attempts: int | None = None
    """Maximum number of attempts."""

    retryable: bool | None = None
    """Whether another attempt may succeed; absent if Knock could not tell."""


class LinkClickEventData(Model):
    """Details of a link that was followed."""

    url: str | None = None
    """URL that the link leads to."""


class UndeliveredEventData(Model):
    """Details of a delivery that failed for good."""

    failure_details: str | None = None
    """What the provider said; null for nothing."""

    failure_reason: Literal["fatal_error", "retries_exhausted"] | str | None = None
    """Why Knock gave up."""


class MessageArchived(Model):
    """The recipient archived a message."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["message.archived"]
    """Type of the event, `message.archived`."""


class MessageBounced(Model):
    """A message bounced; it is not tried again."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: BounceEventData | None = None
    """Why it bounced; null if that is not known."""

    type: Literal["message.bounced"]
    """Type of the event, `message.bounced`."""


class MessageComplaint(Model):
    """The recipient of an email reported it as spam, and the provider said so.

    The message keeps its delivery status.
    """

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """A part of what the provider reported, such as the recipient's address; the fields depend on the provider."""

    type: Literal["message.complaint"]
    """Type of the event, `message.complaint`."""


class MessageDelivered(Model):
    """A message reached its recipient, as far as the provider reports it.

    In-app messages and calls to webhooks always have this event.
    """

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["message.delivered"]
    """Type of the event, `message.delivered`."""


class MessageDeliveryAttempted(Model):
    """An attempt to deliver a message failed; there may be another one."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: DeliveryAttemptEventData | None = None
    """Which attempt it was."""

    type: Literal["message.delivery_attempted"]
    """Type of the event, `message.delivery_attempted`."""


class MessageInteracted(Model):
    """The recipient interacted with a message, such as by a click on an item of a feed."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """The metadata that the interaction was recorded with; null for none."""

    type: Literal["message.interacted"]
    """Type of the event, `message.interacted`."""


class MessageLinkClicked(Model):
    """The recipient followed a link in a message; only where Knock tracks links."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: LinkClickEventData | None = None
    """The link; null if it is not known."""

    type: Literal["message.link_clicked"]
    """Type of the event, `message.link_clicked`."""


class MessageRead(Model):
    """The recipient read a message."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["message.read"]
    """Type of the event, `message.read`."""


class MessageSeen(Model):
    """The recipient saw a message."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["message.seen"]
    """Type of the event, `message.seen`."""


class MessageSent(Model):
    """Knock handed a message to the channel's provider."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["message.sent"]
    """Type of the event, `message.sent`."""


class MessageUnarchived(Model):
    """A message was taken out of the archive."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["message.unarchived"]
    """Type of the event, `message.unarchived`."""


class MessageUndelivered(Model):
    """The delivery of a message failed for good."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: UndeliveredEventData | None = None
    """Why it failed; null if that is not known."""

    type: Literal["message.undelivered"]
    """Type of the event, `message.undelivered`."""


class MessageUnread(Model):
    """A message was marked as not read."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["message.unread"]
    """Type of the event, `message.unread`."""


class MessageUnseen(Model):
    """A message was marked as not seen."""

    typename: Annotated[str | None, Field(alias="__typename")] = None
    """Kind of the record, `Event`."""

    created_at: AwareDatetime
    """When it happened."""

    data: Message
    """The message, as it was then."""

    event_data: dict[str, Any] | None = None
    """Details of the event; null, as this type has none."""

    type: Literal["message.unseen"]
    """Type of the event, `message.unseen`."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
