"""Tests of the slots that a store assigned, whose answers take unequally long."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knock_sdk._core.rate_limits.assigned import Assigned
from knock_sdk._core.rate_limits.line import Line


def test_an_answer_that_was_overtaken_keeps_its_place() -> None:
    """The slots between those of this process belong to others: behind its last one, two requests would meet."""
    line = Line(1.02)  # an interval of one second
    assert line.enter(0.0, 4.0) == 4.0
    assert line.enter(0.0, 2.0) == 2.0
    assert line.enter(0.0, 8.0) == 8.0
    assert line.reserve(0.0, 60.0) == pytest.approx(9.0)


def test_a_slot_that_meets_another_one_goes_to_the_next_gap() -> None:
    assigned = Assigned()
    for slot in (1.0, 2.0, 5.0):
        assert assigned.place(slot, 0.0, 1.0) == slot
    assert assigned.place(1.1, 0.0, 1.0) == 3.0
    assert assigned.place(0.9, 0.0, 1.0) == 4.0
    assert assigned.place(0.9, 0.0, 1.0) == 6.0


def test_a_line_that_was_slowed_down_goes_on_more_slowly() -> None:
    """The store assigns slots at the limit; those of this process fall behind it, and keep their distance."""
    line = Line(1.02)
    line.enter(0.0, 0.0)
    line.pause(0.0, None)
    moments, now = [], 0.0
    for _ in range(4):
        slot = line.enter(now, 0.0)
        now = line.due(slot)
        moments.append(now)
    distances = [after - before for before, after in pairwise(moments)]
    assert all(distance > 1.05 for distance in distances)
    assert distances == sorted(distances, reverse=True)


@given(st.permutations(range(40)), st.lists(st.floats(0, 0.24), min_size=40, max_size=40))
def test_answers_in_any_order_move_no_slot_by_more_than_they_took(order: list[int], took: list[float]) -> None:
    assigned = Assigned()
    for number in order:
        slot = number * 2 + took[number]
        assert assigned.place(slot, 0.0, 1.0) == slot


@given(st.lists(st.floats(0, 20), min_size=1, max_size=60))
def test_no_two_slots_are_together(slots: list[float]) -> None:
    assigned = Assigned()
    placed = sorted(assigned.place(slot, 0.0, 1.0) for slot in slots)
    assert all(after - before >= 0.74 for before, after in pairwise(placed))


def test_what_has_passed_is_forgotten() -> None:
    assigned = Assigned()
    for number in range(1000):
        assigned.place(float(number), float(number), 1.0)
    assert len(assigned._slots) <= 3


class Counted(float):
    """A number that counts what is done with it."""

    steps = 0

    def __add__(self, other: float) -> Counted:
        Counted.steps += 1
        return Counted(float(self) + other)

    def __sub__(self, other: float) -> Counted:
        Counted.steps += 1
        return Counted(float(self) - other)


def test_thousands_that_wait_for_the_end_of_a_pause_take_a_few_steps_each() -> None:
    assigned = Assigned()
    Counted.steps = 0
    for number in range(2000):
        assert assigned.place(Counted(number % 2 / 10), 0.0, 1.0) == pytest.approx(number)
    assert Counted.steps < 20 * 2000


def placed_one_by_one(slots: list[float], slot: float) -> float:
    """Return where a slot goes, looking at each of the others."""
    for other in sorted(slots):
        if slot - 0.75 <= other < slot + 0.75:
            slot = other + 1.0
    return slot


@given(st.lists(st.sampled_from([0.0, 0.3, 0.8, 1.6, 2.4, 5.0, 5.1, 7.5]) | st.floats(0, 20), max_size=60))
def test_a_slot_goes_to_the_first_gap_behind_it(slots: list[float]) -> None:
    assigned, before = Assigned(), list[float]()
    for slot in slots:
        expected = placed_one_by_one(before, slot)
        assert assigned.place(slot, 0.0, 1.0) == expected
        before.append(expected)
