"""Rules of whole runs: triggers, frequencies, versions, recipients that go away, delays, throttles and schedules."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import KnockError, UnprocessableEntityError
from knock_sdk.testing import Batch, Delay, Fetch, Send, Throttle, UpdateData

from .scenes import DAY, HOUR, MINUTE, numbers, refs, status, trigger, where
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

DELAY, THROTTLE = "dw/delay-function", "dw/throttle-function"


@rule("c/workflows", "each recipient has a run of its own; the runs of a trigger share its id")
def test_a_run_for_each_recipient(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"])
    started = knock.workflows.trigger("w", recipients=["ana", "ben"])
    runs = knock.workflow_recipient_runs.list().items
    assert {run.recipient for run in runs} == {"ana", "ben"}
    assert {run.workflow_run_id for run in runs} == {started.workflow_run_id}
    assert len({run.id for run in runs}) == 2


@rule("dw/validating-trigger-data", "data that the schema does not allow is refused, with the fields")
def test_data_is_validated(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"], data_schema={"type": "object", "properties": {"n": {"type": "integer"}}})
    with pytest.raises(UnprocessableEntityError, match=r"data\.n"):
        trigger(knock, data={"n": "x"})
    assert refs(sim) == []


@rule("c/workflows", "a run whose trigger conditions do not hold halts before its first step")
def test_trigger_conditions(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"], conditions=where("data.n", 1))
    trigger(knock, data={"n": 2})
    trigger(knock, data={"n": 1})
    assert (refs(sim), [skip.reason for skip in sim.skips()]) == (["email_1"], ["trigger_conditions"])


@rule("c/workflows", "a workflow runs with each trigger, once for a recipient, or once for a recipient and a tenant")
@pytest.mark.parametrize(
    ("frequency", "count"),
    [("every_trigger", 3), ("once_per_recipient", 1), ("once_per_recipient_per_tenant", 2)],
)
def test_trigger_frequencies(knock: Any, sim: Simulator, frequency: Any, count: int) -> None:
    sim.workflow("w", channels=["email"], trigger_frequency=frequency)
    for tenant in ("acme", "globex", "acme"):
        trigger(knock, tenant=tenant)
    assert len(sim.messages()) == count


@rule("preferences/commercial-unsubscribe", "a commercial workflow obeys the recipient's default set, with a tenant")
@pytest.mark.parametrize(("commercial", "count"), [(True, 0), (False, 2)])
def test_commercial_workflows(knock: Any, sim: Simulator, *, commercial: bool, count: int) -> None:
    sim.workflow("w", channels=["email"], commercial=commercial)
    knock.users.set_preferences("ana", "default", commercial_subscribed=False)
    trigger(knock)
    trigger(knock, tenant="acme")
    assert len(sim.messages()) == count


@rule("preferences/overview", "a workflow can override the preferences")
@pytest.mark.parametrize(("overrides", "sent"), [(True, ["email_1"]), (False, [])])
def test_preferences_can_be_overridden(knock: Any, sim: Simulator, *, overrides: bool, sent: list[str]) -> None:
    sim.workflow("w", channels=["email"], override_preferences=overrides)
    knock.users.set_preferences("ana", "default", channel_types={"email": False})
    trigger(knock)
    assert refs(sim) == sent


@rule("c/workflows", "an inactive workflow cannot be triggered; a run whose next step comes while it is inactive ends")
def test_inactive_workflows(knock: Any, sim: Simulator) -> None:
    steps = [Delay(HOUR), Send("email")]
    sim.workflow("w", steps=steps)
    trigger(knock)
    sim.workflow("w", steps=steps, active=False)
    with pytest.raises(KnockError, match="workflow_inactive"):
        trigger(knock)
    sim.advance(HOUR)
    assert (refs(sim), status(knock)) == ([], "completed")


@rule("c/workflows", "a run goes on if the workflow is active again before its pause ends")
def test_workflows_that_are_active_again(knock: Any, sim: Simulator) -> None:
    steps = [Delay(HOUR), Send("email")]
    sim.workflow("w", steps=steps)
    trigger(knock)
    for active in (False, True):
        sim.workflow("w", steps=steps, active=active)
    sim.advance(HOUR)
    assert refs(sim) == ["email_1"]


@rule("c/audiences", "an audience triggers for each new member, with its tenant; again for another tenant")
def test_audiences_trigger(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"])
    sim.audience("vip", workflows=["w"])
    for tenant in ("acme", "globex"):
        knock.tenants.set(tenant)
    for tenant in ("acme", "globex", "acme"):
        knock.audiences.add_members("vip", members=[{"user": {"id": "ana"}, "tenant": tenant}])
    assert [message.tenant for message in sim.messages()] == ["acme", "globex"]


@rule("managing-recipients/merging-users", "a paused run of a user that was merged or deleted ends before it sends")
@pytest.mark.parametrize("goes", ["merged", "deleted"])
@pytest.mark.parametrize("step", [Delay(HOUR), Batch(HOUR)])
def test_runs_of_users_that_are_gone(knock: Any, sim: Simulator, goes: str, step: Any) -> None:
    sim.workflow("w", steps=[step, Send("email")])
    trigger(knock)
    if goes == "merged":
        knock.users.merge("ben", from_user_id="ana")
    else:
        knock.users.delete("ana")
    sim.advance(2 * HOUR)
    assert refs(sim) == []
    assert [skip.reason for skip in sim.skips()] == ["not_identified"]


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
@pytest.mark.parametrize("at", [None, "soon", "2020-01-01T00:00:00Z", {"unit": "eons", "value": 1}])
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


@rule("api/Message", "a message has the data of the trigger and what steps added, as of its making")
def test_the_data_of_messages(knock: Any, sim: Simulator) -> None:
    sim.workflow(
        "w", steps=[Send("email"), Fetch("https://x.example"), Send("sms"), UpdateData({"c": 3}), Send("http")]
    )
    sim.http("http_fetch_1", {"b": 2})
    trigger(knock, data={"a": 1})
    assert [message.data for message in sim.messages()] == [{"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}]


@rule("dw/batch-function", "data that steps added before a batch is in the data after it")
def test_added_data_is_batched(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[UpdateData({"who": "{{ actor.name }}"}), Batch(HOUR), Send("in_app_feed")])
    for number, actor in ((1, "ben"), (2, "cleo")):
        trigger(knock, data={"n": number}, actor=actor)
    sim.advance(HOUR)
    assert sim.messages()[0].data == {"n": 2, "who": "Cleo"}
    assert numbers(knock, sim) == [[1, 2]]


@rule(
    "sn/canceling-workflows",
    "a run that pauses can be cancelled, by its key and for some recipients",
)
@pytest.mark.parametrize("step", [Delay(HOUR), Batch(HOUR)])
def test_pausing_steps_can_be_cancelled(knock: Any, sim: Simulator, step: Any) -> None:
    sim.workflow("w", steps=[step, Send("in_app_feed")])
    knock.workflows.trigger("w", recipients=["ana", "ben"], cancellation_key="k")
    knock.workflows.cancel("w", cancellation_key="k", recipients=["ana"])
    sim.advance(HOUR)
    assert [message.recipient for message in sim.messages()] == ["ben"]
