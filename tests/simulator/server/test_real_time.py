"""Clocks that run: what is due happens when it is due, without a request, in each environment."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import httpx
import pytest

from knock_sdk.testing import Simulator
from knock_sdk.testing.server.environments import Environments
from knock_sdk.testing.server.real_time import RealTime, WallClock
from knock_sdk.testing.server.state_access import watch
from tests.simulator.server.test_command import run_server
from tests.simulator.support.webhook_server import listen, wait_until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knock_sdk.testing.state.changes import Change


@pytest.mark.parametrize("name", ["", "w1"])
def test_a_delay_ends_without_a_request(name: str) -> None:
    with listen() as (target, received), run_server("--real-time") as server:
        with httpx.Client(base_url=f"{server.url}/_simulator", params={"environment": name}) as controls:
            webhook = {"target": target, "events": ["message.delivered"], "secret": "a secret of ours"}
            controls.post("/webhook", json=webhook).raise_for_status()
            controls.post(
                "/workflow", json={"key": "later", "channels": ["in_app_feed"], "delay": 1}
            ).raise_for_status()
        key = f"sk_test@{name}" if name else "sk_test"
        server.client.with_options(api_key=key).workflows.trigger("later", recipients=[{"id": "ana"}])
        wait_until(lambda: len(received) == 1)  # nothing else is sent to the server until then


def test_a_clock_adds_the_time_that_passes_to_other_advances(monkeypatch: pytest.MonkeyPatch) -> None:
    time = [100.0]
    monkeypatch.setattr("knock_sdk.testing.server.real_time.monotonic", lambda: time[0])
    sim = Simulator()
    sim.workflow("later", channels=["in_app_feed"], delay=timedelta(seconds=60))
    clock = WallClock(sim, 90.0)
    clock.catch_up()
    start = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
    assert sim.now == start + timedelta(seconds=10)
    assert clock.seconds_to_next() is None
    sim.client().workflows.trigger("later", recipients=[{"id": "ana"}])
    assert clock.seconds_to_next() == 60
    time[0] = 105.0
    assert clock.seconds_to_next() == 55
    sim.advance(seconds=20)
    assert clock.seconds_to_next() == 35
    time[0] = 141.0
    assert clock.seconds_to_next() == -1
    assert sim.messages() == []
    clock.catch_up()
    assert len(sim.messages()) == 1
    assert sim.now == start + timedelta(seconds=71)


def test_a_clock_stops_at_the_end_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knock_sdk.testing.server.real_time.monotonic", lambda: 10.0)
    last = datetime.max.replace(tzinfo=timezone.utc)
    sim = Simulator(now=last - timedelta(seconds=1))
    WallClock(sim, 0.0).catch_up()
    assert sim.now == last
    WallClock(sim, 0.0).catch_up()
    assert sim.now == last


def test_a_new_environment_and_one_that_was_reset_have_the_time_of_the_main_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time = [100.0]
    monkeypatch.setattr("knock_sdk.testing.server.real_time.monotonic", lambda: time[0])
    environments = Environments(Simulator())
    clocks = RealTime(environments, lambda: None)
    time[0] = 160.0
    worker = environments.get("w1")
    clocks.catch_up()
    assert worker.now == environments.main.now == datetime(2026, 1, 5, 9, 1, tzinfo=timezone.utc)
    environments.reset("w1")
    clocks.catch_up()
    assert worker.now == environments.main.now
    environments.delete("w1")
    time[0] = 220.0
    clocks.catch_up()
    assert environments.main.now == datetime(2026, 1, 5, 9, 2, tzinfo=timezone.utc)
    assert worker.now == datetime(2026, 1, 5, 9, tzinfo=timezone.utc)


def test_those_who_look_at_a_deleted_environment_are_told(sim: Simulator) -> None:
    environments = Environments(sim)
    told: list[str] = []

    def note(changes: Sequence[Change]) -> None:
        told.extend(change.kind for change in changes)

    watch(environments.get("w1"), note)
    environments.delete("w1")
    assert told == ["state"]
