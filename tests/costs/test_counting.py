"""The measures are correct: they are checked with work of a known cost."""

from __future__ import annotations

import dis
import sys
import threading
from functools import partial
from itertools import repeat
from typing import Any

import pytest

from .bounds import MARGIN, bound
from .calls import CALLS, repeat_call
from .counting import count
from .measures import OWN, WARM, left_behind, peak

NOWHERE = "http://127.0.0.1:1"


def turns(number: int) -> int:
    total = 0
    for each in repeat(2, number):
        total += each
    return total


def raising(number: int) -> None:
    for _ in repeat(None, number):
        try:
            raise ValueError
        except ValueError:
            pass


def generating(number: int) -> None:
    for _ in (each for each in repeat(None, number)):
        pass


def inner() -> int:
    return turns(3)


def outer() -> None:
    inner()
    inner()


def fails() -> None:
    turns(3)
    raise ValueError


def loop_of(function: Any) -> int:
    """Return the number of instructions in the loop of a function, read from its bytecode."""
    listed = list(dis.get_instructions(function))
    (start,) = (index for index, each in enumerate(listed) if each.opname == "FOR_ITER")
    (end,) = (index for index, each in enumerate(listed) if each.opname in ("JUMP_BACKWARD", "JUMP_ABSOLUTE"))
    return end - start + 1


@pytest.mark.parametrize("number", [1, 10, 1_000])
def test_a_loop_costs_the_instructions_in_its_bytecode(number: int) -> None:
    more = count(lambda: turns(number)).less(count(lambda: turns(0)))
    assert more.total == number * loop_of(turns)


@pytest.mark.parametrize("work", [turns, raising, generating])
def test_each_iteration_costs_the_same(work: Any) -> None:
    none, one, many = (count(partial(work, number)).total for number in (0, 1, 500))
    assert one > none
    assert many - none == 500 * (one - none)


def test_instructions_are_counted_by_function_and_cumulatively() -> None:
    counted = count(outer)
    functions = {function.name: function for function in counted.own}
    own = {name: counted.own[functions[name]] for name in ("outer", "inner", "turns")}
    cumulative = {name: counted.cumulative[functions[name]] for name in own}
    assert cumulative == {
        "outer": sum(own.values()),
        "inner": own["inner"] + own["turns"],
        "turns": own["turns"],
    }
    assert counted.entered[functions["turns"]] == 2
    package = __name__.partition(".")[0]
    assert counted.total == counted.inside(__name__) == counted.inside(package) == sum(own.values())
    assert counted.inside(package[:-1]) == 0
    assert counted.without(package).total == 0


def test_the_trace_function_is_restored_after_a_failure() -> None:
    def tracing(*_: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(tracing)
    try:
        with pytest.raises(ValueError):
            count(fails)
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after is tracing


def test_other_threads_are_not_counted() -> None:
    ended = threading.Event()
    alone = count(lambda: turns(1_000)).total

    def work() -> None:
        while not ended.is_set():
            turns(100)

    other = threading.Thread(target=work)
    other.start()
    try:
        beside = count(lambda: turns(1_000)).total
    finally:
        ended.set()
        other.join()
    assert beside == alone


@pytest.mark.parametrize(("per_cent", "seen"), [(MARGIN // 2, False), (MARGIN + 2, True)])
@pytest.mark.parametrize("name", ["trigger", "async trigger", "message page"])
def test_a_regression_is_detected(name: str, per_cent: int, *, seen: bool) -> None:
    source = "def waste(turns):\n    for _ in turns:\n        pass\n"
    module = {"__name__": f"{OWN}.waste"}
    exec(source, module)  # it is counted as the client's own
    waste: Any = module["waste"]
    call = CALLS[name]

    def wasteful(client: object) -> Any:
        waste(repeat(None, wasted))
        return call.make(client)

    with repeat_call(call, NOWHERE) as run:
        run(WARM)
        figure = count(lambda: run(1)).inside(OWN)
    wasted = figure * per_cent // 100 // loop_of(waste)
    with repeat_call(call._replace(make=wasteful), NOWHERE) as run:
        run(WARM)
        assert (count(lambda: run(1)).inside(OWN) > bound(figure)) is seen


def test_leaks_and_reference_cycles_are_detected() -> None:
    leaked: list[object] = []

    def leak() -> None:
        leaked.extend(bytearray(20) for _ in repeat(None, 100))

    def make_cycles() -> None:
        for _ in repeat(None, 100):
            circular: list[object] = []
            circular.append(circular)

    blocks, cyclic = left_behind(leak)
    assert 100 <= blocks < 250
    assert cyclic == 0
    assert left_behind(make_cycles)[1] == 100


def test_the_peak_memory_is_measured() -> None:
    assert 1_000_000 <= peak(lambda: bytes(1_000_000)) < 1_010_000


def test_allocations_are_counted() -> None:
    pytest.importorskip("memray", reason="memray does not support every platform")
    from .measures import count_allocations

    def allocate(number: int) -> None:
        for _ in repeat(None, number):
            object()

    fewer = count_allocations(lambda: allocate(1_000))
    assert 1_990 <= count_allocations(lambda: allocate(2_000)) - fewer <= 2_010
