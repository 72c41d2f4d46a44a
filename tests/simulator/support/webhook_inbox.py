"""A webhook that keeps what it gets, and what became of the events."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from knock_sdk import webhooks

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

SECRET = "a secret of ours"
START = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)


class Inbox:
    """A webhook that is a function: it keeps the events, each with the time, and returns the statuses in turn."""

    def __init__(self, sim: Simulator, *statuses: int | None) -> None:
        self.sim = sim
        self.statuses = list(statuses)
        self.events: list[Any] = []
        self.times: list[datetime] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    def __call__(self, body: bytes, headers: dict[str, str]) -> int | None:
        event = webhooks.unwrap(body, headers, secret=SECRET, tolerance=0)  # the simulated time is the current one
        assert webhooks.unwrap(body, headers, secret=SECRET, now=self.sim.now, tolerance=0) == event
        self.events.append(event)
        self.times.append(self.sim.now)
        self.headers.append(headers)
        self.bodies.append(body)
        return self.statuses.pop(0) if self.statuses else None

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]


def seconds(times: list[datetime]) -> list[float]:
    return [(each - START).total_seconds() for each in times]


def outcomes(sim: Simulator) -> list[tuple[str, int]]:
    return [(each.outcome, len(each.attempts)) for each in sim.webhook_deliveries]
