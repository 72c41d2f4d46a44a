"""Tests of the application; the simulator's fixtures come with knock-sdk."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from knock_sdk import webhooks

from .app import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from knock_sdk import Knock
    from knock_sdk.testing import Simulator

SECRET = "of the webhook"
ELLIE = {"X-Forwarded-User": "ellie"}
HOOK = "/webhooks/knock"


@pytest.fixture
def web(intercepted_knock: Simulator, knock: Knock, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The application, whose client reaches the simulator; its events reach the application."""
    monkeypatch.setenv("KNOCK_WEBHOOK_SECRET", SECRET)
    intercepted_knock.workflow("order-shipped", channels=["in_app_feed", "email"])
    intercepted_knock.workflow("review-reminder", channels=["email"], delay=timedelta(days=7))
    knock.users.update("ellie", email="ellie@example.com")
    client = create_app().test_client()
    intercepted_knock.webhook(
        lambda body, headers: client.post(HOOK, data=body, headers=headers).status_code, secret=SECRET
    )
    return client


def test_a_customer_is_told_once(web: FlaskClient, knock_simulator: Simulator) -> None:
    for _ in range(2):
        assert web.post("/orders/1001/ship", headers=ELLIE).status_code == 202
    knock_simulator.assert_sent(to="ellie", channel="email", data={"order": "1001"}, count=1)
    knock_simulator.advance(days=7)
    knock_simulator.assert_sent(to="ellie", workflow="review-reminder", count=1)


def test_who_has_written_a_review_is_not_reminded(web: FlaskClient, knock_simulator: Simulator) -> None:
    web.post("/orders/1001/ship", headers=ELLIE)
    web.post("/orders/1002/ship", headers=ELLIE)
    assert web.post("/orders/1001/reviews", headers=ELLIE).status_code == 204
    knock_simulator.advance(days=7)
    knock_simulator.assert_sent(workflow="review-reminder", count=1, data={"order": "1002"})


def test_an_unknown_user_is_refused(web: FlaskClient) -> None:
    for path in ("/orders/1001/ship", "/orders/1001/reviews", "/knock-token"):
        assert web.post(path).status_code == 401
    assert web.get("/notifications").status_code == 401


@pytest.mark.parametrize("status", [429, 503])
def test_an_order_can_be_shipped_again_when_knock_is_back(
    web: FlaskClient, knock_simulator: Simulator, status: int
) -> None:
    with knock_simulator.fail("workflows.trigger", status=status, retry_after=90, next=None):
        response = web.post("/orders/1001/ship", headers=ELLIE)
    assert response.status_code == 503
    assert response.headers.get("Retry-After") == ("90" if status == 429 else None)
    assert web.post("/orders/1001/ship", headers=ELLIE).status_code == 202
    knock_simulator.assert_sent(to="ellie", workflow="order-shipped", channel="email", count=1)


def test_the_feed_is_empty_while_knock_is_slow(web: FlaskClient, knock_simulator: Simulator) -> None:
    web.post("/orders/1001/ship", headers=ELLIE)
    item = {"workflow": "order-shipped", "data": {"order": "1001"}}
    assert web.get("/notifications", headers=ELLIE).json == {"available": True, "items": [item]}
    with knock_simulator.slow(5, "users.feeds.list_items", next=None):
        assert web.get("/notifications", headers=ELLIE).json == {"available": False, "items": []}


def test_a_message_that_bounces_is_logged(
    web: FlaskClient, knock_simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    knock_simulator.delivery("email", outcome="bounced")
    web.post("/orders/1001/ship", headers=ELLIE)
    knock_simulator.advance(minutes=1)
    assert "order-shipped to ellie: bounced" in caplog.text
    assert {delivery.outcome for delivery in knock_simulator.webhook_deliveries} == {"delivered"}


def test_an_event_of_somebody_else_is_refused(web: FlaskClient) -> None:
    body = b'{"type": "message.bounced", "data": {}}'
    assert web.post(HOOK, data=body, headers=webhooks.sign(body, secret="another")).status_code == 400
    assert web.post(HOOK, data=body).status_code == 400
