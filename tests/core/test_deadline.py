"""Moments that a wait must not pass."""

from __future__ import annotations

import math

import pytest

from knock_sdk._core import deadline
from knock_sdk._core.deadline import NEVER, Deadline, seconds_left


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stand in for the clock: its only element is the time."""
    now = [100.0]
    monkeypatch.setattr(deadline, "monotonic", lambda: now[0])
    return now


def test_what_is_left_grows_less(clock: list[float]) -> None:
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


def test_never(clock: list[float]) -> None:
    limit = Deadline.after(None)
    clock[0] = 1e12
    assert limit == NEVER == math.inf
    assert limit.left() == math.inf
    assert seconds_left(limit) is None


@pytest.mark.usefixtures("clock")
def test_the_earlier_of_two() -> None:
    call, attempt, never = Deadline.after(60), Deadline.after(30), Deadline.after(None)
    assert min(call, attempt) is attempt
    assert min(call, never) is call
    assert min(never, attempt).left() == 30.0


def test_plain_limits_pass_through() -> None:
    assert seconds_left(1.5) == 1.5
    assert seconds_left(0) == 0
    assert seconds_left(None) is None
