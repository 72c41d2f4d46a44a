"""Conditions of workflows and steps, on the context of a run and on the statuses of earlier messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knock_sdk.testing import Batch, Delay, Send, Simulator

from ..rules.table import rule

HOUR = timedelta(hours=1)


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", email="ana@x.example", properties={"plan": "pro"})
    knock.users.update("ben", email="ben@x.example", properties={"plan": "free"})
    return knock


PRO = {"variable": "recipient.plan", "operator": "equal_to", "argument": "pro"}
N1 = {"variable": "data.n", "operator": "equal_to", "argument": "1"}
NO = {"variable": "data.n", "operator": "equal_to", "argument": 2}

CONDITIONS: list[tuple[Any, list[str]]] = [
    ([{"variable": "recipient.plan", "operator": "equal_to", "argument": "pro"}], ["ana"]),
    ({"all": [{"variable": "data.n", "operator": "greater_than", "argument": 3}]}, []),
    ({"any": [{"variable": "data.n", "operator": "equal_to", "argument": 1}]}, ["ana", "ben"]),
    (
        {
            "any": [
                {"variable": "data.missing", "operator": "exists"},
                {
                    "all": [
                        {"variable": "recipient.plan", "operator": "equal_to", "argument": "free"},
                        {"variable": "vars.region", "operator": "equal_to", "argument": "eu"},
                    ]
                },
            ]
        },
        ["ben"],
    ),
    ({"all": [], "any": []}, ["ana", "ben"]),
    ({"any": []}, ["ana", "ben"]),
    (None, ["ana", "ben"]),
    ({"all": [PRO], "any": [N1, NO]}, ["ana"]),
    ({"all": [PRO], "any": [NO, NO]}, []),
    ({"all": [N1, {"any": [PRO, {"all": [NO, N1]}]}]}, ["ana"]),
    ({"any": [{"all": [NO, N1]}, {"any": [NO, PRO]}]}, ["ana"]),
    ({"any": [NO, {"all": []}]}, ["ana", "ben"]),
    ([{"any": [PRO, NO]}, N1], ["ana"]),
    ([{"variable": "recipient.plan", "operator": "contains", "argument": "{{ data.text | slice: 0, 2 }}"}], ["ana"]),
    ([{"variable": "tenant.id", "operator": "equal_to", "argument": "acme"}], ["ana", "ben"]),
    ([{"variable": "actor.plan", "operator": "equal_to", "argument": "recipient.plan"}], ["ben"]),
    ([{"variable": "workflow.categories", "operator": "contains", "argument": "news"}], ["ana", "ben"]),
]


@rule("mapi/ConditionGroup", "of `all` every condition must hold, of `any` one, which can be a group itself")
@rule("dw/step-conditions", "a step whose conditions do not hold is skipped, and the next one runs")
@rule("dw/step-conditions", "a run whose trigger's conditions do not hold ends before its first step")
@rule("c/conditions", "conditions read the data, the recipient, the actor, the tenant, the workflow and the variables")
@rule("c/conditions", "an argument can be the path of another value")
@pytest.mark.parametrize(("conditions", "expected"), CONDITIONS)
def test_conditions_of_steps_and_triggers(knock: Any, sim: Simulator, conditions: Any, expected: list[str]) -> None:
    sim.set_variables({"region": "eu"})
    sim.workflow("step", steps=[Send("email", conditions=conditions), Send("in_app_feed")], categories=["news"])
    sim.workflow("trigger", channels=["email"], conditions=conditions, categories=["news"])
    for workflow in ("step", "trigger"):
        knock.workflows.trigger(
            workflow, recipients=["ana", "ben"], data={"n": 1, "text": "proud"}, actor="ben", tenant="acme"
        )
    assert [message.recipient for message in sim.messages(workflow="step", channel="email")] == expected
    assert len(sim.messages(workflow="step", channel="in_app_feed")) == 2
    assert [message.recipient for message in sim.messages(workflow="trigger")] == expected
    others = [name for name in ("ana", "ben") if name not in expected]
    skipped = [(skip.to, skip.channel, skip.reason, skip.detail) for skip in sim.skips()]
    assert skipped == [(name, "email", "conditions", "email_1") for name in others] + [
        (name, None, "trigger_conditions", "trigger") for name in others
    ]


def test_a_delay_is_skipped_if_its_conditions_do_not_hold(knock: Any, sim: Simulator) -> None:
    pro = [{"variable": "recipient.plan", "operator": "equal_to", "argument": "pro"}]
    sim.workflow("w", steps=[Delay(HOUR, conditions=pro), Send("email")])
    knock.workflows.trigger("w", recipients=["ana", "ben"])
    assert [message.recipient for message in sim.messages()] == ["ben"]


def status(kind: str, operator: str, case: str) -> list[dict[str, str]]:
    return [{"variable": f"refs.in_app_feed_1.{kind}", "operator": operator, "argument": f"$message.{case}"}]


@rule("dw/step-conditions", "delivery statuses are compared by rank, engagement statuses by having happened or not")
@rule("dw/step-conditions", "`seen_not_read` holds while a message is seen and not read")
@pytest.mark.parametrize(
    ("conditions", "acts", "expected"),
    [
        (status("engagement_status", "not_contains", "seen"), [], True),
        (status("engagement_status", "not_contains", "seen"), ["mark_as_seen"], False),
        (status("engagement_status", "contains", "seen"), ["mark_as_read"], False),
        (status("engagement_status", "contains", "seen_not_read"), ["mark_as_seen"], True),
        (status("engagement_status", "contains", "seen_not_read"), ["mark_as_seen", "mark_as_read"], False),
        (status("engagement_status", "contains", "archived"), ["archive"], True),
        (status("delivery_status", "greater_than_or_equal_to", "sent"), [], True),
        (status("delivery_status", "less_than", "delivered"), [], False),
        (status("delivery_status", "equal_to", "skipped"), [], False),
        (status("status", "less_than", "seen"), [], True),
        (status("status", "less_than", "seen"), ["mark_as_read"], False),
        (status("status", "less_than", "nonsense"), [], False),
    ],
)
def test_conditions_read_the_statuses_of_an_earlier_message(
    knock: Any, sim: Simulator, conditions: Any, acts: list[str], expected: bool
) -> None:
    sim.workflow("w", steps=[Send("in_app_feed"), Delay(HOUR), Send("email", conditions=conditions)])
    knock.workflows.trigger("w", recipients=["ana"])
    for act in acts:
        getattr(knock.messages, act)(sim.messages()[0].id)
    sim.advance(hours=1)
    assert bool(sim.messages(channel="email")) is expected


@rule("dw/step-conditions", "the delivery status of a step that was skipped is `skipped`")
def test_conditions_read_the_status_of_a_skipped_message(knock: Any, sim: Simulator) -> None:
    sim.workflow(
        "w",
        steps=[
            Send("in_app_feed"),
            Send("email", conditions=status("delivery_status", "equal_to", "skipped")),
            Send("sms", conditions=status("engagement_status", "contains", "seen")),
        ],
    )
    knock.users.set_preferences("ana", "default", channel_types={"in_app_feed": False})
    knock.workflows.trigger("w", recipients=["ana"])
    assert [message.source.step_ref for message in sim.messages()] == ["email_1"]
    assert [(skip.channel, skip.reason) for skip in sim.skips()] == [
        ("in_app_feed", "preferences"),
        ("sms", "conditions"),
    ]


def test_an_argument_that_cannot_be_rendered_ends_the_step_with_its_message(knock: Any, sim: Simulator) -> None:
    fails = [{"variable": "data.n", "operator": "equal_to", "argument": "{{ 1 | divided_by: data.n }}"}]
    sim.workflow("step", steps=[Send("email", conditions=fails), Send("in_app_feed")])
    sim.workflow("trigger", channels=["email"], conditions=fails)
    for workflow in ("step", "trigger"):
        knock.workflows.trigger(workflow, recipients=["ana"], data={"n": 0})
        run = knock.workflow_recipient_runs.list(workflow=workflow)[0]
        assert (run.status, run.error_count) == ("completed", 3)
        events = knock.workflow_recipient_runs.get(run.id).events
        assert ["divide" in str(event.data) for event in events if event.status == "error"] == [True] * 3
    assert sim.messages() == []
    assert [(skip.workflow, skip.channel, skip.reason, skip.detail) for skip in sim.skips()] == [
        ("step", "email", "error", "email_1: divided_by: can't divide by 0"),
        ("trigger", None, "error", "trigger: divided_by: can't divide by 0"),
    ]
    knock.workflows.trigger("step", recipients=["ana"], data={"n": 1})
    assert len(sim.messages(workflow="step")) == 2


def test_step_conditions_read_the_data_of_a_whole_batch(knock: Any, sim: Simulator) -> None:
    second = [{"variable": "data.n", "operator": "equal_to", "argument": 2}]
    sim.workflow("w", steps=[Batch(HOUR), Send("email", conditions=second)])
    for n in (1, 2):
        knock.workflows.trigger("w", recipients=["ana"], data={"n": n})
    sim.advance(hours=1)
    assert len(sim.messages()) == 1


@pytest.mark.parametrize(
    ("argument", "sent"), [(5, 1), ("5", 1), ([4, 5], 1), ([4], 0), (True, 0), (None, 0), ("{{ data.n }}", 0)]
)
def test_conditions_of_preferences_take_any_argument(knock: Any, sim: Simulator, argument: Any, sent: int) -> None:
    operator = "contains" if isinstance(argument, list) else "equal_to"
    variable = "data.list" if isinstance(argument, list) else "data.n"
    condition = {"variable": variable, "operator": operator, "argument": argument}
    sim.workflow("w", channels=["email"])
    preferences = knock.users.set_preferences("ana", "default", workflows={"w": {"conditions": [condition]}})
    assert preferences.workflows["w"].conditions[0].argument == argument
    knock.workflows.trigger("w", recipients=["ana"], data={"n": 5, "list": [5]})
    assert len(sim.messages()) == sent


def test_conditions_of_preferences_compare_with_the_present(knock: Any, sim: Simulator) -> None:
    condition = {"variable": "data.at", "operator": "is_timestamp_on_or_after_now", "argument": None}
    sim.workflow("w", steps=[Delay(HOUR), Send("email")])
    knock.users.set_preferences("ana", "default", workflows={"w": {"conditions": [condition]}})
    for at in ("2026-01-05T09:59:59Z", "2026-01-05T10:00:00Z"):
        knock.workflows.trigger("w", recipients=["ana"], data={"at": at})
    sim.advance(hours=1)
    assert [message.data for message in sim.messages()] == [{"at": "2026-01-05T10:00:00Z"}]


@pytest.mark.parametrize("conditions", ["x", [1], [{"operator": "exists"}], {"all": "x"}, {"any": ["x"]}])
def test_conditions_of_the_wrong_type_are_rejected(conditions: Any) -> None:
    with pytest.raises(TypeError):
        Simulator().workflow("w", conditions=conditions)
