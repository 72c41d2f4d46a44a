"""Workflow recipient runs: listed with filters, and read with their events."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from knock_sdk import NotFoundError
from knock_sdk.testing import Delay, Send, Simulator, Throttle
from tests.simulator.support.pair import http

from ..rules.table import rule

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE = timedelta(minutes=1)
PROJECT = {"collection": "projects", "id": "p"}


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.workflow("now", channels=["in_app_feed", "email"])
    sim.workflow("later", channels=["in_app_feed"], delay=MINUTE)
    sim.workflow("wrong", steps=[Throttle(MINUTE, key="missing"), Send("in_app_feed")])
    return sim


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana")
    knock.users.update("ben")
    knock.objects.set("projects", "p")
    return knock


def fill(knock: Any, sim: Simulator) -> dict[str, str]:
    """Trigger workflows; return short names by the ids of the runs."""
    knock.workflows.trigger("now", recipients=["ana", PROJECT], actor="ben", cancellation_key="k")
    sim.advance(minutes=2)
    knock.workflows.trigger("later", recipients=["ana"], tenant="acme")
    knock.workflows.trigger("wrong", recipients=["ben"])
    names = ["now-ana", "now-p", "later-ana", "wrong-ben"]
    runs = reversed(knock.workflow_recipient_runs.list().items)
    return dict(zip((run.id for run in runs), names, strict=True))


FILTERS: list[tuple[Callable[[Simulator], dict[str, Any]], list[str]]] = [
    (lambda _: {}, ["wrong-ben", "later-ana", "now-p", "now-ana"]),
    (lambda _: {"workflow": "now"}, ["now-p", "now-ana"]),
    (lambda _: {"status": ["paused", "queued"]}, ["later-ana"]),
    (lambda _: {"tenant": "acme"}, ["later-ana"]),
    (lambda _: {"has_errors": True}, ["wrong-ben"]),
    (lambda _: {"has_errors": False}, ["later-ana", "now-p", "now-ana"]),
    (lambda _: {"recipient": "ana"}, ["later-ana", "now-ana"]),
    (lambda _: {"recipient": PROJECT}, ["now-p"]),
    (lambda sim: {"starting_at": sim.now}, ["wrong-ben", "later-ana"]),
    (lambda sim: {"ending_at": sim.now - MINUTE}, ["now-p", "now-ana"]),
    (lambda sim: {"ending_at": sim.now, "recipient": "ana", "status": ["completed"]}, ["now-ana"]),
]


@rule("api/listWorkflowRecipientRuns", "runs are filtered by workflow, status, tenant, recipient, errors and time")
@pytest.mark.parametrize(("arguments", "expected"), FILTERS)
def test_filters(
    knock: Any, sim: Simulator, arguments: Callable[[Simulator], dict[str, Any]], expected: list[str]
) -> None:
    names = fill(knock, sim)
    assert [names[run.id] for run in knock.workflow_recipient_runs.list(**arguments(sim)).items] == expected


def test_new_runs_do_not_shift_the_pages(knock: Any, sim: Simulator) -> None:
    names = fill(knock, sim)
    first = knock.workflow_recipient_runs.list(page_size=3)
    knock.workflows.trigger("now", recipients=["ana"])
    rest = knock.workflow_recipient_runs.list(page_size=3, after=first.page_info.after)
    assert [names[run.id] for run in (*first.items, *rest.items)] == FILTERS[0][1]


@rule("api/WorkflowRecipientRunDetail", "a run has its trigger's source and key, and the events of its steps")
def test_a_run_shows_its_trigger_its_source_and_its_events(knock: Any, sim: Simulator) -> None:
    fill(knock, sim)
    run = knock.workflow_recipient_runs.list(workflow="now", recipient="ana").items[0]
    assert UUID(run.id).version == 4
    assert (run.actor, run.recipient, run.tenant, run.workflow) == ("ben", "ana", None, "now")
    assert (run.trigger_source.type, run.trigger_source.cancellation_key) == ("api", "k")
    message = sim.messages(to="ana", workflow="now")[0]
    assert (message.source.workflow_run_id, message.source.workflow_recipient_run_id) == (run.workflow_run_id, run.id)
    detail = knock.workflow_recipient_runs.get(run.id)
    assert detail.model_dump(exclude={"events"}) == run.model_dump()
    shown = [(event.event, event.step_ref, event.step_type, event.data) for event in detail.events]
    assert shown == [
        ("workflow_recipient_run.started", None, None, None),
        ("step.executed", "in_app_feed_1", "channel", {"message_id": message.id}),
        ("step.skipped", "email_1", "channel", {"reason": "no_address", "detail": "email"}),
        ("workflow_recipient_run.completed", None, None, None),
    ]
    assert {event.status for event in detail.events} == {"ok"}
    assert len({event.id for event in detail.events}) == 4


def test_events_are_recorded_when_they_happen(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Delay(MINUTE), Send("in_app_feed")])
    knock.workflows.trigger("w", recipients=["ana"])
    (run,) = knock.workflow_recipient_runs.list().items
    events = knock.workflow_recipient_runs.get(run.id).events
    assert [(event.event, event.step_ref) for event in events[1:]] == [("step.paused", "delay_1")]
    sim.advance(minutes=1)
    done = knock.workflow_recipient_runs.get(run.id)
    assert done.events[:2] == events
    assert {event.inserted_at for event in done.events[2:]} == {done.updated_at} == {run.inserted_at + MINUTE}


def test_an_unknown_recipient_has_a_run_too(knock: Any) -> None:
    knock.workflows.trigger("now", recipients=["nobody"])
    (run,) = knock.workflow_recipient_runs.list().items
    assert (run.recipient, run.status, run.error_count) == ("nobody", "completed", 0)


NEVER = [{"variable": "data.n", "operator": "equal_to", "argument": "never"}]


def deactivate(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", active=False)
    sim.advance(MINUTE)


def delete_recipient(knock: Any, sim: Simulator) -> None:
    knock.users.delete("ana")
    sim.advance(MINUTE)


def trigger_again(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("w", recipients=["ana"])


ENDS: list[tuple[str, dict[str, Any], Callable[[Any, Simulator], None] | None, str]] = [
    ("conditions", {"conditions": NEVER}, None, "trigger_conditions"),
    ("frequency", {"trigger_frequency": "once_per_recipient"}, trigger_again, "trigger_frequency"),
    ("throttle", {"steps": [Throttle(MINUTE), Send("in_app_feed")]}, trigger_again, "throttled"),
    ("template", {"steps": [Send("in_app_feed", template={"body": "{{ 'x' | append }}"})]}, None, "error"),
    ("inactive", {"delay": MINUTE}, deactivate, "workflow_inactive"),
    ("deleted", {"delay": MINUTE}, delete_recipient, "not_identified"),
]


@pytest.mark.parametrize(("options", "act", "reason"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_a_run_that_ends_early_is_completed(
    knock: Any,
    sim: Simulator,
    options: dict[str, Any],
    act: Callable[[Any, Simulator], None] | None,
    reason: str,
) -> None:
    sim.workflow("w", **options)
    knock.workflows.trigger("w", recipients=["ana"], cancellation_key="k")
    if act is not None:
        act(knock, sim)
    assert [skip.reason for skip in sim.skips()] == [reason]
    last = knock.workflow_recipient_runs.list().items[0]
    run = knock.workflow_recipient_runs.get(last.id)
    assert (last.status, run.status) == ("completed", "completed")
    assert run.events[-1].event == "workflow_recipient_run.completed"
    assert knock.workflow_recipient_runs.list(status=["processing", "paused"]).items == []


def test_unknown_run_and_bad_queries(knock: Any, sim: Simulator) -> None:
    with pytest.raises(NotFoundError):
        knock.workflow_recipient_runs.get("00000000-0000-4000-8000-000000000000")
    for query in ("status[]=done", "has_errors=maybe", "starting_at=soon", "recipient[collection]=x", "page_size=0"):
        response, body = http(sim, "GET", f"/v1/workflow_recipient_runs?{query}")
        assert (response.status, body["code"]) == (422, "invalid_params"), query
