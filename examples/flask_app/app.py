"""The application: orders are shipped, reminders are cancelled, and a feed is shown."""

from __future__ import annotations

import os
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, abort, current_app, jsonify, request

from knock_sdk import (
    APIConnectionError,
    InternalServerError,
    Knock,
    KnockError,
    RateLimitError,
    user_tokens,
    webhooks,
)

if TYPE_CHECKING:
    from flask import Response

FEED = os.environ.get("KNOCK_FEED_CHANNEL_ID", "4eaf3d6a-79f8-4b4e-85d0-5b2e20f03b8d")
"""Id of the in-app channel, from the dashboard; by default that of the simulator."""

routes = Blueprint("shop", __name__)


def create_app() -> Flask:
    """Create the application, with one client for all threads of a process."""
    app = Flask(__name__)
    # A request waits for each call: better a quick error than a thread that is busy for a minute.
    app.extensions["knock"] = Knock(timeout=10)
    app.register_blueprint(routes)
    for kind in (APIConnectionError, InternalServerError, RateLimitError):
        app.register_error_handler(kind, respond_later)
    return app


def knock() -> Knock:
    """Return the client of the application."""
    client: Knock = current_app.extensions["knock"]
    return client


def current_user() -> str:
    """Return the user who has logged in, as an authenticating proxy says, such as oauth2-proxy: use your own way."""
    return request.headers.get("X-Forwarded-User") or abort(HTTPStatus.UNAUTHORIZED)


@routes.post("/orders/<order_id>/ship")
def ship(order_id: str) -> tuple[dict[str, str], int]:
    """Tell the customer that an order is on its way, and remind them to review it after a week.

    A browser, or a proxy, may repeat a request. The keys are derived from the order, so that within 24 hours the
    customer is told once; your database knows for longer which orders were shipped.
    """
    customer = {"id": current_user()}  # an object, so that Knock creates a user whom it does not know
    knock().workflows.trigger(
        "order-shipped", recipients=[customer], data={"order": order_id}, idempotency_key=f"order-shipped/{order_id}"
    )
    knock().workflows.trigger(
        "review-reminder",
        recipients=[customer],
        data={"order": order_id},
        idempotency_key=f"review-reminder/{order_id}",
        cancellation_key=f"review-reminder/{order_id}",
    )
    return {"order": order_id, "status": "shipped"}, HTTPStatus.ACCEPTED


@routes.post("/orders/<order_id>/reviews")
def review(order_id: str) -> tuple[str, int]:
    """Take a review, and cancel the reminder."""
    current_user()
    knock().workflows.cancel("review-reminder", cancellation_key=f"review-reminder/{order_id}")
    return "", HTTPStatus.NO_CONTENT


@routes.get("/notifications")
def notifications() -> dict[str, Any]:
    """Return the newest notifications of a user.

    They are an addition to a page that is useful without them: if Knock does not respond within two seconds, the page
    has none.
    """
    user = current_user()
    try:
        page = knock().users.feeds.list_items(user, FEED, status="unread", page_size=10, timeout=2)
    except KnockError:
        current_app.logger.exception("the feed of %s is not available", user)
        return {"available": False, "items": []}
    return {"available": True, "items": [{"workflow": item.source.key, "data": item.data} for item in page.items]}


@routes.post("/knock-token")
def token() -> dict[str, str]:
    """Sign a token with which the user's browser can read the user's own feed, beside the public key."""
    return {"token": user_tokens.sign_user_token(current_user(), expires_in=900)}


@routes.post("/webhooks/knock")
def receive() -> tuple[str, int]:
    """Check that an event comes from Knock, and log messages that were not delivered."""
    try:
        event = webhooks.unwrap(request.get_data(), request.headers)
    except webhooks.WebhookError as error:
        return str(error), HTTPStatus.BAD_REQUEST
    match event:
        case webhooks.MessageBounced(data=message) | webhooks.MessageUndelivered(data=message):
            current_app.logger.warning("%s to %s: %s", message.source.key, message.recipient, message.status)
        case _:
            pass
    return "", HTTPStatus.NO_CONTENT


def respond_later(error: APIConnectionError | InternalServerError | RateLimitError) -> tuple[Response, int]:
    """Respond when Knock cannot be reached, or cannot take a call at present; the request can be repeated.

    Other errors of Knock, such as a refused argument or key, are mistakes of the application: Flask logs their
    traceback, and responds with a 500.
    """
    current_app.logger.error("Knock is unavailable: %s", error)
    response = jsonify(message="Please try again in a moment.")
    if isinstance(error, RateLimitError) and error.retry_after is not None:
        response.headers["Retry-After"] = str(ceil(error.retry_after))
    return response, HTTPStatus.SERVICE_UNAVAILABLE
