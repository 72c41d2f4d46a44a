"""Values of the wrong type that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from knock_sdk import NOT_GIVEN, Knock, NotGiven
from knock_sdk.params import Items, JSONModel, JSONObject, TimeRange
from knock_sdk.types import EngagementStatus, Message, MessageStatus, WorkflowRecipientRunStatus


def literals(message: Message) -> None:
    status: MessageStatus = "delivred"  # refused
    engagement: EngagementStatus = "unread"  # refused
    run: WorkflowRecipientRunStatus = "done"  # refused
    answer: MessageStatus = message.status  # refused
    print(status, engagement, run, answer)


def arguments(client: Knock, data: dict[str, str]) -> None:
    names: Items[str] = "ian"  # refused
    pairs: Items[str] = data  # refused
    numbers: Items[int] = ["ian"]  # refused
    content: JSONObject = ["ian"]  # refused
    model: JSONModel = data  # refused
    since: TimeRange = {"after": "2026-01-01"}  # refused
    client.messages.list(inserted_at={"gte": 5})  # refused
    print(names, pairs, numbers, content, model, since)


def not_given(client: Knock, name: str | NotGiven) -> str:
    client.users.get(NOT_GIVEN)  # refused
    absent: NotGiven = None  # refused
    print(absent)
    return name  # refused
