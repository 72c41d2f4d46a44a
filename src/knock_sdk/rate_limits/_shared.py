"""Limits whose state another program keeps, with limits of this process for when that is unavailable."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn

from typing_extensions import override

from .._core.lock import ProcessLock
from .._core.rate_limits.clock import SYSTEM_CLOCK
from .._core.rate_limits.limits import Later, RateLimit
from .._core.signals import raised_by_a_handler
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from typing_extensions import Self

    from .._core.rate_limits.clock import Clock
    from .._core.rate_limits.line import Line

_PAUSE = 1.0
"""Seconds after a failure until one request asks the other program again."""
_SHORTEST_WAIT = 0.001
"""Seconds until a request without a slot asks again, at least."""
_LONGEST_WAIT = 1e9
"""Seconds, about 30 years: what is longer is no wait, and longer than threads can wait."""

_log = logging.getLogger("knock_sdk")


class Reservation(NamedTuple):
    """The answer to a request for a slot."""

    wait: float
    """Seconds until the request may be sent; or, if it got no slot, until it may ask again. At least 0, at most 1e9."""
    granted: bool = True
    """Whether it got a slot."""


class SharedRateLimit(RateLimit, ABC):
    """A rate limit that several processes share: a base class for stores of any kind.

    If the store cannot be reached or returns an error, nothing is raised: a warning is logged once, and until the store
    answers again, this process keeps to its share of each limit on its own. It is safe for threads and tasks, and after
    `fork`. Several clients can have the same object. `AsyncKnock` calls `ask` in up to 8 threads for each event loop.

    In simulated time, as of `knock_sdk.testing`, the store is not asked: each simulator keeps limits of its own.
    """

    __slots__ = ("_ask_again_at", "_away", "_changed", "_lines_here", "_lock", "_share")

    blocking = True

    def __init__(self, *, fallback_share: float) -> None:
        """Set the share of each limit that this process keeps to while the store is unavailable.

        Args:
            fallback_share: More than 0, at most 1: with N processes, 1 / N.

        Raises:
            ConfigurationError: The share is not such a number.
        """
        self._share = _check_share(fallback_share)
        self._lock = ProcessLock()
        self._away = False
        self._ask_again_at = self._changed = 0.0
        self._lines_here: dict[str, Line] = {}

    @abstractmethod
    def ask(self, scope: str, interval: float, longest: float, earliest: float) -> Reservation | None:
        """Ask the store for the next slot of a scope; any exception means that it is unavailable.

        Args:
            scope: What is counted together: text of 100 characters at most, from which no key can be read.
            interval: Seconds from one request of the scope to the next; always the same for a scope.
            longest: Seconds that the request can wait; infinite for a call without a time limit.
            earliest: Seconds before which no process should get a slot; usually 0. After a time without the store,
                requests that the processes have let in by themselves use up the limit for so long.

        Returns:
            The reservation, or None if the wait would be longer; then no slot is taken. A longer one counts as None.
        """

    @override
    def reserve(self, scope: str, line: Line, clock: Clock, longest: float) -> float | Later | None:
        """Return a slot of the line, or when to ask again, or None if no slot comes within the longest wait."""
        # The store knows nothing of simulated time.
        if clock is SYSTEM_CLOCK and self._may_ask():
            now = clock.monotonic()
            if (slot := line.take_freed(now, longest)) is not None:
                return slot
            reservation = self._ask(scope, line.interval, longest, line.backlog(now))
            if reservation is None:
                return None
            if reservation is not False:
                wait, granted = reservation
                return line.enter(clock.monotonic(), wait) if granted else Later(max(wait, _SHORTEST_WAIT))
        return line.reserve(clock.monotonic(), longest, 1.0 if clock is not SYSTEM_CLOCK else self._share)

    def _may_ask(self) -> bool:
        """Return whether to ask the store: while it is away, one request tries it from time to time."""
        if not self._away:
            return True
        with self._lock.of_this_process():
            now = time.monotonic()
            if now < self._ask_again_at:
                return False
            self._ask_again_at = now + _PAUSE
            return True

    def _ask(self, scope: str, interval: float, longest: float, earliest: float) -> Reservation | Literal[False] | None:
        """Ask the store; return False if it cannot be reached."""
        asked = time.monotonic()
        try:
            reservation = _check(self.ask(scope, interval, longest, earliest), longest)
        except Exception as error:  # noqa: BLE001 (each store has its own)
            problem, of_the_caller = type(error).__name__, raised_by_a_handler(error)
        else:
            if self._away:
                self._note(None, asked)
            return reservation
        if of_the_caller is not None:
            raise of_the_caller  # and not what the store's library made of it
        self._note(problem, asked)
        return False

    def _note(self, problem: str | None, asked: float) -> None:
        """Note whether the store can be reached, and log a change; an answer to an earlier question is none."""
        with self._lock.of_this_process():
            if asked < self._changed:
                return
            before, self._away = self._away, problem is not None
            self._ask_again_at = time.monotonic() + _PAUSE
            if self._away != before:
                self._changed = time.monotonic()
        if problem is not None and not before:
            _log.warning(
                "the store of the rate limits is unavailable (%s): until it answers, this process keeps to %.3g of each"
                " limit",
                problem,
                self._share,
            )
        elif problem is None and before:
            _log.info("the store of the rate limits is available again")

    @override
    def _lines(self, clock: Clock) -> dict[str, Line]:
        return self._lines_here if clock is SYSTEM_CLOCK else clock.lines

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself: a copy of a client's settings shares its limits."""
        return self

    @override
    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise TypeError("a rate limit cannot be pickled, as it has connections; create one in each process")


def _check_share(share: object) -> float:
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise ConfigurationError("fallback_share: must be a number above 0, at most 1, such as 1 / 4 for 4 processes")
    return share


def _check(reservation: object, longest: float) -> Reservation | None:
    if reservation is None:
        return None
    if not isinstance(reservation, Reservation):
        raise TypeError("ask() must return a Reservation or None")
    if not 0 <= reservation.wait <= _LONGEST_WAIT:
        raise ValueError("the wait of a Reservation must be a number of seconds, at least 0")
    wait, granted = float(reservation.wait), bool(reservation.granted)
    return Reservation(wait, granted) if wait <= longest or not granted else None
