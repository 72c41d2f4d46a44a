"""Rules of whole runs: triggers, frequencies, versions, recipients that go away, and the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import KnockError, UnprocessableEntityError
from knock_sdk.testing import Batch, Delay, Fetch, Send, UpdateData

from .scenes import DAY, HOUR, numbers, refs, status, trigger, where
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


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


@rule("c/audiences", "a member that Knock does not know triggers nothing, then or later")
def test_unknown_members_trigger_nothing(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed"])
    sim.audience("vip", workflows=["w"])
    plan = {"object": {"object_api_name": "audiences", "label": "Audiences"}, "operation": "insert"}
    records = [{"user_id": "dora", "audience_key": "vip"}]
    knock.integrations.census.custom_destination(
        id="1", jsonrpc="2.0", method="sync_batch", params={"sync_plan": plan, "records": records}
    )
    assert [member.user_id for member in knock.audiences.list_members("vip").entries] == ["dora"]
    knock.users.update("dora", name="Dora")
    sim.advance(DAY)
    assert refs(sim) == []


@rule("sn/triggering-workflows/api", "a recipient's own trigger data is laid over the data")
def test_trigger_data_of_a_recipient(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed"])
    own = {"id": "ana", "$trigger_data": {"b": 3}}
    knock.workflows.trigger("w", recipients=[own, "ben"], data={"a": 1, "b": 2})
    assert [message.data for message in sim.messages()] == [{"a": 1, "b": 3}, {"a": 1, "b": 2}]


@rule("api/Message", "the filter by trigger data sees fetched data too")
def test_the_filter_by_trigger_data(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Fetch("https://x.example"), Send("in_app_feed")])
    sim.http("http_fetch_1", {"plan": "pro"})
    trigger(knock, data={"n": 1})
    assert len(knock.messages.list(trigger_data={"plan": "pro", "n": 1}).items) == 1
    assert knock.messages.list(trigger_data={"plan": "free"}).items == []
