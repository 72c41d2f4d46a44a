"""Waiting for a bulk operation."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError, APITimeoutError, InvalidArgumentError, NotFoundError
from knock_sdk import types as t
from knock_sdk.bulk import BulkOperationFailedError

from .engines import Answering, operation, reply

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller


def test_an_operation_or_its_id(caller: Caller, sim: Simulator, client: Any) -> None:
    queued = caller(client.users.bulk.identify, users=[{"id": "ada"}])
    ended = caller(client.bulk_operations.wait, queued)
    assert (type(ended), ended.id, ended.status) == (t.BulkOperation, queued.id, "completed")
    assert ended.success_count == 1
    by_id = caller(client.bulk_operations.wait, queued.id)
    assert by_id == ended
    assert [request.target for request in sim.requests[1:]] == [f"/v1/bulk_operations/{queued.id}"] * 3


def test_an_operation_that_has_ended_is_not_looked_at(caller: Caller, sim: Simulator, client: Any) -> None:
    queued = caller(client.users.bulk.identify, users=[{"id": "ada"}])
    ended = caller(client.bulk_operations.wait, queued)
    sent = len(sim.requests)
    assert caller(client.bulk_operations.wait, ended) is ended
    assert len(sim.requests) == sent


def test_the_pauses_grow_to_ten_seconds(caller: Caller) -> None:
    looks: list[float] = []

    def answer(_: str, __: Any) -> Any:
        looks.append(api.clock.now)
        return reply(200, operation("op", "completed" if len(looks) == 20 else "processing"))

    api = Answering(answer)
    seen: list[str] = []
    caller(api.client(caller).bulk_operations.wait, "op", on_progress=lambda each: seen.append(each.status))
    pauses = [round(later - earlier, 2) for earlier, later in pairwise(looks)]
    assert pauses[:4] == [0.38, 0.56, 0.84, 1.27]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 10
    assert seen == ["processing"] * 19 + ["completed"]


def test_an_operation_that_failed_is_raised(caller: Caller, sim: Simulator, client: Any) -> None:
    sim.fail_bulk_operations()
    queued = caller(client.users.bulk.identify, users=[{"id": "ada"}])
    with pytest.raises(BulkOperationFailedError) as caught:
        caller(client.bulk_operations.wait, queued)
    assert caught.value.operation is not None
    assert (caught.value.operation.id, caught.value.operation.status) == (queued.id, "failed")
    assert str(caught.value) == (
        f"the bulk operation {queued.id} (users.identify) failed as a whole, after 0 of about 1 rows"
    )


@pytest.mark.parametrize("timeout", [0.1, 0.5, 60])
def test_the_time_may_be_limited(caller: Caller, timeout: float) -> None:
    api = Answering(lambda _, __: reply(200, operation("op-7", "processing")))
    began = api.clock.now
    with pytest.raises(
        APITimeoutError, match=r"the bulk operation op-7 has not ended in time, and is still processing"
    ):
        caller(api.client(caller).bulk_operations.wait, "op-7", timeout=timeout)
    assert timeout - 0.01 <= api.clock.now - began < timeout + 1


@pytest.mark.parametrize("timeout", [0, -1, "5", float("nan"), True])
def test_a_bad_time_limit_is_refused(caller: Caller, sim: Simulator, client: Any, timeout: Any) -> None:
    with pytest.raises(InvalidArgumentError, match=r"^timeout: "):
        caller(client.bulk_operations.wait, "op", timeout=timeout)
    assert sim.requests == []


def test_errors_come_through(caller: Caller, sim: Simulator, client: Any) -> None:
    with pytest.raises(NotFoundError):
        caller(client.bulk_operations.wait, "2f1d3c6a-5a0e-4f4e-9f0e-2f1d3c6a5a0e")
    with pytest.raises(InvalidArgumentError):
        caller(client.bulk_operations.wait, "")


def test_what_on_progress_raises_comes_through(caller: Caller) -> None:
    def tell(_: object) -> None:
        raise LookupError("enough")

    api = Answering(lambda _, __: reply(200, operation("op")))
    with pytest.raises(LookupError, match="enough"):
        caller(api.client(caller).bulk_operations.wait, "op", on_progress=tell)
    assert len(api.sent) == 1


def test_closing_the_client_ends_the_wait(caller: Caller) -> None:
    api = Answering(lambda _, __: reply(200, operation("op", "processing")))
    client = api.client(caller, own_clock=False)
    outcome, _ = caller.together(
        [lambda: client.bulk_operations.wait("op"), caller.when(lambda: len(api.sent) > 1, client.close)]
    )
    assert isinstance(outcome, APIConnectionError)
    assert "the client was closed meanwhile" in str(outcome)
