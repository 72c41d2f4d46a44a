"""Attempts to deliver events to webhooks: signing the requests, and trying again after a failure."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, NamedTuple

from ...webhooks._signature import sign
from ..messaging.delivery import BACKOFF, MOST_ATTEMPTS
from ..state.ids import uuid_of
from ..state.outside import Key
from ..state.webhooks import WebhookAttempt, Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..state.webhooks import Outcome, WebhookDelivery
    from ..state.world import World

RETRY = "retry_webhook"
"""The clock's action: attempt a delivery again."""

SUCCESSES = range(200, 300)

_ENVIRONMENT = uuid_of("environment")


class Attempt(NamedTuple):
    """An attempt that has begun."""

    world: World
    delivery: WebhookDelivery
    is_function: bool
    """Whether a function is called, instead of a request to the URL."""
    function: Callable[..., object] | None
    body: bytes
    headers: dict[str, str]
    at: datetime


def is_due(world: World, *, is_function: bool) -> bool:
    """Return whether an attempt must be made now, by calling a function or by a request to a URL."""
    return world.has_webhooks and _find(world, is_function=is_function) is not None


def begin(world: World, *, is_function: bool) -> Attempt | None:
    """Begin the next attempt that must be made now; return None if there is none.

    It stays due until it ends, so that a snapshot that is made meanwhile has it.
    """
    delivery = _find(world, is_function=is_function)
    if delivery is None:
        return None
    webhook, now = world.of(Webhooks).declared[delivery.webhook], world.clock.now
    body = delivery.body.encode()
    # A function is called at the simulated time. Elsewhere, a handler compares the signature with its own clock.
    signed_at = now if is_function else datetime.now(timezone.utc)
    headers = {
        "content-type": "application/json",
        "x-knock-environment-id": _ENVIRONMENT,
        "x-knock-event": delivery.type,
        **sign(body, secret=webhook.secret, at=signed_at),
    }
    function = world.functions.get(Key("webhook", webhook.id)) if is_function else None
    return Attempt(world, delivery, is_function, function, body, headers, now)


def end(attempt: Attempt, status: int | None, error: str | None) -> None:
    """Record how an attempt ended; after a failure, schedule the next one, or give up."""
    world, delivery = attempt.world, attempt.delivery
    made = len(delivery.attempts) + 1
    delivered = status in SUCCESSES
    dropped = not delivered and made == MOST_ATTEMPTS
    outcome: Outcome = "delivered" if delivered else "dropped" if dropped else "pending"
    webhooks = world.of(Webhooks)
    if delivery.id not in webhooks.due:
        return  # the webhook was removed meanwhile
    webhooks.due.remove(delivery.id)
    world.note("webhook", delivery.id)
    webhooks.record(delivery, WebhookAttempt(attempt.at, status, error), outcome)
    if outcome == "pending":
        world.clock.call_in(BACKOFF[made - 1], RETRY, delivery.id)


def retry(world: World, delivery_id: str) -> None:
    """Have a delivery attempted again, unless its webhook was removed."""
    webhooks = world.of(Webhooks)
    if webhooks.deliveries[delivery_id].outcome == "pending":
        webhooks.due.append(delivery_id)


def _find(world: World, *, is_function: bool) -> WebhookDelivery | None:
    webhooks = world.of(Webhooks)
    for number in tuple(webhooks.due):  # other threads may change it meanwhile
        delivery = webhooks.deliveries[number]
        if webhooks.declared[delivery.webhook].is_function == is_function:
            return delivery
    return None
