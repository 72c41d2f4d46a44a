"""Receive events from Knock with Starlette; the secret of the webhook is in KNOCK_WEBHOOK_SECRET.

Run it with `uvicorn starlette_app:app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from knock_sdk import webhooks

if TYPE_CHECKING:
    from starlette.requests import Request


async def receive(request: Request) -> Response:
    """Check the signature, handle the event, and respond."""
    try:
        event = webhooks.unwrap(await request.body(), request.headers)
    except webhooks.WebhookError as error:
        return PlainTextResponse(str(error), 400)
    match event:
        case webhooks.MessageBounced(data=message, event_data=details):
            print(f"{message.recipient}: bounced ({details.failure_details if details else 'unknown'})")
        case webhooks.MessageLinkClicked(data=message):
            print(f"{message.recipient}: followed a link")
        case _:
            pass
    return Response(status_code=204)


app = Starlette(routes=[Route("/webhooks/knock", receive, methods=["POST"])])
