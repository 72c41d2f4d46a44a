"""Batches: keys, windows, limits, and the activities of their messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knock_sdk.testing import Batch, Delay, Send, Simulator

MINUTE = timedelta(minutes=1)


@pytest.fixture
def knock(knock: Any) -> Any:
    for name in ("ana", "ben", "cleo"):
        knock.users.update(name, name=name.title())
    return knock


def activities(knock: Any, message: Any) -> list[Any]:
    return [activity.data["n"] for activity in knock.messages.list_activities(message.id).items]


def trigger(knock: Any, *numbers: int, **options: Any) -> None:
    for number in numbers:
        knock.workflows.trigger("w", **{"recipients": ["ana"], "data": {"n": number}, **options})


def test_one_message_for_all_when_the_window_closes(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=5 * MINUTE)
    trigger(knock, 1, actor="ben")
    sim.advance(minutes=4)
    trigger(knock, 2, actor="cleo")
    trigger(knock, 3, actor="ben")
    assert sim.messages() == []
    sim.advance(minutes=1)
    (message,) = sim.messages()
    assert message.inserted_at == sim.now
    assert message.actors == ["ben", "cleo"]
    assert message.data == {"n": 3}
    found = knock.messages.list_activities(message.id).items
    assert [(activity.data, activity.actor.name, activity.recipient.id) for activity in found] == [
        ({"n": 1}, "Ben", "ana"),
        ({"n": 2}, "Cleo", "ana"),
        ({"n": 3}, "Ben", "ana"),
    ]
    assert len({activity.id for activity in found}) == 3
    assert [activity.inserted_at for activity in found] == [sim.now - 5 * MINUTE, sim.now - MINUTE, sim.now - MINUTE]
    (item,) = knock.users.feeds.list_items("ana", sim.channel("in_app_feed").id).items
    assert (item.total_activities, item.total_actors, len(item.activities)) == (3, 2, 3)
    trigger(knock, 4)
    sim.advance(minutes=5)
    assert activities(knock, sim.messages()[1]) == [4]


def test_only_the_leader_of_a_batch_continues(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=5 * MINUTE)
    trigger(knock, 1, 2)
    second, first = knock.workflow_recipient_runs.list().items
    assert (first.status, second.status) == ("paused", "completed")
    sim.advance(minutes=5)
    assert sim.messages()[0].source.workflow_recipient_run_id == first.id
    assert knock.workflow_recipient_runs.get(first.id).status == "completed"


def test_the_events_of_a_batch_are_recorded_for_each_run(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE)
    trigger(knock, 1, 2)
    second, first = knock.workflow_recipient_runs.list().items

    def events(run: Any) -> list[tuple[str, str | None]]:
        return [(event.event, event.step_ref) for event in knock.workflow_recipient_runs.get(run.id).events]

    started = ("workflow_recipient_run.started", None)
    assert events(first) == [started, ("step.paused", "batch_1")]
    assert events(second)[:2] == [started, ("step.executed", "batch_1")]
    sim.advance(minutes=1)
    assert events(first) == [
        started,
        ("step.paused", "batch_1"),
        ("step.executed", "in_app_feed_1"),
        ("workflow_recipient_run.completed", None),
    ]


def test_batches_are_separate_per_recipient_and_key_but_not_per_tenant(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(MINUTE, key="page"), Send("in_app_feed")])
    for n, page, recipient, tenant in (
        (1, "a", "ana", None),
        (2, "b", "ana", None),
        (3, "a", "ben", None),
        (4, "a", "ana", "acme"),
        (5, "a", "ana", None),
    ):
        trigger(knock, n, recipients=[recipient], data={"n": n, "page": page}, tenant=tenant)
    sim.advance(minutes=1)
    assert [activities(knock, message) for message in sim.messages()] == [[1, 4, 5], [2], [3]]


def test_a_key_with_the_tenant_divides_by_it(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(MINUTE, key="{{ tenant.id }}"), Send("in_app_feed")])
    for n, tenant in ((1, None), (2, "acme"), (3, None), (4, "acme")):
        trigger(knock, n, tenant=tenant)
    sim.advance(minutes=1)
    assert [activities(knock, message) for message in sim.messages()] == [[1, 3], [2, 4]]


@pytest.mark.parametrize(
    ("key", "expected"), [("page.id", [[1, 2], [3]]), ("{{ actor.id }}-{{ page.id }}", [[1], [2], [3]])]
)
def test_a_key_can_be_a_path_or_a_template(knock: Any, sim: Simulator, key: str, expected: list[list[int]]) -> None:
    sim.workflow("w", batch=Batch(MINUTE, key=key))
    for n, page, actor in ((1, 1, "ben"), (2, 1, "cleo"), (3, 2, "ben")):
        trigger(knock, n, data={"n": n, "page": {"id": page}}, actor=actor)
    sim.advance(minutes=1)
    assert [activities(knock, message) for message in sim.messages()] == expected


def test_a_missing_key_skips_the_batch(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(MINUTE, key="page"))
    trigger(knock, 1, 2)
    assert [activities(knock, message) for message in sim.messages()] == [[1], [2]]


@pytest.mark.parametrize(("version", "expected"), [("latest", [[1, 2]]), ("pinned", [[1], [2]])])
def test_redeclaring_the_workflow_opens_another_batch_only_in_the_pinned_mode(
    knock: Any, sim: Simulator, version: Any, expected: list[list[int]]
) -> None:
    for number in (1, 2):
        sim.workflow("w", batch=Batch(2 * MINUTE, version=version))
        trigger(knock, number)
    sim.advance(minutes=2)
    assert [activities(knock, message) for message in sim.messages()] == expected


def test_a_batch_closes_at_its_maximum_number_of_activities(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(MINUTE, max_activities=2))
    trigger(knock, 1, 2, 3)
    assert [activities(knock, message) for message in sim.messages()] == [[1, 2]]
    sim.advance(minutes=1)
    assert [activities(knock, message) for message in sim.messages()] == [[1, 2], [3]]


def test_a_sliding_window_restarts_with_each_activity(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(MINUTE, sliding=True))
    trigger(knock, 1)
    sim.advance(seconds=30)
    trigger(knock, 2)
    sim.advance(seconds=59)
    assert sim.messages() == []
    sim.advance(seconds=1)
    assert activities(knock, sim.messages()[0]) == [1, 2]


def test_a_sliding_window_ends_at_its_limit(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(12 * MINUTE, sliding=True, sliding_limit=24 * MINUTE))
    trigger(knock, 1)
    sim.advance(minutes=6)
    trigger(knock, 2)
    sim.advance(minutes=7)
    trigger(knock, 3)
    sim.advance(minutes=11, seconds=-1)
    assert sim.messages() == []
    sim.advance(seconds=1)
    assert activities(knock, sim.messages()[0]) == [1, 2, 3]


def test_an_activity_after_the_sliding_limit_closes_the_batch(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(24 * MINUTE, sliding=True, sliding_limit=12 * MINUTE))
    trigger(knock, 1)
    sim.advance(minutes=23)
    trigger(knock, 2)
    assert activities(knock, sim.messages()[0]) == [1, 2]


def test_flush_leading_sends_the_first_activity_at_once(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(MINUTE, flush_leading=True))
    trigger(knock, 1, 2, 3)
    assert [activities(knock, message) for message in sim.messages()] == [[1]]
    sim.advance(minutes=1)
    assert [activities(knock, message) for message in sim.messages()] == [[1], [2, 3]]
    trigger(knock, 4)
    sim.advance(minutes=1)
    assert len(sim.messages()) == 3
    trigger(knock, 5)
    assert activities(knock, sim.messages()[3]) == [5]


def test_after_flush_leading_the_second_run_leads_the_batch(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(MINUTE, flush_leading=True))
    trigger(knock, 1, 2, 3)
    runs = knock.workflow_recipient_runs.list().items
    assert [run.status for run in reversed(runs)] == ["completed", "paused", "completed"]
    sim.advance(minutes=1)
    assert sim.messages()[1].source.workflow_recipient_run_id == runs[1].id
    assert {run.status for run in knock.workflow_recipient_runs.list().items} == {"completed"}


@pytest.mark.parametrize(("order", "shown"), [("asc", range(1, 11)), ("desc", range(3, 13))])
def test_a_message_of_a_batch_shows_ten_activities(knock: Any, sim: Simulator, order: Any, shown: range) -> None:
    sim.workflow("w", batch=Batch(MINUTE, order=order))
    for n in range(1, 13):
        knock.workflows.trigger("w", recipients=["ana"], data={"n": n}, actor={"id": f"actor{n}"})
    sim.advance(minutes=1)
    (message,) = sim.messages()
    assert activities(knock, message) == list(shown)
    assert message.actors == [f"actor{n}" for n in shown]
    assert message.data == {"n": shown[-1]}
    (item,) = knock.users.feeds.list_items("ana", sim.channel("in_app_feed").id).items
    assert (item.total_activities, item.total_actors, len(item.activities)) == (12, 12, 10)


def test_the_data_is_flat_and_the_last_value_wins(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE)
    trigger(knock, 1, data={"a": 1, "b": "x" * 300, "nested": {"c": 1}, "list": [1]})
    trigger(knock, 2, data={"a": None, "d": True})
    sim.advance(minutes=1)
    (message,) = sim.messages()
    assert message.data == {"a": None, "b": "x" * 256, "d": True}
    whole = knock.messages.list_activities(message.id).items[0].data
    assert whole == {"a": 1, "b": "x" * 300, "nested": {"c": 1}, "list": [1]}


def test_activities_are_found_by_their_data(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE)
    trigger(knock, 1, 2, 1)
    sim.advance(minutes=1)
    (message,) = sim.messages()
    assert len(knock.messages.list_activities(message.id, trigger_data={"n": 1}).items) == 2
    first = knock.messages.list_activities(message.id, page_size=2)
    rest = knock.messages.list_activities(message.id, page_size=2, after=first.page_info.after)
    assert [activity.data["n"] for activity in (*first.items, *rest.items)] == [1, 2, 1]


def test_a_message_before_the_batch_has_one_activity(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Send("in_app_feed"), Batch(MINUTE), Send("in_app_feed")])
    trigger(knock, 1, 2)
    sim.advance(minutes=1)
    assert [(activities(knock, message), message.data) for message in sim.messages()] == [
        ([1], {"n": 1}),
        ([2], {"n": 2}),
        ([1, 2], {"n": 2}),
    ]


def test_conditions_of_preferences_read_only_the_first_activity(knock: Any, sim: Simulator) -> None:
    is_first = {"variable": "data.n", "operator": "equal_to", "argument": 1}
    many = [{"variable": "run.total_activities", "operator": "greater_than", "argument": 1}]
    knock.users.set_preferences("ana", "default", workflows={"w": {"conditions": [is_first]}})
    sim.workflow("w", steps=[Batch(MINUTE), Send("in_app_feed", conditions=many)])
    trigger(knock, 1, 2)
    sim.advance(minutes=1)
    assert [message.source.step_ref for message in sim.messages()] == ["in_app_feed_1"]


def test_the_window_can_come_from_the_data(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(until="data.window"))
    knock.workflows.trigger("w", recipients=["ana"], data={"n": 1, "window": {"unit": "minutes", "value": 3}})
    knock.workflows.trigger("w", recipients=["ana"], data={"n": 2, "window": {"unit": "minutes", "value": 9}})
    sim.advance(minutes=3)
    assert activities(knock, sim.messages()[0]) == [1, 2]
    trigger(knock, 3)
    assert activities(knock, sim.messages()[1]) == [3]


def test_a_window_from_the_data_does_not_slide_without_a_duration(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=Batch(until="data.window", sliding=True))
    window = {"unit": "minutes", "value": 3}
    trigger(knock, 1, data={"n": 1, "window": window})
    sim.advance(minutes=2)
    trigger(knock, 2)
    sim.advance(seconds=59)
    assert sim.messages() == []
    sim.advance(seconds=1)
    assert activities(knock, sim.messages()[0]) == [1, 2]
    trigger(knock, 3, data={"n": 3, "window": window})
    sim.advance(minutes=2)
    trigger(knock, 4, data={"n": 4, "window": window})
    sim.advance(minutes=2)
    assert len(sim.messages()) == 1
    sim.advance(minutes=1)
    assert activities(knock, sim.messages()[1]) == [3, 4]


def test_a_delay_after_a_batch_delays_its_message(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(MINUTE), Delay(MINUTE), Send("in_app_feed")])
    trigger(knock, 1, 2)
    sim.advance(minutes=1)
    assert sim.messages() == []
    sim.advance(minutes=1)
    assert activities(knock, sim.messages()[0]) == [1, 2]


def test_the_options_delay_and_batch_can_be_combined(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE, delay=MINUTE)
    trigger(knock, 1)
    sim.advance(minutes=2)
    assert activities(knock, sim.messages()[0]) == [1]


def test_a_deleted_actor_is_shown_with_its_id(knock: Any, sim: Simulator) -> None:
    sim.workflow("w")
    trigger(knock, 1, actor="ben")
    knock.users.delete("ben")
    (activity,) = knock.messages.list_activities(sim.messages()[0].id).items
    assert (activity.actor.id, activity.actor.name) == ("ben", None)


def test_a_snapshot_restores_an_open_batch(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", batch=MINUTE)
    trigger(knock, 1, 2)
    saved = type(sim.snapshot()).from_bytes(sim.snapshot().to_bytes())
    sim.advance(minutes=1)
    expected = [message.data for message in sim.messages()]
    sim.restore(saved)
    assert sim.messages() == []
    trigger(knock, 3)
    sim.advance(minutes=1)
    assert activities(knock, sim.messages()[0]) == [1, 2, 3]
    assert expected == [{"n": 2}]
