"""Lifetimes of a client: their end ends what waits."""

from __future__ import annotations

import gc

import pytest

from knock_sdk._core.lifetime import CLOSED, Lifetimes, closed


class Waiting:
    def __init__(self) -> None:
        self.ends = 0

    def end(self) -> None:
        self.ends += 1


def test_the_end_of_a_lifetime_ends_its_waits_and_begins_another() -> None:
    lifetimes = Lifetimes()
    first, earlier, later = lifetimes.present, Waiting(), Waiting()
    first.add(earlier)
    lifetimes.end()
    lifetimes.present.add(later)
    assert (first.over, lifetimes.present.over) == (True, False)
    assert (earlier.ends, later.ends) == (1, 0)
    lifetimes.end()
    assert (earlier.ends, later.ends) == (1, 1)


def test_a_wait_that_begins_too_late_ends_at_once() -> None:
    lifetimes, wait = Lifetimes(), Waiting()
    first = lifetimes.present
    lifetimes.end()
    first.add(wait)
    assert wait.ends == 1


def test_an_end_that_is_interrupted_is_made_up_for() -> None:
    """A signal's handler may raise an exception anywhere."""

    class Interrupted(Waiting):
        def end(self) -> None:
            super().end()
            if self.ends == 1:
                raise KeyboardInterrupt

    lifetimes, waits = Lifetimes(), [Interrupted(), Waiting()]
    first = lifetimes.present
    for wait in waits:
        first.add(wait)
    with pytest.raises(KeyboardInterrupt):
        lifetimes.end()
    lifetimes.end()
    assert first.over
    assert all(wait.ends for wait in waits)
    assert not lifetimes.present.over
    assert lifetimes._ending == []


def test_waits_that_are_gone_are_forgotten() -> None:
    lifetimes = Lifetimes()
    for _ in range(100):
        lifetimes.present.add(Waiting())
    gc.collect()
    assert lifetimes.present._waits == set()
    lifetimes.end()


def test_a_call_that_was_waiting_made_no_attempt() -> None:
    failure = closed()
    assert (str(failure), failure.sent, failure.permanent, failure.attempted) == (CLOSED, False, True, False)
