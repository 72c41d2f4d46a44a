"""Receive events from Knock in AWS Lambda, behind API Gateway or a function's URL.

The secret of the webhook is in KNOCK_WEBHOOK_SECRET.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from knock_sdk import webhooks


def receive(request: dict[str, Any], _: object) -> dict[str, Any]:
    """Check the signature, handle the event, and respond."""
    body = request.get("body") or ""
    if request.get("isBase64Encoded"):
        body = b64decode(body)
    try:
        event = webhooks.unwrap(body, request.get("headers"))
    except webhooks.WebhookError as error:
        return {"statusCode": 400, "body": str(error)}
    match event:
        case webhooks.MessageBounced(data=message, event_data=details):
            print(f"{message.recipient}: bounced ({details.failure_details if details else 'unknown'})")
        case webhooks.MessageLinkClicked(data=message):
            print(f"{message.recipient}: followed a link")
        case _:
            pass
    return {"statusCode": 204}
