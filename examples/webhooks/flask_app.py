"""Receive events from Knock with Flask; the secret of the webhook is in KNOCK_WEBHOOK_SECRET.

Run it with `flask --app flask_app run`.
"""

from __future__ import annotations

from flask import Flask, request

from knock_sdk import webhooks

app = Flask(__name__)


@app.post("/webhooks/knock")
def receive() -> tuple[str, int]:
    """Check the signature, handle the event, and respond."""
    try:
        event = webhooks.unwrap(request.get_data(), request.headers)
    except webhooks.WebhookError as error:
        return str(error), 400
    match event:
        case webhooks.MessageBounced(data=message, event_data=details):
            print(f"{message.recipient}: bounced ({details.failure_details if details else 'unknown'})")
        case webhooks.MessageLinkClicked(data=message):
            print(f"{message.recipient}: followed a link")
        case _:
            pass
    return "", 204
