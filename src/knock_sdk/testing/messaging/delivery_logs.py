"""Delivery logs: calls to a channel's provider, derived from a message's events, since the simulator makes no calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..state.channels import IN_APP
from ..state.clock import iso
from ..state.ids import uuid_of
from ..state.rows import OrderedRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON
    from ..state.records import Message, MessageEvent

REQUEST = "request"
"""Key of the request of a webhook in the `call` of its message."""

ENVIRONMENT = uuid_of("environment")
"""Id of the simulated environment."""

# Status of the provider's response, by the event that it led to. Bounces are reported later, without a call.
_STATUSES: Mapping[str, int] = {
    "message.delivered": 200,
    "message.delivery_attempted": 503,
    "message.sent": 202,
    "message.undelivered": 400,
}


def provider_events(message: Message) -> OrderedRows[MessageEvent]:
    """Return the events of a message that a call to the provider led to."""
    found: OrderedRows[MessageEvent] = OrderedRows()
    if message.channel.type in IN_APP:
        return found
    before = ""
    for event in message.events:
        # A message that was sent is delivered without another call, and one that is given up after a failed attempt is
        # not attempted again.
        repeated = (before, event.type) in (
            ("message.sent", "message.delivered"),
            ("message.delivery_attempted", "message.undelivered"),
        )
        if event.type in _STATUSES and not repeated:
            found.add(event.serial, event)
        before = event.type
    return found


def render(message: Message, event: MessageEvent) -> JSON:
    """Return a delivery log as the API shows it."""
    status = _STATUSES[event.type]
    request = message.call.get(REQUEST)
    return {
        "__typename": "MessageDeliveryLog",
        "environment_id": ENVIRONMENT,
        "id": uuid_of(f"delivery log {event.id}"),
        "inserted_at": iso(event.inserted_at),
        "request": request or _render_request(message),
        "response": {"body": "", "headers": None, "status": status},
        "service_name": message.channel.provider,
    }


def _render_request(message: Message) -> JSON:
    return {
        "body": {**(message.contents or {"data": message.data}), **message.call},
        "headers": {"content-type": "application/json"},
        "host": f"{message.channel.provider.replace('_', '-')}.invalid",
        "method": "POST",
        "path": "/",
        "query": None,
    }
