"""Tests of webhooks as a part of the state: snapshots, resets, files, and what is declared again or removed."""

from __future__ import annotations

import copy
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Simulator
from knock_sdk.testing.state import webhooks as webhooks_of_state
from tests.simulator.support.webhook_inbox import SECRET, START, Inbox, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable


def test_snapshots(sim: Simulator) -> None:
    inbox = Inbox(sim, 500)
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    snapshot = sim.snapshot()
    sim.advance(hours=1)
    assert outcomes(sim) == [("delivered", 2)]
    sim.restore(snapshot)
    assert outcomes(sim) == [("pending", 1)]
    sim.advance(hours=1)
    assert outcomes(sim) == [("delivered", 2)]


def test_a_reset_keeps_what_was_declared_before(sim: Simulator) -> None:
    inbox = Inbox(sim)
    sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    for _ in range(2):
        sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
        assert outcomes(sim) == [("delivered", 1)]
        sim.reset()
        assert outcomes(sim) == []
    assert inbox.types == ["message.delivered"] * 2


def test_a_copy_sends_on_its_own(sim: Simulator) -> None:
    received: list[str] = []
    sim.webhook(lambda _, headers: received.append(headers["x-knock-event"]), ["message.delivered"])
    copied = copy.deepcopy(sim)
    copied.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert received == ["message.delivered"]
    assert (len(copied.webhook_deliveries), len(sim.webhook_deliveries)) == (1, 0)


def test_a_saved_state_has_no_functions(sim: Simulator, tmp_path: Any) -> None:
    sim.webhook(Inbox(sim, 500), ["message.delivered"], secret=SECRET)
    sim.webhook("http://127.0.0.1:9/hook", ["message.read"], secret=SECRET)
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    sim.save(tmp_path / "state")
    loaded = Simulator.load(tmp_path / "state")
    loaded.advance(seconds=15)
    [delivery] = loaded.webhook_deliveries
    assert "was not saved" in str(delivery.attempts[1].error)
    loaded.client().messages.mark_as_read(loaded.messages()[0].id)
    assert "ConnectError" in str(loaded.webhook_deliveries[1].attempts[0].error)


def test_a_snapshot_during_an_attempt_has_it(sim: Simulator) -> None:
    snapshots = []
    sim.webhook(lambda _, __: snapshots.append(sim.snapshot()), ["message.delivered"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    assert outcomes(sim) == [("delivered", 1)]
    sim.restore(snapshots[0])
    assert outcomes(sim) == [("pending", 0)]
    sim.advance(seconds=1)
    assert outcomes(sim) == [("delivered", 1)]
    assert len(snapshots) == 2


@pytest.mark.parametrize(("act", "left"), [(Simulator.reset, 0), (lambda sim: sim.restore(Simulator().snapshot()), 1)])
def test_a_function_can_replace_the_state(sim: Simulator, act: Callable[[Simulator], None], left: int) -> None:
    """After a reset the webhook is there, and resets again; the empty state has none."""
    sim.webhook(lambda _, __: act(sim), ["message.delivered"])
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    assert sim.webhook_deliveries == []
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    assert len(sim.messages()) == left


def test_a_reset_during_an_advance_ends_it(sim: Simulator) -> None:
    sim.webhook(lambda _, __: sim.reset(), ["message.delivered"])
    sim.workflow("w", channels=["email"])
    sim.client().workflows.trigger("w", recipients=[{"id": "ana", "email": "ana@x.example"}])
    sim.advance(hours=1)
    assert sim.now == START


def test_a_function_that_is_declared_again(sim: Simulator, tmp_path: Any) -> None:
    first, second = Inbox(sim, 500, 500), Inbox(sim)
    sim.webhook(first, ["message.delivered"], secret=SECRET)
    sim.webhook(first, ["message.delivered", "message.read"], secret=SECRET)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    assert first.types == ["message.delivered"]
    sim.save(tmp_path / "state")
    loaded = Simulator.load(tmp_path / "state")
    second.sim = loaded
    loaded.webhook(second, secret=SECRET)  # it has the name of the one that was not saved, and takes its place
    loaded.advance(seconds=15)
    assert second.types == ["message.delivered"]
    assert outcomes(loaded) == [("delivered", 2)]


def test_a_webhook_that_is_removed(sim: Simulator) -> None:
    first, second = Inbox(sim, 500), Inbox(sim)
    for inbox in (first, second):
        sim.webhook(inbox, ["message.delivered"], secret=SECRET)
    client = sim.client()
    client.workflows.trigger("w", recipients=[{"id": "ana"}])
    sim.remove_webhook(first)
    client.workflows.trigger("w", recipients=[{"id": "ben"}])
    third = Inbox(sim)
    sim.webhook(third, ["message.delivered"], secret=SECRET)
    sim.advance(hours=1)
    client.workflows.trigger("w", recipients=[{"id": "cleo"}])
    assert [len(inbox.events) for inbox in (first, second, third)] == [1, 3, 1]
    assert sim.webhook_deliveries[0].outcome == "dropped"


def test_a_webhook_that_removes_itself(sim: Simulator) -> None:
    def handle(_: bytes, __: dict[str, str]) -> int:
        sim.remove_webhook(handle)
        return 500

    sim.webhook(handle)
    sim.client().workflows.trigger("w", recipients=[{"id": "ana"}])
    sim.advance(hours=1)
    assert {each.outcome for each in sim.webhook_deliveries} == {"dropped"}
    assert sum(len(each.attempts) for each in sim.webhook_deliveries) == 0


def test_a_clock_before_1970_is_refused() -> None:
    with pytest.raises(ValueError, match="the clock is before 1970"):
        Simulator(now=datetime(1960, 1, 1, tzinfo=timezone.utc)).webhook(print)


def test_a_secret_does_not_show(sim: Simulator) -> None:
    sim.webhook(print, secret=SECRET)
    assert SECRET not in repr(vars(sim._world.of(webhooks_of_state.Webhooks)))
