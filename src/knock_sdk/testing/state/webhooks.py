"""Webhooks: which are declared, and the events that are on their way to them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from pydantic_core import to_json

from ..._core.nested_calls import nesting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .json_objects import JSON
    from .world import World

Outcome: TypeAlias = Literal["pending", "delivered", "dropped"]

MOST_DEPTH = 100
"""Maximum number of handlers that cause the event of the next one."""


@dataclass(frozen=True)
class Webhook:
    """A declared webhook.

    Attributes:
        id: id of the webhook: its URL, or `function 1` and so on.
        target: the URL, or the name of the function.
        events: the types of events that it gets.
        secret: the secret that signs them.
        is_function: whether it is a function, which is not saved with the state.
    """

    id: str
    target: str
    events: tuple[str, ...]
    secret: str = field(repr=False)
    is_function: bool


class WebhookAttempt(NamedTuple):
    """An attempt to deliver an event to a webhook."""

    at: datetime
    """When it was made."""
    status: int | None
    """The status of the response; None if there was none."""
    error: str | None
    """Why there was none."""


@dataclass(frozen=True)
class WebhookDelivery:
    """An event for a webhook.

    Attributes:
        id: number of the delivery, as text.
        webhook: id of the webhook: its URL, or `function 1` and so on.
        target: URL of the webhook, or the name of the function.
        type: type of the event, such as `message.sent`.
        body: the body of the request, in JSON.
        attempts: the attempts so far, 8 at most.
        outcome: `delivered` once a response had a status from 200 to 299; `dropped` after 8 others, or if the webhook
            was removed; `pending` before.
        depth: number of handlers, each called for an event of the one before, that have led to this one.
    """

    id: str
    webhook: str
    target: str
    type: str
    body: str
    attempts: tuple[WebhookAttempt, ...] = ()
    outcome: Outcome = "pending"
    depth: int = 0


class Webhooks:
    """The declared webhooks, and the deliveries to them."""

    def __init__(self) -> None:
        """Start without webhooks."""
        self.declared: dict[str, Webhook] = {}
        self.deliveries: dict[str, WebhookDelivery] = {}
        """Oldest first."""
        self.due: list[str] = []
        """Ids of the deliveries that must be attempted now, oldest first; one that is being attempted is among them."""
        self.last_created_at: datetime | None = None
        self.made = 0
        """Number of webhooks that were declared, those that were removed among them."""

    def record(self, delivery: WebhookDelivery, attempt: WebhookAttempt, outcome: Outcome) -> None:
        """Add an attempt to a delivery."""
        self.deliveries[delivery.id] = replace(delivery, attempts=(*delivery.attempts, attempt), outcome=outcome)

    def drop(self, delivery_id: str) -> None:
        """Give up a delivery."""
        self.deliveries[delivery_id] = replace(self.deliveries[delivery_id], outcome="dropped")
        if delivery_id in self.due:
            self.due.remove(delivery_id)

    def next_time(self, now: datetime) -> datetime:
        """Return a time for an event: now, or a microsecond after the last event, since no two have the same time."""
        last = self.last_created_at
        self.last_created_at = now if last is None or last < now else last + timedelta(microseconds=1)
        return self.last_created_at


def publish(
    world: World, event_type: str, render: Callable[[], JSON], details: Mapping[str, object] | None = None
) -> None:
    """Send an event to the webhooks that get events of its type; render its subject only if there are any."""
    webhooks = world.of(Webhooks)
    wanted = [webhook for webhook in webhooks.declared.values() if event_type in webhook.events]
    if not wanted:
        return
    created_at = webhooks.next_time(world.clock.now).astimezone(timezone.utc)
    body = to_json(
        {
            "__typename": "Event",
            "type": event_type,
            "created_at": created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "data": render(),
            "event_data": None if details is None else {"__typename": "EventData", **details},
        }
    ).decode()
    depth = nesting.get()
    for webhook in wanted:
        number = str(len(webhooks.deliveries) + 1)
        delivery = WebhookDelivery(number, webhook.id, webhook.target, event_type, body, depth=depth)
        webhooks.deliveries[number] = delivery
        if depth <= MOST_DEPTH:
            webhooks.due.append(number)
        else:
            problem = f"events whose handlers cause the next one end at a depth of {MOST_DEPTH}"
            webhooks.record(delivery, WebhookAttempt(world.clock.now, None, problem), "dropped")
