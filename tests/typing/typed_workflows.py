"""Typed workflows as users write them; read by type checkers only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from typing_extensions import NotRequired, TypedDict, assert_type

from knock_sdk import AsyncKnock, Knock, Workflow
from knock_sdk.params import JSONObject
from knock_sdk.testing import Simulator
from knock_sdk.types import Schedule, TriggerWorkflowResponse


class CommentCreated(BaseModel):
    comment: str
    author: str | None = None


@dataclass
class OrderPlaced:
    number: int


class Place(TypedDict):
    city: str


class Visit(TypedDict):
    visitor: str
    place: NotRequired[Place]
    tags: NotRequired[list[str]]


COMMENT = Workflow("comment-created", data=CommentCreated)
ORDER = Workflow("order-placed", data=OrderPlaced)
VISIT = Workflow("visit", data=Visit)
ANYTHING = Workflow("anything", data=dict[str, object])
DIGEST = Workflow("weekly-digest")

assert_type(COMMENT, Workflow[CommentCreated])
assert_type(ORDER, Workflow[OrderPlaced])
assert_type(VISIT, Workflow[Visit])
assert_type(ANYTHING, Workflow[JSONObject])
assert_type(DIGEST, Workflow[None])
assert_type(COMMENT.key, str)
assert_type(COMMENT.data, type[CommentCreated] | None)
assert_type(COMMENT.json_schema(), dict[str, Any] | None)


def triggers(client: Knock) -> None:
    response = client.workflows.trigger(COMMENT, recipients=["ana"], data=CommentCreated(comment="Done."))
    assert_type(response, TriggerWorkflowResponse)
    own = {"id": "ana", "$trigger_data": CommentCreated(comment="For Ana.")}
    client.workflows.trigger(COMMENT, recipients=[own], data=CommentCreated(comment="Done."), tenant="t", timeout=2.5)
    client.workflows.trigger(ORDER, recipients=["ana"], data=OrderPlaced(7), idempotency_key="order-7")
    visit: Visit = {"visitor": "Ian"}
    client.workflows.trigger(VISIT, recipients=["ana"], data=visit)
    client.workflows.trigger(VISIT, recipients=["ana"], data=Visit(visitor="Ian", tags=["a"]))
    # pyrefly infers the type of a dict literal before that of `M` in `def f(w: Workflow[M], data: M) -> None: ...`.
    client.workflows.trigger(VISIT, recipients=["ana"], data={"visitor": "Ian"})  # accepted except by pyrefly
    client.workflows.trigger(
        VISIT, recipients=[], data={"visitor": "", "place": {"city": ""}}
    )  # accepted except by pyrefly
    client.workflows.trigger(ANYTHING, recipients=["ana"])
    client.workflows.trigger(ANYTHING, recipients=["ana"], data={"any": ["thing"]})
    client.workflows.trigger(ANYTHING, recipients=["ana"], data=CommentCreated(comment="Done."))
    client.workflows.trigger(DIGEST, recipients=["ana"], cancellation_key="c")
    client.workflows.trigger("comment-created", recipients=["ana"], data={"comment": "Done."})
    client.workflows.cancel(COMMENT, cancellation_key="c")


def schedules(client: Knock) -> None:
    made = client.schedules.create(recipients=["ana"], workflow=COMMENT, data=CommentCreated(comment="Done."))
    assert_type(made, list[Schedule])
    client.schedules.create(recipients=["ana"], workflow=DIGEST, repeats=[{"frequency": "daily"}])
    client.schedules.create(recipients=["ana"], workflow="digest", data={"any": 1})
    for schedule in client.schedules.list(workflow=COMMENT):
        assert_type(schedule, Schedule)
    client.users.list_schedules("ana", workflow=COMMENT)
    client.workflow_recipient_runs.list(workflow=COMMENT)


async def asynchronous(client: AsyncKnock) -> None:
    response = await client.workflows.trigger(COMMENT, recipients=["ana"], data=CommentCreated(comment="Done."))
    assert_type(response, TriggerWorkflowResponse)
    await client.workflows.trigger(DIGEST, recipients=["ana"])
    await client.schedules.create(recipients=["ana"], workflow=ORDER, data=OrderPlaced(7))
    await client.workflows.cancel(COMMENT, cancellation_key="c")


def simulated(sim: Simulator) -> None:
    sim.workflow(COMMENT, channels=["email"])
    sim.assert_triggered(COMMENT, recipients=["ana"])
    sim.assert_sent(to="ana", workflow=COMMENT)
    sim.assert_not_sent(workflow=DIGEST)


def any_of_them(client: Knock, workflow: Workflow[Any], data: Any) -> str:
    return client.workflows.trigger(workflow, recipients=["ana"], data=data).workflow_run_id
