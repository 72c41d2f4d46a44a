"""What waits is listed, and shown by assertions that fail: a forgotten `advance` explains itself."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from knock_sdk.testing import Batch, Delay, Send, Simulator, Waiting

START = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
ROOM = {"id": "lobby", "collection": "rooms"}


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.workflow("late", channels=["in_app_feed"], delay=timedelta(hours=2))
    sim.workflow("digest", steps=[Send("in_app_feed"), Batch(timedelta(hours=1), ref="hourly"), Send("email")])
    sim.workflow("twice", steps=[Delay(timedelta(minutes=5)), Delay(timedelta(days=1)), Send("in_app_feed")])
    return sim


def test_runs_that_wait_are_listed_by_the_time_at_which_they_continue(knock: Any, sim: Simulator) -> None:
    assert sim.waiting() == []
    late = knock.workflows.trigger("late", recipients=[{"id": "ana"}, {**ROOM, "name": "L"}]).workflow_run_id
    digest = knock.workflows.trigger("digest", recipients=["ana"]).workflow_run_id
    knock.workflows.trigger("digest", recipients=["ana"])  # joins the batch
    assert sim.waiting() == [
        Waiting("ana", "digest", "hourly", START + timedelta(hours=1), digest),
        Waiting("ana", "late", "delay_1", START + timedelta(hours=2), late),
        Waiting(ROOM, "late", "delay_1", START + timedelta(hours=2), late),
    ]
    assert [each.workflow for each in sim.waiting(to="ana")] == ["digest", "late"]
    assert [each.to for each in sim.waiting(workflow="late")] == ["ana", ROOM]
    assert len(sim.waiting(to=ROOM, workflow="late")) == 1
    assert sim.waiting(to="ben") == sim.waiting(to=ROOM, workflow="digest") == []
    sim.advance(hours=1)
    assert [each.workflow for each in sim.waiting()] == ["late", "late"]
    sim.advance(hours=1)
    assert sim.waiting() == []


def test_a_run_is_listed_at_the_step_at_which_it_waits_now(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("twice", recipients=[{"id": "ana"}])
    assert [(each.step, each.until) for each in sim.waiting()] == [("delay_1", START + timedelta(minutes=5))]
    sim.advance(minutes=5)
    assert [(each.step, each.until) for each in sim.waiting()] == [("delay_2", START + timedelta(days=1, minutes=5))]


def test_schedules_wait_too(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    knock.schedules.create(recipients=["ana"], workflow="late", scheduled_at=START + timedelta(days=3))
    assert sim.waiting() == [Waiting("ana", "late", "schedule", START + timedelta(days=3), None)]
    sim.advance(days=3)
    assert [each.step for each in sim.waiting()] == ["delay_1"]


@pytest.mark.parametrize("cancelled", [0, 1, 2])
def test_what_was_cancelled_waits_no_more(knock: Any, sim: Simulator, cancelled: int) -> None:
    for key in ("a", "b"):
        knock.workflows.trigger("digest", recipients=[{"id": "ana"}], cancellation_key=key)
    for key in ("a", "b")[:cancelled]:
        knock.workflows.cancel("digest", cancellation_key=key)
    assert len(sim.waiting()) == (cancelled < 2)


def test_a_failed_assertion_shows_what_waits(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("late", recipients=[{"id": "ana"}])
    with pytest.raises(AssertionError) as caught:
        sim.assert_sent(to="ana")
    assert str(caught.value) == (
        "assert_sent(to='ana'): 1 expected, 0 found\n"
        "sent: nothing\n"
        "waiting (advance() moves the time): 1\n"
        "  to   workflow  step     until\n"
        "  ana  late      delay_1  2026-01-05T11:00:00Z"
    )
    assert "waiting (" in sim.summary()
    sim.advance(hours=2)
    assert "waiting" not in sim.summary()


def test_a_report_shows_the_first_20_that_wait(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("late", recipients=[{"id": f"u{number}"} for number in range(50)])
    lines = sim.summary().splitlines()
    assert lines[1] == "waiting (advance() moves the time): 50"
    assert lines[3].split()[0] == "u0"
    assert lines[-1] == "  … 30 more"
    assert len(lines) == 24


def test_names_are_checked(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="did you mean 'digest'"):
        sim.waiting(workflow="digset")
