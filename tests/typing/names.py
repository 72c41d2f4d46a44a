"""Names that users annotate their own code with; read by type checkers only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from typing_extensions import assert_type

from knock_sdk import NOT_GIVEN, Knock, NotGiven
from knock_sdk.params import (
    ArchivedFilter,
    BulkMessageAction,
    EngagementStatusFilter,
    FeedStatusFilter,
    Items,
    JSONModel,
    JSONObject,
    ProviderChannelDataRequest,
    RecipientRequest,
    TimeRange,
)
from knock_sdk.types import (
    BulkOperationStatus,
    ChannelData,
    ChannelType,
    EngagementStatus,
    Message,
    MessageContent,
    MessageContents,
    MessageEmailContent,
    MessageStatus,
    ProviderChannelData,
    Schedule,
    WorkflowRecipientRunStatus,
)


def notify(
    client: Knock, recipients: Items[RecipientRequest], data: JSONObject, tenant: str | NotGiven = NOT_GIVEN
) -> str:
    return client.workflows.trigger("w", recipients=recipients, data=data, tenant=tenant).workflow_run_id


def filters(client: Knock, status: MessageStatus, since: TimeRange, engagement: EngagementStatus) -> list[Message]:
    wanted: list[MessageStatus] = [status, "sent"]
    unread: EngagementStatusFilter = "unread"
    client.users.list_messages("u", status=wanted, inserted_at=since)
    client.workflow_recipient_runs.list(status=running())
    return client.messages.list(engagement_status=[unread, engagement], status={status}).collect()


def running() -> set[WorkflowRecipientRunStatus]:
    return {"queued", "processing", "paused"}


def of_feeds(client: Knock, status: FeedStatusFilter, archived: ArchivedFilter, action: BulkMessageAction) -> None:
    client.users.feeds.list_items("u", "c", status=status, archived=archived)
    client.channels.bulk.update_message_status("c", action, archived=archived)


def store(client: Knock, data: ProviderChannelDataRequest, settings: JSONModel) -> ProviderChannelData:
    client.workflows.trigger("w", recipients=["u"], settings=settings)
    return client.users.set_channel_data("u", "c", data=data).data


def subject(content: MessageContent) -> str | None:
    return content.subject_line if isinstance(content, MessageEmailContent) else None


def subject_of(contents: MessageContents) -> str | None:
    return subject(contents.data)


def given(name: str | NotGiven, age: int | NotGiven | None = NOT_GIVEN) -> str:
    if age is NOT_GIVEN:
        assert_type(age, Literal[NotGiven.NOT_GIVEN])
    else:
        assert_type(age, int | None)
    if isinstance(name, NotGiven):
        return ""
    return assert_type(name, str)


def always_sent(message: Message, schedule: Schedule, data: ChannelData) -> None:
    assert_type(message.recipient if isinstance(message.recipient, str) else message.recipient.id, str)
    assert_type([actor if isinstance(actor, str) else actor.collection for actor in message.actors], list[str])
    assert_type(message.channel.type, ChannelType | str)
    assert_type(message.status, MessageStatus | str)
    assert_type(message.tenant, str | None)
    assert_type(schedule.recipient.id, str)
    assert_type(data.data, ProviderChannelData)


def bulk_status(client: Knock, known: Mapping[BulkOperationStatus, str]) -> str:
    operation = client.bulk_operations.get("b")
    assert_type(operation.error_count, int)
    assert_type(operation.status, BulkOperationStatus | str)
    return known["completed"]
