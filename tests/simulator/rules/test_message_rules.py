"""Rules of messages and feeds: statuses by channel, ids, actors, and how much of an item is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Batch, Send
from tests.simulator.support.pair import http

from .scenes import DAY, HOUR, trigger
from .table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

CHAT = {"connections": [{"incoming_webhook": {"url": "https://hooks.example/1"}}]}


def connect(knock: Any, sim: Simulator) -> None:
    """Give Ana an address on all channels."""
    knock.users.set_channel_data("ana", sim.channel("push").id, data={"tokens": ["t"]})
    knock.users.set_channel_data("ana", sim.channel("chat").id, data=CHAT)


@rule(
    "sn/message-statuses",
    "in-app messages are delivered at once, emails and SMS step by step; push and chat end as sent",
)
@rule("sn/message-statuses", "a webhook that answers with 2xx is delivered")
@rule("sn/message-statuses", "each status of the delivery is an event of the message")
@pytest.mark.parametrize(
    ("channel", "statuses"),
    [
        ("in_app_feed", ["delivered"]),
        ("email", ["queued", "sent", "delivered"]),
        ("sms", ["queued", "sent", "delivered"]),
        ("push", ["queued", "sent"]),
        ("chat", ["queued", "sent"]),
        ("http", ["queued", "delivered"]),
    ],
)
def test_the_statuses_of_a_channel(knock: Any, sim: Simulator, channel: str, statuses: list[str]) -> None:
    connect(knock, sim)
    sim.workflow("w", channels=[channel])
    trigger(knock)
    (message,) = sim.messages()
    seen = [message.status]
    for _ in range(100):
        sim.advance(seconds=0.5)
        (message,) = sim.messages()
        seen += [message.status] if message.status != seen[-1] else []
    assert seen == statuses
    events = [event.type for event in knock.messages.list_events(message.id).items]
    assert events == [f"message.{each}" for each in ("created", *statuses)]


@rule("sn/tracking", "a click on a link in a chat message counts as reading, one in an email does not")
@pytest.mark.parametrize(("channel", "statuses"), [("chat", ["read", "link_clicked"]), ("email", ["link_clicked"])])
def test_what_a_click_counts_as(knock: Any, sim: Simulator, channel: str, statuses: list[str]) -> None:
    connect(knock, sim)
    sim.workflow("w", channels=[channel])
    trigger(knock)
    sim.click(sim.messages()[0], "https://x.example")
    assert knock.messages.get(sim.messages()[0].id).engagement_statuses == statuses


@rule("api/Message", "the ids of messages are KSUIDs, which sort by time")
def test_ids_of_messages(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", channels=["in_app_feed"])
    for _ in range(5):
        trigger(knock)
        sim.advance(DAY)
    ids = [message.id for message in sim.messages()]
    assert all(re.fullmatch(r"[0-9A-Za-z]{27}", each) for each in ids)
    assert ids == sorted(set(ids))


@rule("api/Message", "a message and its feed item show at most ten actors; the item counts them all")
def test_actors_of_a_message(knock: Any, sim: Simulator) -> None:
    sim.workflow("w", steps=[Batch(HOUR), Send("in_app_feed")])
    for number in range(12):
        trigger(knock, actor={"id": f"u{number}"})
    sim.advance(HOUR)
    (message,) = sim.messages()
    first = [f"u{number}" for number in range(10)]
    assert message.actors == first
    (item,) = knock.users.feeds.list_items("ana", sim.channel("in_app_feed").id).items
    assert ([actor.id for actor in item.actors], item.total_actors) == (first, 12)


@rule("api/listUserInAppFeedItems", "a feed shows whole items unless the mode is `compact`")
@pytest.mark.parametrize(("query", "whole"), [("", True), ("?mode=rich", True), ("?mode=compact", False)])
def test_the_mode_of_a_feed(knock: Any, sim: Simulator, query: str, *, whole: bool) -> None:
    sim.workflow("w", channels=["in_app_feed"])
    trigger(knock, data={"deep": {"n": 1}})
    _, body = http(sim, "GET", f"/v1/users/ana/feeds/{sim.channel('in_app_feed').id}{query}")
    (item,) = body["entries"]
    assert ("activities" in item, item["data"]) == (whole, {"deep": {"n": 1}} if whole else {})
