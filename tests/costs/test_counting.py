"""The measures tell what is so: they are held against work whose cost is known."""

from __future__ import annotations

import dis
import sys
import threading
from functools import partial
from itertools import repeat
from typing import Any

import pytest

from .bounds import ROOM, bound
from .calls import CALLS, repeated
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
    """Instructions of one turn of a function's loop, as they stand in its bytecode."""
    listed = list(dis.get_instructions(function))
    (start,) = (place for place, each in enumerate(listed) if each.opname == "FOR_ITER")
    (end,) = (place for place, each in enumerate(listed) if each.opname in ("JUMP_BACKWARD", "JUMP_ABSOLUTE"))
    return end - start + 1


@pytest.mark.parametrize("number", [1, 10, 1_000])
def test_a_loop_costs_what_its_bytecode_says(number: int) -> None:
    more = count(lambda: turns(number)).less(count(lambda: turns(0)))
    assert more.total == number * loop_of(turns)


@pytest.mark.parametrize("work", [turns, raising, generating])
def test_each_turn_costs_the_same(work: Any) -> None:
    none, one, many = (count(partial(work, number)).total for number in (0, 1, 500))
    assert one > none
    assert many - none == 500 * (one - none)


def test_functions_are_told_apart_and_hold_what_they_call() -> None:
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


def test_what_fails_is_counted_and_the_trace_function_is_put_back() -> None:
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


@pytest.mark.parametrize(("per_cent", "seen"), [(ROOM // 2, False), (ROOM + 2, True)])
@pytest.mark.parametrize("name", ["trigger", "async trigger", "message page"])
def test_a_regression_is_seen(name: str, per_cent: int, *, seen: bool) -> None:
    source = "def waste(turns):\n    for _ in turns:\n        pass\n"
    module = {"__name__": f"{OWN}.waste"}
    exec(source, module)  # it counts as the client's own
    waste: Any = module["waste"]
    call = CALLS[name]

    def wasteful(client: object) -> Any:
        waste(repeat(None, wasted))
        return call.make(client)

    with repeated(call, NOWHERE) as run:
        run(WARM)
        figure = count(lambda: run(1)).inside(OWN)
    wasted = figure * per_cent // 100 // loop_of(waste)
    with repeated(call._replace(make=wasteful), NOWHERE) as run:
        run(WARM)
        assert (count(lambda: run(1)).inside(OWN) > bound(figure)) is seen


def test_what_is_kept_and_what_forms_circles_is_seen() -> None:
    kept: list[object] = []

    def keep() -> None:
        kept.extend(bytearray(20) for _ in repeat(None, 100))

    def circle() -> None:
        for _ in repeat(None, 100):
            circular: list[object] = []
            circular.append(circular)

    blocks, circles = left_behind(keep)
    assert 100 <= blocks < 250
    assert circles == 0
    assert left_behind(circle)[1] == 100


def test_a_peak_is_seen() -> None:
    assert 1_000_000 <= peak(lambda: bytes(1_000_000)) < 1_010_000


def test_allocations_are_seen() -> None:
    pytest.importorskip("memray", reason="memray is not there for every platform")
    from .measures import allocated

    def allocate(number: int) -> None:
        for _ in repeat(None, number):
            object()

    fewer = allocated(lambda: allocate(1_000))
    assert 1_990 <= allocated(lambda: allocate(2_000)) - fewer <= 2_010
