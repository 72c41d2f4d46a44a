"""Rules of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Arm, Batch, Branch, Delay, Send

from .scenes import DAY, HOUR, MINUTE, events, numbers, refs, status, subjects, trigger, where
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

DOCUMENT = "dw/batch-function"
FEED = Send("in_app_feed")


@rule(DOCUMENT, "a batch in the mode `latest` belongs to the recipient, the step and the batch key")
@pytest.mark.parametrize(("key", "expected"), [(None, [[1, 2]]), ("page", [[1], [2]])])
def test_latest_batches_are_divided_by_their_key(knock: Any, sim: Simulator, key: Any, expected: list[Any]) -> None:
    for number in (1, 2):
        sim.workflow("w", steps=[Batch(HOUR, key=key), FEED])  # each time in a new version
        trigger(knock, data={"n": number, "page": number})
    sim.advance(HOUR)
    assert numbers(knock, sim) == expected


@rule(DOCUMENT, "each step in the mode `latest` has its own batch; pinned ones of a version share theirs")
@pytest.mark.parametrize(("version", "expected"), [("latest", [[1], [2]]), ("pinned", [[1, 2]])])
def test_only_pinned_steps_share_a_batch(knock: Any, sim: Simulator, version: Any, expected: list[list[int]]) -> None:
    batch = Batch(HOUR, version=version)
    sim.workflow("w", steps=[Branch([Arm([batch, FEED], where("data.n", 1)), Arm([batch, FEED])])])
    for number in (1, 2):
        trigger(knock, data={"n": number})
    sim.advance(HOUR)
    assert numbers(knock, sim) == expected


@rule(DOCUMENT, "the tenant is no part of the key; `{{ tenant.id }}` in the key divides by it")
@pytest.mark.parametrize(("key", "expected"), [(None, [[1, 2]]), ("{{ tenant.id }}", [[1], [2]])])
def test_the_tenant_divides_only_as_a_part_of_the_key(
    knock: Any, sim: Simulator, key: str | None, expected: list[list[int]]
) -> None:
    sim.workflow("w", steps=[Batch(HOUR, key=key), FEED])
    for number, tenant in ((1, "acme"), (2, "globex")):
        trigger(knock, data={"n": number}, tenant=tenant)
    sim.advance(HOUR)
    assert numbers(knock, sim) == expected


@rule("mapi/WorkflowBatchStep", "a batch key is a bare name of the data, a path or Liquid")
@pytest.mark.parametrize("key", ["kind", "data.kind", "{{ data.kind }}"])
def test_keys_have_three_forms(knock: Any, sim: Simulator, key: str) -> None:
    sim.workflow("w", steps=[Batch(HOUR, key=key), FEED])
    for number, kind in ((1, "a"), (2, "b"), (3, "a")):
        trigger(knock, data={"n": number, "kind": kind})
    sim.advance(HOUR)
    assert numbers(knock, sim) == [[1, 3], [2]]


@rule(DOCUMENT, "runs that join a batch end; the one that opened it goes on")
def test_only_the_opener_goes_on(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR), FEED])
    trigger(knock, data={"n": 1})
    trigger(knock, data={"n": 2})
    assert [run.status for run in knock.workflow_recipient_runs.list().items] == ["completed", "paused"]
    assert [event for event, _ in events(knock)][-1] == "workflow_recipient_run.completed"
    sim.advance(HOUR)
    assert numbers(knock, sim) == [[1, 2]]


@rule(DOCUMENT, "after the batch has closed, the opener's cancellation key cancels the run, and no other")
@pytest.mark.parametrize(("key", "sent"), [("one", []), ("two", ["in_app_feed_1"])])
def test_the_openers_key_counts_after_the_batch(knock: Any, sim: Simulator, key: str, sent: list[str]) -> None:
    sim.workflow("w", steps=[Batch(HOUR), Delay(HOUR), FEED])
    for own in ("one", "two"):
        trigger(knock, cancellation_key=own)
    sim.advance(HOUR)
    knock.workflows.cancel("w", cancellation_key=key)
    sim.advance(HOUR)
    assert refs(sim) == sent


@rule(DOCUMENT, "the opener fixes the window; a later trigger with another dynamic window changes nothing")
def test_the_opener_fixes_the_window(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(until="data.until"), FEED])
    for number, hours in ((1, 1), (2, 9)):
        trigger(knock, data={"n": number, "until": {"unit": "hours", "value": hours}})
    sim.advance(HOUR)
    assert numbers(knock, sim) == [[1, 2]]


@rule(DOCUMENT, "a sliding window ends a window after the last activity, and at its limit at the latest")
def test_a_sliding_window_moves_up_to_its_limit(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(10 * MINUTE, sliding=True, sliding_limit=15 * MINUTE), FEED])
    for number in (1, 2, 3):
        trigger(knock, data={"n": number})
        sim.advance(7 * MINUTE - MINUTE)
    # Opened at 0; the activities at 6 and 12 would move the end to 16 and 22: it is at 15.
    assert numbers(knock, sim) == [[1, 2, 3]]


@rule(DOCUMENT, "`flush_leading`: the first activity goes on at once, alone, and the batch belongs to the second")
def test_the_leading_activity_goes_on_alone(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR, flush_leading=True), FEED])
    for number in (1, 2, 3):
        trigger(knock, data={"n": number})
    assert numbers(knock, sim) == [[1]]
    sim.advance(HOUR)
    assert numbers(knock, sim) == [[1], [2, 3]]


@rule(DOCUMENT, "`flush_leading`: if nothing joins, nothing happens when the window closes")
def test_nothing_follows_a_leading_activity_alone(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR, flush_leading=True), FEED])
    trigger(knock, data={"n": 1})
    sim.advance(DAY)
    assert numbers(knock, sim) == [[1]]


@rule(DOCUMENT, "`latest`: when the window closes, the run goes on with the version of that moment")
@pytest.mark.parametrize(("version", "sent"), [("latest", ["email_1"]), ("pinned", ["in_app_feed_1"])])
def test_a_batch_goes_on_with_the_latest_version(knock: Any, sim: Simulator, version: Any, sent: list[str]) -> None:
    sim.workflow("w", steps=[Batch(HOUR, version=version), FEED])
    trigger(knock)
    sim.workflow("w", steps=[Delay(HOUR), Batch(HOUR, version=version), Send("email")])
    sim.advance(HOUR)
    assert refs(sim) == sent


@rule(DOCUMENT, "a batch of which all activities were cancelled makes no message")
def test_a_cancelled_batch_sends_nothing(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR), FEED])
    for key in ("one", "two"):
        trigger(knock, cancellation_key=key)
        knock.workflows.cancel("w", cancellation_key=key)
    sim.advance(HOUR)
    assert refs(sim) == []


@rule(DOCUMENT, "`total_activities` counts all, `total_actors` each once; templates see the render limit")
def test_the_variables_after_a_batch(knock: Any, sim: Simulator) -> None:
    shown = "{{ total_activities }} {{ total_actors }} {{ activities.size }} {{ actors.size }}"
    sim.workflow("w", steps=[Batch(HOUR, render_limit=2), Send("email", {"subject": shown, "body": "x"})])
    for actor in ("ben", "cleo", "ben"):
        trigger(knock, actor=actor)
    sim.advance(HOUR)
    assert subjects(knock, sim) == ["3 2 2 2"]


@rule(DOCUMENT, "`batch_order` chooses the first or the last activities; both are shown in order of time")
@pytest.mark.parametrize(("order", "shown"), [("asc", "1 2 "), ("desc", "2 3 ")])
def test_the_order_chooses_the_activities(knock: Any, sim: Simulator, order: Any, shown: str) -> None:
    template = {"subject": "{% for each in activities %}{{ each.n }} {% endfor %}", "body": "x"}
    sim.workflow("w", steps=[Batch(HOUR, order=order, render_limit=2), Send("email", template)])
    for number in (1, 2, 3):
        trigger(knock, data={"n": number})
    sim.advance(HOUR)
    assert subjects(knock, sim) == [shown]


@rule("preferences/preference-conditions", "after a batch, conditions of preferences see the first activity alone")
def test_preference_conditions_see_the_first_activity(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR), FEED])
    conditions = [{"variable": "data.n", "operator": "equal_to", "argument": "1"}]
    knock.users.set_preferences("ana", "default", workflows={"w": {"conditions": conditions}})
    for number in (1, 2):
        trigger(knock, data={"n": number})
    sim.advance(HOUR)
    assert numbers(knock, sim) == [[1, 2]]


@rule(DOCUMENT, "of two batches in a row, the second holds one activity")
def test_a_second_batch_holds_one_activity(knock: Any, sim: Simulator) -> None:
    shown = {"subject": "{{ total_activities }}", "body": "x"}
    sim.workflow("w", steps=[Batch(HOUR), Batch(HOUR), Send("email", shown)])
    for number in (1, 2):
        trigger(knock, data={"n": number})
    sim.advance(2 * HOUR)
    assert subjects(knock, sim) == ["1"]


@rule(DOCUMENT, "the maximum number of activities closes the window at once")
def test_a_full_batch_closes(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR, max_activities=2), FEED])
    for number in (1, 2, 3):
        trigger(knock, data={"n": number})
    assert numbers(knock, sim) == [[1, 2]]


@rule(DOCUMENT, "the data after a batch is flat: scalars of all activities, cut at 256 characters, later ones win")
def test_the_data_after_a_batch_is_flat(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR), FEED])
    trigger(knock, data={"a": 1, "b": "x" * 300, "list": [1], "object": {"a": 1}})
    trigger(knock, data={"a": 2, "c": None})
    sim.advance(HOUR)
    assert sim.messages()[0].data == {"a": 2, "b": "x" * 256, "c": None}


@rule("c/workflows", "an open batch of a workflow that has become inactive ends without a message")
def test_the_batch_of_an_inactive_workflow_ends(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR), FEED])
    trigger(knock)
    sim.workflow("w", steps=[Batch(HOUR), FEED], active=False)
    sim.advance(HOUR)
    assert (refs(sim), status(knock)) == ([], "completed")
