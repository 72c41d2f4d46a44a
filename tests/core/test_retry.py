"""Retries: which failures and statuses are retried, and after which wait."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import pytest

from knock_sdk._core.outcome import Failure
from knock_sdk._core.retry import (
    ATTEMPTS,
    ATTEMPTS_KEYED,
    CAP,
    Cause,
    allowed_attempts,
    cause_of_failure,
    cause_of_status,
    wait_before,
)

from .support import REPEATS, make_response

if TYPE_CHECKING:
    from knock_sdk._core.requests.operation import Repeat

TRANSIENT = Cause(throttled=False)
THROTTLED = Cause(throttled=True)

ALL = frozenset(REPEATS)
NONE: frozenset[Repeat] = frozenset()
REPEATABLE = ALL - {"never"}

FAILURES = [
    (Failure("refused", sent=False), ALL, TRANSIENT),
    (Failure("no place in the pool", sent=False, timed_out=True), ALL, TRANSIENT),
    (Failure("the kept connection was closed", sent=False, reused=True), ALL, Cause(throttled=False, at_once=True)),
    (Failure("reset", sent=True), REPEATABLE, TRANSIENT),
    (Failure("no answer", sent=True, timed_out=True), REPEATABLE, TRANSIENT),
    (Failure("reset", sent=True, reused=True), REPEATABLE, Cause(throttled=False, at_once=True)),
    (Failure("no answer", sent=True, timed_out=True, reused=True), REPEATABLE, TRANSIENT),
    (Failure("bad certificate", sent=False, permanent=True), NONE, TRANSIENT),
    (Failure("bad header", sent=True, permanent=True), NONE, TRANSIENT),
]
FAILED = [f"{failure}, connection reused" if failure.reused else str(failure) for failure, *_ in FAILURES]
STATUSES = {
    **dict.fromkeys((200, 204, 301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 409, 410, 413, 418, 422, 425), NONE),
    **dict.fromkeys((501, 505, 507, 511, 520, 529, 599), NONE),
    **dict.fromkeys((408, 500, 502, 503, 504), REPEATABLE),
    429: ALL,
}


@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize(("failure", "allowed", "cause"), FAILURES, ids=FAILED)
def test_a_failure_is_retried_if_the_operation_permits(
    repeat: Repeat, failure: Failure, allowed: frozenset[Repeat], cause: Cause
) -> None:
    assert cause_of_failure(repeat, failure) == (cause if repeat in allowed else None)


@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize(("status", "allowed"), STATUSES.items())
def test_a_status_is_retried_if_the_operation_permits(repeat: Repeat, status: int, allowed: frozenset[Repeat]) -> None:
    expected = Cause(throttled=status == 429) if repeat in allowed else None
    assert cause_of_status(repeat, make_response(status)) == expected


@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize(("status", "allowed"), STATUSES.items())
def test_strict_once_does_not_retry_a_trigger_after_500(
    repeat: Repeat, status: int, allowed: frozenset[Repeat]
) -> None:
    may = repeat in allowed and (repeat, status) != ("keyed", 500)
    assert (cause_of_status(repeat, make_response(status), strict_once=True) is not None) == may


@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("word", ["false", "False", " false "])
def test_the_server_can_prevent_a_retry(repeat: Repeat, status: int, word: str) -> None:
    assert cause_of_status(repeat, make_response(status, headers={"X-Should-Retry": word})) is None


@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize(("status", "allowed"), STATUSES.items())
def test_the_server_cannot_force_a_retry(repeat: Repeat, status: int, allowed: frozenset[Repeat]) -> None:
    forced = cause_of_status(repeat, make_response(status, headers={"x-should-retry": "true"}))
    assert (forced is not None) == (repeat in allowed)


def test_the_cause_has_the_wait_that_the_server_requested() -> None:
    response = make_response(503, headers={"Retry-After": "7"})
    assert cause_of_status("safe", response) == Cause(throttled=False, retry_after=7.0)
    response = make_response(429, headers={"Retry-After-Ms": "1500"})
    assert cause_of_status("never", response) == Cause(throttled=True, retry_after=1.5)


@pytest.mark.parametrize("repeat", REPEATS)
def test_attempts_depend_on_the_operation_and_max_retries(repeat: Repeat) -> None:
    assert (ATTEMPTS, ATTEMPTS_KEYED) == (3, 4)
    assert allowed_attempts(repeat, None) == (4 if repeat == "keyed" else 3)
    assert allowed_attempts(repeat, 0) == 1
    assert allowed_attempts(repeat, 7) == 8


def test_a_requested_wait_is_honoured_up_to_a_minute_and_the_deadline() -> None:
    requested = Cause(throttled=True, retry_after=60.0)
    assert wait_before(requested, 1, 100, lambda: 1.0) == pytest.approx(66.0)
    assert wait_before(requested._replace(retry_after=60.001), 1, 1e9, lambda: 0.0) is None
    assert wait_before(requested, 1, 60.0, lambda: 0.0) is None
    assert wait_before(requested, 1, 60.1, lambda: 0.0) == 60.0
    assert wait_before(Cause(throttled=False, retry_after=0.0, at_once=True), 1, 60.0, lambda: 1.0) == 0.0


@pytest.mark.parametrize(
    ("cause", "longest"),
    [
        (TRANSIENT, [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 20.0, 20.0]),
        (THROTTLED, [1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]),
    ],
)
def test_waits_have_full_jitter_over_an_exponential(cause: Cause, longest: list[float]) -> None:
    for attempt, most in enumerate(longest, 1):
        waits = [wait_before(cause, attempt, math.inf, chance) for chance in (lambda: 0.0, lambda: 0.5, lambda: 1.0)]
        assert waits == [0.0, pytest.approx(most / 2), pytest.approx(most)]
    assert wait_before(cause, 10**9, math.inf, lambda: 1.0) == CAP == 20.0


def test_jitter_is_drawn_for_each_wait() -> None:
    waits = {wait_before(THROTTLED, 1, math.inf) for _ in range(50)}
    assert len(waits) == 50
    assert all(wait is not None and 0 <= wait < 1 for wait in waits)


@pytest.mark.parametrize("attempt", [1, 2])
def test_retries_of_simultaneous_rejections_are_spread(attempt: int) -> None:
    chance = random.Random(7).random
    waits = sorted(wait_before(THROTTLED, attempt, 60, chance) or 0 for _ in range(200))
    most = max(sum(start <= wait < start + 0.1 for wait in waits) for start in waits)
    assert most <= 0.2 * len(waits)


def test_the_first_retry_after_a_stale_connection_is_immediate() -> None:
    stale = Cause(throttled=False, at_once=True)
    assert wait_before(stale, 1, 10, lambda: 1.0) == 0.0
    assert wait_before(stale, 2, 10, lambda: 1.0) == 0.1


@pytest.mark.parametrize("cause", [TRANSIENT, THROTTLED, Cause(throttled=False, at_once=True)])
def test_a_wait_beyond_the_deadline_is_not_started(cause: Cause) -> None:
    assert wait_before(cause, 1, 0.0, lambda: 0.5) is None
    assert wait_before(cause, 4, 0.1, lambda: 1.0) is None
