"""Rules of the steps that write: to data, users, objects and tenants, and of triggers of other workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import (
    Delay,
    Send,
    TriggerWorkflow,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
)

from .scenes import HOUR, events, refs, status, subjects, trigger, where
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

DATA, USER, OBJECT, TENANT = (f"dw/update-{name}-function" for name in ("data", "user", "object", "tenant"))
TRIGGER = "dw/trigger-workflow-function"


@rule(DATA, "the object is merged into the data at its top level; dotted keys do not nest")
@pytest.mark.parametrize(
    "given", ['{"a": {"new": 1}, "b.c": "{{ data.first }} Bo"}', {"a": {"new": 1}, "b.c": "{{ data.first }} Bo"}]
)
def test_data_is_merged_shallowly(knock: Any, sim: Simulator, given: Any) -> None:
    sim.workflow("w", steps=[UpdateData(given), Send("in_app_feed")])
    trigger(knock, data={"first": "Al", "a": {"old": 1}})
    assert sim.messages()[0].data == {"first": "Al", "a": {"new": 1}, "b.c": "Al Bo"}


def test_a_tuple_is_rendered_as_a_list(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[UpdateData({"tags": ("{{ data.first }}", ("a",))}), Send("in_app_feed")])
    trigger(knock, data={"first": "Al"})
    assert sim.messages()[0].data == {"first": "Al", "tags": ["Al", ["a"]]}


@rule(DATA, "an error in the Liquid, or a text that is no JSON object, halts the run")
@pytest.mark.parametrize("given", ['{"a": {{ 1 | divided_by: 0 }}}', "{{ data.x }}", "[1]", '{"a": }'])
def test_data_that_cannot_be_rendered_halts_the_run(knock: Any, sim: Simulator, given: str) -> None:
    sim.workflow("w", steps=[UpdateData(given), Send("in_app_feed")])
    trigger(knock)
    assert (refs(sim), status(knock)) == ([], "completed")
    assert [name for name, _ in events(knock)][1:4] == ["step.failed"] * 3
    (skip,) = sim.skips()
    assert (skip.reason, skip.detail[:15]) == ("error", "update_data_1: ")


@rule(DATA, "a property that is missing halts the run, unless the filter `default` or a condition asks for it")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ data.nick }}", None),
        ("{{ recipient.plan.name }}", None),
        ("{{ data.nick | upcase }}", None),
        ("{{ data.list[3] }}", None),
        ("{{ data.nick | default: 'none' }}", "none"),
        ("{% if data.nick %}{{ data.nick }}{% else %}none{% endif %}", "none"),
        ("{{ data.nothing }}", ""),  # it is there, and null
        ("{{ data.list }}{{ data.name }}", "Al"),
    ],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_a_missing_property_halts_the_run(
    knock: Any, sim: Simulator, text: str, found: str | None, as_text: bool
) -> None:
    given = f'{{"x": "{text}"}}' if as_text else {"x": text}
    sim.workflow("w", steps=[UpdateData(given), Send("in_app_feed")])
    trigger(knock, data={"name": "Al", "nothing": None, "list": []})
    if found is None:
        (skip,) = sim.skips()
        assert skip.reason == "error"
        assert " is undefined" in skip.detail or "out of range" in skip.detail
    else:
        assert sim.messages()[0].data["x"] == found


@rule(DATA, "the change does not reach the trigger of another recipient")
def test_data_is_changed_for_one_run(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[UpdateData({"who": "{{ recipient.name }}"}), Send("in_app_feed")])
    knock.workflows.trigger("w", recipients=["ana", "ben"], data={"x": 1})
    assert [message.data for message in sim.messages()] == [{"x": 1, "who": "Ana"}, {"x": 1, "who": "Ben"}]


@rule(USER, "the current recipient, or a user by id, is created or merged deeply; later steps see it")
def test_users_are_updated(knock: Any, sim: Simulator) -> None:
    knock.users.update("ana", properties={"seen": {"a": 1}})
    steps = [
        UpdateUser({"seen": {"b": "{{ data.n }}"}, "name": "Anna"}),
        UpdateUser('{"name": "New"}', user="{{ data.other }}"),
        Send("email", {"subject": "{{ recipient.name }} {{ recipient.seen.a }}{{ recipient.seen.b }}", "body": "x"}),
    ]
    sim.workflow("w", steps=steps)
    trigger(knock, data={"n": 2, "other": "dora"})
    assert subjects(knock, sim) == ["Anna 12"]
    assert knock.users.get("ana").model_extra["seen"] == {"a": 1, "b": "2"}
    assert knock.users.get("dora").name == "New"


@rule(USER, "`preferences` are merged deeply, and later steps obey them")
def test_preferences_are_updated(knock: Any, sim: Simulator) -> None:
    knock.users.set_preferences("ana", "default", channel_types={"sms": False})
    change = {"preferences": {"default": {"channel_types": {"email": False}}}}
    sim.workflow("w", steps=[UpdateUser(change), Send("email"), Send("sms"), Send("in_app_feed")])
    trigger(knock)
    assert refs(sim) == ["in_app_feed_1"]
    channel_types = knock.users.get_preferences("ana", "default").channel_types
    assert (channel_types.email, channel_types.sms) == (False, False)


@rule(USER, "channel data cannot be set by a step")
@pytest.mark.parametrize(
    ("change", "message"),
    [({"channel_data": {}}, "channel data cannot be set"), ({"preferences": {"default": {"channels": 1}}}, "channels")],
)
def test_what_a_step_cannot_write(knock: Any, sim: Simulator, change: Any, message: str) -> None:
    sim.workflow("w", steps=[UpdateUser(change), Send("email")])
    trigger(knock)
    assert message in sim.skips()[0].detail
    assert (refs(sim), status(knock)) == ([], "completed")


@rule(OBJECT, "an object is created, of a new collection too, or merged deeply")
def test_objects_are_updated(knock: Any, sim: Simulator) -> None:
    knock.objects.set("projects", "p1", name="One", properties={"deep": {"a": 1}})
    steps = [
        UpdateObject("projects", "{{ data.id }}", {"deep": {"b": 2}}),
        UpdateObject("new-{{ data.id }}", "x", '{"n": 1}'),
    ]
    sim.workflow("w", steps=steps)
    trigger(knock, data={"id": "p1"})
    assert knock.objects.get("projects", "p1").properties == {"name": "One", "deep": {"a": 1, "b": 2}}
    assert knock.objects.get("new-p1", "x").properties == {"n": 1}


@rule(TENANT, "the tenant of the run, or one by id, is merged deeply; preferences stand in its settings")
def test_tenants_are_updated(knock: Any, sim: Simulator) -> None:
    change = {"settings": {"preference_set": {"channel_types": {"email": False}}}}
    sim.workflow("w", steps=[UpdateTenant(change), Send("email"), UpdateTenant({"name": "B"}, tenant="globex")])
    trigger(knock, tenant="acme")
    assert [(skip.channel, skip.reason) for skip in sim.skips()] == [("email", "preferences")]
    assert knock.tenants.get("globex").name == "B"


@rule(TRIGGER, "by default it runs for the recipient, with the actor, tenant, data and cancellation key of the run")
def test_a_step_triggers_another_workflow(knock: Any, sim: Simulator) -> None:
    sim.workflow("child", steps=[Delay(HOUR), Send("email", {"subject": "{{ actor.name }} {{ data.n }}", "body": "x"})])
    sim.workflow("w", steps=[TriggerWorkflow("{{ data.which }}"), Send("in_app_feed")])
    trigger(knock, data={"which": "child", "n": 5}, actor="ben", tenant="acme", cancellation_key="k")
    assert refs(sim) == ["in_app_feed_1"]
    (run,) = knock.workflow_recipient_runs.list(workflow="child").items
    assert (run.recipient, run.tenant, run.trigger_source.cancellation_key) == ("ana", "acme", "k")
    sim.advance(HOUR)
    assert subjects(knock, sim) == ["Ben 5"]


@rule("api/WorkflowRecipientRunTriggerSource", "the source of a run that a step triggered is `workflow_step`")
def test_the_source_is_the_step(knock: Any, sim: Simulator) -> None:
    sim.workflow("child", channels=["email"])
    sim.workflow("w", steps=[TriggerWorkflow("child")])
    trigger(knock)
    (run,) = knock.workflow_recipient_runs.list(workflow="child").items
    assert run.trigger_source.type == "workflow_step"


@rule(TRIGGER, "recipients, data and the cancellation key are Liquid")
def test_the_fields_of_a_trigger_are_liquid(knock: Any, sim: Simulator) -> None:
    sim.workflow("child", channels=["in_app_feed"])
    step = TriggerWorkflow(
        "child", recipients="{{ data.people | json }}", data='{"n": {{ data.n }}}', actor="", cancellation_key=""
    )
    sim.workflow("w", steps=[step])
    project = {"id": "p1", "collection": "projects", "name": "One"}
    trigger(knock, data={"people": ["ben", {"id": "dora", "name": "Dora"}, project], "n": 4}, actor="ben")
    assert [message.recipient for message in sim.messages()][:2] == ["ben", "dora"]
    assert sim.messages(to={"id": "p1", "collection": "projects"})
    assert {message.data["n"] for message in sim.messages()} == {4}
    assert {message.actors == [] for message in sim.messages()} == {True}


@rule(TRIGGER, "an inactive target skips the step")
def test_an_inactive_target_skips_the_step(knock: Any, sim: Simulator) -> None:
    sim.workflow("child", channels=["email"], active=False)
    sim.workflow("w", steps=[TriggerWorkflow("child"), Send("in_app_feed")])
    trigger(knock)
    assert refs(sim) == ["in_app_feed_1"]
    assert ("step.skipped", "trigger_workflow_1") in events(knock)


@rule(TRIGGER, "data that is invalid for the target fails the run")
def test_data_is_checked_against_the_targets_schema(knock: Any, sim: Simulator) -> None:
    sim.workflow("child", channels=["email"], data_schema={"type": "object", "required": ["n"]})
    sim.workflow("w", steps=[TriggerWorkflow("child"), Send("in_app_feed")])
    trigger(knock)
    assert (refs(sim), status(knock)) == ([], "completed")
    assert "data is invalid for the workflow child" in sim.skips()[0].detail


@rule(TRIGGER, "the target runs in its present version")
def test_the_target_runs_in_its_present_version(knock: Any, sim: Simulator) -> None:
    sim.workflow("child", channels=["email"])
    sim.workflow("w", steps=[Delay(HOUR), TriggerWorkflow("child")])
    trigger(knock)
    sim.workflow("child", channels=["sms"])
    sim.advance(HOUR)
    assert refs(sim) == ["sms_1"]


@rule("sn/canceling-workflows", "a cancellation does not reach the workflows that the run has triggered")
def test_cancellation_does_not_reach_other_workflows(knock: Any, sim: Simulator) -> None:
    sim.workflow("child", steps=[Delay(HOUR), Send("email")])
    sim.workflow("w", steps=[TriggerWorkflow("child"), Delay(HOUR), Send("in_app_feed")])
    trigger(knock, cancellation_key="k")
    knock.workflows.cancel("w", cancellation_key="k")
    sim.advance(HOUR)
    assert refs(sim) == ["email_1"]


@rule("dw/step-conditions", "each function step obeys its conditions")
@pytest.mark.parametrize(
    "step",
    [
        UpdateData({"x": 1}, where("data.go", 1)),
        UpdateUser({"name": "X"}, conditions=where("data.go", 1)),
        UpdateObject("projects", "p1", {"n": 1}, where("data.go", 1)),
        UpdateTenant({"name": "X"}, "acme", where("data.go", 1)),
        TriggerWorkflow("w", conditions=where("data.go", 1)),
    ],
)
def test_function_steps_obey_their_conditions(knock: Any, sim: Simulator, step: Any) -> None:
    sim.workflow("w", steps=[step, Send("email")])
    trigger(knock)
    assert refs(sim) == ["email_1"]
    assert ("step.skipped", step.ref or events(knock)[1][1]) in events(knock)
    assert sim.messages()[0].data == {}
    assert knock.objects.list("projects").items == []
