"""The cost of calls stays within its bounds: instructions, allocations and memory."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from .bounds import APPLIES, bound, figure, load
from .calls import CALLS
from .measures import PASS
from .measuring import MEASURES, server, take
from .modules import STARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pytest.mark import ParameterSet

    from .measures import Figures

NOISE = 10
"""Blocks that the interpreter itself may leave, whatever the number of calls."""


@pytest.fixture(scope="module")
def taken() -> Iterator[Callable[[str], Figures]]:
    """Return a function that takes the measures of a function, once."""
    with server() as running:
        yield cache(lambda function: take(function, running.url))


def rows() -> Iterator[ParameterSet]:
    """Yield each measure with each of its calls."""
    for measure, function in MEASURES.items():
        needs = [pytest.mark.skipif(not APPLIES, reason="the table applies to CPython on Linux")]
        if measure == "allocations":
            needs.append(pytest.mark.skipif(find_spec("memray") is None, reason="memray is not installed"))
        for call in STARTS if measure == "modules" else CALLS:
            yield pytest.param(measure, function, call, marks=needs, id=f"{measure}, {call}")


@pytest.mark.parametrize(("measure", "function", "call"), list(rows()))
def test_a_figure_is_within_its_bound(taken: Callable[[str], Figures], measure: str, function: str, call: str) -> None:
    now, was = taken(function)[measure][call], figure(measure, call)
    assert now <= bound(was), (
        f"{measure} of {call}: {now:,}, and {was:,} in the table. `python -m tests.costs --profile` shows the "
        "functions that cause the difference; if it is justified, `--write` updates the table."
    )


@pytest.mark.parametrize("call", list(CALLS))
def test_a_call_leaks_no_memory_and_leaves_no_cycles(taken: Callable[[str], Figures], call: str) -> None:
    figures = taken("memory")
    assert figures["leaked blocks"][call] <= NOISE < PASS // 5, "every call leaks memory"
    assert figures["cyclic objects"][call] == 0, "the call leaves reference cycles to the garbage collector"


@pytest.mark.parametrize("version", sorted(load()))
def test_the_table_contains_every_figure(version: str) -> None:
    table = load()[version]
    assert {measure: set(figures) for measure, figures in table.items()} == {
        measure: set(STARTS if measure == "modules" else CALLS) for measure in MEASURES
    }


def test_a_version_without_figures_has_the_largest_bound() -> None:
    assert figure("instructions", "trigger", "4.0") == max(each["instructions"]["trigger"] for each in load().values())
