"""What an export says of itself: progress while it runs, and a report at its end."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - needed to evaluate the annotations
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - needed to evaluate the annotations
from time import monotonic

from typing_extensions import override

_EVERY = 0.1
"""Seconds between two calls of `on_progress`, at least."""


@dataclass(frozen=True)
class ExportProgress:
    """How far an export is."""

    items: int
    """Items written so far, those of earlier runs included."""
    rate: float
    """Items per second, in this run."""
    elapsed: float
    """Seconds since this run began."""

    @override
    def __str__(self) -> str:
        return f"{_count(self.items)}, {self.elapsed:.1f} s, {self.rate:,.0f} items/s"


@dataclass(frozen=True)
class ExportReport:
    """What an export has written."""

    path: Path
    """The file."""
    items: int
    """Items in the file."""
    earlier_items: int
    """Those among them that earlier runs had written."""
    elapsed: float
    """Seconds that this run took."""
    rate: float
    """Items per second, in this run."""

    @override
    def __str__(self) -> str:
        earlier = f" ({self.earlier_items:,} by earlier runs)" if self.earlier_items else ""
        return f"{self.path}: {_count(self.items)}{earlier}, {self.elapsed:.1f} s, {self.rate:,.0f} items/s"


class Meter:
    """Counts items and time, and calls `on_progress`: at most ten times a second, and once at the end."""

    def __init__(self, on_progress: Callable[[ExportProgress], None] | None) -> None:
        """Start the clock."""
        self._on_progress = on_progress
        self._started = self._told = monotonic()
        self._earlier = self._items = 0

    def start_from(self, earlier: int) -> None:
        """Take over the number of items that earlier runs have written."""
        self._earlier = self._items = earlier

    def count(self, items: int) -> None:
        """Count items that were written."""
        self._items += items
        if monotonic() - self._told >= _EVERY:
            self.tell()

    def tell(self) -> None:
        """Call `on_progress` now."""
        if self._on_progress is not None:
            elapsed = monotonic() - self._started
            self._on_progress(ExportProgress(self._items, self._rate(elapsed), elapsed))
            self._told = monotonic()

    def report(self, path: Path) -> ExportReport:
        """Return the report."""
        elapsed = monotonic() - self._started
        return ExportReport(path, self._items, self._earlier, elapsed, self._rate(elapsed))

    def _rate(self, elapsed: float) -> float:
        return (self._items - self._earlier) / elapsed if elapsed > 0 else 0.0


def _count(items: int) -> str:
    return f"{items:,} item" if items == 1 else f"{items:,} items"
