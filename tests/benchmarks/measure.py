"""Figures, taken in rounds: each subject once per round, so that a slow machine slows all of them."""

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
"""Seconds between two lines of progress."""


def interleave(effort: Effort, subjects: Mapping[str, Callable[[], float]], rounds: int, warm_up: int = 4) -> Samples:
    """Take a figure of each subject in each round; each round begins with another subject.

    Args:
        effort: extent of the measurement, with the name for the lines of progress.
        subjects: functions that take one figure, by name.
        rounds: number of figures of each subject.
        warm_up: number of figures of each subject that are taken before and discarded.
    """
    for _ in range(warm_up):
        for sample in subjects.values():
            sample()
    samples: Samples = {name: [] for name in subjects}
    names = list(subjects)
    reported = perf_counter()
    for number in range(rounds):
        begin = number % len(names)
        for name in names[begin:] + names[:begin]:
            samples[name].append(subjects[name]())
        if perf_counter() - reported > _PAUSE:
            reported = perf_counter()
            print(f"{effort.name}: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return samples


def per_call(call: Callable[[], object], count: int) -> Callable[[], float]:
    """Return a function that measures the seconds per call, over `count` calls."""

    def sample() -> float:
        started = perf_counter()
        for _ in range(count):
            call()
        return (perf_counter() - started) / count

    return sample


class EventLoop:
    """An event loop that pauses between figures, so that its connections stay open."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        """Closed at the end, inside the loop."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return self._loop.run_until_complete(work)

    def per_call(self, call: Callable[[], Awaitable[object]], count: int) -> Callable[[], float]:
        """Return a function that measures the seconds per call, over `count` consecutive calls."""

        async def sample() -> float:
            started = perf_counter()
            for _ in range(count):
                await call()
            return (perf_counter() - started) / count

        return lambda: self.run(sample())

    def per_concurrent_call(self, call: Callable[[], Awaitable[object]], size: int) -> Callable[[], float]:
        """Return a function that measures the seconds per call, over `size` concurrent calls."""

        async def sample() -> float:
            started = perf_counter()
            await asyncio.gather(*(call() for _ in range(size)))
            return (perf_counter() - started) / size

        return lambda: self.run(sample())

    def close(self) -> None:
        """Close the loop, and before it all that was opened in it."""
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
        "median": _round(statistics.median(figures)),
        "quartiles": [_round(low), _round(high)],
        "range": [_round(min(figures)), _round(max(figures))],
    }


def _round(figure: float) -> float:
    return float(f"{figure:.4g}")
