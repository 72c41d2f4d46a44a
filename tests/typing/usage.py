"""Code against the client as users write it; read by type checkers only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from pydantic import BaseModel
from typing_extensions import TypedDict, assert_type

import knock_sdk
from knock_sdk import (
    NOT_GIVEN,
    APIStatusError,
    AsyncKnock,
    AsyncPage,
    FeedPage,
    Knock,
    NotGiven,
    Page,
    RateLimitError,
    ResponseInfo,
    capture_responses,
    types,
)
from knock_sdk.params import InlineIdentifyUserRequest, PreferenceSetChannelTypes, RecipientRequest
from knock_sdk.types import ChannelData, Message, Recipient, SlackChannelData, User


class Comment(BaseModel):
    id: str
    text: str


@dataclass
class Invoice:
    number: int
    due: datetime


class Export(TypedDict):
    url: str


def recipients_of_every_kind(client: Knock, tenant: str | None, team: set[str], owner: str) -> None:
    client.workflows.trigger("welcome", recipients=["jhammond"])
    client.workflows.trigger("welcome", recipients=("jhammond", owner))
    client.workflows.trigger("welcome", recipients=team)
    client.workflows.trigger("welcome", recipients=[{"id": "projects-1", "collection": "projects"}])
    client.workflows.trigger("welcome", recipients=[{"id": "u1", "name": "Ada", "plan": "pro", "seats": 3}])
    client.workflows.trigger("welcome", recipients=["jhammond", {"id": "u1", "email": "ada@example.com"}])
    plain: list[dict[str, str]] = [{"id": "u1", "plan": "pro"}]
    client.workflows.trigger("welcome", recipients=plain, tenant=tenant)
    typed: list[InlineIdentifyUserRequest] = [{"id": "u1", "name": "Ada"}]
    client.workflows.trigger("welcome", recipients=typed, tenant={"id": "acme", "name": "Acme", "region": "eu"})
    mixed: Sequence[RecipientRequest] = [*typed, "u2"]
    client.workflows.trigger("welcome", recipients=list(mixed), actor=typed[0])


def data_of_every_kind(client: Knock, comment: Comment, invoice: Invoice, export: Export) -> None:
    strings: dict[str, str] = {"text": "hello"}
    nested: Mapping[str, object] = {"comment": comment, "at": datetime.now(timezone.utc)}
    client.workflows.trigger("w", recipients=["u"], data=strings)
    client.workflows.trigger("w", recipients=["u"], data=nested)
    client.workflows.trigger("w", recipients=["u"], data=comment)
    client.workflows.trigger("w", recipients=["u"], data=invoice)
    client.workflows.trigger("w", recipients=["u"], data=export)
    client.workflows.trigger("w", recipients=["u"], data=None, idempotency_key="order-7", timeout=2.5, max_retries=0)


def optional_arguments(client: Knock, name: str | None, email: str | NotGiven = NOT_GIVEN) -> User:
    return client.users.update("u", name=name, email=email, properties={"plan": "pro", "seats": 3})


def preferences(client: Knock, wanted: PreferenceSetChannelTypes, flags: dict[str, bool]) -> types.PreferenceSet:
    client.users.set_preferences("u", "default", channel_types={"email": False, "push": True})
    client.users.set_preferences("u", "default", workflows={"digest": {"channel_types": {"email": False}}})
    client.users.set_preferences("u", "default", categories=flags, channels={"a-channel": True})
    return client.users.set_preferences("u", "default", channel_types=wanted)


def reading(client: Knock) -> None:
    user = client.users.get("u")
    assert_type(user, User)
    assert_type(user.name, str | None)
    assert_type(user.updated_at, datetime)
    assert_type(user.properties, dict[str, Any])
    print(user.plan, user.response_info.request_id)
    assert_type(user.response_info, ResponseInfo)

    page = client.users.list(page_size=20)
    assert_type(page, Page[User])
    assert_type(page.items, Sequence[User])
    for each in page:
        assert_type(each, User)
    assert_type(page.take(3), list[User])
    assert_type(page.collect(), list[User])
    for each in page.prefetch():
        assert_type(each, User)
    for one in page.pages():
        assert_type(one, Page[User])

    feed = client.users.feeds.list_items("u", "a-channel", status="unread")
    assert_type(feed, FeedPage)
    print(feed.meta.unread_count if feed.meta else 0)

    messages = client.messages.list(status=["sent", "delivered"], inserted_at={"gte": datetime.now(timezone.utc)})
    first = messages.items[0]
    assert_type(first, Message)
    print(first.recipient if isinstance(first.recipient, str) else first.recipient.collection)
    data = client.users.get_channel_data("u", "a-channel")
    assert_type(data, ChannelData)
    if isinstance(data.data, SlackChannelData):
        print(data.data.connections)
    assert_type(client.users.delete("u"), None)
    assert_type(client.messages.batch.mark_as_read(message_ids=["m"]), list[Message])
    assert_type(client.request("GET", "/v1/users/u", cast_to=User), User)
    assert_type(client.get("/v1/users/u", cast_to=User), User)
    assert_type(client.get("/v1/users", cast_to=list[User]), list[User])
    assert_type(client.post("/v1/users/u", body={}, cast_to=User), User)
    assert_type(client.put("/v1/users/u", body={}, cast_to=User), User)
    assert_type(client.delete("/v1/users/u", cast_to=User), User)
    assert_type(client.with_options(default_headers={"X-A": None, "X-B": "b"}), Knock)


async def reading_async(client: AsyncKnock) -> AsyncIterator[User]:
    assert_type(await client.users.get("u"), User)
    assert_type(await client.get("/v1/users/u", cast_to=User), User)
    assert_type(await client.post("/v1/users/u", cast_to=list[User]), list[User])
    assert_type(await client.put("/v1/users/u", cast_to=User), User)
    assert_type(await client.delete("/v1/users/u", cast_to=User), User)
    page = await client.users.list()
    assert_type(page, AsyncPage[User])
    assert_type(await client.users.list().collect(), list[User])
    feed = await client.users.feeds.list_items("u", "a-channel")
    print(feed.meta)
    async for item in client.users.feeds.list_items("u", "a-channel"):
        assert_type(item, types.InAppFeedItem)
    async for each in client.users.list().prefetch(2):
        assert_type(each, User)
    async for each in client.users.list():
        yield each


def errors(client: Knock) -> Iterator[str]:
    with capture_responses() as calls:
        try:
            client.messages.batch.mark_as_read(message_ids=["m"])
        except RateLimitError as error:
            assert_type(error.retry_after, float | None)
        except APIStatusError as error:
            if error.code == "workflow_missing":
                yield str(error)
            for field in error.errors:
                yield f"{field.field}: {field.message}"
    assert_type(calls, list[ResponseInfo])
    yield knock_sdk.__version__


def recipient_name(recipient: Recipient) -> str:
    return recipient.name or recipient.id if isinstance(recipient, User) else recipient.id
