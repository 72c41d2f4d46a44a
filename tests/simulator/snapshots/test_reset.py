"""`reset()` returns to the state before the first request, and a deep copy of a simulator goes its own way."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError, RateLimitError
from knock_sdk.testing import Simulator

if TYPE_CHECKING:
    from pathlib import Path

ANA = {"id": "ana", "email": "ana@x.example"}


def use(client: Any) -> list[str]:
    """Store and send; return the ids that were generated."""
    client.users.update("ben", name="Ben")
    return [client.workflows.trigger("welcome", recipients=[ANA]).workflow_run_id]


def test_a_reset_keeps_what_was_declared_before_the_first_request(knock: Any, sim: Simulator) -> None:
    sim.channel("postmark", type="email")
    sim.workflow("welcome", channels=["postmark"], delay=timedelta(hours=1))
    sim.set_variables({"url": "https://x.example"})
    start, first = sim.now, use(knock)
    sim.workflow("second")
    sim.advance(hours=5)
    assert len(sim.messages()) == 1
    sim.fail("users.get", next=None, status=429)
    for _ in range(2):
        sim.reset()
        assert sim.now == start
        assert sim.messages() == sim.requests == sim.triggers == sim.waiting() == []
        assert knock.users.list().items == []
        with pytest.raises(NotFoundError, match="resource_missing"):
            knock.users.get("ben")  # and the fault has ended
        with pytest.raises(NotFoundError, match="workflow_missing"):
            knock.workflows.trigger("second", recipients=["ana"])
        sim.reset()
        assert use(knock) == first
        assert [each.until for each in sim.waiting()] == [start + timedelta(hours=1)]
        sim.advance(hours=1)
        sim.assert_sent(to="ana", channel="postmark")


def test_declarations_between_a_reset_and_the_next_request_remain_too(knock: Any, sim: Simulator) -> None:
    sim.workflow("welcome")
    use(knock)
    sim.reset()
    sim.workflow("second")
    use(knock)
    sim.reset()
    knock.workflows.trigger("second", recipients=[ANA])
    knock.workflows.trigger("welcome", recipients=[ANA])


def test_a_reset_without_a_request_ends_the_faults_alone(knock: Any, sim: Simulator) -> None:
    sim.workflow("welcome")
    sim.advance(days=1)
    now = sim.now
    sim.fail(next=None, status=429)
    sim.reset()
    assert sim.now == now
    use(knock)


def test_after_a_load_or_a_restore_a_reset_returns_there(tmp_path: Path) -> None:
    sim = Simulator()
    use(sim.client())
    sim.save(tmp_path / "state")
    restored = Simulator()
    use(restored.client())
    restored.restore(sim.snapshot())
    for each in (Simulator.load(tmp_path / "state"), restored):
        client = each.client()
        client.users.delete("ben")
        each.reset()
        assert client.users.get("ben").name == "Ben"
        assert len(each.messages()) == 1


def test_a_state_that_cannot_be_copied_is_an_error_of_reset_alone(sim: Simulator) -> None:
    sim.set_variables({"f": lambda: None})
    use(sim.client())
    with pytest.raises(ValueError, match="cannot be copied"):
        sim.reset()


def test_a_deep_copy_has_the_state_and_goes_its_own_way(sim: Simulator) -> None:
    sim.workflow("welcome", delay=timedelta(hours=1))
    client = sim.client()
    use(client)
    sim.fail("users.get", next=2, status=429)
    copied = copy.deepcopy(sim)
    assert [request.path for request in copied.requests] == [request.path for request in sim.requests]
    copied.advance(weeks=1)
    copied.assert_sent(to="ana")
    assert copied.now - sim.now == timedelta(days=7)
    assert sim.messages() == []
    other = copied.client(max_retries=0)
    for _ in range(2):
        with pytest.raises(RateLimitError):
            other.users.get("ben")
    assert other.users.get("ben").name == "Ben"
    other.users.update("zoe")
    with pytest.raises(RateLimitError):  # the faults are counted apart
        sim.client(max_retries=0).users.get("ben")
    assert [user.id for user in client.users.list()] == ["ben", "ana"]
    copied.reset()
    assert copied.requests == []
    assert len(sim.requests) == 4


def test_what_holds_a_simulator_can_be_copied_deeply() -> None:
    sim = Simulator()
    one, two = copy.deepcopy([sim, sim])
    assert one is two is not sim


def test_a_deep_copy_of_a_snapshot_is_the_snapshot(sim: Simulator) -> None:
    use(sim.client())
    snapshot = sim.snapshot()
    assert copy.deepcopy(snapshot) is snapshot
