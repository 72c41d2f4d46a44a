"""Helpers for tests of schedules: a simulator with workflows, and the times of its messages."""

from __future__ import annotations

from datetime import timezone
from typing import Any

from knock_sdk.testing import Simulator

UTC = timezone.utc
NINE = {"frequency": "daily", "hours": 9, "minutes": 30}
UNKNOWN = "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11"


def make_simulator() -> Simulator:
    """Return a simulator with two workflows; its time is Monday, 5 January 2026, 09:00 UTC."""
    made = Simulator()
    made.workflow("digest")
    made.workflow("other")
    return made


def sent(sim: Simulator, to: Any = None) -> list[str]:
    """Return the time at which each message was created."""
    return [message.inserted_at.strftime("%m-%d %H:%M") for message in sim.messages(to=to)]
