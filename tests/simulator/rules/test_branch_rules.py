"""Rules of branches and experiments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Arm, Batch, Branch, Cohort, CohortArm, Delay, Send, Simulator, Throttle

from .scenes import DAY, HOUR, refs, trigger, where
from .table import rule

if TYPE_CHECKING:
    from pathlib import Path

BRANCH = "dw/branch-function"
EXPERIMENT = "dw/experiment-function"
EMAIL, FEED, SMS = Send("email"), Send("in_app_feed"), Send("sms")


@rule(BRANCH, "the first branch whose conditions hold runs, or else the default, and then the steps behind")
@pytest.mark.parametrize(
    ("kind", "sent"),
    [("a", ["email_1", "sms_1"]), ("b", ["in_app_feed_1", "sms_1"]), ("c", ["sms_1"]), (None, ["sms_1"])],
)
def test_the_first_branch_that_holds_runs(knock: Any, sim: Simulator, kind: str | None, sent: list[str]) -> None:
    arms = [
        Arm([EMAIL], where("data.kind", "a")),
        Arm([FEED], {"any": [*where("data.kind", "b"), *where("data.kind", "a")]}),
        Arm(),
    ]
    sim.workflow("w", steps=[Branch(arms), SMS])
    trigger(knock, data={"kind": kind})
    assert refs(sim) == sent


@rule(BRANCH, "a branch that terminates ends the workflow")
@pytest.mark.parametrize("waits", [False, True])
def test_a_branch_can_terminate(knock: Any, sim: Simulator, waits: bool) -> None:
    inner = [Delay(HOUR), EMAIL] if waits else [EMAIL]
    sim.workflow("w", steps=[Branch([Arm(inner, where("data.x", 1), terminates=True), Arm()]), SMS])
    trigger(knock, data={"x": 1})
    sim.advance(HOUR)
    assert refs(sim) == ["email_1"]
    trigger(knock)
    assert refs(sim) == ["email_1", "sms_1"]


@rule(BRANCH, "an empty branch that terminates ends the workflow too")
def test_an_empty_branch_can_terminate(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Branch([Arm((), where("data.x", 1), terminates=True), Arm([EMAIL])]), SMS])
    trigger(knock, data={"x": 1})
    assert refs(sim) == []


@rule(BRANCH, "batches, delays and throttles may stand inside of branches")
def test_functions_run_inside_of_branches(knock: Any, sim: Simulator) -> None:
    inner = [Batch(HOUR), Delay(HOUR), Throttle(DAY), FEED]
    sim.workflow("w", steps=[Branch([Arm(inner, where("data.x", 1)), Arm([EMAIL])]), SMS])
    trigger(knock, data={"x": 1})
    trigger(knock, data={"x": 1})
    assert refs(sim) == []
    sim.advance(2 * HOUR)
    assert refs(sim) == ["in_app_feed_1", "sms_1"]
    trigger(knock, data={"x": 1})
    sim.advance(2 * HOUR)
    assert [(skip.reason, skip.detail) for skip in sim.skips()] == [("throttled", "throttle_1")]


def nested(depth: int) -> list[Any]:
    """Return steps with branches of a depth, the innermost of which sends an email."""
    steps: list[Any] = [EMAIL]
    for level in range(depth):
        steps = [Branch([Arm(steps, where("data.x", 1)), Arm()]), Send("sms", ref=f"sms_{level}")]
    return steps


@rule(BRANCH, "branches nest at most five deep")
def test_branches_nest_five_deep(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=nested(5))
    trigger(knock, data={"x": 1})
    assert refs(sim) == ["email_1", "sms_0", "sms_1", "sms_2", "sms_3", "sms_4"]
    with pytest.raises(ValueError, match="branches nest at most 5 deep"):
        sim.workflow("w", steps=nested(6))


@rule("mapi/WorkflowBranchStep", "a branch step has 2 to 10 branches")
@pytest.mark.parametrize("count", [1, 11])
def test_a_branch_step_has_two_to_ten_branches(sim: Simulator, count: int) -> None:
    arms = [Arm([EMAIL], where("data.x", number)) for number in range(count - 1)]
    with pytest.raises(ValueError, match="takes 2 to 10 arms"):
        sim.workflow("w", steps=[Branch([*arms, Arm()])])


@rule(BRANCH, "the last branch is the default, without conditions; the others have some")
@pytest.mark.parametrize(
    ("arms", "message"),
    [
        ([Arm([EMAIL], where("data.x", 1)), Arm((), where("data.x", 2))], "the last arm is the default"),
        ([Arm([EMAIL]), Arm()], "an arm needs conditions"),
    ],
)
def test_the_last_branch_is_the_default(sim: Simulator, arms: list[Arm], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.workflow("w", steps=[Branch(arms)])


@rule("mapi/WorkflowBranchStep", "a branch step has no conditions of its own")
def test_a_branch_step_has_no_conditions(sim: Simulator, tmp_path: Path) -> None:
    step = {"type": "branch", "ref": "b", "conditions": {"all": []}, "branches": []}
    (tmp_path / "workflow.json").write_text(json.dumps({"name": "w", "steps": [step]}))
    with pytest.raises(ValueError, match=r"steps\.0 \(b\): the step has no field 'conditions'"):
        sim.load_workflows(tmp_path)


@rule("mapi/WorkflowStep", "the reference of a step is unique in the whole workflow, branches included")
def test_references_are_unique_in_branches_too(sim: Simulator) -> None:
    arms = [Arm([Send("email", ref="x")], where("data.x", 1)), Arm([Send("sms", ref="x")])]
    with pytest.raises(ValueError, match="step x: two steps have this reference"):
        sim.workflow("w", steps=[Branch(arms)])


@rule("dw/step-conditions", "a condition on a message reads that of a step in another branch as skipped")
def test_a_step_in_another_branch_was_skipped(knock: Any, sim: Simulator) -> None:
    skipped = [{"variable": "refs.email_1.delivery_status", "operator": "equal_to", "argument": "$message.skipped"}]
    steps = [Branch([Arm([EMAIL], where("data.x", 1)), Arm()]), Send("sms", conditions=skipped)]
    sim.workflow("w", steps=steps)
    trigger(knock, data={"x": 1})
    trigger(knock, data={"x": 2})
    assert refs(sim) == ["email_1", "sms_1"]


def halves(a: float = 50) -> Cohort:
    return Cohort([CohortArm("A", a, [EMAIL]), CohortArm("B", 100 - a, [FEED])])


@rule(EXPERIMENT, "the same key always gets the same cohort")
def test_the_same_recipient_gets_the_same_cohort(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[halves()])
    people = [{"id": f"u{number}", "email": "u@x.example"} for number in range(40)]
    for _ in range(2):
        knock.workflows.trigger("w", recipients=people)
    arms = {person["id"]: set(refs(sim, to=person["id"])) for person in people}
    assert all(len(found) == 1 for found in arms.values())
    assert len({next(iter(found)) for found in arms.values()}) == 2


@rule(EXPERIMENT, "a cohort of 0 percent gets nobody, one of 100 percent everybody")
@pytest.mark.parametrize(("share", "sent"), [(0, {"in_app_feed_1"}), (100, {"email_1"})])
def test_shares_of_nobody_and_of_everybody(knock: Any, sim: Simulator, share: float, sent: set[str]) -> None:
    sim.workflow("w", steps=[halves(share)])
    knock.workflows.trigger("w", recipients=[{"id": f"u{number}", "email": "u@x.example"} for number in range(40)])
    assert set(refs(sim)) == sent


@rule(EXPERIMENT, "the cohort key divides recipients, by default by their id")
def test_a_key_divides_recipients(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Cohort(halves().arms, key="data.team")])
    for team in range(20):
        knock.workflows.trigger("w", recipients=["ana", "ben"], data={"team": f"team {team}"})
    sent = refs(sim)
    assert sent[::2] == sent[1::2]
    assert set(sent) == {"email_1", "in_app_feed_1"}


@rule("mapi/WorkflowRandomCohortStep", "2 to 10 cohorts, 0 to 100 percent with one decimal, in total 100")
@pytest.mark.parametrize(
    ("arms", "message"),
    [
        ([CohortArm("A", 100)], "2 to 10"),
        ([CohortArm("A", 50), CohortArm("B", 49.9)], "do not add up to 100"),
        ([CohortArm("A", 49.95), CohortArm("B", 50.05)], "one decimal"),
        ([CohortArm("A", -1), CohortArm("B", 101)], "0 to 100"),
        ([CohortArm("A", 50), CohortArm("A", 50)], "same name"),
    ],
)
def test_cohorts_are_checked(sim: Simulator, arms: list[CohortArm], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.workflow("w", steps=[Cohort(arms)])


@rule(EXPERIMENT, "a cohort can terminate, or continue behind the step")
@pytest.mark.parametrize(("name", "sent"), [("A", ["email_1"]), ("B", ["in_app_feed_1", "sms_1"])])
def test_a_cohort_can_terminate(knock: Any, sim: Simulator, name: str, sent: list[str]) -> None:
    arms = [CohortArm("A", 50, [EMAIL], terminates=True), CohortArm("B", 50, [FEED])]
    sim.workflow("w", steps=[Cohort(arms), SMS])
    sim.cohort("random_cohort_1", name)
    trigger(knock)
    assert refs(sim) == sent


@rule("mapi/WorkflowBranchStep", "branches of files may have a reference and a mark as the default, without effect")
def test_branches_of_files(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    step = {"type": "channel", "ref": "mail", "channel_key": "email"}
    condition = {"all": where("data.x", 1)}
    branches = [
        {"name": "One", "ref": "r", "conditions": condition, "steps": [], "terminates": True},
        {"name": "Default", "default": True, "conditions": None, "steps": [step]},
    ]
    steps = [{"type": "branch", "ref": "b", "branches": branches}]
    (tmp_path / "workflow.json").write_text(json.dumps({"name": "w", "key": "w", "steps": steps}))
    sim.load_workflows(tmp_path)
    trigger(knock, data={"x": 1})
    trigger(knock, data={"x": 2})
    assert refs(sim) == ["mail"]
