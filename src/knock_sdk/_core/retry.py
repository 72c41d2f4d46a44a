"""Retries: whether a failed attempt is repeated, and when; the waiting itself is done by the transport."""

from __future__ import annotations

import random
import re
from calendar import timegm
from collections import deque
from email.utils import parsedate_tz
from time import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from .outcome import Failure, Response
    from .requests.operation import Repeat

ATTEMPTS = 3
ATTEMPTS_KEYED = 4
CAP = 20.0
BASE_TRANSIENT = 0.05
BASE_THROTTLED = 1.0
LONGEST_RETRY_AFTER = 60.0
SPREAD = 0.10

_TRANSIENT = frozenset({408, 500, 502, 503, 504})
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_FOREVER = 1e12


class Cause(NamedTuple):
    """The reason to repeat an attempt."""

    throttled: bool
    retry_after: float | None = None
    at_once: bool = False


def allowed_attempts(repeat: Repeat, max_retries: int | None) -> int:
    """Return how many attempts an operation gets in all."""
    if max_retries is not None:
        return max_retries + 1
    return ATTEMPTS_KEYED if repeat == "keyed" else ATTEMPTS


def cause_of_failure(repeat: Repeat, failure: Failure) -> Cause | None:
    """Return the reason to repeat a failed attempt, or None if it must not be repeated."""
    if failure.permanent or not failure.attempted:
        return None
    if not failure.sent:
        return Cause(throttled=False, at_once=failure.reused)
    if repeat == "never":
        return None
    # An idle connection that the server has closed says nothing about the server's health.
    return Cause(throttled=False, at_once=failure.reused and not failure.timed_out)


def cause_of_status(repeat: Repeat, response: Response, *, strict_once: bool = False) -> Cause | None:
    """Return the reason to repeat a request after this response, or None if it must not be repeated.

    Args:
        repeat: how safe the operation is to repeat.
        response: the response.
        strict_once: whether a trigger that got a 500 counts as carried out: the API does not store such a response for
            the idempotency key, so that a repeated request would run again.
    """
    if strict_once and repeat == "keyed" and response.status == 500:
        return None
    throttled = response.status == 429
    if not throttled and (response.status not in _TRANSIENT or repeat == "never"):
        return None
    if (response.header(b"x-should-retry") or "").lower() == "false":
        return None
    return Cause(throttled=throttled, retry_after=retry_after(response))


def retry_after(response: Response, now: Callable[[], float] = time) -> float | None:
    """Return the seconds to wait that the server requests: `Retry-After-Ms`, or `Retry-After` as seconds or a date."""
    if (milliseconds := _number(response.header(b"retry-after-ms"))) is not None:
        return milliseconds / 1000
    text = response.header(b"retry-after")
    if (seconds := _number(text)) is not None:
        return seconds
    return None if text is None else _seconds_until(text, now())


def _number(text: str | None) -> float | None:
    if text is None or not _NUMBER.fullmatch(text):
        return None
    return min(float(text), _FOREVER)


def _seconds_until(date: str, now: float) -> float | None:
    try:
        fields = parsedate_tz(date)
        if fields is None:
            return None
        if fields[0] > 9999:
            return _FOREVER  # a year beyond Python's calendar
        # Inside the try block: an hour or second of many digits gives a number too large for a float.
        ahead = timegm((*fields[:6], 0, 0, 0)) - (fields[9] or 0) - now
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return min(max(ahead, 0.0), _FOREVER)


def wait_before(
    cause: Cause, attempt: int, time_left: float, chance: Callable[[], float] = random.random
) -> float | None:
    """Return the seconds to wait before the next attempt, or None if there is no time for it.

    Args:
        cause: reason to repeat it.
        attempt: number of the attempt that failed, from 1.
        time_left: seconds that the call still has.
        chance: returns a number from 0 to 1, for jitter.
    """
    if cause.retry_after is not None:
        # Never earlier than requested; a little later, so that many clients do not return together.
        wait = cause.retry_after * (1 + SPREAD * chance())
        if cause.retry_after > LONGEST_RETRY_AFTER:
            return None
    elif cause.at_once and attempt == 1:
        wait = 0.0
    else:
        base = BASE_THROTTLED if cause.throttled else BASE_TRANSIENT
        # The exponent is bounded, so that no number of retries overflows.
        wait = min(CAP, base * 2 ** min(attempt - 1, 30)) * chance()
    return wait if wait < time_left else None


class Budget:
    """Tokens for retries, shared by all calls of a client, so that retries do not multiply the load of an outage.

    It starts full. A retry costs 14 tokens after a failure and 5 after a 429; a success after retries gives back the
    cost of its last retry, any other success 1. If too few are left, the error is raised at once. With 500 tokens,
    1,000 calls to a server that is down make at most 1,035 requests.
    """

    CAPACITY = 500
    COST_TRANSIENT = 14
    COST_THROTTLED = 5

    def __init__(self) -> None:
        """Start full."""
        # One element for each token: taking and giving one is a single step, so no lock is needed, which an interrupt
        # or a fork could leave locked; and more than the capacity finds no room.
        self._tokens = deque(range(self.CAPACITY), maxlen=self.CAPACITY)

    @property
    def tokens(self) -> int:
        """Number of tokens left."""
        return len(self._tokens)

    def spend(self, cause: Cause) -> int:
        """Take the tokens for one retry; return how many, 0 if there are too few."""
        cost = self.COST_THROTTLED if cause.throttled else self.COST_TRANSIENT
        taken: list[int] = []
        try:
            taken.extend(self._tokens.pop() for _ in range(cost))
        except IndexError:
            self._tokens.extend(taken)
            return 0
        return cost

    def refund(self, spent: int) -> None:
        """Give tokens back after a success."""
        if len(self._tokens) < self.CAPACITY:
            self._tokens.extend(range(max(spent, 1)))
