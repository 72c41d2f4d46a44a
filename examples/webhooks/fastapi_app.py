"""Receive events from Knock with FastAPI; the secret of the webhook is in KNOCK_WEBHOOK_SECRET.

Run it with `uvicorn fastapi_app:app`.
"""

from __future__ import annotations

from fastapi import FastAPI, HTTPException, Request, Response

from knock_sdk import webhooks

app = FastAPI()


@app.post("/webhooks/knock")
async def receive(request: Request) -> Response:
    """Check the signature, handle the event, and respond."""
    try:
        event = webhooks.unwrap(await request.body(), request.headers)
    except webhooks.WebhookError as error:
        raise HTTPException(400, str(error)) from error
    match event:
        case webhooks.MessageBounced(data=message, event_data=details):
            print(f"{message.recipient}: bounced ({details.failure_details if details else 'unknown'})")
        case webhooks.MessageLinkClicked(data=message):
            print(f"{message.recipient}: followed a link")
        case _:
            pass
    return Response(status_code=204)
