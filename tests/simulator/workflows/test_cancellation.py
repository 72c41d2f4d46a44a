"""Cancellation: which runs match, and how batches change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knock_sdk import NotFoundError
from knock_sdk.testing import Batch, Delay, Send, Simulator
from tests.simulator.support.pair import http

from ..rules.table import rule

MINUTE = timedelta(minutes=1)


@pytest.fixture
def knock(knock: Any) -> Any:
    for name in ("ana", "ben"):
        knock.users.update(name)
    return knock


def trigger(knock: Any, number: int, key: str | None = None, recipients: Any = ("ana",)) -> None:
    knock.workflows.trigger("w", recipients=list(recipients), data={"n": number}, cancellation_key=key)


def sent(knock: Any, sim: Simulator) -> list[list[int]]:
    """Return the activities of each message."""
    return [
        [activity.data["n"] for activity in knock.messages.list_activities(message.id).items]
        for message in sim.messages()
    ]


def statuses(knock: Any) -> list[str]:
    return [run.status for run in reversed(knock.workflow_recipient_runs.list().items)]


@rule("sn/canceling-workflows", "a cancellation ends the paused runs with its key")
def test_a_delayed_run_is_cancelled(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", delay=MINUTE)
    trigger(knock, 1, "k")
    trigger(knock, 2, "other")
    trigger(knock, 3)
    assert knock.workflows.cancel("w", cancellation_key="k") is None
    assert statuses(knock) == ["cancelled", "paused", "paused"]
    sim.advance(minutes=1)
    assert sent(knock, sim) == [[2], [3]]
    assert [(skip.to, skip.reason, skip.detail) for skip in sim.skips()] == [("ana", "cancelled", "k")]


@rule("sn/canceling-workflows", "a cancellation is for one workflow")
def test_runs_of_other_workflows_are_not_cancelled(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", delay=MINUTE)
    sim.workflow("v", delay=MINUTE)
    trigger(knock, 1, "k")
    knock.workflows.cancel("v", cancellation_key="k")
    assert statuses(knock) == ["paused"]


def test_cancellation_can_be_limited_to_recipients(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", delay=MINUTE)
    trigger(knock, 1, "k", ["ana", "ben"])
    knock.workflows.cancel("w", cancellation_key="k", recipients=["ben"])
    sim.advance(minutes=1)
    assert [message.recipient for message in sim.messages()] == ["ana"]


@rule("sn/canceling-workflows", "a cancellation for an object includes its subscribers")
def test_subscribers_of_an_object_are_included(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", delay=MINUTE)
    project = {"collection": "projects", "id": "p"}
    knock.objects.set("projects", "p")
    knock.objects.add_subscriptions("projects", "p", recipients=["ben"])
    trigger(knock, 1, "k", ["ana", project])
    assert statuses(knock) == ["paused"] * 3
    knock.workflows.cancel("w", cancellation_key="k", recipients=[project])
    sim.advance(minutes=1)
    assert [message.recipient for message in sim.messages()] == ["ana"]


@rule("sn/canceling-workflows", "a run that does not wait is not cancelled")
def test_a_completed_run_is_not_cancelled(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", delay=MINUTE)
    trigger(knock, 1, "k")
    sim.advance(minutes=1)
    knock.workflows.cancel("w", cancellation_key="k")
    assert statuses(knock) == ["completed"]
    trigger(knock, 2, "k")
    assert statuses(knock) == ["completed", "paused"]


@rule("sn/canceling-workflows", "in a batch, a cancellation removes the activity, and the window stays open")
def test_cancelling_a_run_removes_its_activity_from_the_batch(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE)
    for number in (1, 2, 3):
        trigger(knock, number, f"k{number}")
    knock.workflows.cancel("w", cancellation_key="k2")
    assert statuses(knock) == ["paused", "cancelled", "completed"]
    sim.advance(minutes=1)
    assert sent(knock, sim) == [[1, 3]]


def test_a_batch_continues_after_its_leader_is_cancelled(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE)
    trigger(knock, 1, "k1")
    knock.workflows.cancel("w", cancellation_key="k1")
    knock.workflows.cancel("w", cancellation_key="k1")
    sim.advance(seconds=30)
    trigger(knock, 2)
    sim.advance(seconds=30)
    assert sent(knock, sim) == [[2]]
    assert [skip.reason for skip in sim.skips()] == ["cancelled"]


@rule("sn/canceling-workflows", "a batch all of whose activities are cancelled sends nothing")
def test_a_batch_without_activities_sends_nothing(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE)
    for number in (1, 2):
        trigger(knock, number, "k")
    knock.workflows.cancel("w", cancellation_key="k")
    sim.advance(minutes=1)
    assert sent(knock, sim) == []
    assert statuses(knock) == ["cancelled", "cancelled"]


def test_cancelled_runs_of_a_batch_are_not_cancelled_again(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE)
    for number in (1, 2):
        trigger(knock, number, "k")
    knock.workflows.cancel("w", cancellation_key="k")
    sim.advance(minutes=1)
    runs = [knock.workflow_recipient_runs.get(run.id) for run in knock.workflow_recipient_runs.list().items]
    sim.advance(minutes=1)
    knock.workflows.cancel("w", cancellation_key="k")
    assert [skip.reason for skip in sim.skips()] == ["cancelled", "cancelled"]
    assert [knock.workflow_recipient_runs.get(run.id) for run in runs] == runs


def test_after_a_batch_only_the_key_of_its_leader_cancels(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(MINUTE), Delay(MINUTE), Send("in_app_feed")])
    for number in (1, 2):
        trigger(knock, number, f"k{number}")
    sim.advance(minutes=1)
    knock.workflows.cancel("w", cancellation_key="k2")
    assert statuses(knock) == ["paused", "completed"]
    knock.workflows.cancel("w", cancellation_key="k1")
    sim.advance(minutes=1)
    assert sent(knock, sim) == []
    assert statuses(knock) == ["cancelled", "completed"]


def test_the_key_of_a_cancelled_leader_cancels_the_run_after_the_batch(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(MINUTE), Delay(MINUTE), Send("in_app_feed")])
    trigger(knock, 1, "k1")
    knock.workflows.cancel("w", cancellation_key="k1")
    assert statuses(knock) == ["paused"]
    trigger(knock, 2)
    sim.advance(minutes=1)
    knock.workflows.cancel("w", cancellation_key="k1")
    sim.advance(minutes=1)
    assert sent(knock, sim) == []
    assert statuses(knock) == ["cancelled", "completed"]


def test_a_new_run_with_a_cancelled_key_is_not_cancelled(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Send("in_app_feed"), Delay(MINUTE), Send("in_app_feed")])
    trigger(knock, 1, "k")
    sim.advance(seconds=30)
    knock.workflows.cancel("w", cancellation_key="k")
    trigger(knock, 2, "k")
    sim.advance(minutes=1)
    assert sent(knock, sim) == [[1], [2], [2]]


def test_an_unknown_workflow_is_not_found(knock: Any, sim: Simulator) -> None:
    sim.workflow("w")
    with pytest.raises(NotFoundError) as caught:
        knock.workflows.cancel("v", cancellation_key="k")
    assert caught.value.code == "workflow_missing"
    assert knock.workflows.cancel("w", cancellation_key="nothing has it") is None


def test_the_older_notify_operations_trigger_and_cancel(sim: Simulator) -> None:
    sim.workflow("w", delay=MINUTE)
    http(sim, "PUT", "/v1/users/ana", {})
    body = {"name": "w", "actor": "ana", "recipients": ["ana"], "cancellation_key": "k"}
    response, result = http(sim, "POST", "/v1/notify", body)
    (run,) = http(sim, "GET", "/v1/workflow_recipient_runs")[1]["items"]
    assert (response.status, result) == (200, {"result_id": run["workflow_run_id"]})
    assert (run["actor"], run["recipient"], run["status"]) == ("ana", "ana", "paused")
    response, result = http(sim, "POST", "/v1/notify/cancel", {"name": "w", "cancellation_key": "k"})
    assert (response.status, result) == (204, None)
    assert http(sim, "GET", f"/v1/workflow_recipient_runs/{run['id']}")[1]["status"] == "cancelled"
    response, result = http(sim, "POST", "/v1/notify", {**body, "name": "v"})
    assert (response.status, result["code"]) == (404, "workflow_missing")
