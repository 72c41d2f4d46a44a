"""Conditions of workflows and steps, on the context of a run and on the statuses of earlier messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knock_sdk.testing import Delay, Send, Simulator

HOUR = timedelta(hours=1)


@pytest.fixture
def knock(knock: Any) -> Any:
    knock.users.update("ana", email="ana@x.example", properties={"plan": "pro"})
    knock.users.update("ben", email="ben@x.example", properties={"plan": "free"})
    return knock


CONDITIONS = [
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
    ([{"variable": "tenant.id", "operator": "equal_to", "argument": "acme"}], ["ana", "ben"]),
    ([{"variable": "actor.plan", "operator": "equal_to", "argument": "recipient.plan"}], ["ben"]),
    ([{"variable": "workflow.categories", "operator": "contains", "argument": "news"}], ["ana", "ben"]),
]


@pytest.mark.parametrize(("conditions", "expected"), CONDITIONS)
def test_conditions_of_steps_and_triggers(knock: Any, sim: Simulator, conditions: Any, expected: list[str]) -> None:
    sim.set_variables({"region": "eu"})
    sim.workflow("step", steps=[Send("email", conditions=conditions), Send("in_app_feed")], categories=["news"])
    sim.workflow("trigger", channels=["email"], conditions=conditions, categories=["news"])
    for workflow in ("step", "trigger"):
        knock.workflows.trigger(workflow, recipients=["ana", "ben"], data={"n": 1}, actor="ben", tenant="acme")
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


@pytest.mark.parametrize("conditions", ["x", [1], [{"operator": "exists"}], {"all": "x"}])
def test_conditions_of_the_wrong_type_are_rejected(conditions: Any) -> None:
    with pytest.raises(TypeError):
        Simulator().workflow("w", conditions=conditions)
