"""Listeners: they are told of each change when it is finished, in order, until they end it."""

from __future__ import annotations

import copy
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

from knock_sdk.testing import Simulator
from knock_sdk.testing.server.state_access import locked, watch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from knock_sdk.testing.state.changes import Change


def trigger(sim: Simulator) -> None:
    with sim.client() as client:
        client.workflows.trigger("welcome", recipients=[{"id": "ana"}])


def test_each_change_is_told_when_the_state_has_it(sim: Simulator) -> None:
    told: list[Change] = []

    def listen(changes: Sequence[Change]) -> None:
        with locked(sim) as world:
            assert all(each.subject in world.messages for each in changes if each.kind == "message")
        told.extend(changes)

    watch(sim, listen)
    trigger(sim)
    message = sim.messages()[0]
    assert [each.detail for each in told if each[:2] == ("message", message.id)] == ["created", "delivered"]
    assert [each.subject for each in told if each.kind == "recipient"] == ["ana"]
    assert [each.subject for each in told if each.kind == "request"] == [sim.requests[0].request_id]
    assert [each.kind for each in told].count("run") >= 2


def test_changes_of_other_threads_and_of_the_clock_are_told(sim: Simulator) -> None:
    told: list[str] = []
    watch(sim, lambda changes: told.extend(each.kind for each in changes))
    thread = Thread(target=trigger, args=(sim,))
    thread.start()
    thread.join()
    assert "message" in told
    told.clear()
    sim.advance(seconds=1)
    assert told == ["clock"]
    sim.workflow("other", channels=["email"])
    sim.fail(next=1)
    sim.guide("tour", content={"title": "Hi"})
    assert told == ["clock", "declaration", "fault", "guide"]


def test_the_clock_is_told_of_after_it_has_moved(sim: Simulator) -> None:
    told: list[datetime] = []

    def listen(changes: Sequence[Change]) -> None:
        if any(each.kind == "clock" for each in changes):
            told.append(sim.now)

    watch(sim, listen)
    sim.advance_to(sim.now + timedelta(hours=1))
    sim.webhook(lambda _body, _headers: None)
    sim.advance(hours=1)
    sim.slow(2.5)
    trigger(sim)
    start = Simulator().now
    assert told == [start + timedelta(hours=1), start + timedelta(hours=2), start + timedelta(hours=2, seconds=2.5)]


def test_a_restored_state_is_told_and_watched_on(sim: Simulator) -> None:
    told: list[str] = []
    snapshot = sim.snapshot()
    watch(sim, lambda changes: told.extend(each.kind for each in changes))
    sim.restore(snapshot)
    assert told == ["state"]
    trigger(sim)
    assert "message" in told
    told.clear()
    sim.reset()
    assert "state" in told


def test_one_listener_ends_and_the_other_stays(sim: Simulator) -> None:
    first: list[Change] = []
    second: list[Change] = []
    stop = watch(sim, first.extend)
    watch(sim, second.extend)
    sim.advance(seconds=1)
    stop()
    stop()
    sim.advance(seconds=1)
    assert (len(first), len(second)) == (1, 2)


def test_nothing_is_collected_when_nobody_watches(sim: Simulator) -> None:
    stop = watch(sim, lambda _: None)
    stop()
    trigger(sim)
    with locked(sim) as world:
        assert world.changes is None


def test_a_copy_has_no_listeners(sim: Simulator) -> None:
    told: list[Change] = []
    watch(sim, told.extend)
    copied = copy.deepcopy(sim)
    trigger(copied)
    assert told == []
    assert len(copied.messages()) == 1
    trigger(sim)
    assert told
