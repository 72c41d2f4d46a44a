"""Occurrences of schedules: times, recipients and data of their messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk.testing import Simulator

from ..rules.table import rule
from .scheduling import NINE, UTC, make_simulator, sent


@pytest.fixture
def sim() -> Simulator:
    return make_simulator()


@rule("c/schedules", "each occurrence triggers the workflow, with the schedule's data, actor and tenant")
def test_each_occurrence_triggers_the_workflow(knock: Any, sim: Simulator) -> None:
    knock.schedules.create(
        workflow="digest",
        recipients=[{"id": "ana"}],
        repeats=[NINE],
        data={"n": 1},
        tenant="acme",
        actor={"id": "cleo"},
    )
    sim.advance(timedelta(days=2))
    assert sent(sim, "ana") == ["01-05 09:30", "01-06 09:30"]
    message = sim.messages()[0]
    assert (message.data, message.tenant, message.actors) == ({"n": 1}, "acme", ["cleo"])
    (schedule,) = knock.schedules.list(workflow="digest").items
    assert schedule.last_occurrence_at == datetime(2026, 1, 6, 9, 30, tzinfo=UTC)
    assert schedule.next_occurrence_at == datetime(2026, 1, 7, 9, 30, tzinfo=UTC)
    runs = knock.workflow_recipient_runs.list(workflow="digest").items
    assert {(run.trigger_source.type, run.trigger_source.schedule_id) for run in runs} == {("schedule", schedule.id)}


def test_conditions_read_the_schedule(knock: Any, sim: Simulator) -> None:
    (made,) = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE])
    only = [{"variable": "recipient.schedule.id", "operator": "equal_to", "argument": made.id}]
    sim.workflow("digest", conditions=only)
    knock.workflows.trigger("digest", recipients=["ana"])
    sim.advance(hours=1)
    assert sent(sim) == ["01-05 09:30"]


@rule("c/schedules", "`scheduled_at` is in UTC, whatever the recipient's time zone")
def test_a_schedule_with_only_scheduled_at_runs_once(knock: Any, sim: Simulator) -> None:
    at = datetime(2026, 1, 6, 17, 45, tzinfo=UTC)
    (schedule,) = knock.schedules.create(
        workflow="digest", recipients=[{"id": "ana", "timezone": "Asia/Tokyo"}], scheduled_at=at
    )
    assert (schedule.next_occurrence_at, schedule.repeats, schedule.data) == (at, [], None)
    sim.advance(timedelta(days=10))
    assert sent(sim) == ["01-06 17:45"]
    (schedule,) = knock.schedules.list(workflow="digest").items
    assert (schedule.last_occurrence_at, schedule.next_occurrence_at) == (at, None)


def test_a_schedule_with_a_past_scheduled_at_runs_at_once(knock: Any, sim: Simulator) -> None:
    past = datetime(2025, 1, 1, tzinfo=UTC)
    (schedule,) = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], scheduled_at=past)
    assert schedule.next_occurrence_at == sim.now
    sim.advance(seconds=0)
    sim.advance(timedelta(days=2))
    assert sent(sim) == ["01-05 09:00"]


@rule("c/schedules", "a schedule repeats from `scheduled_at` to `ending_at`")
def test_occurrences_are_limited_by_scheduled_at_and_ending_at(knock: Any, sim: Simulator) -> None:
    knock.schedules.create(
        workflow="digest",
        recipients=[{"id": "ana"}],
        repeats=[NINE],
        scheduled_at=datetime(2026, 1, 7, 9, 30, tzinfo=UTC),
        ending_at=datetime(2026, 1, 9, 9, 30, tzinfo=UTC),
    )
    sim.advance(timedelta(days=30))
    assert sent(sim) == ["01-07 09:30", "01-08 09:30", "01-09 09:30"]
    assert knock.schedules.list(workflow="digest").items[0].next_occurrence_at is None


def test_coinciding_occurrences_of_several_rules_run_once(knock: Any, sim: Simulator) -> None:
    rules = [{"frequency": "weekly", "days": ["tue", "thu"], "hours": 8}, {"frequency": "daily", "hours": 8}]
    knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=rules[:1])
    sim.advance(timedelta(days=7))
    assert sent(sim) == ["01-06 08:00", "01-08 08:00"]
    knock.schedules.create(workflow="digest", recipients=[{"id": "ben"}], repeats=rules)
    sim.advance(timedelta(days=2))
    assert sent(sim, "ben") == ["01-13 08:00", "01-14 08:00"]


def test_a_schedule_with_neither_rules_nor_a_time_never_runs(knock: Any, sim: Simulator) -> None:
    (schedule,) = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}])
    assert schedule.next_occurrence_at is None
    sim.advance(timedelta(days=400))
    assert sent(sim) == []


@rule("c/schedules", "rules are in the recipient's time zone, else in that of the account")
def test_time_zones_are_those_of_the_recipient_or_the_account(knock: Any, sim: Simulator) -> None:
    sim.account_timezone = "Europe/Paris"
    knock.objects.set("teams", "t1", timezone="Asia/Kolkata")
    made = knock.schedules.create(
        workflow="digest",
        recipients=[
            {"id": "here"},
            {"id": "there", "timezone": "America/New_York"},
            {"id": "nowhere", "timezone": "Mars/Base"},
            {"id": "t1", "collection": "teams"},
        ],
        repeats=[{"frequency": "daily", "hours": 12}],
    )
    assert [schedule.next_occurrence_at.strftime("%H:%M") for schedule in made] == ["11:00", "17:00", "11:00", "06:30"]
    with pytest.raises(ValueError, match="not in the tz database"):
        sim.account_timezone = "Mars/Base"
    assert sim.account_timezone == "Europe/Paris"


def test_a_new_time_zone_applies_after_the_next_occurrence(knock: Any, sim: Simulator) -> None:
    knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE])
    knock.users.update("ana", timezone="America/New_York")
    sim.advance(timedelta(days=2))
    assert sent(sim) == ["01-05 09:30", "01-05 14:30", "01-06 14:30"]


def test_occurrences_follow_changes_of_the_clocks(knock: Any) -> None:
    sim = Simulator(now=datetime(2026, 3, 6, 12, tzinfo=UTC))
    client = sim.client(strict=True)
    client.schedules.create(
        workflow="digest",
        recipients=[{"id": "ana", "timezone": "America/New_York"}],
        repeats=[{"frequency": "daily", "hours": 2, "minutes": 30}],
    )
    sim.advance(timedelta(days=4))
    assert sent(sim) == ["03-07 07:30", "03-08 07:30", "03-09 06:30", "03-10 06:30"]


@rule("c/schedules", "a schedule for an object does not reach its subscribers")
def test_a_schedule_for_an_object_does_not_send_to_its_subscribers(knock: Any, sim: Simulator) -> None:
    project = {"id": "p1", "collection": "projects"}
    knock.objects.set("projects", "p1", name="Apollo")
    knock.objects.add_subscriptions("projects", "p1", recipients=[{"id": "ana"}])
    knock.schedules.create(workflow="digest", recipients=[project], repeats=[NINE])
    sim.advance(hours=1)
    assert sent(sim, project) == ["01-05 09:30"]
    assert sent(sim, "ana") == []
    assert knock.objects.list_schedules("projects", "p1").items[0].recipient.id == "p1"


def test_a_recipient_is_skipped_until_it_is_identified(knock: Any, sim: Simulator) -> None:
    (schedule,) = knock.schedules.create(workflow="digest", recipients=["late"], repeats=[NINE])
    assert schedule.recipient.id == "late"
    assert knock.users.list().items == []
    sim.advance(timedelta(days=1))
    assert [skip.reason for skip in sim.skips(to="late")] == ["not_identified"]
    knock.users.update("late")
    sim.advance(timedelta(days=1))
    assert sent(sim, "late") == ["01-06 09:30"]


def test_occurrences_of_an_inactive_workflow_are_skipped(knock: Any, sim: Simulator) -> None:
    knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE])
    sim.workflow("digest", active=False)
    sim.advance(timedelta(days=2))
    sim.workflow("digest")
    sim.advance(timedelta(days=1))
    assert sent(sim) == ["01-07 09:30"]


RULE = st.fixed_dictionaries(
    {
        "frequency": st.sampled_from(("hourly", "daily", "weekly", "monthly")),
        "interval": st.integers(1, 3),
        "hours": st.integers(0, 23),
        "minutes": st.sampled_from((0, 30, 55)),
    }
)


@settings(max_examples=25)
@given(
    rules=st.lists(RULE, min_size=1, max_size=2),
    zone=st.sampled_from(("Europe/London", "Australia/Lord_Howe", "Etc/UTC")),
    steps=st.lists(st.integers(1, 5 * 24 * 60), min_size=1, max_size=12),
)
def test_one_long_advance_equals_many_short_ones(rules: Any, zone: str, steps: list[int]) -> None:
    def history(waits: list[int]) -> list[tuple[str, datetime]]:
        sim = Simulator(now=datetime(2026, 3, 20, 8, 10, tzinfo=UTC))
        sim.workflow("digest", channels=["email"])
        client = sim.client(strict=True)
        recipients = [{"id": name, "email": "x@x.example", "timezone": zone} for name in ("ana", "ben")]
        client.schedules.create(workflow="digest", recipients=recipients, repeats=rules)
        for wait in waits:
            sim.advance(minutes=wait)
        (schedule, _) = client.schedules.list(workflow="digest").items
        assert schedule.next_occurrence_at is not None
        assert schedule.next_occurrence_at > sim.now
        return [(message.id, message.inserted_at) for message in sim.messages()]

    assert history(steps) == history([sum(steps)])


def test_a_snapshot_restores_planned_occurrences(knock: Any, sim: Simulator) -> None:
    knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE])
    before = sim.snapshot()
    sim.advance(timedelta(days=2))
    ids = [message.id for message in sim.messages()]
    sim.restore(type(before).from_bytes(before.to_bytes()))
    assert sim.messages() == []
    sim.advance(timedelta(days=2))
    assert [message.id for message in sim.messages()] == ids
    assert len(ids) == 2
