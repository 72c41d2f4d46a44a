"""`knock-sdk messages events`, `delivery-logs` and `activities`: what has happened to a message, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from .._console import Styled, print_list
from .._options import All, JSONOutput, Limit, page_size
from .._references import describe
from .._session import client_of
from .._text import to_json
from .show import MessageId

if TYPE_CHECKING:
    from ...types import Activity, MessageDeliveryLog, MessageEvent

_LONGEST_BODY = 200


def list_events(
    context: typer.Context,
    message_id: MessageId,
    *,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List what has happened to a message, newest first."""
    shown = None if everything else limit
    with client_of(context) as client:
        found = client.messages.list_events(message_id, page_size=page_size(shown))
        print_list(found, _event_row, as_json=json, limit=shown)


def list_delivery_logs(
    context: typer.Context,
    message_id: MessageId,
    *,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List the attempts to hand a message to its provider, with the responses; --json has headers and bodies."""
    shown = None if everything else limit
    with client_of(context) as client:
        found = client.messages.list_delivery_logs(message_id, page_size=page_size(shown))
        print_list(found, _log_row, as_json=json, limit=shown, nothing="Nothing was handed to a provider yet.")


def list_activities(
    context: typer.Context,
    message_id: MessageId,
    *,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List the triggers behind a message: one, or those that a batch collected."""
    shown = None if everything else limit
    with client_of(context) as client:
        found = client.messages.list_activities(message_id, page_size=page_size(shown))
        print_list(found, _activity_row, as_json=json, limit=shown)


def _event_row(event: MessageEvent) -> dict[str, object]:
    return {"at": event.inserted_at, "event": event.type, "data": event.data}


def _log_row(log: MessageDeliveryLog) -> dict[str, object]:
    request, response = log.request, log.response
    body = response.body if isinstance(response.body, str | None) else to_json(response.body)
    failed = response.status is None or response.status >= 400
    return {
        "at": log.inserted_at,
        "service": log.service_name,
        "request": f"{request.method} {request.host}{request.path}",
        "status": Styled(response.status, "red" if failed else "green"),
        "response": body if body is None or len(body) <= _LONGEST_BODY else f"{body[:_LONGEST_BODY]}…",
    }


def _activity_row(activity: Activity) -> dict[str, object]:
    return {
        "at": activity.inserted_at,
        "actor": None if activity.actor is None else describe(activity.actor),
        "recipient": describe(activity.recipient),
        "data": activity.data,
    }
