"""The time of a line: how it stops, slows down and recovers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk._core.rate_limits.pace import SLOWEST, Pace

STEPS = st.lists(
    st.tuples(
        st.floats(0, 30),  # seconds until the next stop
        st.floats(0, 5),  # how long it stops
        st.sampled_from([1.0, 0.7]),
    ),
    max_size=8,
)


def test_it_shows_the_time_of_the_clock_at_first() -> None:
    pace = Pace(1000.0)
    assert [pace.shown(now) for now in (1000.0, 1000.5, 1e6)] == [1000.0, 1000.5, 1e6]
    assert [pace.moment(shown) for shown in (999.0, 1000.0, 1000.5)] == [999.0, 1000.0, 1000.5]
    assert pace.is_even(1000.0)


def test_it_stops() -> None:
    pace = Pace(1000.0)
    pace.stop(1002.0, 3.0)
    assert [pace.shown(now) for now in (1001.0, 1002.0, 1004.0, 1005.0, 1006.0)] == [1002, 1002, 1002, 1002, 1003]
    assert not pace.is_even(1004.0)
    assert pace.is_even(1005.0)


def test_distances_stay_over_a_stop() -> None:
    pace = Pace(1000.0)
    slots = [1001.9 + number / 10 for number in range(5)]
    pace.stop(1002.0, 3.0)
    assert [round(after - before, 6) for before, after in pairwise(map(pace.moment, slots))] == [0.1] * 4
    assert pace.moment(1002.0) == pytest.approx(1005.0)


def test_it_goes_on_more_slowly_and_recovers() -> None:
    pace = Pace(1000.0)
    pace.stop(1000.0, 1.0, 0.7)
    assert pace.speed(1000.5) == pytest.approx(0.7)  # how it will go on
    assert pace.speed(1003.0) == pytest.approx(0.8)
    assert pace.speed(1007.0) == pytest.approx(1.0)
    assert pace.shown(1002.0) == pytest.approx(1000.725)  # a second at 0.7 to 0.75
    assert pace.shown(1007.0) == pytest.approx(1005.1)  # six seconds at 0.85 on average
    assert pace.shown(1008.0) == pytest.approx(1006.1)
    assert not pace.is_even(1006.9)
    assert pace.is_even(1007.1)


def test_it_never_becomes_slower_than_a_tenth() -> None:
    pace = Pace(1000.0)
    for _ in range(50):
        pace.stop(1000.0, 1.0, 0.7)
    assert pace.speed(1001.0) == SLOWEST


def test_a_shorter_stop_does_not_end_a_longer_one() -> None:
    pace = Pace(1000.0)
    pace.stop(1000.0, 10.0)
    pace.stop(1001.0, 1.0)
    assert pace.since == 1010.0
    assert pace.shown(1009.0) == 1000.0


@given(STEPS, st.floats(0, 100), st.floats(0, 100))
def test_moments_and_times_are_inverse(steps: list[tuple[float, float, float]], ahead: float, more: float) -> None:
    now = 1000.0
    pace = Pace(now)
    for wait, seconds, slower in steps:
        now += wait
        before = pace.shown(now)
        pace.stop(now, seconds, slower)
        assert pace.shown(now) == pytest.approx(before, abs=1e-6)  # no jump
    shown = pace.shown(now) + ahead
    moment = pace.moment(shown)
    if moment > pace.since:
        assert pace.shown(moment) == pytest.approx(shown, abs=1e-6)
    # It is never faster than the clock, so that slots never come closer to each other.
    assert pace.moment(shown + more) - moment >= more - 1e-6
    assert 0 <= pace.shown(now + more) - pace.shown(now) <= more + 1e-6
