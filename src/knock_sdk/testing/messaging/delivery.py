"""Delivery: the statuses of messages over time, by channel type. Nothing leaves the simulator.

In-app messages are `delivered` as soon as they are made. Email and SMS messages are `queued`, then `sent`, then
`delivered`; push and chat messages stop at `sent`, and calls to webhooks go from `queued` to `delivered`. `STAGES` has
the times that these steps take, on the simulator's clock. In sandbox mode a message is `not_sent` and stays so.
Failures are declared beforehand, as an `Outcome`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ..recipients import channel_data, profiles
from ..state.channels import IN_APP
from ..state.steps.steps import Send
from . import messages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ..state.records import Message, Reference
    from ..state.world import World

NEXT_STATUS = "next_status"
"""The clock's action: move a message to its next status."""

OPEN_WINDOW = "open_send_window"
"""The clock's action: start the delivery of a message that waited for its send window."""

MOST_ATTEMPTS = 8
"""Maximum number of attempts at delivering a message."""

BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 240, 480, 855))
"""Waits after each failed attempt. The API retries over 30 minutes; how it spreads the attempts is a guess."""

Ending: TypeAlias = Literal["delivered", "sent", "bounced", "undelivered"]
ENDINGS: tuple[Ending, ...] = ("delivered", "sent", "bounced", "undelivered")
_WEBHOOK = "http"
_BOUNCING = ("queued", "sent", "delivered", "delivery_attempted")


class Stage(NamedTuple):
    """A status, and the time from the previous status to this one."""

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
"""Stages after `queued`, by channel type; a stage without a wait is reached at once."""


@dataclass(frozen=True)
class Outcome:
    """A declared outcome of the deliveries that it matches.

    Attributes:
        channel: key or type of the channel.
        ending: the last status.
        failures: number of attempts that fail before the ending or, for `undelivered`, in total.
        to: the recipient; any if None.
        workflow: key of the workflow; any if None.
        reason: text shown in the events of failures.
    """

    channel: str
    ending: Ending
    failures: int
    to: Reference | None
    workflow: str | None
    reason: str

    def matches(self, message: Message) -> bool:
        """Return whether the outcome applies to a message."""
        return (
            self.channel in (message.channel.key, message.channel.type)
            and (self.to is None or self.to == message.recipient)
            and (self.workflow is None or self.workflow == message.run.trigger.workflow.key)
        )


def check(kind: str, ending: str, failures: int) -> None:
    """Check an outcome that is declared for a channel type.

    Raises:
        ValueError: No delivery on such a channel can have this outcome.
    """
    if kind in IN_APP:
        raise ValueError(f"channel: messages on channels of type {kind} are delivered at once and take no outcome")
    if ending not in ENDINGS:
        raise ValueError(f"outcome: must be one of {', '.join(ENDINGS)}")
    if kind == _WEBHOOK and ending in ("sent", "bounced"):
        raise ValueError(f"outcome: a call to a webhook is delivered or undelivered, not {ending}")
    least, most = (1, MOST_ATTEMPTS) if ending == "undelivered" else (0, MOST_ATTEMPTS - 1)
    if not least <= failures <= most:
        raise ValueError(
            f"failures: must be from {least} to {most} for {ending!r}; the API makes up to {MOST_ATTEMPTS} attempts"
        )


class Outcomes:
    """Declared outcomes, and those of the messages that are being delivered."""

    def __init__(self) -> None:
        """Start without outcomes."""
        self.declared: list[Outcome] = []
        self.of: dict[str, Outcome] = {}
        """By message id, from the creation of the message until its delivery ends."""


def start(world: World, message: Message, opens_at: datetime | None = None) -> None:
    """Start the delivery of a new message; if its send window opens later, at that time."""
    if message.run.trigger.sandbox or message.channel.sandbox:
        messages.set_status(world, message, "not_sent")
    elif opens_at is not None:
        message.scheduled_at = opens_at
        messages.set_status(world, message, "queued")
        world.clock.call_in(opens_at - world.clock.now, OPEN_WINDOW, message.id)
    else:
        _deliver(world, message)


def open_window(world: World, message_id: str) -> None:
    """Start the delivery of a message whose send window has opened, unless it has been deleted."""
    message = world.messages.get(message_id)
    if message is not None and message.status != "bounced":
        message.scheduled_at = None
        _deliver(world, message)


def _deliver(world: World, message: Message) -> None:
    first = STAGES[message.channel.type][0]
    if first.wait:
        outcomes = world.of(Outcomes)
        outcome = next((each for each in reversed(outcomes.declared) if each.matches(message)), None)
        if outcome is not None:
            outcomes.of[message.id] = outcome
        if message.status != "queued" or len(message.events) == 1:  # one that waited is queued already
            messages.set_status(world, message, "queued")
        world.clock.call_in(first.wait, NEXT_STATUS, message.id)
    else:
        messages.set_status(world, message, first.status)


def may_bounce(message: Message) -> bool:
    """Return whether the delivery of a message can end as bounced."""
    return message.channel.type not in (*IN_APP, _WEBHOOK) and message.status in _BOUNCING


def bounce(world: World, message: Message, reason: str) -> None:
    """End the delivery of a message as bounced, whatever was declared.

    Raises:
        ValueError: The message cannot bounce, or not any more.
    """
    if not may_bounce(message):
        raise ValueError(
            f"a message on a channel of type {message.channel.type} that is {message.status} cannot bounce"
        )
    world.of(Outcomes).of.pop(message.id, None)
    message.scheduled_at = None
    _bounce(world, message, reason)


def advance(world: World, message_id: str) -> None:
    """Move a message to its next status, unless it has been deleted or has bounced."""
    message = world.messages.get(message_id)
    outcome = world.of(Outcomes).of.pop(message_id, None)
    if message is None or message.status == "bounced":
        return
    if outcome is None:
        _advance_normally(world, message)
    elif _advance_by_outcome(world, message, outcome):
        world.of(Outcomes).of[message_id] = outcome


def _advance_by_outcome(world: World, message: Message, outcome: Outcome) -> bool:
    """Move a message to the next status of a declared outcome; return whether more statuses follow."""
    failed = sum(event.type == "message.delivery_attempted" for event in message.events)
    left = outcome.failures - failed
    last = outcome.ending == "undelivered"
    if left > 0 and message.status in ("queued", "delivery_attempted"):
        data = {"attempt": failed + 1, "max_attempts": MOST_ATTEMPTS, "retryable": left > 1 or not last}
        messages.set_status(world, message, "delivery_attempted", data)
        if left > 1 or not last:
            wait = BACKOFF[failed]
            message.scheduled_at = world.clock.after(wait)
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
        _bounce(world, message, outcome.reason)
        return False
    if outcome.ending == "delivered":
        _advance_normally(world, message)
        return False
    messages.set_status(world, message, "sent")
    if outcome.ending == "bounced":
        world.clock.call_in(_DELIVERED.wait, NEXT_STATUS, message.id)
    return outcome.ending == "bounced"


def _bounce(world: World, message: Message, reason: str) -> None:
    """End a delivery as bounced; the token of a push message is removed from the recipient's channel data."""
    data = {"failure_reason": "bounced", "failure_details": reason}
    token = (message.contents or {}).get("token")
    if token is not None:
        data["token"] = token
    messages.set_status(world, message, "bounced", data)
    if token is not None and _deregisters(message):
        _remove_token(world, message, token)


def _deregisters(message: Message) -> bool:
    """Return whether the token of a message that bounces is removed: the step's setting or, without it, the channel's.

    Knock's pages say that steps cannot override it, and its management API that they can.
    """
    step = next((planned.step for planned in message.run.workflow.steps if planned.ref == message.step_ref), None)
    own = (step.overrides or {}).get("token_deregistration") if isinstance(step, Send) else None
    return message.channel.token_deregistration if own is None else own is True


def _remove_token(world: World, message: Message, token: str) -> None:
    """Remove a token from the recipient's channel data, unless it is gone already."""
    recipient = profiles.find(world, message.recipient)
    stored = recipient.channel_data.get(message.channel.id) if recipient else None
    if recipient is None or stored is None:
        return
    left = channel_data.without_device(stored, token)
    if left != stored:
        recipient.channel_data[message.channel.id] = left
        profiles.signal_update(world, recipient)


def _advance_normally(world: World, message: Message) -> None:
    stages = STAGES[message.channel.type]
    statuses = [stage.status for stage in stages]
    position = statuses.index(message.status) + 1 if message.status in statuses else 0
    messages.set_status(world, message, stages[position].status)
    if position + 1 < len(stages):
        world.clock.call_in(stages[position + 1].wait, NEXT_STATUS, message.id)
