"""A simulator with workflows to schedule, and what their schedules have sent."""

from __future__ import annotations

from datetime import timezone
from typing import Any

from knock_sdk.testing import Simulator

UTC = timezone.utc
NINE = {"frequency": "daily", "hours": 9, "minutes": 30}
UNKNOWN = "6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11"


def simulator() -> Simulator:
    """Return a simulator with two workflows; it is Monday, 5 January 2026, 9 o'clock."""
    made = Simulator()
    made.workflow("digest")
    made.workflow("other")
    return made


def sent(sim: Simulator, to: Any = None) -> list[str]:
    """Return when each message was made."""
    return [message.inserted_at.strftime("%m-%d %H:%M") for message in sim.messages(to=to)]
