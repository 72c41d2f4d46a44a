"""Rules of time: delays, dynamic windows, throttles, schedules and deliveries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Batch, Delay, Send, Throttle

from .scenes import DAY, HOUR, MINUTE, refs, trigger
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

DELAY, THROTTLE = "dw/delay-function", "dw/throttle-function"


@rule(DELAY, "a run keeps the version that it began with")
def test_a_delay_keeps_its_version(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Delay(HOUR), Send("email")])
    trigger(knock)
    sim.workflow("w", channels=["sms"])
    sim.advance(HOUR)
    assert refs(sim) == ["email_1"]


@rule(DELAY, "a delay ends after its time, at a time or duration of the data, or at an offset from it")
@pytest.mark.parametrize(
    ("step", "at", "minutes"),
    [
        (Delay(HOUR), None, 60),
        (Delay(until="data.at"), "2026-01-05T09:30:00Z", 30),
        (Delay(until="data.at"), {"unit": "minutes", "value": 20}, 20),
        (Delay(until="data.at"), {"unit": "seconds", "value": 60}, 1),
        (Delay(10 * MINUTE, until="data.at"), "2026-01-05T09:30:00Z", 40),
        (Delay(-10 * MINUTE, until="data.at"), "2026-01-05T09:30:00Z", 20),
    ],
)
def test_the_ends_of_delays(knock: Any, sim: Simulator, step: Delay, at: object, minutes: int) -> None:
    sim.workflow("w", steps=[step, Send("email")])
    trigger(knock, data={"at": at})
    sim.advance(minutes * MINUTE - timedelta(seconds=1))
    assert refs(sim) == []
    sim.advance(seconds=1)
    assert refs(sim) == ["email_1"]


@rule(DELAY, "a dynamic window may lie in the data, the recipient, the actor, the variables or the tenant")
@pytest.mark.parametrize("path", ["data.at", "recipient.at", "actor.at", "vars.at", "tenant.at"])
def test_the_prefixes_of_dynamic_windows(knock: Any, sim: Simulator, path: str) -> None:
    at = {"unit": "hours", "value": 1}
    knock.users.update("ana", properties={"at": at})
    knock.users.update("ben", properties={"at": at})
    knock.tenants.set("acme", properties={"at": at})
    sim.set_variables({"at": at})
    sim.workflow("w", steps=[Delay(until=path), Send("email")])
    trigger(knock, data={"at": at}, actor="ben", tenant="acme")
    assert refs(sim) == []
    sim.advance(HOUR)
    assert refs(sim) == ["email_1"]


@rule("sn/debugging-workflows", "a dynamic window that is missing, invalid or past skips the step, with an error")
@pytest.mark.parametrize("step", [Delay(until="data.at"), Batch(until="data.at"), Throttle(until="data.at")])
@pytest.mark.parametrize(
    "at",
    [
        None,
        "soon",
        "2020-01-01T00:00:00Z",
        {"unit": "eons", "value": 1},
        {"unit": "weeks", "value": 9_000_000},  # ends after the year 9999
        {"unit": "weeks", "value": 9_000_000_000},
        {"frequency": "daily", "hours": True},
    ],
)
def test_a_window_that_cannot_be_read_skips_the_step(knock: Any, sim: Simulator, step: Any, at: object) -> None:
    sim.workflow("w", steps=[step, Send("email")])
    trigger(knock, data={"at": at})
    assert refs(sim) == ["email_1"]
    assert knock.workflow_recipient_runs.list().items[0].error_count == 1


@rule("sn/triggering-workflows/api", "`skip_delay` skips delays, and not batches")
def test_delays_can_be_skipped(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Delay(HOUR), Send("email"), Batch(HOUR), Send("sms")])
    trigger(knock, settings={"skip_delay": True})
    assert refs(sim) == ["email_1"]
    sim.advance(HOUR)
    assert refs(sim) == ["email_1", "sms_1"]


@rule(DELAY, "a delay takes at most 365 days, a throttle 31")
@pytest.mark.parametrize("step", [Delay(366 * DAY), Throttle(32 * DAY)])
def test_the_longest_windows(sim: Simulator, step: Any) -> None:
    with pytest.raises(ValueError, match="takes at most"):
        sim.workflow("w", steps=[step])


@rule(THROTTLE, "the window opens with a recipient's first pass; runs beyond the limit in it halt")
def test_throttles_halt_runs(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Throttle(HOUR, limit=2), Send("email")])
    for _ in range(3):
        trigger(knock)
        sim.advance(20 * MINUTE - timedelta(seconds=1))
    assert (len(sim.messages()), [skip.reason for skip in sim.skips()]) == (2, ["throttled"])
    knock.workflows.trigger("w", recipients=["ben"])
    sim.advance(seconds=3)
    trigger(knock)
    assert len(sim.messages()) == 4


@rule(THROTTLE, "each throttle step counts for itself, and for its key; the tenant is no part of it")
def test_what_throttles_count(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Throttle(HOUR, key="kind"), Send("email"), Throttle(HOUR), Send("sms")])
    for kind, tenant in (("a", None), ("b", None), ("a", "acme")):
        trigger(knock, data={"kind": kind}, tenant=tenant)
    assert refs(sim) == ["email_1", "sms_1", "email_1"]
    assert [skip.detail for skip in sim.skips()] == ["throttle_2", "throttle_1"]


@rule(THROTTLE, "a key of 64 characters or more, or none, skips the step")
@pytest.mark.parametrize("kind", ["x" * 70, None, ""])
def test_bad_keys_of_throttles_skip_the_step(knock: Any, sim: Simulator, kind: str | None) -> None:
    sim.workflow("w", steps=[Throttle(HOUR, key="kind"), Send("email")])
    for _ in range(2):
        trigger(knock, data={"kind": kind})
    assert refs(sim) == ["email_1", "email_1"]
    assert knock.workflow_recipient_runs.list().items[0].error_count == 1


@rule("c/schedules", "a schedule runs the version of its moment, once at `scheduled_at`, and not after `ending_at`")
@pytest.mark.parametrize(("ending", "sent"), [(None, ["sms_1"]), (2, ["sms_1"]), (1, ["sms_1"]), (0.5, [])])
def test_schedules(knock: Any, sim: Simulator, ending: float | None, sent: list[str]) -> None:
    sim.workflow("w", channels=["email"])
    more = {} if ending is None else {"ending_at": sim.now + ending * HOUR}
    (schedule,) = knock.schedules.create(workflow="w", recipients=["ana"], scheduled_at=sim.now + HOUR, **more)
    assert (schedule.next_occurrence_at is None) == (not sent)
    sim.workflow("w", channels=["sms"])
    sim.advance(DAY)
    assert refs(sim) == sent


@rule("mapi/Duration", "durations have seconds, minutes, hours, days, weeks or months")
@pytest.mark.parametrize(
    ("unit", "length"),
    [
        ("seconds", timedelta(seconds=2)),
        ("minutes", 2 * MINUTE),
        ("hours", 2 * HOUR),
        ("days", 2 * DAY),
        ("weeks", 14 * DAY),
        ("months", 60 * DAY),
    ],
)
def test_units_of_durations(knock: Any, sim: Simulator, unit: str, length: timedelta) -> None:
    sim.workflow("w", steps=[Delay(until="data.at"), Send("email")])
    trigger(knock, data={"at": {"unit": unit, "value": 2}})
    sim.advance(length - timedelta(seconds=1))
    assert refs(sim) == []
    sim.advance(seconds=1)
    assert refs(sim) == ["email_1"]


@rule(DELAY, "a window rule names the next time of a day, in the recipient's time zone")
@pytest.mark.parametrize(
    ("at", "hours"),
    [
        ({"frequency": "daily", "hours": 12}, 3),
        ({"frequency": "daily", "hours": 9, "minutes": 30}, 0.5),
        ({"frequency": "weekly", "days": ["tue"], "hours": 9}, 24),
        ({"frequency": "weekly", "days": "weekends", "hours": 9}, 5 * 24),
    ],
)
def test_window_rules(knock: Any, sim: Simulator, at: Any, hours: float) -> None:
    sim.workflow("w", steps=[Delay(until="data.at"), Send("email")])
    trigger(knock, data={"at": at})
    knock.users.update("ben", timezone="America/New_York")
    knock.workflows.trigger("w", recipients=["ben"], data={"at": {"frequency": "daily", "hours": 5}})
    sim.advance(hours * HOUR - timedelta(seconds=1))
    assert refs(sim, to="ana") == []
    sim.advance(seconds=1)
    assert refs(sim, to="ana") == ["email_1"]
    # It is 9 o'clock in UTC, and 4 in New York.
    assert refs(sim, to="ben") == (["email_1"] if hours >= 1 else [])


@rule("mapi/WorkflowBatchStep", "a batch window and a path together: the window is an offset from the moment")
def test_the_offset_of_a_batch(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR, until="data.at"), Send("email")])
    trigger(knock, data={"at": "2026-01-05T10:00:00Z"})
    sim.advance(2 * HOUR - timedelta(seconds=1))
    assert refs(sim) == []
    sim.advance(seconds=1)
    assert refs(sim) == ["email_1"]


@rule(THROTTLE, "a throttle does not count the runs of other workflows")
def test_throttles_of_other_workflows(knock: Any, sim: Simulator) -> None:
    for workflow in ("w", "x"):
        sim.workflow(workflow, steps=[Throttle(HOUR), Send("email")])
        trigger(knock, workflow)
    assert refs(sim) == ["email_1", "email_1"]


@rule("sn/delivering-notifications", "a delivery that fails is tried eight times within 30 minutes")
def test_deliveries_are_tried_eight_times(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"])
    sim.delivery("email", outcome="undelivered")
    trigger(knock)
    sim.advance(31 * MINUTE)
    (message,) = sim.messages()
    types = [event.type for event in knock.messages.list_events(message.id).items]
    assert (message.status, types.count("message.delivery_attempted")) == ("undelivered", 8)
