"""The numbers of a running job, and who is told of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._failures import BulkProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._outcomes import Finished

_PAUSE = 0.1
"""Seconds between two reports of progress, at least."""


class Tally:
    """The numbers of a running job."""

    def __init__(self, total: int | None, already_done: int, failures: tuple[int, int], started: float) -> None:
        """Begin with what an earlier run has done.

        Args:
            total: number of items, if the input says it.
            already_done: number of items that an earlier run has processed.
            failures: numbers of items that failed, and whose outcome is unknown, in earlier runs.
            started: when the job began, in seconds of its clock.
        """
        failed, unknown = failures
        self.total = total
        self.already_done = already_done
        self.failed = failed
        self.unknown = unknown
        self.succeeded = 0
        self.started = started
        self._before = already_done + failed + unknown
        self._reported: tuple[float, BulkProgress | None] = (0.0, None)

    def count(self, finished: Finished) -> None:
        """Count what became of a chunk."""
        unknown = sum(each.unknown for each in finished.failed)
        self.succeeded += finished.succeeded
        self.unknown += unknown
        self.failed += len(finished.failed) - unknown

    def uncount(self, number: int) -> None:
        """Count items no longer as done before: it turns out in this run what has become of them."""
        self.already_done -= number
        self._before -= number

    def progress(self, now: float) -> BulkProgress:
        """Return how far the job is."""
        ended = self.already_done + self.succeeded + self.failed + self.unknown
        elapsed = now - self.started
        rate = (ended - self._before) / elapsed if elapsed > 0 else 0.0
        remaining = (self.total - ended) / rate if self.total is not None and rate > 0 else None
        done = self.already_done + self.succeeded
        return BulkProgress(done, self.failed, self.unknown, self.total, rate, remaining)

    def report(self, tell: Callable[[BulkProgress], object], now: float, *, last: bool = False) -> None:
        """Tell the progress if it has changed, and not too often; at the end always."""
        moment, before = self._reported
        if not last and time.monotonic() - moment < _PAUSE:
            return
        progress = self.progress(now)
        if last or before is None or progress[:3] != before[:3]:
            self._reported = (time.monotonic(), progress)
            tell(progress)
