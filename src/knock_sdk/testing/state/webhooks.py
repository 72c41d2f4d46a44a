"""Webhooks: which are declared, and the events that are on their way to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .json_objects import JSON
    from .world import World

Outcome: TypeAlias = Literal["pending", "delivered", "dropped"]


@dataclass(frozen=True)
class Webhook:
    """A declared webhook.

    Attributes:
        id: id of the webhook: its URL, or a number if it is a function.
        target: the URL, or the name of the function.
        events: the types of events that it gets.
        secret: the secret that signs them.
        calls: whether it is a function, which is not saved with the state.
    """

    id: str
    target: str
    events: tuple[str, ...]
    secret: str
    calls: bool


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
        webhook: id of the webhook: its URL, or a number if it is a function.
        target: URL of the webhook, or the name of the function.
        type: type of the event, such as `message.sent`.
        body: the body of the request, in JSON.
        attempts: the attempts so far, 8 at most.
        outcome: `delivered` once a response had a status from 200 to 299, `dropped` after 8 others, `pending` before.
    """

    id: str
    webhook: str
    target: str
    type: str
    body: str
    attempts: tuple[WebhookAttempt, ...] = ()
    outcome: Outcome = "pending"


class Webhooks:
    """The declared webhooks, and the deliveries to them."""

    def __init__(self) -> None:
        """Start without webhooks."""
        self.declared: dict[str, Webhook] = {}
        self.deliveries: dict[str, WebhookDelivery] = {}
        """Oldest first."""
        self.due: list[str] = []
        """Ids of the deliveries that must be attempted now, oldest first."""

    def record(self, delivery: WebhookDelivery, attempt: WebhookAttempt, outcome: Outcome) -> None:
        """Add an attempt to a delivery."""
        self.deliveries[delivery.id] = replace(delivery, attempts=(*delivery.attempts, attempt), outcome=outcome)


def publish(world: World, event_type: str, entity: JSON, details: Mapping[str, object] | None = None) -> None:
    """Send an event to the webhooks that get events of its type."""
    webhooks = world.of(Webhooks)
    wanted = [webhook for webhook in webhooks.declared.values() if event_type in webhook.events]
    if not wanted:
        return
    body = to_json(
        {
            "__typename": "Event",
            "type": event_type,
            "created_at": world.clock.now.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "data": entity,
            "event_data": None if details is None else {"__typename": "EventData", **details},
        }
    ).decode()
    for webhook in wanted:
        number = str(len(webhooks.deliveries) + 1)
        webhooks.deliveries[number] = WebhookDelivery(number, webhook.id, webhook.target, event_type, body)
        webhooks.due.append(number)
