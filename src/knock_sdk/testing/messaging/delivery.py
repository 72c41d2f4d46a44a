"""Delivery, which nothing leaves the simulator for: the statuses of each kind of channel over time.

An in-app message is `delivered` as soon as it is made. Email and SMS are `queued`, then `sent`, then `delivered`; push
and chat messages stop at `sent`, and a call to a webhook goes from `queued` to `delivered`. Those steps take the times
of the table, on the simulator's clock. In sandbox mode a message is `not_sent` and stays so. That a delivery fails is
declared beforehand, as an `Outcome`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from . import messages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.records import Message, Reference
    from ..state.world import World

NEXT_STATUS = "next_status"
"""The clock's action: move a message to its next status."""

WITHOUT_PROVIDER = ("in_app_feed", "in_app_guide")
"""Kinds of channel whose messages Knock delivers itself."""

MOST_ATTEMPTS = 8
"""How often the API tries to deliver a message."""

# The API tries again over 30 minutes; how it spreads the attempts is a guess. These are the waits after each.
_BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 240, 480, 855))

Ending: TypeAlias = Literal["delivered", "sent", "bounced", "undelivered"]
ENDINGS: tuple[Ending, ...] = ("delivered", "sent", "bounced", "undelivered")
_WEBHOOK = "http"


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


@dataclass(frozen=True)
class Outcome:
    """How deliveries go that match.

    Attributes:
        channel: key or type of the channel.
        ending: the last status.
        failures: how many attempts fail before that, or, for `undelivered`, in all.
        to: to whom; anybody if None.
        workflow: key of the workflow; any if None.
        reason: what the events of failures say.
    """

    channel: str
    ending: Ending
    failures: int
    to: Reference | None
    workflow: str | None
    reason: str

    def matches(self, message: Message) -> bool:
        """Return whether this is how a message goes."""
        return (
            self.channel in (message.channel.key, message.channel.type)
            and (self.to is None or self.to == message.recipient)
            and (self.workflow is None or self.workflow == message.run.trigger.workflow.key)
        )


def check(kind: str, ending: str, failures: int) -> None:
    """Find out what is wrong with an outcome that is declared for a kind of channel.

    Raises:
        ValueError: No delivery can go like that.
    """
    if kind in WITHOUT_PROVIDER:
        raise ValueError(f"channel: messages on channels of type {kind} are delivered at once")
    if ending not in ENDINGS:
        raise ValueError(f"outcome: takes one of {', '.join(ENDINGS)}")
    if kind == _WEBHOOK and ending in ("sent", "bounced"):
        raise ValueError(f"outcome: a call to a webhook is delivered or undelivered, not {ending}")
    final = ending == "undelivered"
    if not final <= failures <= MOST_ATTEMPTS - (not final):
        raise ValueError(f"failures: there are up to {MOST_ATTEMPTS} attempts, one that succeeds included")


class Outcomes:
    """The outcomes that were declared, and those of the messages under way."""

    def __init__(self) -> None:
        """Start without any."""
        self.declared: list[Outcome] = []
        self.of: dict[str, Outcome] = {}
        """By id of the message, from when the message is made until its delivery has ended."""


def start(world: World, message: Message) -> None:
    """Begin to deliver a message that has been made."""
    first = STAGES[message.channel.type][0]
    if message.run.trigger.sandbox:
        messages.set_status(world, message, "not_sent")
    elif first.wait:
        outcomes = world.of(Outcomes)
        outcome = next((each for each in reversed(outcomes.declared) if each.matches(message)), None)
        if outcome is not None:
            outcomes.of[message.id] = outcome
        messages.set_status(world, message, "queued")
        world.clock.call_in(first.wait, NEXT_STATUS, message.id)
    else:
        messages.set_status(world, message, first.status)


def next_status(world: World, message_id: str) -> None:
    """Move a message to its next status."""
    message = world.messages.get(message_id)
    outcome = world.of(Outcomes).of.pop(message_id, None)
    if message is None:
        return  # it has been deleted
    if outcome is None:
        _go_on(world, message)
    elif _follow(world, message, outcome):
        world.of(Outcomes).of[message_id] = outcome


def _follow(world: World, message: Message, outcome: Outcome) -> bool:
    """Do the next thing that was declared of a message; return whether there is more to come."""
    failed = sum(event.type == "message.delivery_attempted" for event in message.events)
    left = outcome.failures - failed
    last = outcome.ending == "undelivered"
    if left > 0 and message.status in ("queued", "delivery_attempted"):
        data = {"attempt": failed + 1, "max_attempts": MOST_ATTEMPTS, "retryable": left > 1 or not last}
        messages.set_status(world, message, "delivery_attempted", data)
        if left > 1 or not last:
            wait = _BACKOFF[failed]
            message.scheduled_at = world.clock.now + wait
            world.clock.call_in(wait, NEXT_STATUS, message.id)
            return True
    if last:
        exhausted = outcome.failures == MOST_ATTEMPTS
        reason = "retries_exhausted" if exhausted else "fatal_error"
        messages.set_status(
            world, message, "undelivered", {"failure_reason": reason, "failure_details": outcome.reason}
        )
        return False
    if message.status == "sent":
        messages.set_status(world, message, "bounced", {"failure_reason": "bounced", "failure_details": outcome.reason})
        return False
    if outcome.ending == "delivered":
        _go_on(world, message)
        return False
    messages.set_status(world, message, "sent")
    if outcome.ending == "bounced":
        world.clock.call_in(_DELIVERED.wait, NEXT_STATUS, message.id)
    return outcome.ending == "bounced"


def _go_on(world: World, message: Message) -> None:
    stages = STAGES[message.channel.type]
    reached = [stage.status for stage in stages]
    position = reached.index(message.status) + 1 if message.status in reached else 0
    messages.set_status(world, message, stages[position].status)
    if position + 1 < len(stages):
        world.clock.call_in(stages[position + 1].wait, NEXT_STATUS, message.id)
