"""Uses of typed workflows that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel
from typing_extensions import TypedDict

from knock_sdk import AsyncKnock, Knock, Workflow
from knock_sdk.testing import Simulator


class CommentCreated(BaseModel):
    comment: str


@dataclass
class OrderPlaced:
    number: int


class Place(TypedDict):
    city: str


class Visit(TypedDict):
    visitor: str
    place: Place


COMMENT = Workflow("comment-created", data=CommentCreated)
ORDER = Workflow("order-placed", data=OrderPlaced)
VISIT = Workflow("visit", data=Visit)
ANYTHING = Workflow("anything", data=dict[str, object])
DIGEST = Workflow("weekly-digest")


def declarations() -> None:
    Workflow()  # refused
    Workflow(5)  # refused
    Workflow("w", data=5)  # refused
    Workflow("w", data=int)  # refused
    Workflow("w", data=CommentCreated(comment=""))  # refused
    Workflow("w", CommentCreated)  # refused
    COMMENT.key = "other"  # refused


def triggers(client: Knock) -> None:
    client.workflows.trigger(COMMENT, recipients=["ana"])  # refused
    client.workflows.trigger(COMMENT, recipients=["ana"], data=None)  # refused
    client.workflows.trigger(COMMENT, recipients=["ana"], data={"comment": "Done."})  # refused
    client.workflows.trigger(COMMENT, recipients=["ana"], data=OrderPlaced(7))  # refused
    client.workflows.trigger(COMMENT, recipients=["ana"], data=CommentCreated)  # refused
    client.workflows.trigger(COMMENT, recipients="ana", data=CommentCreated(comment=""))  # refused
    client.workflows.trigger(COMMENT, recipeints=["ana"], data=CommentCreated(comment=""))  # refused
    client.workflows.trigger(ORDER, recipients=["ana"], data=CommentCreated(comment=""))  # refused
    client.workflows.trigger(ORDER, recipients=["ana"], data={"number": 7})  # refused
    client.workflows.trigger(VISIT, recipients=["ana"], data={"visitor": 5, "place": {"city": ""}})  # refused
    client.workflows.trigger(VISIT, recipients=["ana"], data={"vistor": "", "place": {"city": ""}})  # refused
    client.workflows.trigger(VISIT, recipients=["ana"], data={"visitor": "", "place": {"town": ""}})  # refused
    client.workflows.trigger(VISIT, recipients=["ana"], data={"visitor": ""})  # refused
    client.workflows.trigger(VISIT, recipients=["ana"], data=CommentCreated(comment=""))  # refused
    client.workflows.trigger(VISIT, recipients=["ana"])  # refused
    client.workflows.trigger(ANYTHING, recipients=["ana"], data=5)  # refused
    client.workflows.trigger(DIGEST, recipients=["ana"], data={})  # refused
    client.workflows.trigger(DIGEST, recipients=["ana"], data=CommentCreated(comment=""))  # refused
    client.workflows.cancel(COMMENT)  # refused


def schedules(client: Knock) -> None:
    client.schedules.create(recipients=["ana"], workflow=COMMENT)  # refused
    client.schedules.create(recipients=["ana"], workflow=COMMENT, data=OrderPlaced(7))  # refused
    client.schedules.create(recipients=["ana"], workflow=DIGEST, data={"any": 1})  # refused
    client.schedules.list(workflow=CommentCreated)  # refused


async def asynchronous(client: AsyncKnock) -> None:
    await client.workflows.trigger(COMMENT, recipients=["ana"])  # refused
    await client.workflows.trigger(COMMENT, recipients=["ana"], data=OrderPlaced(7))  # refused
    await client.workflows.trigger(DIGEST, recipients=["ana"], data={})  # refused
    await client.schedules.create(recipients=["ana"], workflow=ORDER, data={"number": 7})  # refused


def simulated(sim: Simulator) -> None:
    sim.workflow(CommentCreated)  # refused
    sim.assert_sent(workflow=CommentCreated)  # refused
