# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import Model

from .shared import PageInfo, RecipientReference

ChannelType: TypeAlias = Literal["email", "in_app", "in_app_feed", "in_app_guide", "sms", "push", "chat", "http"]
"""Type of a channel."""


EngagementStatus: TypeAlias = Literal["seen", "read", "interacted", "link_clicked", "archived"]
"""What the recipient has done with a message."""


class MessageChannel(Model):
    """The configured channel that a message went through."""

    created_at: AwareDatetime
    """When the channel was created."""

    id: str
    """Id of the channel, given by Knock."""

    key: str | None = None
    """Key of the channel, as set in the dashboard; null if it has none."""

    name: str | None = None
    """Name of the channel, as shown in the dashboard; null if it has none."""

    provider: str
    """Provider behind the channel, the service that delivers its messages."""

    type: ChannelType | str
    """Kind of channel, such as `email`, `sms` or `in_app_feed`."""

    updated_at: AwareDatetime
    """When the channel last changed."""


class MessageDeliveryLogRequest(Model):
    """The HTTP request behind a delivery attempt."""

    body: str | dict[str, Any] | None = None
    """Body that Knock sent, as an object where it was JSON and as text otherwise."""

    headers: dict[str, Any] | None = None
    """Headers that Knock sent, by name, or null if none were recorded."""

    host: str
    """Host name of the provider's API."""

    method: Literal["GET", "POST", "PUT", "DELETE", "PATCH"] | str
    """HTTP method of the request, in capitals."""

    path: str
    """Path part of the URL that was called."""

    query: str | None = None
    """Query string of the URL that was called, or null if it had none."""


class MessageDeliveryLogResponse(Model):
    """The provider's HTTP response to a delivery attempt."""

    body: str | dict[str, Any] | None = None
    """Body that the provider returned, as an object where it was JSON and as text otherwise."""

    headers: dict[str, Any] | None = None
    """Headers that the provider returned, by name, or null if none were recorded."""

    status: int | None = None
    """HTTP status code that the provider returned."""


MessageEventType: TypeAlias = Literal[
    "message.read",
    "message.sent",
    "message.seen",
    "message.created",
    "message.queued",
    "message.delivered",
    "message.delivery_attempted",
    "message.undelivered",
    "message.bounced",
    "message.complaint",
    "message.not_sent",
    "message.archived",
    "message.link_clicked",
    "message.interacted",
    "message.unread",
    "message.unseen",
    "message.unarchived",
]
"""What happened to a message."""


class MessageRecipientSnapshot(Model):
    """Contact data of a message's recipient when the message was created, as far as its channel uses it."""

    channel_id: str | None = None
    """Id of the chat channel that the message went to, or null if it went to none."""

    email: str | None = None
    """Recipient's email address at that time, or null if the channel did not use one."""

    name: str | None = None
    """Recipient's name at that time, or null if not known."""

    user_id: str | None = None
    """Id of the user that the message went to, or null if it did not go to a user."""

    via_incoming_webhook: bool | None = None
    """Whether a chat message was posted through an incoming webhook; null where that does not apply."""


class MessageSourceBranch(Model):
    """A branching step of a workflow, and the branch that the run took there."""

    branch_id: str
    """Id of the branch."""

    step_ref: str
    """Reference of the branching step."""

    step_type: str
    """Type of the branching step, such as `branch`."""


MessageStatus: TypeAlias = Literal[
    "queued", "sent", "delivered", "delivery_attempted", "undelivered", "not_sent", "bounced"
]
"""Status of a message, how far its delivery got."""


class MessageDeliveryLog(Model):
    """One attempt to pass a message to its provider: Knock's request and the response."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `MessageDeliveryLog`."""

    environment_id: str
    """Id of the Knock environment that the message was delivered from."""

    id: str
    """Id of the delivery log."""

    inserted_at: AwareDatetime
    """When the delivery log was created."""

    request: MessageDeliveryLogRequest
    """The HTTP request that Knock made to the provider."""

    response: MessageDeliveryLogResponse
    """The HTTP response that the provider returned."""

    service_name: str
    """Name of the provider that Knock called for this delivery."""


class MessageEvent(Model):
    """One entry in a message's history: a change of its delivery status or of the recipient's engagement."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `MessageEvent`."""

    data: dict[str, Any] | None = None
    """Details of the event, such as the link clicked or the reason for a bounce; null for types that have none."""

    id: str
    """Id of the event."""

    inserted_at: AwareDatetime
    """When the event was recorded."""

    recipient: RecipientReference
    """Recipient of the message: a user id, or the id and collection of an object."""

    type: MessageEventType | str
    """Type of the event: `message.` followed by the new status."""


class MessageSource(Model):
    """Source of a message: a workflow, a broadcast or a guide, with its run and version."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, as Knock names it."""

    branch_path: list[MessageSourceBranch] | None = None
    """Branches that the step is in, from the outermost inwards; absent if it is in none."""

    categories: list[str]
    """Categories of the source, empty if it has none."""

    key: str
    """Key of the workflow, broadcast or guide."""

    step_ref: str | None = None
    """Reference of the step that produced the message, or null if not known."""

    type: Literal["broadcast", "workflow", "guide"] | str
    """Kind of source: `workflow`, `broadcast` or `guide`."""

    version_id: str
    """Id of the version of the source that ran."""

    workflow_recipient_run_id: str | None = None
    """Id of the run for this one recipient, or null if no workflow run produced the message."""

    workflow_run_id: str | None = None
    """Id that the trigger call returned, shared by the runs of all its recipients; null if no workflow ran."""


class ListMessageDeliveryLogsResponse(Model):
    """One page of a message's delivery attempts, each with the provider's reply."""

    items: list[MessageDeliveryLog]
    """Delivery logs on this page."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


class ListMessageEventsResponse(Model):
    """One page of a message's events."""

    items: list[MessageEvent]
    """Events on this page."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


class Message(Model):
    """One notification on one channel to one recipient, with its delivery and engagement."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `Message`."""

    actors: list[RecipientReference]
    """Users and objects that acted, up to 10; more than one only after a batch."""

    archived_at: AwareDatetime | None = None
    """When the message was archived; null if it is not."""

    channel: MessageChannel
    """Channel that the message went through."""

    channel_id: str
    """Id of the channel (a UUID); deprecated, read `channel.id` instead."""

    clicked_at: AwareDatetime | None = None
    """When a link was last followed; null if never; an older name for `link_clicked_at`."""

    data: dict[str, Any] | None = None
    """Data of the workflow run behind the message; after a batch, that of the latest trigger; null for none."""

    engagement_statuses: list[EngagementStatus | str]
    """The recipient's engagement with the message, as a set of statuses; empty if there is none yet."""

    id: str
    """Id of the message, given by Knock."""

    inserted_at: AwareDatetime
    """When Knock created the message."""

    interacted_at: AwareDatetime | None = None
    """When the recipient last interacted with the message; null if never."""

    link_clicked_at: AwareDatetime | None = None
    """When a tracked link in the message was last followed; null if never."""

    metadata: dict[str, Any] | None = None
    """Extra data stored with the message; null for none."""

    read_at: AwareDatetime | None = None
    """When the message was last marked as read; null if it is unread."""

    recipient: RecipientReference
    """Recipient of the message: a user id, or the `id` and `collection` of an object."""

    recipient_snapshot: MessageRecipientSnapshot | None = None
    """Contact data of the recipient, as recorded at the time; null or absent if not recorded."""

    scheduled_at: AwareDatetime | None = None
    """When the message is or was scheduled to be sent; null if no time was set for it."""

    seen_at: AwareDatetime | None = None
    """When the message was last marked as seen; null if it is unseen."""

    source: MessageSource
    """Workflow, broadcast or guide that produced the message."""

    status: MessageStatus | str
    """Delivery status; independent of the recipient's engagement."""

    tenant: str | None = None
    """Id of the tenant that the message belongs to; null if it belongs to none."""

    updated_at: AwareDatetime
    """When the message last changed."""

    workflow: str | None = None
    """Key of the workflow that produced the message; null if none did; deprecated, read `source.key` instead."""


BatchListMessagesResponse: TypeAlias = list[Message]
"""All messages of a batch request, after the change."""


class ListMessagesResponse(Model):
    """One page of messages."""

    items: list[Message]
    """Messages on this page, newest first."""

    page_info: PageInfo
    """Cursors of the neighbouring pages, and the page size."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
