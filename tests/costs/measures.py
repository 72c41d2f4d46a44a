"""The measures; each is taken after a few calls that fill what is kept from call to call."""

from __future__ import annotations

import gc
import sys
import tempfile
import tracemalloc
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .calls import CALLS, repeated
from .counting import Instructions, count

if TYPE_CHECKING:
    from collections.abc import Callable

    Figures = dict[str, dict[str, int]]
    """By measure and call."""

OWN = "knock_sdk"
WARM = 5
PASSES = 4
PASS = 100
"""Calls of one pass, when it is looked for what every call leaves behind."""


def instructions_of(name: str, url: str) -> Instructions:
    """Instructions of a call, by function."""
    with repeated(CALLS[name], url) as run:
        run(WARM)
        nothing = count(lambda: run(0))
        counts = [count(lambda: run(1)).less(nothing).without("tests") for _ in range(5)]
        # Of five, because an answer may come so early or so late that the client waits once less or once more.
        return sorted(counts, key=lambda each: each.total)[2]


def instructions(url: str) -> Figures:
    """Instructions of each call: all of them, and those of the client's own code."""
    counted = {name: instructions_of(name, url) for name in CALLS}
    return {
        "instructions": {name: each.total for name, each in counted.items()},
        "own instructions": {name: each.inside(OWN) for name, each in counted.items()},
    }


def allocations(url: str) -> Figures:
    """How often each call asks for memory, C code included."""
    figures = {}
    for name, call in CALLS.items():
        with repeated(call, url) as run:
            run(WARM)
            fewer = allocated(lambda: run(10))
            figures[name] = round((allocated(lambda: run(20)) - fewer) / 10 / 2)  # what is taken is given back
    return {"allocations": figures}


def allocated(work: Callable[[], object]) -> int:
    """How often some work asks for memory or gives some back: memray counts both."""
    import memray

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "allocations")
        with memray.Tracker(file, trace_python_allocators=True):
            work()
        total: int = memray.FileReader(file).metadata.total_allocations
    return total


def memory(url: str) -> Figures:
    """Bytes that each call holds at its peak; what many calls leave behind, and what they leave to the collector."""
    figures: Figures = {"peak bytes": {}, "blocks kept": {}, "objects in circles": {}}
    for name, call in CALLS.items():
        times = PASS if call.body is not None else PASS // 5  # a server answers after a while
        with repeated(call, url) as run:
            run(WARM)
            figures["peak bytes"][name] = peak(partial(run, 1))
            left = [left_behind(partial(run, times)) for _ in range(PASSES)]
        figures["blocks kept"][name] = min(kept for kept, _ in left)
        figures["objects in circles"][name] = min(circles for _, circles in left)
    return figures


def peak(work: Callable[[], object]) -> int:
    """Bytes that some work holds at its peak; it is done twice, and the first time is not looked at."""
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
    """Blocks of memory that some work keeps, and objects that it leaves for the garbage collector to find."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        gc.collect()
        blocks = _blocks()
        work()
        circles = gc.collect()
        return _blocks() - blocks, circles
    finally:
        if enabled:
            gc.enable()


def _blocks() -> int:
    """Blocks of memory in use, without the names that the interpreter keeps of attributes looked up lately."""
    clear = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache  # the former since Python 3.13
    clear()
    return sys.getallocatedblocks()
