"""Bulk jobs that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from collections.abc import AsyncIterator

from pydantic import BaseModel

from knock_sdk import AsyncKnock, Knock, Workflow
from knock_sdk.bulk import BulkReport, Trigger


class Comment(BaseModel):
    text: str


COMMENT = Workflow("comment", data=Comment)
PLAIN = Workflow("plain", data=None)


async def rows() -> AsyncIterator[dict[str, object]]:
    yield {"id": "ada"}


def tell_nothing() -> None:
    """Take no progress."""


def jobs(client: Knock, report: BulkReport) -> None:
    client.users.bulk.identify_many(rows())  # refused
    client.users.bulk.identify_many({"id": "ada"})  # refused
    client.users.bulk.identify_many(5)  # refused
    client.users.bulk.identify_many()  # refused
    client.users.bulk.delete_many([5])  # refused
    client.users.bulk.identify_many([{"id": "ada"}], journal=5)  # refused
    client.users.bulk.identify_many([{"id": "ada"}], on_progress=tell_nothing)  # refused
    client.users.bulk.identify_many([{"id": "ada"}], concurrency="4")  # refused
    client.users.bulk.set_preferences_many(["ada"])  # refused
    client.workflows.trigger_many("digest")  # refused
    client.workflows.trigger_many(PLAIN, recipients=["ada"], data={"n": 1})  # refused
    client.workflows.trigger_many(COMMENT, recipients=["ada"])  # refused
    client.workflows.trigger_many(COMMENT, recipients=["ada"], data={"n": 1})  # refused
    # ty takes any keyword for `**options: Unpack[Options]`, with a typed dict `Options` that has none of this name.
    client.workflows.trigger_many("digest", recipients=["ada"], idempotency_key="k")  # refused except by ty
    client.workflows.trigger_each({"key": "digest", "recipients": ["ada"]})  # refused
    client.bulk_operations.wait()  # refused
    client.bulk_operations.wait("op", timeout="5")  # refused
    print(report.failure)  # refused
    print(report.failures[0])  # refused
    print(report.to_dict()["suceeded"])  # refused


def triggers() -> list[Trigger]:
    return [
        {"key": "digest"},  # refused
        {"key": "digest", "recipients": ["ada"], "recipeint": "ada"},  # refused
        {"key": 5, "recipients": ["ada"]},  # refused
    ]


async def in_asyncio(client: AsyncKnock) -> None:
    report = await client.users.bulk.identify_many(rows())
    print(report.sent)  # refused
    print(client.users.bulk.identify_many(rows()).failed)  # refused
    await client.users.bulk.identify_many([{"id": "ada"}], wait="yes")  # refused
