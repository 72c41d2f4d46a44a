"""Deadlines: moments that a wait must not exceed."""

from __future__ import annotations

import math

import pytest

from knock_sdk._core import deadline
from knock_sdk._core.deadline import NEVER, Deadline, seconds_left


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Replace the clock; the only element of the list is the current time."""
    now = [100.0]
    monkeypatch.setattr(deadline, "monotonic", lambda: now[0])
    return now


def test_the_time_left_decreases_to_zero(clock: list[float]) -> None:
    limit = Deadline.after(2.5)
    assert limit == 102.5
    assert limit.left() == 2.5
    clock[0] = 102.0
    assert limit.left() == 0.5
    assert seconds_left(limit) == 0.5
    clock[0] = 102.5
    assert limit.left() == 0.0
    clock[0] = 1000.0
    assert limit.left() == 0.0
    assert seconds_left(limit) == 0.0


def test_without_a_timeout_the_time_left_is_unlimited(clock: list[float]) -> None:
    limit = Deadline.after(None)
    clock[0] = 1e12
    assert limit == NEVER == math.inf
    assert limit.left() == math.inf
    assert seconds_left(limit) is None


@pytest.mark.usefixtures("clock")
def test_min_returns_the_earlier_deadline() -> None:
    call, attempt, never = Deadline.after(60), Deadline.after(30), Deadline.after(None)
    assert min(call, attempt) is attempt
    assert min(call, never) is call
    assert min(never, attempt).left() == 30.0


@pytest.mark.usefixtures("clock")
def test_an_attempt_ends_with_its_call() -> None:
    call, never = Deadline.after(60), Deadline.after(None)
    assert call.for_attempt(30).left() == 30.0
    assert call.for_attempt(90) is call
    assert call.for_attempt(None) is call
    assert never.for_attempt(None) is never
    assert never.for_attempt(5).left() == 5.0
