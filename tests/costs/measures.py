"""The measures; each is taken after a few calls, which fill the caches."""

from __future__ import annotations

import gc
import sys
import tempfile
import tracemalloc
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .calls import CALLS, repeat_call
from .counting import Instructions, count

if TYPE_CHECKING:
    from collections.abc import Callable

    Figures = dict[str, dict[str, int]]
    """By measure and call."""

OWN = "knock_sdk"
WARM = 5
PASSES = 4
PASS = 100
"""Calls of one pass in the search for memory that every call leaks."""


def instructions_of(name: str, url: str) -> Instructions:
    """Return the instructions of a call by function."""
    with repeat_call(CALLS[name], url) as run:
        run(WARM)
        nothing = count(lambda: run(0))
        counts = [count(lambda: run(1)).less(nothing).without("tests") for _ in range(5)]
        # The median of five: a response may arrive so early or late that the client waits once less or once more.
        return sorted(counts, key=lambda each: each.total)[2]


def instructions(url: str) -> Figures:
    """Return the instructions of each call: all of them, and those of the client's own code."""
    counted = {name: instructions_of(name, url) for name in CALLS}
    return {
        "instructions": {name: each.total for name, each in counted.items()},
        "own instructions": {name: each.inside(OWN) for name, each in counted.items()},
    }


def allocations(url: str) -> Figures:
    """Return the number of memory allocations of each call, including those of C code."""
    figures = {}
    for name, call in CALLS.items():
        with repeat_call(call, url) as run:
            run(WARM)
            fewer = count_allocations(lambda: run(10))
            figures[name] = round((count_allocations(lambda: run(20)) - fewer) / 10 / 2)  # each allocation is freed
    return {"allocations": figures}


def count_allocations(work: Callable[[], object]) -> int:
    """Return the number of allocations and deallocations of some work: memray counts both."""
    import memray

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "allocations")
        with memray.Tracker(file, trace_python_allocators=True):
            work()
        total: int = memray.FileReader(file).metadata.total_allocations
    return total


def memory(url: str) -> Figures:
    """Return the peak memory of each call in bytes, and the blocks and cyclic objects that many calls leave."""
    figures: Figures = {"peak bytes": {}, "leaked blocks": {}, "cyclic objects": {}}
    for name, call in CALLS.items():
        times = PASS if call.body is not None else PASS // 5  # the server responds with a delay
        with repeat_call(call, url) as run:
            run(WARM)
            figures["peak bytes"][name] = peak(partial(run, 1))
            left = [left_behind(partial(run, times)) for _ in range(PASSES)]
        figures["leaked blocks"][name] = min(blocks for blocks, _ in left)
        figures["cyclic objects"][name] = min(objects for _, objects in left)
    return figures


def peak(work: Callable[[], object]) -> int:
    """Return the peak memory of some work in bytes, when it is done the second time."""
    tracemalloc.start()
    try:
        work()
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        work()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return most - before


def left_behind(work: Callable[[], object]) -> tuple[int, int]:
    """Return the memory blocks that some work leaks, and the objects that it leaves to the garbage collector."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        gc.collect()
        blocks = _blocks()
        work()
        cyclic = gc.collect()
        return _blocks() - blocks, cyclic
    finally:
        if enabled:
            gc.enable()


def _blocks() -> int:
    """Return the number of memory blocks in use, without the interpreter's cache of attribute lookups."""
    clear = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache  # the former since Python 3.13
    clear()
    return sys.getallocatedblocks()
