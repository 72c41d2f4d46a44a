"""Bulk jobs as users write them; read by type checkers only."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from pydantic import BaseModel

from knock_sdk import AsyncKnock, Knock, KnockError, Workflow
from knock_sdk.bulk import (
    BulkFailure,
    BulkFailureDict,
    BulkFailuresError,
    BulkItemError,
    BulkOperationFailedError,
    BulkProgress,
    BulkReport,
    BulkReportDict,
    JournalError,
    Trigger,
)
from knock_sdk.params import BulkCreateSchedule, InlineIdentifyUserRequest, RecipientRequest
from knock_sdk.types import BulkOperation


class Row(TypedDict):
    id: str
    email: str


class Comment(BaseModel):
    text: str


@dataclass
class Digest:
    count: int


COMMENT = Workflow("comment", data=Comment)
DIGEST = Workflow("digest", data=Digest)
PLAIN = Workflow("plain", data=None)


def from_csv(client: Knock, path: Path) -> BulkReport:
    with path.open(encoding="utf-8", newline="") as file:
        return client.users.bulk.identify_many(csv.DictReader(file), journal="import.sqlite")


def from_anything(client: Knock, rows: list[dict[str, object]], typed: list[Row], lines: Iterable[str]) -> None:
    client.users.bulk.identify_many(rows)
    client.users.bulk.identify_many(row for row in rows)
    client.users.bulk.identify_many(typed)
    client.users.bulk.identify_many(tuple(typed), journal=Path("j"), concurrency=4, wait=False, timeout=5.0)
    client.users.bulk.identify_many(json.loads(line) for line in lines)
    users: list[InlineIdentifyUserRequest] = [{"id": "ada", "name": "Ada"}]
    client.users.bulk.identify_many(users)
    client.users.bulk.identify_many([{"id": "ada", "plan": "pro"}])
    client.users.bulk.identify_many(iter([{"id": "ada", "plan": "pro"}]))


def from_frames(client: Knock, of_pandas: list[dict[Any, Any]], of_polars: list[dict[str, Any]]) -> None:
    client.users.bulk.identify_many(of_pandas)
    client.users.bulk.identify_many(of_polars)


class Batch:
    """A record batch of Arrow, as far as it matters."""

    def to_pylist(self) -> list[dict[str, Any]]:
        return []


def from_batches(client: Knock, batches: Iterable[Batch]) -> None:
    client.users.bulk.identify_many(batches)
    client.users.bulk.identify_many([Batch()])


def every_method(client: Knock, ids: Iterator[str], schedules: list[BulkCreateSchedule]) -> list[BulkReport]:
    return [
        client.audiences.add_members_many("beta", ({"user": {"id": each}} for each in ids), create_audience=True),
        client.audiences.remove_members_many("beta", [{"user": {"id": "ada"}, "tenant": "acme"}]),
        client.messages.batch.mark_as_read_many(ids),
        client.messages.batch.mark_as_interacted_many(ids, metadata={"button": "ok"}),
        client.objects.bulk.set_many("projects", [{"id": "apollo", "name": "Apollo"}]),
        client.objects.bulk.delete_many("projects", ids),
        client.objects.bulk.add_subscriptions_many("projects", [{"id": "apollo", "recipients": ["ada"]}]),
        client.objects.bulk.delete_subscriptions_many("projects", [{"id": "apollo", "recipients": ["ada"]}]),
        client.objects.add_subscriptions_many("projects", "apollo", ids, properties={"role": "owner"}),
        client.schedules.bulk.create_many(schedules),
        client.tenants.bulk.set_many([{"id": "acme", "name": "Acme"}]),
        client.tenants.bulk.delete_many(ids),
        client.users.bulk.delete_many(ids),
        client.users.bulk.set_preferences_many(ids, preferences={"channel_types": {"sms": False}}),
    ]


def triggers(client: Knock, recipients: Iterable[RecipientRequest], ids: set[str]) -> None:
    client.workflows.trigger_many("digest", recipients=ids)
    client.workflows.trigger_many("digest", recipients=recipients, data={"n": 1}, tenant="acme")
    client.workflows.trigger_many("digest", recipients=({"id": each, "name": each} for each in ids))
    client.workflows.trigger_many(COMMENT, recipients=ids, data=Comment(text="Hi"))
    client.workflows.trigger_many(DIGEST, recipients=ids, data=Digest(count=3))
    client.workflows.trigger_many(PLAIN, recipients=ids)
    one: Trigger = {"key": COMMENT, "recipients": ["ada"], "data": {"text": "Hi"}, "idempotency_key": "k"}
    client.workflows.trigger_each([one])
    client.workflows.trigger_each([{"key": "digest", "recipients": ["ada"]}])
    client.workflows.trigger_each(make_triggers())


def make_triggers() -> Iterator[Trigger]:
    for number in range(10):
        yield {"key": "digest", "recipients": [f"u{number}"], "data": {"n": number}, "tenant": None}
        yield Trigger(key="digest", recipients=[{"id": "ada"}])


def plain_data(report: BulkReport) -> list[str]:
    plain: BulkReportDict = report.to_dict()
    failures: list[BulkFailureDict] = plain["failures"]
    return [f"{plain['job']}: {each['index']}: {each['type']}: {each['error']}" for each in failures]


def reports(report: BulkReport) -> int:
    for failure in report.failures:
        problem: KnockError = failure.error
        index: int | None = failure.index
        print(failure.item, problem, index)
    ids: list[str] = list(report.operations)
    total: int = report.succeeded + report.failed + report.unknown + report.already_done + len(report.failures)
    seconds: float = report.elapsed + report.rate
    print(ids, seconds, report)
    return total


def errors(client: Knock, show: list[BulkFailure]) -> BulkOperation | None:
    def tell(progress: BulkProgress) -> None:
        done: int = progress.done
        total: int | None = progress.total
        left: float | None = progress.remaining
        print(done, total, left, progress.failed, progress.unknown, progress.rate)

    try:
        client.users.bulk.identify_many([{"id": "ada"}], on_progress=tell).raise_for_failures()
        client.users.bulk.identify_many([{"id": "ada"}], on_progress=print)
        return client.bulk_operations.wait("op", timeout=60, on_progress=lambda each: print(each.status))
    except BulkFailuresError as error:
        number: int = error.failed + error.unknown
        print(number)
    except BulkOperationFailedError as error:
        return error.operation
    except (JournalError, BulkItemError) as error:
        print(error)
    print(show)
    return client.bulk_operations.wait(client.users.bulk.identify(users=[{"id": "ada"}]))


async def rows() -> AsyncIterator[dict[str, object]]:
    yield {"id": "ada"}


async def ids() -> AsyncIterator[str]:
    yield "ada"


async def trigger_items() -> AsyncIterator[Trigger]:
    yield {"key": "digest", "recipients": ["ada"]}


async def in_asyncio(client: AsyncKnock, typed: list[Row]) -> BulkReport:
    await client.users.bulk.identify_many(typed)
    await client.users.bulk.identify_many(rows(), journal="j", on_progress=print)
    await client.messages.batch.archive_many(ids())
    await client.workflows.trigger_many("digest", recipients=ids())
    await client.workflows.trigger_many(COMMENT, recipients=ids(), data=Comment(text="Hi"))
    await client.workflows.trigger_each(trigger_items())
    operation: BulkOperation = await client.bulk_operations.wait("op")
    print(operation.status)
    return await client.users.bulk.delete_many(each async for each in ids())
