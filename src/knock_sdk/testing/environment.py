"""One simulated environment: its state behind a lock, its time, and the way in for requests."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import RLock
from typing import TYPE_CHECKING

from .application import handle
from .background import timeline
from .http.exchange import ConnectionDropped
from .http.fault_plan import FaultPlan
from .state.clock import START
from .state.world import World
from .validation.requests import check_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .http.exchange import HTTPRequest, HTTPResponse, ReceivedRequest


class Environment:
    """What every part of `Simulator` works on."""

    def __init__(
        self,
        *,
        now: datetime = START,
        seed: int = 0,
        any_workflow: bool | None = None,
        default_preferences: Mapping[str, object] | None = None,
    ) -> None:
        """Start with nothing in it.

        Args:
            now: What the clock shows at first, with a time zone.
            seed: Where ids come from: the same calls with the same seed give the same ids.
            any_workflow: Whether a workflow that was not declared may be triggered, and sends one in-app message; if
                None, only as long as no workflow is declared. Otherwise it is answered with `workflow_missing`.
            default_preferences: The environment's default preference set, below those of tenants and recipients.

        Raises:
            ValueError: The time has no time zone, or the preference set is malformed.
        """
        if now.tzinfo is None:
            raise ValueError("now: takes a time with a time zone")
        # Reentrant: the function that tells which requests a fault is for may ask the simulator something.
        self._lock = RLock()
        self._world = World(now, seed, any_workflow=any_workflow)
        self._received: list[ReceivedRequest] = []
        self._faults = FaultPlan()
        if default_preferences is not None:
            problems = check_value("PreferenceSetRequest", dict(default_preferences), "default_preferences")
            if problems:
                raise ValueError(f"{problems[0].field}: {problems[0].message}")
            self._world.default_preferences = dict(default_preferences)

    def handle(self, request: HTTPRequest) -> HTTPResponse:
        """Answer an HTTP request; clients do nothing else.

        Raises:
            ConnectionDropped: There is no answer, as a fault that was declared will have it.
        """
        with self._lock:
            outcome, received = handle(self._world, request, self._faults)
            self._received.append(received)
        if isinstance(outcome, ConnectionDropped):
            raise outcome
        return outcome

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return self._world.clock.now

    def advance(
        self, wait: timedelta | None = None, *, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Let time pass: what falls due on the way happens, such as the delivery of an email.

        Args:
            wait: How much time, added to the hours, minutes and seconds.
            hours: Hours to add.
            minutes: Minutes to add.
            seconds: Seconds to add.

        Raises:
            ValueError: The time would go backwards.
        """
        total = (wait or timedelta()) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if total < timedelta():
            raise ValueError("time does not go backwards")
        with self._lock:
            timeline.advance(self._world, self._world.clock.now + total)

    def advance_to(self, moment: datetime) -> None:
        """Let time pass until a moment; nothing happens if it is past.

        Args:
            moment: The moment, with a time zone.
        """
        with self._lock:
            timeline.advance(self._world, moment)
