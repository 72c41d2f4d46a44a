"""The next action that is scheduled, and the advance to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator


def test_the_clock_advances_from_action_to_action(sim: Simulator) -> None:
    start = sim.now
    assert sim.next_due is None
    assert sim.advance_to_next() is False
    assert sim.now == start
    sim.workflow("later", channels=["in_app_feed"], delay=timedelta(hours=1))
    client = sim.client()
    client.workflows.trigger("later", recipients=[{"id": "ana"}])
    sim.advance(minutes=10)
    client.workflows.trigger("later", recipients=[{"id": "ben"}, {"id": "cora"}])
    assert sim.next_due == start + timedelta(hours=1)
    assert sim.advance_to_next() is True
    assert sim.now == start + timedelta(hours=1)
    assert [str(message.recipient) for message in sim.messages()] == ["ana"]
    assert sim.advance_to_next() is True  # both, which are due at the same time
    assert sim.now == start + timedelta(hours=1, minutes=10)
    assert {str(message.recipient) for message in sim.messages()} == {"ana", "ben", "cora"}
    while sim.advance_to_next():
        pass
    assert sim.next_due is None


def test_events_are_sent_by_the_advance_to_the_next_action(sim: Simulator) -> None:
    received: list[bytes] = []

    def receive(body: bytes, headers: dict[str, str]) -> None:
        received.append(body)

    sim.webhook(receive, events=["message.delivered"])
    sim.workflow("later", channels=["in_app_feed"], delay=timedelta(hours=1))
    sim.client().workflows.trigger("later", recipients=[{"id": "ana"}])
    assert received == []
    while sim.advance_to_next():
        pass
    assert len(received) == 1
