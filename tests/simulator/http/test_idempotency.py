"""Triggers with an idempotency key: carried out once, replayed for a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from tests.simulator.support.pair import header, http

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


@rule("reference/content", "a trigger with a known idempotency key is replayed, and not carried out again")
def test_a_repeated_trigger_with_the_same_key_is_replayed(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    first = knock.workflows.trigger("w", recipients=["ana"], data={"a": 1, "b": 2}, idempotency_key="k1")
    again = knock.workflows.trigger("w", recipients=["ana"], data={"b": 2, "a": 1}, idempotency_key="k1")
    assert again.workflow_run_id == first.workflow_run_id
    assert (first.response_info.replayed, again.response_info.replayed) == (False, True)
    assert again.response_info.original_request_id == first.response_info.request_id
    assert again.response_info.request_id != first.response_info.request_id
    assert len(sim.messages()) == 1
    other = knock.workflows.trigger("w", recipients=["ana"], data={"a": 1, "b": 2}, idempotency_key="k2")
    assert other.workflow_run_id != first.workflow_run_id


def test_the_order_of_keys_does_not_change_the_parameters(sim: Simulator) -> None:
    ana, data = (
        {"id": "ana", "name": "Ana", "plan": {"seats": 3, "kind": "pro"}},
        {"rows": [[{"a": 1, "b": 2}]], "n": 1},
    )
    body = {"recipients": [ana, "ben"], "data": data, "tenant": "acme"}

    def reverse_keys(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: reverse_keys(inner) for name, inner in reversed(value.items())}
        return [reverse_keys(element) for element in value] if isinstance(value, list) else value

    assert [*reverse_keys(body)["recipients"][0]] == ["plan", "name", "id"]
    first, body_of_first = http(sim, "POST", "/v1/workflows/w/trigger", body, idempotency_key="k")
    again, same = http(sim, "POST", "/v1/workflows/w/trigger", reverse_keys(body), idempotency_key="k")
    assert (first.status, again.status, same) == (200, 200, body_of_first)
    assert header(again, "idempotent-replayed") == "true"
    # The order of a list is significant.
    body["recipients"].reverse()
    assert http(sim, "POST", "/v1/workflows/w/trigger", body, idempotency_key="k")[0].status == 422


@rule("reference/content", "an idempotency key with other parameters is refused")
def test_a_key_with_other_parameters_is_rejected(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    knock.workflows.trigger("w", recipients=["ana"], idempotency_key="k1")
    for workflow, data in (("w", {"a": 1}), ("other", None)):
        with pytest.raises(UnprocessableEntityError) as caught:
            knock.workflows.trigger(workflow, recipients=["ana"], data=data, idempotency_key="k1")
        assert [error.field for error in caught.value.errors] == ["Idempotency-Key"]
    assert len(sim.messages()) == 1


@rule("reference/content", "an idempotency key is known for 24 hours")
def test_a_key_expires_after_a_day(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    first = knock.workflows.trigger("w", recipients=["ana"], idempotency_key="k1")
    sim.advance(hours=23, minutes=59)
    assert knock.workflows.trigger("w", recipients=["ana"], idempotency_key="k1") == first
    sim.advance(minutes=1)
    assert knock.workflows.trigger("w", recipients=["ana"], idempotency_key="k1") != first


@rule("reference/content", "only successes are replayed")
def test_a_failed_trigger_is_not_stored_for_its_key(knock: Any, sim: Simulator) -> None:
    sim.workflow("known")
    with pytest.raises(NotFoundError):
        knock.workflows.trigger("new", recipients=[{"id": "ana"}], idempotency_key="k1")
    sim.workflow("new")
    run = knock.workflows.trigger("new", recipients=[{"id": "ana"}], idempotency_key="k1")
    assert not run.response_info.replayed
    assert [message.recipient for message in sim.messages()] == ["ana"]


@rule("reference/content", "idempotency keys count for triggers alone")
def test_keys_of_other_operations_are_ignored(sim: Simulator) -> None:
    for name in ("Ana", "Ben"):
        _, body = http(sim, "PUT", "/v1/users/x", {"name": name}, idempotency_key="k1")
        assert body["name"] == name


@rule("reference/content", "a replay has `idempotent-replayed` and the id of the original request")
def test_a_replay_refers_to_the_original_request(sim: Simulator) -> None:
    sent = {"recipients": [{"id": "ana"}]}
    first, body = http(sim, "POST", "/v1/workflows/w/trigger", sent, idempotency_key="k")
    again, same = http(sim, "POST", "/v1/workflows/w/trigger", sent, idempotency_key="k")
    assert body == same
    assert header(first, "idempotent-replayed") is None
    assert header(again, "idempotent-replayed") == "true"
    assert header(again, "original-x-request-id") == header(first, "x-request-id")
    assert http(sim, "POST", "/v1/workflows/w/trigger", sent, idempotency_key="k" * 256)[0].status == 422
