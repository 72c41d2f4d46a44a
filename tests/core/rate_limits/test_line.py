"""Lines: slots, their moments, and what refusals, cancelled calls and late arrivals do to them."""

from __future__ import annotations

import os
import threading
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knock_sdk._core.rate_limits.line import MARGIN, Line
from tests.wire.running import fork

NOW = 1000.0
FOREVER = float("inf")
RATES = (1, 5, 60, 200, 1000)


def slots_of(line: Line, count: int, now: float = NOW, longest: float = FOREVER) -> list[float]:
    """Reserve slots, all of which there must be."""
    slots = [line.reserve(now, longest) for _ in range(count)]
    assert None not in slots
    return [slot for slot in slots if slot is not None]


def gaps(moments: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(moments)]


@pytest.mark.parametrize("rate", RATES)
def test_slots_follow_one_another_a_little_more_slowly_than_the_limit_allows(rate: int) -> None:
    line = Line(rate)
    moments = [line.due(slot) for slot in slots_of(line, 5)]
    assert moments[0] == NOW
    assert gaps(moments) == pytest.approx([1.02 / rate] * 4)


def test_a_slot_beyond_the_longest_wait_is_not_taken() -> None:
    line = Line(1)
    slots_of(line, 3)
    assert line.reserve(NOW, 3.0) is None
    assert line.reserve(NOW, 3.1) == pytest.approx(NOW + 3.06)


def test_an_idle_line_lets_a_request_go_at_once() -> None:
    line = Line(1)
    slots_of(line, 1)
    assert line.reserve(NOW + 10, 0.0) == NOW + 10


def test_a_share_of_the_rate() -> None:
    line = Line(60)
    slots = [line.reserve(NOW, FOREVER, 1 / 4) for _ in range(3)]
    assert slots == pytest.approx([NOW, NOW + 4 * line.interval, NOW + 8 * line.interval])


class TestSlotsGivenBack:
    def test_they_go_to_the_next_request(self) -> None:
        line = Line(1)
        first, second, third = slots_of(line, 3)
        line.give_back(second)
        assert line.reserve(NOW, FOREVER) == second
        assert line.reserve(NOW, FOREVER) == pytest.approx(third + MARGIN)
        assert first == NOW

    @pytest.mark.parametrize("order", ["first", "last", "mixed"])
    def test_a_line_from_which_all_have_gone_is_empty(self, order: str) -> None:
        line = Line(60)
        slots = slots_of(line, 5000)
        leaving = {"first": slots, "last": slots[::-1], "mixed": slots[::2] + slots[1::2]}[order]
        for slot in leaving:
            line.give_back(slot)
        again = slots_of(line, 20, NOW + 0.5)
        assert again[0] == NOW + 0.5
        assert gaps(again) == pytest.approx([line.interval] * 19)

    def test_those_whose_moment_has_passed_are_not_given_to_two(self) -> None:
        line = Line(1)
        slots = slots_of(line, 3)
        line.give_back(slots[0])
        line.give_back(slots[1])
        assert line.reserve(NOW + 1.5, FOREVER) == pytest.approx(NOW + 3.06)  # the third is still waited for

    def test_one_that_is_too_far_away_stays(self) -> None:
        line = Line(1)
        slots = slots_of(line, 4)
        line.give_back(slots[2])
        assert line.reserve(NOW, 1.0) is None
        assert line.reserve(NOW, 3.0) == slots[2]

    def test_the_slot_of_a_request_that_was_not_sent_is_free_at_once(self) -> None:
        line = Line(1)
        (slot,) = slots_of(line, 1)
        line.give_back(slot)
        assert line.reserve(NOW + 0.1, 0.0) == NOW + 0.1

    def test_those_that_a_store_assigned_are_kept(self) -> None:
        line = Line(60)
        slots = [line.enter(NOW, number / 60 * 1.03) for number in range(100)]
        for slot in slots[50:]:
            line.give_back(slot)
        assert [line.take_freed(NOW, FOREVER) for _ in range(50)] == slots[50:]
        assert line.take_freed(NOW, FOREVER) is None


class TestWithoutItsStore:
    def test_slots_of_other_processes_are_waited_for(self) -> None:
        line = Line(60)
        line.enter(NOW, 2.0)
        assert line.reserve(NOW + 1.0, FOREVER, 0.25) == pytest.approx(NOW + 3.0)  # where the store's would have been
        assert line.reserve(NOW + 1.0, FOREVER, 0.25) == pytest.approx(NOW + 3.0 + 4 * line.interval)

    def test_those_of_long_ago_are_not(self) -> None:
        line = Line(60)
        line.enter(NOW, 2.0)
        assert line.reserve(NOW + 4.1, 0.0, 0.25) == NOW + 4.1

    def test_what_it_assigned_meanwhile_is_a_backlog_when_the_store_is_back(self) -> None:
        line = Line(1)
        assert line.backlog(NOW) == 0
        line.enter(NOW, 0.0)
        assert line.backlog(NOW) == 0
        for _ in range(3):
            line.reserve(NOW + 2, FOREVER)
        assert line.backlog(NOW + 2) == pytest.approx(1 + 3 * MARGIN)
        assert line.backlog(NOW + 5.2) == pytest.approx(1)
        assert line.backlog(NOW + 7) == 0
        line.enter(NOW + 2, 5.0)
        assert line.backlog(NOW + 2) == pytest.approx(1 + 3 * MARGIN)  # until the same moment
        assert line.backlog(NOW + 7) == 0

    def test_late_answers_of_the_store_do_not_fall_between_slots_of_this_process(self) -> None:
        line = Line(MARGIN)  # an interval of one second
        line.enter(NOW, 0.0)
        own = slots_of(line, 3, NOW + 0.1)
        # Asked before the store went away, so that it does not know of them.
        late = [line.enter(NOW + 0.2, wait) for wait in (0.5, 1.0, 2.0)]
        assert gaps(sorted([NOW, *own, *late])) == pytest.approx([1.0] * 6)
        assert line.backlog(NOW + 0.2) == pytest.approx(1 + 3.8)

    def test_its_answers_after_a_change_leave_those_before_it_where_they_are(self) -> None:
        line = Line(MARGIN)
        slots = [line.enter(NOW, 3.0), *slots_of(line, 1, NOW + 0.1), line.enter(NOW + 0.2, 3.1)]
        assert gaps(sorted(slots)) == pytest.approx([1.0, 1.0])

    @pytest.mark.parametrize("share", [1.0, 0.25, 0.01])
    def test_what_this_process_has_assigned_uses_up_no_more_than_its_interval(self, share: float) -> None:
        """The time until its next slot is that of the other processes: with 100 of them, almost two minutes."""
        line = Line(1)
        line.reserve(NOW, FOREVER, share)
        assert line.backlog(NOW) == pytest.approx(1 + MARGIN)
        assert line.backlog(NOW + 3) == 0
        assert line.enter(NOW + 3, 0.0) == NOW + 3

    def test_a_slot_of_a_share_that_is_given_back_leads_to_none_of_the_store(self) -> None:
        line = Line(1)
        slots = [line.enter(NOW, number * MARGIN) for number in range(4)]
        own = line.reserve(NOW, FOREVER, 0.25)
        assert own == pytest.approx(NOW + 4 * MARGIN)
        line.give_back(slots[0])
        line.give_back(own)  # the one before it is as far away as two of the share
        assert line.reserve(NOW + 0.5, FOREVER, 0.25) == pytest.approx(own)

    def test_a_slot_of_a_share_that_was_not_used_is_free_at_once(self) -> None:
        line = Line(1)
        slots = [line.reserve(NOW, FOREVER, 0.25) for _ in range(5)]
        for slot in slots:
            assert slot is not None
            line.give_back(slot)
        assert line.backlog(NOW) <= 1.0
        assert line.reserve(NOW + 0.1, 0.0, 0.25) == NOW + 0.1


class TestRefusals:
    def test_all_wait_for_a_second_and_keep_their_distance(self) -> None:
        line = Line(60)
        slots = slots_of(line, 20)
        before = [line.due(slot) for slot in slots]
        line.pause(NOW, None)
        after = [line.due(slot) for slot in slots]
        assert after[0] == pytest.approx(before[0] + 1)
        assert all(gap >= line.interval for gap in gaps(after))

    def test_those_that_wait_follow_more_slowly_too(self) -> None:
        line = Line(60)
        slots = slots_of(line, 20)
        line.pause(NOW, None)
        assert gaps([line.due(slot) for slot in slots])[0] == pytest.approx(line.interval / 0.7, rel=0.01)
        assert gaps([line.due(slot) for slot in slots_of(line, 2, NOW + 1.4)])[0] == pytest.approx(
            line.interval / 0.7, rel=0.05
        )

    @pytest.mark.parametrize(
        ("asked", "seconds"), [(None, 1.0), (0.0, 1.0), (0.2, 1.0), (3.0, 3.0), (60.0, 60.0), (1e12, 60.0)]
    )
    def test_they_last_as_long_as_the_server_asks_between_a_second_and_a_minute(
        self, asked: float | None, seconds: float
    ) -> None:
        line = Line(60)
        slots_of(line, 1)
        line.pause(NOW, asked)
        (slot,) = slots_of(line, 1)
        assert line.due(slot) >= NOW + seconds

    def test_others_of_the_same_moment_do_not_slow_it_down_again(self) -> None:
        once, often = Line(60), Line(60)
        for line, times in ((once, 1), (often, 30)):
            slots_of(line, 1)
            for number in range(times):
                line.pause(NOW + number / 100, None)
        rates = [gaps([line.due(slot) for slot in slots_of(line, 2, NOW + 2)])[0] for line in (once, often)]
        assert rates[1] == pytest.approx(rates[0], rel=0.05)

    def test_a_longer_wait_that_another_is_asked_for_counts(self) -> None:
        line = Line(60)
        slots_of(line, 1)
        line.pause(NOW, None)
        line.pause(NOW + 0.1, 5.0)
        assert line.due(slots_of(line, 1)[0]) >= NOW + 5.1

    def test_it_is_as_fast_as_before_after_six_seconds(self) -> None:
        line = Line(60)
        slots_of(line, 1)
        line.pause(NOW, None)
        slots = slots_of(line, 3, NOW + 7.1)
        assert [line.due(slot) for slot in slots] == pytest.approx([NOW + 7.1 + n * line.interval for n in range(3)])
        assert line.is_idle(NOW + 8)

    @pytest.mark.parametrize("times", [1, 5])
    def test_those_that_were_held_up_wait_for_it_too(self, times: int) -> None:
        line = Line(5)
        first, second = slots_of(line, 2)
        assert line.use(first, NOW + 0.5) <= 0  # nothing ran meanwhile
        for number in range(times):
            line.pause(NOW + 0.5 + number / 100, 3.0)
        assert NOW + 3.5 <= line.due(second) <= NOW + 3.8

    def test_a_refusal_while_late_requests_are_waited_for_slows_it_down(self) -> None:
        line = Line(5)
        (slot, _) = slots_of(line, 2)
        line.use(slot, NOW)
        line.arrived(NOW, 0.0, NOW + 0.5)  # the line waits until 1000.48
        line.pause(NOW + 0.55, None)
        later = slots_of(line, 2, NOW + 2)
        assert gaps([line.due(each) for each in later])[0] > line.interval / 0.8


class TestLateRequests:
    def test_a_first_one_that_may_have_arrived_late_moves_those_that_wait(self) -> None:
        line = Line(1)
        first, second, third = slots_of(line, 3)
        assert line.use(first, NOW) == 0
        line.arrived(NOW, 0.0, NOW + 0.25)
        assert line.due(second) >= NOW + 1.25
        assert line.due(third) - line.due(second) == pytest.approx(MARGIN)

    @pytest.mark.parametrize("rate", RATES)
    def test_a_first_one_moves_the_line_of_each_tier(self, rate: int) -> None:
        line = Line(rate)
        first, second = slots_of(line, 2)
        line.use(first, NOW)
        line.arrived(NOW, 0.0, NOW + 0.25)
        assert line.due(second) == pytest.approx(NOW + MARGIN / rate + 0.25)

    def test_slots_that_a_store_assigned_stay_among_those_of_others(self) -> None:
        line = Line(60)
        first, second = line.enter(NOW, 0.0), line.enter(NOW, 0.1)
        line.use(first, NOW)
        line.arrived(NOW, 0.0, NOW + 0.25)
        assert line.due(second) == pytest.approx(NOW + 0.1)

    def test_each_request_that_is_late_for_the_same_reason_moves_it_once(self) -> None:
        line = Line(5)
        slots = slots_of(line, 10)
        for slot in slots[:3]:
            line.use(slot, slot)
        line.arrived(slots[0], 0.0, slots[0] + 0.05)  # the usual time
        moved = line.due(slots[3])
        line.arrived(slots[1], 0.0, slots[1] + 0.45)
        once = line.due(slots[3]) - moved
        line.arrived(slots[2], 0.0, slots[2] + 0.45)
        assert once == pytest.approx(0.38, abs=0.03)
        assert line.due(slots[3]) - moved == pytest.approx(once, abs=0.03)

    def test_one_that_is_later_still_moves_it_by_what_is_missing(self) -> None:
        line = Line(5)
        slots = slots_of(line, 9)
        line.arrived(NOW, 0.0, NOW + 0.05)  # the usual time
        for slot in slots[1:4]:
            line.use(slot, slot)
        before = line.due(slots[8])
        line.arrived(slots[2], 0.0, slots[2] + 0.25)
        assert line.due(slots[8]) - before == pytest.approx(0.18, abs=0.03)
        line.arrived(slots[1], 0.0, slots[1] + 0.6)  # while the line waits already
        assert line.due(slots[8]) - before == pytest.approx(0.52, abs=0.05)

    @given(st.permutations(range(5)), st.floats(0, 0.5))
    def test_after_a_standstill_no_second_has_more_than_the_limit_allows(self, order: list[int], pause: float) -> None:
        """Threads that wake up late look at their slots in any order."""
        line = Line(60)
        slots = slots_of(line, 200)
        now = slots[4] + pause
        used = {number: now for number in order if line.use(slots[number], now) <= 0}
        for number in set(range(5)) - set(used):
            used[number] = line.due(slots[number])
            assert line.use(slots[number], used[number]) <= 0
        for number, moment in used.items():
            assert line.due(slots[number + 60]) - moment >= 1

    def test_one_among_many_in_a_second_moves_nothing(self) -> None:
        line = Line(60)
        slots = slots_of(line, 100)
        line.arrived(slots[0], 0.0, slots[0] + 0.01)
        before = line.due(slots[50])
        line.arrived(slots[1], 0.0, slots[1] + 0.5)
        assert line.due(slots[50]) == before

    def test_a_response_that_takes_half_a_minute_stops_it_for_a_second_only(self) -> None:
        line = Line(1)
        first, second = slots_of(line, 2)
        line.use(first, NOW)
        line.arrived(NOW, 0.0, NOW + 30)
        assert line.due(second) <= NOW + 31

    def test_a_path_that_has_become_longer_is_usual_after_a_while(self) -> None:
        line = Line(1)
        now, starts = NOW, []
        for number in range(60):
            (slot,) = slots_of(line, 1, now)
            now = line.due(slot)
            assert line.use(slot, now) <= 0
            starts.append(now)
            line.arrived(now, 0.0, now + (0.05 if number == 0 else 0.35))
            now += 0.4
        assert gaps(starts)[1] > 1.2
        assert gaps(starts)[-1] == pytest.approx(MARGIN, abs=0.01)

    def test_requests_that_a_busy_program_holds_up_do_not_go_together(self) -> None:
        line = Line(5)
        slots = slots_of(line, 6)
        now, used = NOW + 0.9, []  # nothing ran meanwhile
        for slot in slots:
            while (wait := line.use(slot, now)) > 0:
                now += wait
            used.append(now)
        assert gaps(used)[1:] == pytest.approx([line.interval] * 4)
        assert gaps(used)[0] >= line.interval - 0.021


def test_a_clock_that_is_set_back_clears_it() -> None:
    line = Line(1)
    slots_of(line, 100)
    line.pause(NOW, 60.0)
    assert line.reserve(NOW - 3600, FOREVER) == pytest.approx(NOW - 3600 + MARGIN)
    line.give_back(NOW + 50)  # of the time before
    assert line.reserve(NOW - 3600, FOREVER) == pytest.approx(NOW - 3600 + 2 * MARGIN)


def test_threads_that_read_the_clock_one_before_the_other_do_not_clear_it() -> None:
    line = Line(1)
    slots = [line.reserve(NOW + 0.01, FOREVER), line.reserve(NOW, FOREVER), line.reserve(NOW + 0.02, FOREVER)]
    assert slots == pytest.approx([NOW + 0.01, NOW + 0.01 + MARGIN, NOW + 0.01 + 2 * MARGIN])


def test_threads_get_different_slots() -> None:
    line = Line(1000)
    taken: list[float] = []
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        for _ in range(500):
            slot = line.reserve(NOW, FOREVER)
            assert slot is not None
            taken.append(slot)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 4000
    assert min(gaps(sorted(taken))) > 0.001


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_child_of_fork_knows_the_last_request_but_waits_for_no_one_in_its_parent() -> None:
    line = Line(1)
    slots_of(line, 100)
    line.give_back(slots_of(line, 2)[0])
    child = fork(lambda: line.reserve(NOW + 0.5, FOREVER) == pytest.approx(NOW + 0.5 + MARGIN))
    assert os.waitpid(child, 0)[1] == 0
    assert line.reserve(NOW, FOREVER) == pytest.approx(NOW + 100 * MARGIN)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), st.floats(0, 5)),
        st.tuples(st.just("share"), st.floats(0, 5)),
        st.tuples(st.just("enter"), st.floats(0, 5)),
        st.tuples(st.just("leave"), st.integers(0, 50)),
        st.tuples(st.just("refuse"), st.floats(0, 3)),
        st.tuples(st.just("answer"), st.floats(0, 2)),
        st.tuples(st.just("wait"), st.floats(0, 3)),
        st.tuples(st.just("work"), st.floats(0, 0.5)),
    ),
    max_size=60,
)


class Play:
    """Plays a program whose requests reserve, wait, are sent and leave, with a clock of its own."""

    def __init__(self, rate: int) -> None:
        self.line = Line(rate)
        self.now = NOW
        self.waiting: list[float] = []
        self.sent: list[float] = []
        self.stopped_until = 0.0
        self.closest = 1.0  # of two slots, in intervals

    def act(self, action: str, value: Any) -> None:
        if action in {"reserve", "share"}:
            slot = self.line.reserve(self.now, value, 1.0 if action == "reserve" else 0.25)
            if slot is not None:
                assert self.line.due(slot) - self.now <= value + 1e-6
                self.add(slot)
        elif action == "enter":
            self.closest = 0.74  # those of a store stay where it put them
            freed = self.line.take_freed(self.now, value)
            self.add(self.line.enter(self.now, value) if freed is None else freed)
        elif action == "leave" and self.waiting:
            self.line.give_back(self.waiting.pop(value % len(self.waiting)))
        elif action == "refuse":
            self.line.pause(self.now, value)
            self.stopped_until = max(self.stopped_until, self.now + max(1.0, value))
        elif action == "answer" and self.sent:
            self.line.arrived(self.sent[-1], 0.0, max(self.now, self.sent[-1] + value))
        elif action == "wait":
            self.run_until(self.now + value)
        elif action == "work":
            self.now += value  # and nobody looks at the clock
            self.run_until(self.now)

    def add(self, slot: float) -> None:
        distances = [abs(slot - other) for other in self.waiting]
        assert not distances or min(distances) >= self.line.interval * self.closest - 1e-6
        self.waiting = sorted([*self.waiting, slot])

    def run_until(self, end: float) -> None:
        """Send what comes due, each request at its moment."""
        while self.waiting:
            slot = self.waiting[0]
            moment = max(self.now, self.line.due(slot))
            if moment > end:
                break
            self.now = moment
            if self.line.use(slot, self.now) > 0:
                continue
            self.waiting.pop(0)
            assert self.now >= self.stopped_until - 0.021
            self.sent.append(self.now)
        self.now = max(self.now, end)


@given(st.sampled_from(RATES), ACTIONS)
@example(5, [("reserve", 5.0)] * 12 + [("work", 0.5), ("work", 0.5), ("wait", 3.0)])
@example(1, [("reserve", 5.0)] * 4 + [("leave", 1), ("leave", 1), ("leave", 0), ("reserve", 0.0), ("wait", 3.0)])
@example(5, [("reserve", 0.0), ("reserve", 1.0), ("work", 0.5), ("refuse", 0.0)])
@example(1, [("enter", 1.0), ("enter", 1.9), ("reserve", 5.0), ("enter", 0.1), ("enter", 1.0)])
@example(60, [("enter", 1.0)] * 20 + [("refuse", 2.0), ("leave", 3), ("enter", 0.0), ("wait", 3.0), ("wait", 3.0)])
def test_whatever_happens_requests_keep_their_distance(rate: int, actions: list[tuple[str, Any]]) -> None:
    play = Play(rate)
    for action, value in actions:
        play.act(action, value)
    play.run_until(play.now + 1000)
    assert not play.waiting  # none is lost
    for first, last in zip(play.sent, play.sent[rate:], strict=False):
        assert last - first >= play.closest - 1e-6


@given(st.lists(st.integers(0, 10**6), max_size=40), st.sampled_from(RATES), st.floats(0, 0.9))
def test_what_all_leave_is_as_good_as_new(order: list[int], rate: int, passed: float) -> None:
    line = Line(rate)
    slots = slots_of(line, len(order))
    for number in order:
        line.give_back(slots.pop(number % len(slots)))
    assert line.reserve(NOW + passed, 0.0) == NOW + passed
