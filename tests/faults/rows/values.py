"""The row on values in bodies: 37."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from tests.support.json_values import KEYS, REFUSED, SENT, Holder
from tests.support.server import Server, respond
from tests.support.sides import both

from ..row import Outcome, Row

if TYPE_CHECKING:
    from tests.support.subjects import Subject

CALLS = 4000
GOOD = [example for examples in SENT.values() for example in examples]
BAD = [value for examples in REFUSED.values() for value, _ in examples]
BAD_KEYS = [key for keys in KEYS.values() for key in keys]


def nested(randomly: Random, value: Any, sent: Any, depth: int) -> tuple[Any, Any]:
    """Put a value, and what it becomes, into containers with other values around it."""
    for _ in range(depth):
        beside, beside_sent = randomly.choice(GOOD)
        match randomly.randrange(4):
            case 0:
                value, sent = [beside, value], [beside_sent, sent]
            case 1:
                value, sent = (value, beside), [sent, beside_sent]
            case 2:
                value, sent = Holder(value), {"value": sent}
            case _:
                value, sent = {"a": value, "b": beside}, {"a": sent, "b": beside_sent}
    return value, sent


def every_value(subject: Subject) -> Outcome:
    """Send every documented value at random depths: alone, and beside one that must be refused."""
    randomly = Random(37)
    sent_right = refused = changed = foreign = leaked = 0
    server = Server(respond(json={"workflow_run_id": "0c4a7b1e-3f58-4d6a-9c27-5e8f1a2b3c4d"}))
    with server, both(subject, server.url) as sides:
        for number in range(CALLS):
            bad = number % 3 == 0
            value, expected = randomly.choice(GOOD)
            if bad:
                value = randomly.choice([*BAD, *({key: 1} for key in BAD_KEYS)])
            value, expected = nested(randomly, value, expected, randomly.randrange(5))
            server.requests.clear()
            result = sides[number % 2].run(partial(trigger, {"v": value}))
            if bad:
                refused += isinstance(result, (subject.error, TypeError, ValueError)) and not server.requests
                foreign += isinstance(result, Exception) and not isinstance(result, subject.error)
                leaked += len(server.requests)
            elif isinstance(result, Exception):
                foreign += 1
            else:
                right = [each.json["data"] for each in server.requests] == [{"v": expected}]
                sent_right += right
                changed += not right
    shown = (
        f"{CALLS:,} calls: {sent_right:,} sent as documented, {changed} changed, {refused:,} refused, {leaked} sent "
        f"that must be refused, {foreign} foreign exceptions"
    )
    return Outcome(shown, sent_right + refused == CALLS and refused > CALLS // 4 and not changed + foreign + leaked)


def trigger(data: dict[str, Any], client: Any) -> Any:
    """Make the call that takes the most values."""
    return client.workflows.trigger("w", recipients=["u1"], data=data)


ROWS = [
    Row(
        37,
        "every kind of value at random depths of a body, and those that JSON cannot express beside them",
        "sent as documented, or rejected before sending; 0 changed",
        every_value,
    )
]
