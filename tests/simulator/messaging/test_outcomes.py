"""Declared outcomes of deliveries, delivery logs, and clicked links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from knock_sdk.testing import Simulator

from ..rules.table import rule


@pytest.fixture
def sim() -> Simulator:
    sim = Simulator()
    sim.workflow("w", channels=["email"])
    return sim


@pytest.fixture
def knock(knock: Any) -> Any:
    for name in ("ana", "ben"):
        knock.users.update(name, email=f"{name}@x.example", phone_number="+12025550100")
    return knock


def events(knock: Any, message: Any) -> list[tuple[str, float, Any]]:
    """Return the events of a message: type, seconds since the message was created, and data."""
    return [
        (event.type.removeprefix("message."), (event.inserted_at - message.inserted_at).total_seconds(), event.data)
        for event in knock.messages.list_events(message.id).items
        if event.type != "message.created"
    ]


def logs(knock: Any, message: Any) -> list[int]:
    return [log.response.status for log in knock.messages.list_delivery_logs(message.id).items]


@rule("sn/message-statuses", "a message that was sent can bounce")
def test_a_bounce_comes_after_sending(knock: Any, sim: Simulator) -> None:
    sim.delivery("email", outcome="bounced", to="ana", reason="no such mailbox")
    knock.workflows.trigger("w", recipients=["ana", "ben"])
    sim.advance(hours=1)
    bounced, good = sim.messages()
    assert (bounced.status, good.status) == ("bounced", "delivered")
    details = {"failure_details": "no such mailbox", "failure_reason": "bounced"}
    assert events(knock, bounced) == [("queued", 0, None), ("sent", 1, None), ("bounced", 5, details)]
    assert (logs(knock, bounced), logs(knock, good)) == ([202], [202])


@rule(
    "sn/delivering-notifications", "a message is undelivered when its attempts are exhausted, each of which is an event"
)
def test_a_message_is_undelivered_after_eight_attempts(knock: Any, sim: Simulator) -> None:
    sim.delivery("email", outcome="undelivered")
    knock.workflows.trigger("w", recipients=["ana"])
    sim.advance(minutes=5)
    (message,) = sim.messages()
    assert message.status == "delivery_attempted"
    assert message.scheduled_at is not None
    assert sim.now < message.scheduled_at <= sim.now + timedelta(minutes=30)
    sim.advance(minutes=30)
    (message,) = sim.messages()
    happened = events(knock, message)
    attempts = [data for kind, _, data in happened if kind == "delivery_attempted"]
    assert [data["attempt"] for data in attempts] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert {data["max_attempts"] for data in attempts} == {8}
    assert [data["retryable"] for data in attempts] == [True] * 7 + [False]
    details = {"failure_details": "declared by the test", "failure_reason": "retries_exhausted"}
    assert happened[-1] == ("undelivered", 1801, details)
    assert logs(knock, message) == [503] * 8


@rule("sn/delivering-notifications", "a failure that cannot be retried ends the delivery")
def test_a_fatal_failure_is_not_retried(knock: Any, sim: Simulator) -> None:
    sim.delivery("email", outcome="undelivered", failures=1)
    knock.workflows.trigger("w", recipients=["ana"])
    sim.advance(hours=1)
    (message,) = sim.messages()
    kinds = [(kind, seconds) for kind, seconds, _ in events(knock, message)]
    assert kinds == [("queued", 0), ("delivery_attempted", 1), ("undelivered", 1)]
    assert events(knock, message)[-1][2]["failure_reason"] == "fatal_error"


@rule("sn/delivering-notifications", "a later attempt can deliver the message")
def test_a_message_is_delivered_after_the_declared_failures(knock: Any, sim: Simulator) -> None:
    sim.delivery("email", outcome="delivered", failures=2)
    knock.workflows.trigger("w", recipients=["ana"])
    sim.advance(hours=1)
    (message,) = sim.messages()
    assert [(kind, seconds) for kind, seconds, _ in events(knock, message)] == [
        ("queued", 0),
        ("delivery_attempted", 1),
        ("delivery_attempted", 16),
        ("sent", 46),
        ("delivered", 50),
    ]
    assert logs(knock, message) == [503, 503, 202]


def test_an_unconfirmed_delivery_stays_sent(knock: Any, sim: Simulator) -> None:
    sim.delivery("email", outcome="sent")
    knock.workflows.trigger("w", recipients=["ana"])
    sim.advance(hours=1)
    assert [message.status for message in sim.messages()] == ["sent"]


def test_the_last_matching_declaration_applies(knock: Any, sim: Simulator) -> None:
    sim.workflow("v", channels=["email", "sms"])
    sim.delivery("email", outcome="bounced", workflow="v")
    sim.delivery("email", outcome="delivered", to="ben")
    knock.workflows.trigger("v", recipients=["ana", "ben"])
    knock.workflows.trigger("w", recipients=["ana"])
    sim.advance(hours=1)
    assert [message.status for message in sim.messages()] == ["bounced", *["delivered"] * 4]


@pytest.mark.parametrize("channel", ["push", "chat", "http"])
def test_other_channels_fail_too(knock: Any, sim: Simulator, channel: str) -> None:
    sim.workflow("v", channels=[channel])
    data = {
        sim.channel("push").id: {"tokens": ["t"]},
        sim.channel("chat").id: {"connections": [{"incoming_webhook": {"url": "https://hook.example"}}]},
    }
    knock.users.update("ana", channel_data=data)
    knock.workflows.trigger("v", recipients=["ana"])
    sim.advance(hours=1)
    sim.delivery(channel, outcome="undelivered", failures=3)
    knock.workflows.trigger("v", recipients=["ana"])
    sim.advance(hours=1)
    good, bad = sim.messages()
    assert (good.status, bad.status) == ("delivered" if channel == "http" else "sent", "undelivered")
    assert (len(logs(knock, good)), len(logs(knock, bad))) == (1, 3)


def test_sandbox_mode_ignores_declared_outcomes(knock: Any, sim: Simulator) -> None:
    sim.delivery("email", outcome="bounced")
    knock.workflows.trigger("w", recipients=["ana"], settings={"sandbox_mode": True})
    sim.advance(hours=1)
    (message,) = sim.messages()
    assert message.status == "not_sent"
    assert logs(knock, message) == []


def test_a_delivery_log_shows_the_request_to_the_provider(knock: Any, sim: Simulator) -> None:
    knock.workflows.trigger("w", recipients=["ana"])
    sim.advance(hours=1)
    (log,) = knock.messages.list_delivery_logs(sim.messages()[0].id).items
    assert (log.service_name, log.request.method, log.request.host) == (
        "email_sendgrid",
        "POST",
        "email-sendgrid.invalid",
    )
    assert log.request.body["to"] == "ana@x.example"
    assert log.inserted_at == sim.messages()[0].inserted_at + timedelta(seconds=1)


def test_an_in_app_message_has_no_delivery_log(knock: Any, sim: Simulator) -> None:
    sim.workflow("v")
    knock.workflows.trigger("v", recipients=["ana"])
    assert logs(knock, sim.messages()[0]) == []


@pytest.mark.parametrize(
    ("channel", "options"),
    [
        ("in_app_feed", {"outcome": "bounced"}),
        ("email", {"outcome": "lost"}),
        ("email", {"outcome": "undelivered", "failures": 0}),
        ("email", {"outcome": "undelivered", "failures": 9}),
        ("email", {"outcome": "delivered", "failures": 8}),
        ("email", {"outcome": "delivered", "failures": -1}),
        ("http", {"outcome": "bounced"}),
        ("http", {"outcome": "sent"}),
        ("nowhere", {"outcome": "bounced"}),
    ],
)
def test_invalid_outcomes_are_rejected(sim: Simulator, channel: str, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"at once|outcome|failures|nowhere"):
        sim.delivery(channel, **options)


@rule("sn/tracking", "a click on a link in an SMS counts as reading")
@pytest.mark.parametrize(("channel", "read"), [("email", False), ("in_app_feed", False), ("sms", True)])
def test_a_click_on_a_link_is_recorded(knock: Any, sim: Simulator, channel: str, read: bool) -> None:
    sim.workflow("v", channels=[channel])
    knock.workflows.trigger("v", recipients=["ana"])
    sim.advance(minutes=1)
    sim.click(sim.messages()[0], "https://x.example/page")
    (message,) = sim.messages()
    assert message.link_clicked_at == message.clicked_at == sim.now
    assert message.engagement_statuses == (["read", "link_clicked"] if read else ["link_clicked"])
    assert message.read_at == (sim.now if read else None)
    assert events(knock, message)[-1] == ("link_clicked", 60, {"url": "https://x.example/page"})
    assert [found.id for found in knock.messages.list(engagement_status=["link_clicked"]).items] == [message.id]


def test_a_click_in_an_unknown_message_raises(sim: Simulator) -> None:
    with pytest.raises(LookupError, match="no message 'none'"):
        sim.click("none", "https://x.example")
