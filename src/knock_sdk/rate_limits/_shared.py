"""Limits whose state is kept by another program, with limits of this process for when it is away."""

from __future__ import annotations

import logging
import time
from abc import abstractmethod
from typing import TYPE_CHECKING, Literal, NamedTuple

from typing_extensions import override

from .._core.rate_limits.limits import RateLimit
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from .._core.rate_limits.clock import Clock
    from .._core.rate_limits.line import Line

_PAUSE = 1.0
"""Seconds after a failure until the other program is asked again."""

_log = logging.getLogger("knock_sdk")


class Reservation(NamedTuple):
    """The answer to a request for a slot."""

    wait: float
    """Seconds until the request may be sent; or, if it got no slot, until it may ask again."""
    granted: bool = True
    """Whether it got a slot."""


class SharedRateLimit(RateLimit):
    """A rate limit that several processes keep together: a base class for stores of any kind.

    If the store cannot be reached, nothing is raised: a warning is logged once, and until the store answers again, this
    process takes its share of each limit by itself. It is safe for threads and tasks, and after `fork`. Several clients
    can have the same object.
    """

    __slots__ = ("_away_until", "_lines_here", "_share", "_warned")

    blocking = True

    def __init__(self, *, fallback_share: float) -> None:
        """Store the share of each limit that this process takes while the store cannot be reached.

        Args:
            fallback_share: More than 0, at most 1: with N processes, 1 / N.

        Raises:
            ConfigurationError: The share is not such a number.
        """
        self._share = _check_share(fallback_share)
        self._away_until = 0.0
        self._warned = False
        self._lines_here: dict[str, Line] = {}

    @abstractmethod
    def ask(self, scope: str, interval: float, longest: float) -> Reservation | None:
        """Ask the store for the next slot of a scope; any exception means that it cannot be reached.

        Args:
            scope: What is counted together: text of 100 characters at most, from which no key can be read.
            interval: Seconds from one request of the scope to the next.
            longest: Seconds that the request can wait.

        Returns:
            The reservation, or None if the wait would be longer; then no slot is taken.
        """

    @override
    def reserve(self, scope: str, line: Line, clock: Clock, longest: float) -> float | None:
        """Return a slot of the line, or None if none comes within the longest wait."""
        end = time.monotonic() + longest
        while time.monotonic() >= self._away_until:
            now = clock.monotonic()
            if (slot := line.take_freed(now, longest)) is not None:
                return slot
            reservation = self._ask(scope, line.interval(now), end - time.monotonic())
            if reservation is False:
                break
            if reservation is None:
                return None
            if reservation.granted:
                return line.enter(clock.monotonic(), reservation.wait)
            if reservation.wait > end - time.monotonic():
                return None
            time.sleep(reservation.wait)
        return line.reserve(clock.monotonic(), longest, self._share)

    def _ask(self, scope: str, interval: float, longest: float) -> Reservation | Literal[False] | None:
        """Ask the store; return False if it cannot be reached."""
        try:
            reservation = self.ask(scope, interval, longest)
        except Exception as error:  # noqa: BLE001 (whatever the store's library raises, calls go on)
            self._away_until = time.monotonic() + _PAUSE
            if not self._warned:
                self._warned = True
                _log.warning(
                    "the store of the rate limits cannot be reached (%s): until it answers, this process takes %.3g of"
                    " each limit",
                    type(error).__name__,
                    self._share,
                )
            return False
        if self._warned:
            self._warned = False
            _log.info("the store of the rate limits answers again")
        return reservation

    @override
    def _lines(self, clock: Clock) -> dict[str, Line]:
        return self._lines_here


def _check_share(share: object) -> float:
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise ConfigurationError("fallback_share: must be a number above 0, at most 1, such as 1 / 4 for 4 processes")
    return share
