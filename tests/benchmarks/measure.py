"""Taking figures: in rounds, each subject once per round, so that what slows the machine down slows all of them."""

from __future__ import annotations

import asyncio
import statistics
import sys
from contextlib import AsyncExitStack, contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence

    from .row import Effort, Samples

T = TypeVar("T")

_PAUSE = 2.0
"""Seconds between two lines that tell how far a row is."""


def interleave(effort: Effort, subjects: Mapping[str, Callable[[], float]], rounds: int, warm_up: int = 4) -> Samples:
    """Take a figure of each subject in each round; another one begins each round.

    Args:
        effort: what is measured, for the lines that tell how far it is.
        subjects: what takes one figure, by name.
        rounds: how many figures each subject gives.
        warm_up: how many figures each gives before, which do not count.
    """
    for _ in range(warm_up):
        for sample in subjects.values():
            sample()
    samples: Samples = {name: [] for name in subjects}
    names = list(subjects)
    told = perf_counter()
    for number in range(rounds):
        begin = number % len(names)
        for name in names[begin:] + names[:begin]:
            samples[name].append(subjects[name]())
        if perf_counter() - told > _PAUSE:
            told = perf_counter()
            print(f"{effort.name}: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return samples


def per_call(call: Callable[[], object], count: int) -> Callable[[], float]:
    """Return what takes the seconds per call, over so many calls."""

    def sample() -> float:
        started = perf_counter()
        for _ in range(count):
            call()
        return (perf_counter() - started) / count

    return sample


class EventLoop:
    """An event loop that rests between figures, so that its connections are kept."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        """What is closed at the end, inside the loop."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something to its end."""
        return self._loop.run_until_complete(work)

    def per_call(self, call: Callable[[], Awaitable[object]], count: int) -> Callable[[], float]:
        """Return what takes the seconds per call, over so many calls one after another."""

        async def sample() -> float:
            started = perf_counter()
            for _ in range(count):
                await call()
            return (perf_counter() - started) / count

        return lambda: self.run(sample())

    def per_crowd(self, call: Callable[[], Awaitable[object]], size: int) -> Callable[[], float]:
        """Return what takes the seconds per call, over so many calls that are made at once."""

        async def sample() -> float:
            started = perf_counter()
            await asyncio.gather(*(call() for _ in range(size)))
            return (perf_counter() - started) / size

        return lambda: self.run(sample())

    def close(self) -> None:
        """Close what was opened in the loop, and the loop."""
        self.run(self.stack.aclose())
        self._loop.close()


@contextmanager
def event_loop() -> Iterator[EventLoop]:
    """Open an event loop for a block."""
    loop = EventLoop()
    try:
        yield loop
    finally:
        loop.close()


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    """Return the ratio of each round."""
    return [above / below for above, below in zip(over, under, strict=True)]


def spread(figures: Sequence[float]) -> dict[str, float | list[float]]:
    """Return median, quartiles and range, to four digits."""
    low, _, high = statistics.quantiles(figures, n=4, method="inclusive") if len(figures) > 1 else [*figures] * 3
    return {
        "median": _rounded(statistics.median(figures)),
        "quartiles": [_rounded(low), _rounded(high)],
        "range": [_rounded(min(figures)), _rounded(max(figures))],
    }


def _rounded(figure: float) -> float:
    return float(f"{figure:.4g}")
