"""Webhooks as users handle them; read by type checkers only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from starlette.requests import Request
from typing_extensions import assert_type
from werkzeug.datastructures import Headers

from knock_sdk import types, webhooks
from knock_sdk.testing import Simulator, WebhookDelivery
from knock_sdk.types import Message, WorkflowRecipientRun


async def in_starlette(request: Request) -> webhooks.Event:
    return webhooks.unwrap(await request.body(), request.headers)


def in_django(body: bytes, headers: Mapping[str, str], meta: dict[str, Any]) -> webhooks.Event:
    webhooks.verify(body, meta)
    return webhooks.unwrap(body, headers, secret=["old", "new"], tolerance=None)


def in_flask(body: bytes, headers: Headers) -> webhooks.Event:
    return webhooks.unwrap(body, headers, secret=b"s")


def in_wsgi(environ: dict[str, object], body: bytes) -> types.Event:
    return webhooks.unwrap(body, environ, now=datetime.now(timezone.utc), header="x-webhook-signature")


def in_asgi(body: bytes, headers: list[tuple[bytes, bytes]], lists: Mapping[str, list[str]]) -> None:
    webhooks.verify(body, headers)
    webhooks.verify(body, lists)
    webhooks.verify(body, "t=1,s=x")


def narrow(event: webhooks.Event) -> str:
    match event:
        case webhooks.MessageBounced(data=message, event_data=details):
            assert_type(message, Message)
            assert_type(details, types.BounceEventData | None)
            return message.id
        case webhooks.WorkflowRecipientRunError(data=run):
            assert_type(run, WorkflowRecipientRun)
            return run.workflow
        case webhooks.WorkflowCommitted(data=workflow, event_data=commit) if commit is not None:
            assert_type(commit, types.CommitEventData)
            return workflow.key
        case webhooks.UnknownEvent(type=event_type):
            assert_type(event_type, str)
            return event_type
        case _:
            return event.type


def narrow_by_class(event: webhooks.Event) -> str | None:
    if isinstance(event, webhooks.MessageDeliveryAttempted) and event.event_data is not None:
        assert_type(event.event_data.attempt, int | None)
    if isinstance(event, types.MessageLinkClicked) and event.event_data:
        return event.event_data.url
    return None


def errors(body: bytes, headers: dict[str, str]) -> int:
    try:
        webhooks.unwrap(body, headers)
    except webhooks.SignatureExpiredError:
        return 408
    except webhooks.WebhookError:
        return 400
    return 204


def handle(body: bytes, headers: dict[str, str]) -> int:
    return errors(body, headers)


def ignore(body: bytes, headers: dict[str, str]) -> None:
    webhooks.verify(body, headers)


def simulate(sim: Simulator) -> None:
    assert_type(sim.webhook(handle, ["message.sent"], secret="s"), str)
    sim.webhook(ignore)
    sim.webhook("http://127.0.0.1:8000/webhooks")
    sim.webhook(lambda body, headers: 503)
    deliveries = sim.webhook_deliveries
    assert_type(deliveries, list[WebhookDelivery])
    assert_type(deliveries[0].attempts[0].status, int | None)
    assert_type(webhooks.sign(b"{}", secret="s"), dict[str, str])
