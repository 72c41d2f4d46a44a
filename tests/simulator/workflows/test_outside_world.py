"""What tests declare of the world outside: responses, answers, cohorts and events; and what happens without them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import (
    Agent,
    Arm,
    Branch,
    Cohort,
    CohortArm,
    Fetch,
    FetchRequest,
    FetchResponse,
    Guide,
    Send,
    Simulator,
    Snapshot,
    TriggerWorkflow,
    UpdateTenant,
    UpdateUser,
    Wait,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = timedelta(days=1)
FETCH = Fetch("https://x.example/{{ recipient.id }}", ref="get")
PAID = {"event_type": "integration_source", "integration_source_key": "shop", "event_key": "paid"}
ARMS = [CohortArm("A", 50, [Send("email")]), CohortArm("B", 50)]


@pytest.fixture
def knock(knock: Any) -> Any:
    for name in ("ana", "ben"):
        knock.users.update(name, name=name.title(), email=f"{name}@x.example")
    return knock


def start(knock: Any, sim: Simulator, *steps: Any, **options: Any) -> None:
    """Declare a workflow with these steps and an email, and trigger it."""
    sim.workflow("w", steps=[*steps, Send("email", ref="last")])
    knock.workflows.trigger("w", **{"recipients": ["ana"], **options})


def detail(sim: Simulator) -> str:
    """Return the error with which the only run ended."""
    assert sim.messages() == []
    (skip,) = sim.skips()
    assert (skip.reason, skip.channel) == ("error", None)
    return skip.detail


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (FETCH, "no response to the HTTP fetch is declared: call sim.http('get', …)"),
        (Agent("x"), "no answer of the AI agent is declared: call sim.agent('ai_agent_1', …)"),
        (Agent("x", halt_on_error=False), "no answer of the AI agent is declared: call sim.agent('ai_agent_1', …)"),
        (Guide("tuor"), "no guide 'tuor' is declared: call sim.guide('tuor', …); did you mean 'tour'?"),
        (TriggerWorkflow("chidl"), "no workflow 'chidl' is declared; did you mean 'child'?"),
        (TriggerWorkflow("child", recipients="{{ data.nobody }}"), "recipients renders to nothing"),
        (TriggerWorkflow("child", recipients='[{"name": "no id"}]'), "recipients.0"),
        (TriggerWorkflow("child", actor="nobody"), "The actor 'nobody' has not been identified"),
        (TriggerWorkflow("child", data="{{ data.nothing }}"), "data does not render to JSON"),
        (UpdateTenant({"name": "x"}), "the run has no tenant"),
        (UpdateUser({"name": "x"}, user="{{ data.nobody }}"), "user renders to nothing"),
    ],
)
def test_what_is_missing_is_named(knock: Any, sim: Simulator, step: Any, message: str) -> None:
    sim.guide("tour", content={})
    sim.workflow("child", channels=["sms"])
    start(knock, sim, step)
    assert message in detail(sim)
    run = knock.workflow_recipient_runs.list(workflow="w").items[0]
    assert (run.status, run.error_count) == ("completed", 3)


def test_the_report_of_a_failed_assertion_says_what_to_declare(knock: Any, sim: Simulator) -> None:
    start(knock, sim, FETCH)
    with pytest.raises(AssertionError, match=r"call sim\.http\('get'") as failure:
        sim.assert_sent(to="ana", channel="email")
    assert "error" in str(failure.value)


def test_that_nothing_was_sent_does_not_hold_for_want_of_a_declaration(knock: Any, sim: Simulator) -> None:
    start(knock, sim, FETCH)
    for criteria in ({}, {"to": "ana"}, {"workflow": "w"}, {"channel": "email"}):
        with pytest.raises(AssertionError, match=r"a run ended early: .* call sim\.http\('get'"):
            sim.assert_not_sent(**criteria)
    sim.assert_not_sent(to="ben")
    for step in (Guide("tuor"), TriggerWorkflow("chidl")):
        sim.workflow("w2", steps=[step])
        knock.workflows.trigger("w2", recipients=["ana"])
        with pytest.raises(AssertionError, match=r"a run ended early: .* is declared"):
            sim.assert_not_sent(workflow="w2")
    sim.workflow("other", channels=["sms"])
    sim.assert_not_sent(workflow="other")


@pytest.mark.parametrize(
    "declare",
    [
        lambda sim: sim.http("get", {"n": 1}),
        lambda sim: sim.http("get", lambda _: {"n": 1}),
        lambda sim: sim.http("get", FetchResponse({"n": 1}, 201)),
        lambda sim: sim.http("get", lambda _: FetchResponse({"n": 1})),
        lambda sim: (sim.http("get", {"n": 2}), sim.http("get", {"n": 1})),
        lambda sim: (sim.http("get", lambda _: {"n": 2}), sim.http("get", {"n": 1})),
        lambda sim: (sim.http("get", {"n": 2}), sim.http("get", lambda _: {"n": 1})),
        lambda sim: (sim.http("get", {"n": 1}, workflow="w"), sim.http("get", {"n": 2})),
        lambda sim: (sim.http("get", {"n": 1}), sim.http("get", {"n": 2}, workflow="other")),
    ],
)
def test_forms_of_responses(knock: Any, sim: Simulator, declare: Callable[[Simulator], object]) -> None:
    declare(sim)
    start(knock, sim, FETCH)
    assert [message.data for message in sim.messages()] == [{"n": 1}]
    assert len(sim.fetches) == 1


def test_a_function_gets_the_request(knock: Any, sim: Simulator) -> None:
    sim.http("get", lambda request: {"seen": [request.method, request.url, request.workflow, request.attempt]})
    start(knock, sim, FETCH, recipients=["ana", "ben"])
    assert [message.data["seen"] for message in sim.messages()] == [
        ["get", f"https://x.example/{name}", "w", 1] for name in ("ana", "ben")
    ]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda _: 1 / 0, "the declared function raised ZeroDivisionError: division by zero"),
        (lambda _: object(), "the declared function raised TypeError: the answer cannot be represented in JSON"),
        (lambda _: [1], "the response is no JSON object; response_path says where in the data to put it"),
        (lambda _: FetchResponse(None, 418), "got the status 418"),
    ],
)
def test_a_function_that_fails_ends_the_run_alone(knock: Any, sim: Simulator, answer: Any, message: str) -> None:
    sim.http("get", lambda request: answer(request) if request.url.endswith("ana") else {})
    start(knock, sim, FETCH, recipients=["ana", "ben"])
    assert [each.recipient for each in sim.messages()] == ["ben"]
    assert message in sim.skips()[0].detail


@pytest.mark.parametrize(
    "act",
    [
        lambda sim: sim.http("get", object()),
        lambda sim: sim.http("get", float("nan")),
        lambda sim: sim.agent("x", {1, object()}),
        lambda sim: sim.event("paid", source="shop", data={"x": object()}),
    ],
)
def test_answers_are_json(sim: Simulator, act: Callable[[Simulator], None]) -> None:
    with pytest.raises(TypeError, match="cannot be represented in JSON"):
        act(sim)


def test_a_status_is_one_of_http(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="status: takes 100 to 599, not 99"):
        sim.http("get", {}, status=99)


def test_a_declared_cohort_is_taken(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Cohort(ARMS, ref="c")])
    people = [{"id": f"u{number}", "email": "u@x.example"} for number in range(20)]
    sim.cohort("c", "B")
    sim.cohort("c", "A", to="u7")
    sim.cohort("c", "A", to="u8", workflow="other")
    knock.workflows.trigger("w", recipients=people)
    assert [message.recipient for message in sim.messages()] == ["u7"]


def test_a_cohort_that_does_not_exist_is_named(knock: Any, sim: Simulator) -> None:
    sim.cohort("c", "Control")
    start(knock, sim, Cohort([CohortArm("control", 50), CohortArm("test", 50)], ref="c"))
    assert "no cohort is named 'Control', only control, test; did you mean 'control'?" in detail(sim)


def test_workflows_that_trigger_one_another_end(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Send("email"), TriggerWorkflow("w")])
    knock.workflows.trigger("w", recipients=["ana"])
    assert len(sim.messages()) == 11
    assert "workflows trigger one another more than 10 deep" in sim.skips()[0].detail
    assert {run.status for run in knock.workflow_recipient_runs.list().items} == {"completed"}


def test_an_object_as_the_recipient_is_not_updated_as_a_user(knock: Any, sim: Simulator) -> None:
    knock.objects.set("projects", "p1", name="One", properties={"email": "p@x.example"})
    start(knock, sim, UpdateUser({"name": "x"}), recipients=[{"id": "p1", "collection": "projects"}])
    assert "the recipient of the run is an object, not a user" in detail(sim)


def wait_and_fetch(sim: Simulator) -> None:
    sim.workflow(
        "w", steps=[Wait(PAID, DAY), Branch([Arm([FETCH], [{"variable": "data.x", "operator": "empty"}]), Arm()])]
    )
    sim.workflow("retry", steps=[FETCH, Send("email")])


@pytest.mark.parametrize("way", ["restore", "file"])
def test_waiting_runs_and_declared_answers_are_saved(knock: Any, sim: Simulator, tmp_path: Path, way: str) -> None:
    wait_and_fetch(sim)
    sim.http("get", status=500)
    for workflow in ("w", "retry"):
        knock.workflows.trigger(workflow, recipients=["ana"])
    sim.http("get", {"n": 1})
    other = Simulator()
    if way == "restore":
        other.restore(sim.snapshot())
    else:
        sim.save(tmp_path / "state")
        other = Simulator.load(tmp_path / "state")
    other.advance(seconds=30)
    assert [message.data for message in other.messages()] == [{"n": 1}]
    other.event("paid", source="shop", user="ana")
    assert [fetch.attempt for fetch in other.fetches] == [1, 2, 1]
    assert len(sim.fetches) == 1


def test_functions_are_kept_by_snapshots_and_left_out_of_files(knock: Any, sim: Simulator, tmp_path: Path) -> None:
    sim.http("get", lambda _: {"n": 1})
    sim.save(tmp_path / "state")
    start(knock, sim, FETCH)
    snapshot = sim.snapshot()
    again = Simulator()
    again.restore(snapshot)
    again.client().workflows.trigger("w", recipients=["ana"])
    assert [message.data for message in again.messages()] == [{"n": 1}, {"n": 1}]
    without = Simulator()
    without.restore(Snapshot.from_bytes(snapshot.to_bytes()))
    without.client().workflows.trigger("w", recipients=["ana"])
    assert "call sim.http('get', …)" in without.skips()[-1].detail


def test_fetches_are_listed(knock: Any, sim: Simulator) -> None:
    sim.http("get", {})
    start(knock, sim, FETCH)
    assert sim.fetches == [FetchRequest("w", "get", "get", "https://x.example/ana")]
    sim.fetches.clear()
    assert len(sim.fetches) == 1


def test_an_event_for_nobody_changes_nothing(sim: Simulator) -> None:
    sim.event("paid", source="shop", user="ana", data={"at": datetime(2026, 1, 1).isoformat()})  # noqa: DTZ001
    assert sim.messages() == []
