"""Delivery of triggered messages: addresses, contents, and statuses over time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


def test_channels_without_an_address_are_skipped(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email", "sms", "push", "chat", "http", "in_app_feed"])
    knock.users.update("ana", email="")
    knock.workflows.trigger("w", recipients=["ana"])
    assert [message.channel.type for message in sim.messages()] == ["http", "in_app_feed"]
    assert [(skip.channel, skip.reason, skip.detail) for skip in sim.skips()] == [
        ("email", "no_address", "email"),
        ("sms", "no_address", "phone_number"),
        ("push", "no_address", "channel_data"),
        ("chat", "no_address", "channel_data"),
    ]
    knock.users.update(
        "ana",
        email="ana@x.example",
        phone_number="+12025550100",
        channel_data={
            sim.channel("push").id: {"devices": [{"token": "t1"}]},
            sim.channel("chat").id: {"connections": [{"access_token": "x", "channel_id": "C1"}]},
        },
    )
    knock.workflows.trigger("w", recipients=["ana"])
    assert len(sim.messages()) == 2 + 6


def test_a_missing_address_is_reported_before_preferences(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["email"])
    knock.users.set_preferences("ana", "default", workflows={"w": False})
    knock.workflows.trigger("w", recipients=["ana"])
    assert sim.skips()[0].reason == "no_address"


def test_contents_without_a_template_show_the_trigger_data(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", name="Invoice <new>", channels=["in_app_feed", "email", "sms", "push", "chat", "http"])
    ana = {
        "id": "ana",
        "email": "ana@x.example",
        "phone_number": "+12025550100",
        "channel_data": {
            sim.channel("push").id: {"tokens": ["t1"]},
            sim.channel("chat").id: {"connections": [{"incoming_webhook": {"url": "https://hook.example"}}]},
        },
    }
    knock.workflows.trigger("w", recipients=[ana], data={"amount": 5, "note": "a & b"})
    feed, email, sms, push, chat, webhook = (message.id for message in sim.messages())
    assert knock.messages.get_content(feed).data.blocks[0].rendered == (
        "<p>Invoice &lt;new&gt;</p><p>amount: 5</p><p>note: a &amp; b</p>"
    )
    mail = knock.messages.get_content(email).data
    assert mail.html_body == "<p>amount: 5</p><p>note: a &amp; b</p>"
    assert (mail.to, mail.subject_line, mail.text_body) == ("ana@x.example", "Invoice <new>", "amount: 5\nnote: a & b")
    assert knock.messages.get_content(sms).data.to == "+12025550100"
    assert knock.messages.get_content(push).data.token == "t1"
    assert knock.messages.get_content(chat).data.connection == {"incoming_webhook": {"url": "https://hook.example"}}
    with pytest.raises(NotFoundError):
        knock.messages.get_content(webhook)


def test_delivery_advances_with_simulated_time(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed", "email", "push", "http"])
    push = {sim.channel("push").id: {"tokens": ["t"]}}
    knock.workflows.trigger("w", recipients=[{"id": "ana", "email": "a@x.example", "channel_data": push}])

    def statuses() -> list[str]:
        return [message.status for message in sim.messages()]

    assert statuses() == ["delivered", "queued", "queued", "queued"]
    sim.advance(seconds=0.5)
    assert statuses() == ["delivered", "queued", "queued", "queued"]
    sim.advance(timedelta(seconds=0.5))
    assert statuses() == ["delivered", "sent", "sent", "delivered"]
    sim.advance(hours=1)
    assert statuses() == ["delivered", "delivered", "sent", "delivered"]
    email = sim.messages(channel="email")[0]
    assert email.updated_at - email.inserted_at == timedelta(seconds=5)
    events = knock.messages.list_events(email.id).items
    assert [event.type for event in events] == [
        "message.created",
        "message.queued",
        "message.sent",
        "message.delivered",
    ]
    assert [event.inserted_at - email.inserted_at for event in events] == [
        timedelta(seconds=seconds) for seconds in (0, 0, 1, 5)
    ]


def test_sandbox_mode_sends_nothing(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed", "email"])
    ana = {"id": "ana", "email": "ana@x.example"}
    knock.workflows.trigger("w", recipients=[ana], settings={"sandbox_mode": True})
    sim.advance(hours=1)
    assert [message.status for message in sim.messages()] == ["not_sent", "not_sent"]
