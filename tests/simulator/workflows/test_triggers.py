"""Triggers: known workflows, inline identification, and the messages of each recipient."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from knock_sdk import NotFoundError, UnprocessableEntityError
from knock_sdk.testing import Simulator
from tests.simulator.support.pair import http

from ..rules.table import rule


def recipients_of(sim: Simulator) -> list[object]:
    return [
        message.recipient if isinstance(message.recipient, str) else message.recipient.model_dump()
        for message in sim.messages()
    ]


@rule("reference/content", "the trigger of an unknown workflow is refused as `workflow_missing`")
def test_any_workflow_sends_in_app_until_one_is_declared(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    knock.workflows.trigger("whatever", recipients=["ana"])
    assert [message.channel.type for message in sim.messages(workflow="whatever")] == ["in_app_feed"]
    sim.workflow("known")
    with pytest.raises(NotFoundError) as caught:
        knock.workflows.trigger("whatever", recipients=["ana"])
    assert caught.value.code == "workflow_missing"
    knock.workflows.trigger("known", recipients=["ana"])
    assert len(sim.messages()) == 2


@pytest.mark.parametrize(("any_workflow", "status"), [(True, 200), (False, 404)])
def test_any_workflow_decides_about_undeclared_workflows(any_workflow: bool, status: int) -> None:
    sim = Simulator(any_workflow=any_workflow)
    assert http(sim, "POST", "/v1/workflows/x/trigger", {"recipients": []})[0].status == status
    sim.workflow("y")
    assert http(sim, "POST", "/v1/workflows/x/trigger", {"recipients": []})[0].status == status


@rule("reference/content", "the trigger of an inactive workflow is refused as `workflow_inactive`, and starts no run")
def test_an_inactive_workflow_cannot_be_triggered(knock: Any, sim: Simulator) -> None:
    sim.workflow("off", active=False)
    with pytest.raises(UnprocessableEntityError) as caught:
        knock.workflows.trigger("off", recipients=[{"id": "ana"}])
    assert caught.value.code == "workflow_inactive"
    assert knock.users.list().items == []


@rule("api/TriggerWorkflowResponse", "a trigger returns the id that its runs share")
def test_one_message_per_step_in_order(knock: Any, sim: Simulator) -> None:
    sim.channel("newsletter", type="email", provider="email_postmark", name="Newsletter")
    sim.workflow("w", channels=["email", "in_app_feed", "newsletter"], categories=["a", "b"], name="Weekly")
    run = knock.workflows.trigger(
        "w", recipients=[{"id": "ana", "email": "ana@x.example", "name": "Ana"}], data={"n": 1}
    )
    assert UUID(run.workflow_run_id).version == 4
    messages = sim.messages(to="ana")
    assert [message.source.step_ref for message in messages] == ["email_1", "in_app_feed_1", "email_2"]
    last = messages[-1]
    assert last.channel is not None
    assert (last.channel.key, last.channel.provider) == ("newsletter", "email_postmark")
    assert last.channel_id == last.channel.id == sim.channel("newsletter").id
    assert (last.source.key, last.source.categories, last.workflow) == ("w", ["a", "b"], "w")
    assert {message.source.workflow_run_id for message in messages} == {run.workflow_run_id}
    assert len({message.source.workflow_recipient_run_id for message in messages}) == 1
    assert (last.data, last.tenant, last.actors) == ({"n": 1}, None, [])
    assert last.recipient_snapshot is not None
    assert last.recipient_snapshot.model_dump(exclude_none=True) == {
        "email": "ana@x.example",
        "name": "Ana",
        "user_id": "ana",
    }


@rule(
    "managing-recipients/identifying-recipients",
    "recipients, the actor and the tenant of a trigger are identified inline",
)
def test_inline_recipients_actor_and_tenant_are_stored(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana", properties={"plan": "pro"})
    knock.workflows.trigger(
        "w",
        recipients=["ana", {"id": "ben", "name": "Ben", "plan": "free"}, {"id": "ana", "seats": 3}],
        actor={"id": "cleo", "name": "Cleo"},
        tenant={"id": "acme", "name": "Acme"},
    )
    assert knock.users.get("ana").properties == {"plan": "pro", "seats": 3}
    assert (knock.users.get("ben").name, knock.users.get("ben").plan) == ("Ben", "free")
    assert knock.users.get("cleo").name == "Cleo"
    assert recipients_of(sim) == ["ana", "ben"]
    assert [(message.tenant, message.actors) for message in sim.messages()] == [("acme", ["cleo"])] * 2


@rule("c/recipients", "an id alone creates no user, an object with an id does")
def test_an_unknown_id_creates_no_user_and_is_skipped(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("w", recipients=["nobody", {"id": "ben"}])
    assert [user.id for user in knock.users.list().items] == ["ben"]
    assert recipients_of(sim) == ["ben"]
    (skip,) = sim.skips()
    assert (skip.to, skip.channel, skip.reason) == ("nobody", None, "not_identified")


@rule("reference/content", "the trigger with an unknown actor is refused as `actor_missing`")
def test_an_unknown_actor_is_rejected(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana")
    for actor in ("nobody", {"id": "x", "collection": "bots"}):
        with pytest.raises(UnprocessableEntityError) as caught:
            knock.workflows.trigger("w", recipients=["ana", {"id": "ben"}], actor=actor)
        assert caught.value.code == "actor_missing"
    assert sim.messages() == []
    assert [user.id for user in knock.users.list().items] == ["ana"]
    knock.workflows.trigger("w", recipients=["ana"], actor="ana")
    assert sim.messages()[0].actors == ["ana"]


@rule("c/recipients", "an id and a collection stand for an object")
def test_objects_are_recipients(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed", "email"])
    project = {"id": "p1", "collection": "projects"}
    knock.workflows.trigger("w", recipients=[project])
    assert sim.skips(to=project)[0].reason == "not_identified"
    knock.workflows.trigger("w", recipients=[{**project, "name": "Apollo", "email": "apollo@x.example"}])
    knock.workflows.trigger("w", recipients=[project, project])
    assert [message.channel.type for message in sim.messages(to=project)] == [
        "in_app_feed",
        "email",
    ] * 2
    assert recipients_of(sim)[0] == {"collection": "projects", "id": "p1"}
    assert sim.messages(to="p1") == []


@rule("sn/triggering-workflows/api", "`$trigger_data` of a recipient is no property of it")
def test_trigger_data_of_a_recipient_overrides_the_data(knock: Any, sim: Simulator) -> None:
    own = {"id": "ana", "$trigger_data": {"seat": "12A", "gate": None}}
    knock.workflows.trigger("w", recipients=[own, {"id": "ben"}], data={"seat": "any", "flight": "K1"})
    assert [message.data for message in sim.messages()] == [
        {"seat": "12A", "flight": "K1", "gate": None},
        {"seat": "any", "flight": "K1"},
    ]
    assert knock.users.get("ana").properties == {}


def test_trigger_data_of_a_repeated_recipient_is_merged(knock: Any, sim: Simulator) -> None:
    twice = [{"id": "ana", "$trigger_data": {"a": 1, "b": 1}}, {"id": "ana", "$trigger_data": {"b": 2}}, "ana"]
    knock.workflows.trigger("w", recipients=twice, data={"c": 3})
    assert [message.data for message in sim.messages()] == [{"a": 1, "b": 2, "c": 3}]
