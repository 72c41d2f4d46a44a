"""Schedules: creating, updating, deleting and listing them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from tests.simulator.support.pair import http

from ..rules.table import rule
from .scheduling import NINE, UNKNOWN, UTC, make_simulator, sent

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


@pytest.fixture
def sim() -> Simulator:
    return make_simulator()


@rule("c/schedules", "each recipient has a schedule of its own")
@rule("api/ScheduleRepeatRule", "a rule has an interval of 1 unless it has another")
def test_create_makes_one_schedule_for_each_recipient(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana", name="Ana")
    made = knock.schedules.create(
        workflow="digest",
        recipients=["ana", {"id": "ben", "name": "Ben", "timezone": "America/New_York"}, "ana"],
        repeats=[NINE],
        data={"kind": "summary"},
        tenant={"id": "acme", "name": "Acme"},
        actor={"id": "cleo", "name": "Cleo"},
    )
    assert [schedule.recipient.id for schedule in made] == ["ana", "ben"]
    assert knock.users.get("ben").name == "Ben"
    assert knock.tenants.get("acme").name == "Acme"
    first, second = made
    assert (first.workflow, first.tenant, first.data, first.actor.id) == ("digest", "acme", {"kind": "summary"}, "cleo")
    assert (first.inserted_at, first.updated_at, first.last_occurrence_at) == (sim.now, sim.now, None)
    assert first.next_occurrence_at == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert second.next_occurrence_at == datetime(2026, 1, 5, 14, 30, tzinfo=UTC)
    (rule,) = first.repeats
    assert (rule.frequency, rule.hours, rule.minutes, rule.interval, rule.days) == ("daily", 9, 30, 1, None)


@rule("api/ScheduleRepeatRule", "rules are hourly, daily, weekly or monthly")
@pytest.mark.parametrize(
    "rule",
    [
        pytest.param({"frequency": "monthly", "day_of_month": 17, "hours": 8, "minutes": 5, "interval": 2}, id="day"),
        pytest.param({"frequency": "weekly", "days": ["mon", "thu"], "hours": 23, "minutes": 55}, id="days"),
        pytest.param({"frequency": "weekly", "days": "weekdays", "hours": 9, "minutes": 0}, id="weekdays"),
        pytest.param({"frequency": "weekly", "days": "weekends", "hours": 9, "minutes": 0}, id="weekends"),
        pytest.param({"frequency": "hourly"}, id="frequency-alone"),
    ],
)
def test_a_rule_is_read_back(knock: Any, rule: dict[str, Any]) -> None:
    (made,) = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[rule])
    absent = {"day_of_month": None, "days": None, "hours": None, "minutes": None, "interval": 1}
    for schedule in (made, *knock.schedules.list(workflow="digest").items):
        assert [repeat.model_dump(exclude={"typename"}) for repeat in schedule.repeats] == [{**absent, **rule}]


@rule("c/schedules", "`weekdays` and `weekends` stand for their days")
@pytest.mark.parametrize(
    ("group", "days"), [("weekdays", ["mon", "tue", "wed", "thu", "fri"]), ("weekends", ["sat", "sun"])]
)
@pytest.mark.parametrize("frequency", ["daily", "weekly", "hourly"])
def test_a_group_of_days_occurs_when_its_days_do(
    knock: Any, sim: Simulator, frequency: str, group: str, days: Any
) -> None:
    rules = [{"frequency": frequency, "days": named, "hours": 9} for named in (group, days)]
    for each in rules:
        knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[each])
    for _ in range(9):
        first, second = knock.schedules.list(workflow="digest").items
        assert first.next_occurrence_at == second.next_occurrence_at
        assert first.next_occurrence_at.strftime("%a").lower() in days
        sim.advance(timedelta(days=1))


def test_messages_of_a_schedule_are_delivered(knock: Any, sim: Simulator) -> None:
    knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE])
    sim.advance(hours=1)
    (message,) = sim.messages()
    assert (message.status, knock.messages.get(message.id).status) == ("delivered", "delivered")


@rule("api/updateSchedules", "an update sets the same values for all its schedules")
def test_update_sets_the_same_values_for_all(knock: Any, sim: Simulator) -> None:
    made = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}, {"id": "ben"}], repeats=[NINE])
    ids = [schedule.id for schedule in made]
    sim.advance(minutes=1)
    changed = knock.schedules.update(
        schedule_ids=[*ids, ids[0]], data={"n": 2}, tenant="acme", actor="ana", ending_at=sim.now + timedelta(days=1)
    )
    assert [schedule.id for schedule in changed] == ids
    for schedule in changed:
        assert (schedule.data, schedule.tenant, schedule.actor.id, schedule.updated_at) == (
            {"n": 2},
            "acme",
            "ana",
            sim.now,
        )
        assert schedule.inserted_at < sim.now
        assert schedule.next_occurrence_at == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    sim.advance(timedelta(days=3))
    assert sent(sim) == ["01-05 09:30", "01-05 09:30"]
    (changed,) = knock.schedules.update(schedule_ids=ids[:1], data=None, tenant=None, actor=None, ending_at=None)
    assert (changed.data, changed.tenant, changed.actor) == (None, None, None)
    assert changed.next_occurrence_at == datetime(2026, 1, 8, 9, 30, tzinfo=UTC)


def test_updating_the_rules_replaces_the_planned_occurrences(knock: Any, sim: Simulator) -> None:
    (made,) = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE])
    (changed,) = knock.schedules.update(schedule_ids=[made.id], repeats=[{"frequency": "hourly", "minutes": 45}])
    assert changed.next_occurrence_at == datetime(2026, 1, 5, 9, 45, tzinfo=UTC)
    sim.advance(hours=2)
    assert sent(sim) == ["01-05 09:45", "01-05 10:45"]


@rule("c/schedules", "a schedule without rules and with a time runs once")
@pytest.mark.parametrize("more", [{}, {"repeats": []}])
def test_updating_only_scheduled_at_makes_it_run_once(knock: Any, sim: Simulator, more: dict[str, Any]) -> None:
    (made,) = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE])
    at = datetime(2026, 1, 6, 12, tzinfo=UTC)
    (changed,) = knock.schedules.update(schedule_ids=[made.id], scheduled_at=at, **more)
    assert (changed.repeats, changed.next_occurrence_at) == ([], at)
    sim.advance(timedelta(days=3))
    assert sent(sim) == ["01-06 12:00"]
    knock.schedules.update(schedule_ids=[made.id], data={"n": 1})
    sim.advance(timedelta(days=3))
    assert sent(sim) == ["01-06 12:00"]
    knock.schedules.update(schedule_ids=[made.id], repeats=[NINE], scheduled_at=None)
    sim.advance(timedelta(days=1))
    assert sent(sim) == ["01-06 12:00", "01-11 09:30"]


@rule("api/deleteSchedules", "deleted schedules are returned, and do not occur again")
def test_deleted_schedules_are_returned_and_no_longer_run(knock: Any, sim: Simulator) -> None:
    made = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}, {"id": "ben"}], repeats=[NINE])
    deleted = knock.schedules.delete(schedule_ids=[made[0].id, UNKNOWN])
    assert [schedule.id for schedule in deleted] == [made[0].id]
    assert knock.schedules.delete(schedule_ids=[made[0].id]) == []
    sim.advance(timedelta(days=1))
    assert sent(sim, "ana") == []
    assert sent(sim, "ben") == ["01-05 09:30"]
    assert knock.users.list_schedules("ana").items == []


def test_deleting_one_schedule_leaves_the_recipients_others(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    for minutes in (10, 20):
        knock.schedules.create(workflow="digest", recipients=["ana"], repeats=[{**NINE, "minutes": minutes}])
    first, second = knock.users.list_schedules("ana").items
    knock.schedules.delete(schedule_ids=[first.id])
    for page in (knock.users.list_schedules("ana"), knock.schedules.list(workflow="digest")):
        assert [schedule.id for schedule in page.items] == [second.id]
    sim.advance(hours=1)
    assert sent(sim) == ["01-05 09:20"]
    knock.schedules.delete(schedule_ids=[second.id])
    assert knock.users.list_schedules("ana").items == []


def test_deleting_a_recipient_deletes_its_schedules(knock: Any, sim: Simulator) -> None:
    knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}, {"id": "ben"}], repeats=[NINE])
    knock.users.delete("ana")
    knock.users.update("ana")
    sim.advance(timedelta(days=1))
    assert [schedule.recipient.id for schedule in knock.schedules.list(workflow="digest").items] == ["ben"]
    assert sent(sim) == ["01-05 09:30"]


@rule("api/listSchedules", "schedules are listed by workflow, tenant and recipients, and for a user or an object")
def test_schedules_are_listed_and_filtered(knock: Any) -> None:
    project = {"id": "p1", "collection": "projects"}
    knock.objects.set("projects", "p1")
    for workflow, recipient, tenant in (
        ("digest", {"id": "ana"}, "acme"),
        ("digest", {"id": "ben"}, None),
        ("other", {"id": "ana"}, None),
        ("digest", project, "acme"),
    ):
        knock.schedules.create(workflow=workflow, recipients=[recipient], repeats=[NINE], tenant=tenant)

    def found(page: Any) -> list[tuple[str, str]]:
        return [(schedule.workflow, schedule.recipient.id) for schedule in page.items]

    assert found(knock.schedules.list(workflow="digest")) == [("digest", "ana"), ("digest", "ben"), ("digest", "p1")]
    assert found(knock.schedules.list(workflow="digest", tenant="acme")) == [("digest", "ana"), ("digest", "p1")]
    assert found(knock.schedules.list(workflow="digest", recipients=["ben", project])) == [
        ("digest", "ben"),
        ("digest", "p1"),
    ]
    assert found(knock.schedules.list(workflow="none")) == []
    assert found(knock.users.list_schedules("ana")) == [("digest", "ana"), ("other", "ana")]
    assert found(knock.users.list_schedules("ana", workflow="other")) == [("other", "ana")]
    assert found(knock.users.list_schedules("ana", tenant="acme")) == [("digest", "ana")]
    assert found(knock.users.list_schedules("nobody")) == []
    assert found(knock.objects.list_schedules("projects", "p1")) == [("digest", "p1")]


def test_pages(knock: Any) -> None:
    names = [f"u{number}" for number in range(7)]
    knock.schedules.create(workflow="digest", recipients=[{"id": name} for name in names], repeats=[NINE])
    page = knock.schedules.list(workflow="digest", page_size=3)
    assert [schedule.recipient.id for schedule in page.items] == names[:3]
    page = knock.schedules.list(workflow="digest", page_size=3, after=page.page_info.after)
    assert [schedule.recipient.id for schedule in page.items] == names[3:6]


@rule("api/BulkCreateSchedulesRequest", "in bulk, each schedule has one `recipient`")
def test_schedules_can_be_created_in_bulk(knock: Any, sim: Simulator) -> None:
    job = knock.schedules.bulk.create(
        schedules=[
            {"workflow": "digest", "recipient": {"id": "ana"}, "repeats": [NINE]},
            {"workflow": "none", "recipient": "ana", "repeats": [NINE]},
            {"workflow": "digest", "recipient": {"id": "x", "collection": "c"}, "repeats": [{**NINE, "minutes": 1}]},
            {"workflow": "digest"},
        ]
    )
    assert job.name == "schedules.create_schedules"
    sim.advance(seconds=2)
    done = knock.bulk_operations.get(job.id)
    assert [(item.id, item.collection) for item in done.error_items] == [("ana", None), ("x", "c"), ("digest", None)]
    assert (done.success_count, done.error_count) == (1, 3)
    sim.advance(timedelta(days=1))
    assert sent(sim) == ["01-05 09:30"]


@rule("c/schedules", "minutes are multiples of five")
@rule("api/listSchedules", "a list of schedules needs a workflow")
def test_invalid_schedules_are_rejected(knock: Any, sim: Simulator) -> None:
    with pytest.raises(NotFoundError) as caught:
        knock.schedules.create(workflow="none", recipients=[{"id": "ana"}], repeats=[NINE])
    assert caught.value.code == "workflow_missing"
    with pytest.raises(UnprocessableEntityError) as invalid:
        knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE, {**NINE, "minutes": 7}])
    assert [(error.field, error.type) for error in invalid.value.errors] == [("repeats.1.minutes", "number")]
    with pytest.raises(UnprocessableEntityError) as invalid:
        knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE], actor="nobody")
    assert invalid.value.code == "actor_missing"
    assert knock.users.list().items == []
    (made,) = knock.schedules.create(workflow="digest", recipients=[{"id": "ana"}], repeats=[NINE])
    with pytest.raises(NotFoundError) as caught:
        knock.schedules.update(schedule_ids=[made.id, UNKNOWN], data={"n": 1})
    assert caught.value.code == "resource_missing"
    assert knock.schedules.list(workflow="digest").items[0].data is None
    for field, body in {
        "repeats.0.hours": {"repeats": [{"frequency": "daily", "hours": 24}]},
        "repeats.0.frequency": {"repeats": [{"frequency": "yearly"}]},
        "repeats.0.interval": {"repeats": [{"frequency": "daily", "interval": 0}]},
        "scheduled_at": {"scheduled_at": "tomorrow"},
    }.items():
        response, problem = http(
            sim, "POST", "/v1/schedules", {"workflow": "digest", "recipients": [{"id": "eve"}], **body}
        )
        assert (response.status, problem["errors"][0]["field"]) == (422, field)
    response, problem = http(sim, "GET", "/v1/schedules")
    assert (response.status, problem["errors"][0]["field"]) == (422, "workflow")
