"""Tests of steps whose fields have a wrong type: they are refused when the workflow is declared."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from knock_sdk.testing import (
    Agent,
    Arm,
    Batch,
    Branch,
    Cohort,
    CohortArm,
    Delay,
    Fetch,
    Guide,
    Send,
    Simulator,
    Throttle,
    TriggerWorkflow,
    UpdateAudience,
    UpdateData,
    UpdateObject,
    UpdateTenant,
    UpdateUser,
    Wait,
)

WRONG: Any = [1]
FIVE: Any = 5


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (UpdateData(WRONG), "data"),
        (UpdateUser(WRONG), "properties"),
        (UpdateAudience(WRONG), "audience"),
        (UpdateUser("{}", WRONG), "user"),
        (Fetch(WRONG), "url"),
        (Fetch("https://a.example", headers=WRONG), "headers"),
        (Fetch("https://a.example", query=WRONG), "query"),
        (Fetch("https://a.example", "post", body=WRONG), "body"),
        (Send("push", overrides=WRONG), "overrides"),
    ],
)
def test_a_wrong_type_is_refused(step: Any, field: str) -> None:
    sim = Simulator()
    sim.audience("pro")
    with pytest.raises(TypeError, match=rf"{field}: takes .*, not list"):
        sim.workflow("w", steps=[step])


HOUR = timedelta(hours=1)
IS_ONE = [{"variable": "data.x", "operator": "equal_to", "argument": 1}]
VALID: list[Any] = [
    Send("email"),
    Delay(HOUR),
    Batch(HOUR),
    Throttle(HOUR),
    Fetch("https://x.example"),
    UpdateData({"x": 1}),
    UpdateUser({"x": 1}),
    UpdateObject("projects", "p", {"x": 1}),
    UpdateTenant({"x": 1}, "acme"),
    UpdateAudience("pro"),
    TriggerWorkflow("other"),
    Wait({"event_type": "recipient"}, HOUR),
    Agent("Sum up"),
    Guide("tour"),
    Branch([Arm([Send("email")], IS_ONE), Arm()]),
    Cohort([CohortArm("A", 50), CohortArm("B", 50)]),
]
VALUES: list[Any] = [5, 1.5, True, b"x", "", [1], ["x"], [None], {"a": 1}, {1: 2}, object()]


@pytest.mark.parametrize("valid", VALID, ids=lambda step: type(step).__name__)
def test_a_field_of_any_type_is_refused_or_runs(valid: Any) -> None:
    """Whatever a field has: the declaration names the workflow and what is wrong, or the run ends as others do."""
    refused: list[str] = []
    for field, value in product(fields(valid), VALUES):
        sim = Simulator(any_workflow=True)
        sim.audience("pro")
        sim.guide("tour", content={})
        sim.http("http_fetch_1", {"y": 1})
        sim.agent("ai_agent_1", "text")
        knock = sim.client()
        knock.users.update("ana", email="ana@x.example")
        try:
            sim.workflow("flow", steps=[replace(valid, **{field.name: value})])
        except (TypeError, ValueError) as error:
            if value != "":  # an empty key of a channel is said without the workflow
                refused.append(str(error))
            continue
        knock.workflows.trigger("flow", recipients=["ana"], data={"x": 1})
        sim.advance(days=2)
        found = {run.status for run in knock.workflow_recipient_runs.list().items}
        assert found <= {"completed", "paused", "cancelled"}
    assert len(refused) >= len(VALUES)
    assert all("workflow flow" in problem for problem in refused)


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([Branch([Arm([UpdateUser(WRONG)], IS_ONE), Arm()])], r"Branch, arm 1, UpdateUser: properties: takes Mapping"),
        ([Branch([Arm(WRONG, IS_ONE), Arm()])], r"takes steps such as Send\('email'\), not int"),
        ([Branch([Arm(FIVE, IS_ONE), Arm()])], "Branch, arm 1: steps: takes a list of steps, not int"),
        ([Branch(WRONG)], "Branch: arms: takes a list of Arm, not of int"),
        ([Send("email", windows=WRONG)], "Send: windows: takes a list of SendWindow, not of int"),
        (FIVE, "steps: takes a list of steps, not int"),
    ],
)
def test_steps_inside_of_arms_are_checked(steps: Any, problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        Simulator().workflow("w", steps=steps)
