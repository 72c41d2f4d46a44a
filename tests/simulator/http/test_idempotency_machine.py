"""Concurrent triggers, interleaved at random: there is one run for each idempotency key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from knock_sdk import UnprocessableEntityError
from knock_sdk.testing import Simulator
from knock_sdk.testing.http import idempotency
from knock_sdk.testing.http.idempotency import LIFETIME

if TYPE_CHECKING:
    from knock_sdk.testing.http.calls import Call, Reply

KEYS = st.sampled_from(["k1", "k2", "k3"])
DATA = st.sampled_from([{"n": 1}, {"n": 2}])
THREADS = 4
replay = idempotency.replay


def replay_and_pause(call: Call) -> Reply | None:
    """Look up a stored response, then pause, so that other threads can interleave."""
    stored = replay(call)
    sleep(0.001)
    return stored


class Triggers(RuleBasedStateMachine):
    """Triggers from several threads at once, compared with a model of the runs that they must cause."""

    def __init__(self) -> None:
        super().__init__()
        self.sim = Simulator()
        self.sim.workflow("w")
        self.client = self.sim.client(max_retries=0)
        self.client.users.update("ana")
        self.pool = ThreadPoolExecutor(THREADS)
        self.stored: dict[str, tuple[Any, str, timedelta]] = {}
        """The data, the run and the time of the first trigger, by key."""
        self.runs: list[str] = []
        self.passed = timedelta()
        self.patch = patch.object(idempotency, "replay", replay_and_pause)
        self.patch.start()

    def trigger(self, barrier: Barrier, key: str | None, data: dict[str, int]) -> tuple[str | None, bool]:
        """Trigger when all threads are ready; return the run (None if rejected) and whether it was replayed."""
        barrier.wait(10)
        try:
            result = self.client.workflows.trigger("w", recipients=["ana"], data=data, idempotency_key=key)
        except UnprocessableEntityError:
            return None, False
        return result.workflow_run_id, result.response_info.replayed

    @rule(sent=st.lists(st.tuples(KEYS, DATA), min_size=1, max_size=THREADS))
    def trigger_at_once(self, sent: list[tuple[str, dict[str, int]]]) -> None:
        barrier = Barrier(len(sent))
        futures = [self.pool.submit(self.trigger, barrier, key, data) for key, data in sent]
        outcomes = [future.result(20) for future in futures]
        for key in {key for key, _ in sent}:
            self.check_outcomes(
                key, [(data, *outcome) for (name, data), outcome in zip(sent, outcomes, strict=True) if name == key]
            )

    def check_outcomes(self, key: str, outcomes: list[tuple[dict[str, int], str | None, bool]]) -> None:
        """Compare the outcomes of triggers with one key with the trigger stored for it."""
        first = [(data, run) for data, run, replayed in outcomes if run is not None and not replayed]
        if key in self.stored and self.passed - self.stored[key][2] < LIFETIME:
            assert first == []
        else:
            ((data, run),) = first
            assert run is not None
            self.stored[key] = (data, run, self.passed)
            self.runs.append(run)
        stored, run, _ = self.stored[key]
        for data, found, _ in outcomes:
            assert found == (run if data == stored else None)

    @rule(data=DATA)
    def trigger_without_a_key(self, data: dict[str, int]) -> None:
        # The client gives each call a key of its own.
        run, replayed = self.trigger(Barrier(1), None, data)
        assert run is not None
        assert not replayed
        self.runs.append(run)

    @rule(hours=st.integers(1, 13))
    def wait(self, hours: int) -> None:
        self.sim.advance(hours=hours)
        self.passed += timedelta(hours=hours)

    @invariant()
    def one_run_and_one_message_for_each(self) -> None:
        # Which of the threads came first is not known.
        assert sorted(message.source.workflow_run_id or "" for message in self.sim.messages()) == sorted(self.runs)
        assert len(set(self.runs)) == len(self.runs)

    def teardown(self) -> None:
        self.patch.stop()
        self.pool.shutdown()
        self.client.close()


TestTriggers = Triggers.TestCase
TestTriggers.settings = settings(max_examples=20, stateful_step_count=12, deadline=None)
