"""Typed workflows in the simulator: it validates against their schema, and takes them in place of a key."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from pydantic import BaseModel, Field

from knock_sdk import InvalidArgumentError, UnprocessableEntityError
from knock_sdk.testing import Delay, Send, Simulator
from knock_sdk.workflows import Workflow
from tests.simulator.support.pair import settled_client
from tests.workflows.samples import (
    ANYTHING,
    CLOSED,
    COMMENT,
    COMMENT_SENT,
    DIGEST,
    ORDER,
    VISIT,
    Closed,
    Order,
    comment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

AGREED: list[tuple[Any, Any, Any]] = [
    (COMMENT, comment(), COMMENT_SENT),
    (COMMENT, comment(tags=["a"]), {**COMMENT_SENT, "tags": ["a"]}),
    (ORDER, Order(1), {"number": 1}),
    (VISIT, {"visitor": "a"}, {"visitor": "a"}),
    (VISIT, {"visitor": "a", "place": {"city": "b"}, "days": 1}, {"visitor": "a", "place": {"city": "b"}, "days": 1}),
    (CLOSED, Closed(name="a"), {"name": "a"}),
    (ANYTHING, {"any": [1]}, {"any": [1]}),
]
"""What both accept: data of the type, and the same in plain JSON."""

REFUSED: list[tuple[Any, Any, Any]] = [
    (COMMENT, comment().model_copy(update={"text": ""}), {**COMMENT_SENT, "commentText": ""}),
    (COMMENT, comment().model_copy(update={"count": "1"}), {**COMMENT_SENT, "count": "1"}),
    (COMMENT, comment().model_copy(update={"author": {}}), {**COMMENT_SENT, "author": {}}),
    (ORDER, Order("1"), {"number": "1"}),  # type: ignore[arg-type]
    (VISIT, {}, {}),
    (VISIT, {"visitor": None}, {"visitor": None}),
    (VISIT, {"visitor": "a", "days": 0}, {"visitor": "a", "days": 0}),
    (VISIT, {"visitor": "a", "dayz": 1}, {"visitor": "a", "dayz": 1}),
    (VISIT, {"visitor": "a", "place": {"town": "b"}}, {"visitor": "a", "place": {"town": "b"}}),
    (CLOSED, Closed.model_construct(name="a", priority="urgent"), {"name": "a", "priority": "urgent"}),
    (DIGEST, {"any": 1}, {"any": 1}),
]


@pytest.fixture
def sim() -> Simulator:
    made = Simulator()
    for workflow in (COMMENT, ORDER, VISIT, CLOSED, ANYTHING, DIGEST):
        made.workflow(workflow)
    made.client().users.update("ana", name="Ana")
    return made


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest, sim: Simulator) -> Iterator[Any]:
    with settled_client(sim, request.param) as made:
        yield made


@pytest.mark.parametrize(("workflow", "data", "plain"), AGREED)
def test_both_accept(client: Any, sim: Simulator, workflow: Workflow[Any], data: Any, plain: Any) -> None:
    client.workflows.trigger(workflow, recipients=["ana"], data=data)
    client.workflows.trigger(workflow.key, recipients=["ana"], data=plain)
    sim.assert_triggered(workflow, data=plain, count=2)


@pytest.mark.parametrize(("workflow", "data", "plain"), REFUSED)
def test_both_refuse(client: Any, sim: Simulator, workflow: Workflow[Any], data: Any, plain: Any) -> None:
    received = len(sim.requests)
    with pytest.raises(InvalidArgumentError):
        client.workflows.trigger(workflow, recipients=["ana"], data=data)
    assert len(sim.requests) == received
    with pytest.raises(UnprocessableEntityError):
        client.workflows.trigger(workflow.key, recipients=["ana"], data=plain)
    assert sim.triggers == []


def test_a_workflow_without_data_is_triggered_without(client: Any, sim: Simulator) -> None:
    client.workflows.trigger(DIGEST, recipients=["ana"])
    client.workflows.trigger(DIGEST.key, recipients=["ana"], data={})
    sim.assert_triggered(DIGEST, count=2)


def test_own_data_reaches_the_message(client: Any, sim: Simulator) -> None:
    recipients = ["ana", {"id": "ian", "$trigger_data": {"commentText": "For Ian."}}]
    client.workflows.trigger(COMMENT, recipients=recipients, data=comment())
    sim.assert_sent(to="ana", workflow=COMMENT, data={"commentText": "Done.", "length": 5})
    sim.assert_sent(to="ian", workflow=COMMENT, data={"commentText": "For Ian.", "length": 8})


def test_queries_and_assertions_take_a_workflow(client: Any, sim: Simulator) -> None:
    sim.workflow(VISIT, steps=[Send("in_app_feed"), Delay(timedelta(hours=1)), Send("email")])
    client.workflows.trigger(VISIT, recipients=["ana"], data={"visitor": "Ian"}, cancellation_key="c")
    assert [each.workflow for each in sim.waiting(workflow=VISIT)] == ["visit"]
    assert sim.waiting(workflow=COMMENT) == []
    assert len(sim.messages(workflow=VISIT)) == 1
    assert sim.messages(workflow=COMMENT) == []
    sim.assert_not_sent(workflow=COMMENT)
    client.workflows.cancel(VISIT, cancellation_key="c")
    assert sim.waiting(workflow=VISIT) == []
    client.workflows.trigger(VISIT, recipients=["ana"], data={"visitor": "Ian"})
    sim.advance(hours=2)
    assert ("visit", "email") in [(each.workflow, each.channel) for each in sim.skips(workflow=VISIT)]
    assert sim.skips(workflow=COMMENT) == []
    with pytest.raises(AssertionError, match=r"assert_sent\(workflow='comment-created'\): 1 expected, 0 found"):
        sim.assert_sent(workflow=COMMENT)
    with pytest.raises(AssertionError, match=r"assert_triggered\('comment-created'\)"):
        sim.assert_triggered(COMMENT)


def test_schedules_are_created_and_listed(client: Any, sim: Simulator) -> None:
    at = sim.now.replace(year=sim.now.year + 1)
    client.schedules.create(recipients=["ana"], workflow=VISIT, data={"visitor": "Ian"}, scheduled_at=at)
    assert [each.data for each in client.schedules.list(workflow=VISIT).items] == [{"visitor": "Ian"}]
    assert client.schedules.list(workflow=COMMENT).items == []
    sim.advance_to(at)
    sim.assert_sent(to="ana", workflow=VISIT, data={"visitor": "Ian"})


def test_names_are_checked_as_keys_are(sim: Simulator) -> None:
    other = Workflow("visitt", data=dict[str, object])
    with pytest.raises(ValueError, match="no workflow 'visitt' is declared; did you mean 'visit'"):
        sim.assert_not_sent(workflow=other)


def test_a_declaration_with_another_schema_is_refused(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="data_schema: Workflow\\('visit', data=Visit\\) has its own"):
        sim.workflow(VISIT, data_schema={"type": "object"})
    with pytest.raises(TypeError, match="key: takes the key of the workflow, not int"):
        sim.workflow(5)  # type: ignore[arg-type]


def test_the_data_of_a_schedule_is_validated_as_that_of_a_trigger(client: Any, sim: Simulator) -> None:
    at = sim.now.replace(year=sim.now.year + 1)
    with pytest.raises(UnprocessableEntityError, match="visitor"):
        client.schedules.create(recipients=["ana"], workflow=VISIT.key, scheduled_at=at)
    assert client.schedules.list(workflow=VISIT).items == []


def test_own_data_by_a_key_is_not_validated(client: Any, sim: Simulator) -> None:
    recipient = {"id": "ian", "$trigger_data": {"days": 0}}
    client.workflows.trigger(VISIT.key, recipients=[recipient], data={"visitor": "a"})
    sim.assert_sent(to="ian", workflow=VISIT, data={"visitor": "a", "days": 0})


@pytest.mark.parametrize("reference", ["https://example.com/schema.json", "#/definitions/none", "other.json"])
def test_a_reference_that_leads_nowhere_is_refused_when_it_is_declared(sim: Simulator, reference: str) -> None:
    schema = {"properties": {"a": {"$ref": reference}}}
    with pytest.raises(ValueError, match=r"workflow w: data_schema has the reference .* not within the schema"):
        sim.workflow("w", data_schema=schema)
    sim.workflow("w", data_schema={"properties": {"a": {"default": {"$ref": reference}}}})


def test_a_schema_that_is_invalid_is_named_by_its_type(sim: Simulator) -> None:
    class Odd(BaseModel):
        name: Annotated[str, Field(pattern=r"^\p{L}+$")]

    with pytest.raises(ValueError, match=r"the type of Workflow\('w', data=Odd\) is not a valid JSON schema"):
        sim.workflow(Workflow("w", data=Odd))
