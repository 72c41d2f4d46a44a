"""Properties that hold for any data: what is accepted is valid for the type's JSON schema, the rest is refused."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Generic, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel, Field, RootModel, field_serializer

from knock_sdk import InvalidArgumentError, Knock
from knock_sdk.testing import Simulator
from knock_sdk.workflows import Workflow
from tests.support.calls.recording import Recorder, example_response

from .samples import CLOSED, COMMENT, ORDER, VISIT, Author, Closed, Line, Order, Priority, comment

T = TypeVar("T")

WORKFLOWS: list[Any] = [COMMENT, ORDER, VISIT, CLOSED]
VALIDATORS = {each.key: Draft7Validator(each.json_schema()) for each in WORKFLOWS}

names = st.sampled_from(["visitor", "place", "city", "days", "id", "commentText", "author", "name", "lines", "zip", ""])
scalars = st.none() | st.booleans() | st.integers(-3, 10**9) | st.floats() | st.text(max_size=4)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
)
"""Any JSON, in the names of the samples, so that much of it is nearly valid."""


def mostly(valid: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw valid values, and any JSON now and then."""
    return st.integers(0, 7).flatmap(lambda number: valid if number else json_values)


authors = mostly(
    st.builds(Author.model_construct, full_name=mostly(st.text(max_size=20)), age=mostly(st.integers() | st.none()))
)
comments = st.builds(
    lambda fields: comment().model_copy(update=fields),
    st.fixed_dictionaries(
        {},
        optional={
            "text": mostly(st.text(min_size=1, max_size=9)),
            "author": authors,
            "mentions": mostly(st.lists(authors, max_size=2)),
            "tags": mostly(st.lists(st.text(max_size=3)) | st.tuples(st.text(max_size=3))),
            "count": mostly(st.integers(1, 10**9)),
            "priority": mostly(st.sampled_from(Priority)),
        },
    ),
)
lines = st.builds(Line, sku=mostly(st.text(max_size=3)), quantity=mostly(st.integers(1, 9)))
orders = st.builds(
    Order,
    number=mostly(st.integers()),
    lines=mostly(st.lists(lines, max_size=2)),
    placed_at=mostly(st.datetimes() | st.none()),
)
closed = st.builds(
    Closed.model_construct, name=mostly(st.text(max_size=3)), priority=mostly(st.sampled_from(["low", *Priority]))
)
visits = st.fixed_dictionaries(
    {"visitor": mostly(st.text(max_size=3))},
    optional={
        "place": mostly(st.fixed_dictionaries({"city": mostly(st.text(max_size=3))})),
        "days": mostly(st.integers(1, 9) | st.sampled_from(["1", 2.0])),
        "id": mostly(st.uuids() | st.uuids().map(str)),
    },
)
data_of: dict[str, st.SearchStrategy[Any]] = {
    "comment-created": comments,
    "order-placed": orders,
    "visit": visits,
    "closed": closed,
}


def send(workflow: Workflow[Any], data: Any, own: Any = None) -> dict[str, Any] | None:
    """Trigger a workflow; return the body that was sent, or None if the call was refused."""
    recorder = Recorder(example_response("POST /v1/workflows/{key}/trigger"))
    with Knock(api_key="sk_test_1", http_client=recorder) as client:
        recipient: Any = "ana" if own is None else {"id": "ana", "$trigger_data": own}
        try:
            client.workflows.trigger(workflow, recipients=[recipient], data=data)
        except InvalidArgumentError:
            assert recorder.sent == []
            return None
    (sent,) = recorder.sent
    body: dict[str, Any] = json.loads(sent.body)
    return body


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.key)
@settings(max_examples=150)
@given(drawn=st.data())
def test_what_is_sent_is_valid_for_the_schema(workflow: Workflow[Any], drawn: st.DataObject) -> None:
    body = send(workflow, drawn.draw(mostly(data_of[workflow.key])))
    if body is not None:
        VALIDATORS[workflow.key].validate(body["data"])


VALID: dict[str, Any] = {
    "comment-created": comment(),
    "order-placed": Order(1),
    "visit": {"visitor": "a"},
    "closed": Closed(name="a"),
}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.key)
@settings(max_examples=100)
@given(own=st.dictionaries(names, json_values, max_size=3) | json_values)
def test_own_data_with_the_data_is_valid_for_the_schema(workflow: Workflow[Any], own: Any) -> None:
    body = send(workflow, VALID[workflow.key], own)
    if body is not None:
        recipient = body["recipients"][0]
        merged = {**body["data"], **(recipient.get("$trigger_data") or {} if isinstance(recipient, dict) else {})}
        VALIDATORS[workflow.key].validate(merged)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.key)
def test_much_of_what_is_drawn_is_accepted_and_much_is_refused(workflow: Workflow[Any]) -> None:
    """The tests above would pass if everything was refused."""
    outcomes: list[bool] = []

    @settings(max_examples=50, database=None)
    @given(data=data_of[workflow.key])
    def draw(data: Any) -> None:
        outcomes.append(send(workflow, data) is not None)

    draw()
    assert outcomes.count(True) >= 10
    assert outcomes.count(False) >= 5


class Counts(RootModel[dict[str, int]]):
    pass


@dataclasses.dataclass
class Pair(Generic[T]):
    first: T


@dataclasses.dataclass
class Held:
    pair: Pair[int]


class Shown(BaseModel):
    number: int = Field(serialization_alias="shownNumber")

    @field_serializer("number")
    def _write(self, value: int) -> int:
        return -value


class Longer(Closed):
    further: int = 1


COUNTS, HELD, SHOWN = Workflow("counts", data=Counts), Workflow("held", data=Held), Workflow("shown", data=Shown)
number = mostly(st.integers(-3, 9))
SENT: list[Any] = [
    (VISIT, visits),
    (CLOSED, st.builds(Longer.model_construct, name=mostly(st.text(max_size=3)), priority=st.sampled_from(Priority))),
    (COUNTS, st.builds(Counts.model_construct, st.dictionaries(names, number, max_size=2))),
    (HELD, st.builds(Held, st.builds(Pair, number))),
    (SHOWN, st.builds(Shown.model_construct, number=number)),
]


@pytest.mark.parametrize(("workflow", "data"), SENT, ids=lambda each: getattr(each, "key", ""))
@settings(max_examples=40)
@given(drawn=st.data())
def test_the_simulator_accepts_what_the_client_sends(workflow: Workflow[Any], data: Any, drawn: st.DataObject) -> None:
    sim = Simulator()
    sim.workflow(workflow)
    body = send(workflow, drawn.draw(data))
    if body is not None:
        sim.client().workflows.trigger(workflow.key, recipients=["ana"], data=body["data"])
        sim.assert_triggered(workflow, data=body["data"])
