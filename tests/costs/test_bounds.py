"""What a call costs stays within its bounds: instructions, allocations, memory."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from .bounds import FITS, bound, figure, load
from .calls import CALLS
from .measures import PASS
from .modules import STARTS
from .taking import MEASURES, server, take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pytest.mark import ParameterSet

    from .measures import Figures

NOISE = 10
"""Blocks that the interpreter itself may keep, however many calls were made."""


@pytest.fixture(scope="module")
def taken() -> Iterator[Callable[[str], Figures]]:
    """What a function measures; it is asked once."""
    with server() as running:
        yield cache(lambda function: take(function, running.url))


def rows() -> Iterator[ParameterSet]:
    """Every measure with every call that it is taken of."""
    for measure, function in MEASURES.items():
        needs = [pytest.mark.skipif(not FITS, reason="the table holds for CPython on Linux")]
        if measure == "allocations":
            needs.append(pytest.mark.skipif(find_spec("memray") is None, reason="memray is not there"))
        for call in STARTS if measure == "modules" else CALLS:
            yield pytest.param(measure, function, call, marks=needs, id=f"{measure}, {call}")


@pytest.mark.parametrize(("measure", "function", "call"), list(rows()))
def test_a_figure_is_within_its_bound(taken: Callable[[str], Figures], measure: str, function: str, call: str) -> None:
    now, was = taken(function)[measure][call], figure(measure, call)
    assert now <= bound(was), (
        f"{measure} of {call}: {now:,}, and {was:,} when the table was written. `python -m tests.costs --profile` "
        "shows where they are from; if they are worth it, `--write` takes them into the table."
    )


@pytest.mark.parametrize("call", list(CALLS))
def test_a_call_leaves_nothing_behind(taken: Callable[[str], Figures], call: str) -> None:
    figures = taken("memory")
    assert figures["blocks kept"][call] <= NOISE < PASS // 5, "memory is kept with every call"
    assert figures["objects in circles"][call] == 0, "objects refer to each other in circles: the collector must run"


@pytest.mark.parametrize("version", sorted(load()))
def test_the_table_holds_every_figure(version: str) -> None:
    table = load()[version]
    assert {measure: set(figures) for measure, figures in table.items()} == {
        measure: set(STARTS if measure == "modules" else CALLS) for measure in MEASURES
    }


def test_a_version_that_is_not_in_the_table_has_the_largest_bound() -> None:
    assert figure("instructions", "trigger", "4.0") == max(each["instructions"]["trigger"] for each in load().values())
