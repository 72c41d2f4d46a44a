"""Bulk operations that fail, of which rows fail, or that cannot be looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import (
    BadRequestError,
    InternalServerError,
)
from knock_sdk.bulk import BulkItemError, BulkOperationFailedError

from .engines import Answering, operation, refusal, reply
from .methods import METHODS
from .test_errors import SCHEDULES, TRIGGERS, USERS, schedule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller


def test_an_operation_that_fails_as_a_whole(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.fail_bulk_operations("users.identify")
    report = caller(client.users.bulk.identify_many, USERS)
    assert (report.succeeded, report.failed) == (1500, 1000)
    assert {type(failure.error) for failure in report.failures} == {BulkOperationFailedError}
    assert [failure.index for failure in report.failures] == list(range(1000))
    sim.fail_bulk_operations("schedules.create_schedules")
    report = caller(client.schedules.bulk.create_many, SCHEDULES[:3])
    assert (report.succeeded, report.failed, report.unknown) == (0, 0, 3)


@pytest.mark.parametrize(
    ("method", "items", "errors", "indexes"),
    [
        ("users.bulk.identify_many", [{"id": "a"}, {"id": "b"}, {"id": "a"}], ["a"], [0]),
        ("users.bulk.identify_many", [{"id": "a"}, {"id": "b"}, {"id": "a"}], ["a", "a"], [0, 2]),
        ("users.bulk.identify_many", [{"id": "a"}, {"id": "b"}], ["b", "b", "b"], [1, None]),
        ("users.bulk.identify_many", [{"id": "a"}, {"id": "b"}], ["z"], [None]),
        ("users.bulk.delete_many", ["a", "b"], ["b"], [1]),
        ("schedules.bulk.create_many", [schedule(1), schedule(2)], ["u2"], [1]),
        ("tenants.bulk.delete_many", ["a", "b", ""], ["b"], [1]),
    ],
)
def test_errors_of_rows_are_those_of_items(
    caller: Caller, method: str, items: list[Any], errors: list[str], indexes: list[int | None]
) -> None:
    def answer(path: str, _: Any) -> Any:
        return reply(200, operation("op", "completed" if "operations" in path else "queued", errors=errors))

    api = Answering(answer)
    (found,) = (each for each in METHODS if each.many == method)
    report = caller(lambda: found.call_many(api.client(caller), items))
    failures = list(report.failures)
    assert [failure.index for failure in failures] == indexes
    assert report.failed == len(indexes)
    assert report.succeeded == len(items) - len(indexes)
    assert {type(failure.error) for failure in failures} == {BulkItemError}
    assert [failure.item for failure in failures if failure.index is not None] == [
        items[index] for index in indexes if index is not None
    ]


def test_an_operation_that_does_not_exist_any_more(caller: Caller) -> None:
    api = Answering(lambda path, _: refusal(404) if "operations" in path else reply(200, operation("op-1")))
    report = caller(api.client(caller).users.bulk.identify_many, USERS[:3])
    assert (report.succeeded, report.failed, report.unknown) == (0, 0, 3)
    assert "op-1 does not exist any more" in str(next(iter(report.failures)).error)


def test_an_operation_that_does_not_end(caller: Caller) -> None:
    api = Answering(lambda path, _: reply(200, operation("op-1", "processing")))
    began = api.clock.now
    report = caller(api.client(caller).users.bulk.identify_many, USERS[:3])
    assert (report.succeeded, report.failed, report.unknown) == (0, 0, 3)
    assert 3600 <= api.clock.now - began < 3700
    assert len(api.sent) < 400


def test_an_outage_while_operations_are_waited_for(caller: Caller) -> None:
    def answer(path: str, _: Any) -> Any:
        return refusal(503) if "operations" in path else reply(200, operation("op-1"))

    api = Answering(answer)
    began = api.clock.now
    with pytest.raises(InternalServerError):
        caller(api.client(caller).users.bulk.identify_many, USERS[:3])
    assert 295 < api.clock.now - began < 400


def test_a_response_that_cannot_be_read_is_asked_for_again(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.malform("workflows.trigger", next=3, kind="truncated")
    report = caller(client.workflows.trigger_each, TRIGGERS[:20])
    assert report.succeeded == 20
    assert len(sim.triggers) == 20
    assert sum(request.replayed for request in sim.requests) == 3


def test_a_400_of_one_item(caller: Caller) -> None:
    def answer(_: str, content: Any) -> Any:
        return refusal(400) if "bad" in content["message_ids"] else reply(200, [])

    api = Answering(answer)
    ids = [*(f"m{number}" for number in range(120)), "bad"]
    report = caller(api.client(caller).messages.batch.mark_as_seen_many, ids)
    assert (report.succeeded, [failure.item for failure in report.failures]) == (120, ["bad"])
    assert isinstance(next(iter(report.failures)).error, BadRequestError)
    assert json.loads(api.sent[-1][1]) == {"message_ids": ["bad"]}
