"""Delivery, which nothing leaves the simulator for: the statuses of each kind of channel over time.

An in-app message is `delivered` as soon as it is made. Email and SMS are `queued`, then `sent`, then `delivered`; push
and chat messages stop at `sent`, and a call to a webhook goes from `queued` to `delivered`. Those steps take the times
of the table, on the simulator's clock. In sandbox mode a message is `not_sent` and stays so. Nothing bounces.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from . import messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .records import Message
    from .world import World

NEXT_STATUS = "next_status"
"""The clock's action: move a message to its next status."""


class Stage(NamedTuple):
    """A status, and how long after the one before it is reached."""

    status: str
    wait: timedelta


_SENT = Stage("sent", timedelta(seconds=1))
_DELIVERED = Stage("delivered", timedelta(seconds=4))

STAGES: Mapping[str, tuple[Stage, ...]] = {
    "chat": (_SENT,),
    "email": (_SENT, _DELIVERED),
    "http": (Stage("delivered", timedelta(seconds=1)),),
    "in_app_feed": (Stage("delivered", timedelta(0)),),
    "push": (_SENT,),
    "sms": (_SENT, _DELIVERED),
}
"""What follows `queued`, by kind of channel; a stage without a wait is reached at once."""


def start(world: World, message: Message) -> None:
    """Begin to deliver a message that has been made."""
    if message.run.trigger.sandbox:
        messages.set_status(world, message, "not_sent")
    elif STAGES[message.channel.type][0].wait:
        messages.set_status(world, message, "queued")
        _wait_for_next(world, message)
    else:
        messages.set_status(world, message, STAGES[message.channel.type][0].status)


def next_status(world: World, message_id: str) -> None:
    """Move a message to its next status."""
    message = world.messages[message_id]
    stage = _stage_after(message)
    if stage is not None:
        messages.set_status(world, message, stage.status)
        _wait_for_next(world, message)


def _wait_for_next(world: World, message: Message) -> None:
    stage = _stage_after(message)
    if stage is not None:
        world.clock.call_in(stage.wait, NEXT_STATUS, message.id)


def _stage_after(message: Message) -> Stage | None:
    stages = STAGES[message.channel.type]
    reached = [stage.status for stage in stages]
    position = reached.index(message.status) + 1 if message.status in reached else 0
    return stages[position] if position < len(stages) else None
