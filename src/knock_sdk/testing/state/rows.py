"""Rows in the order of their creation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

R = TypeVar("R")


class OrderedRows(Generic[R]):
    """Rows by serial number. Iteration may start at any serial, including one that has been removed."""

    def __init__(self) -> None:
        """Start without rows."""
        self._rows: dict[int, R] = {}
        self._serials: list[int] = []

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def add(self, serial: int, row: R) -> None:
        """Add a row, which usually has the highest serial so far."""
        if not self._serials or serial > self._serials[-1]:
            self._serials.append(serial)
        else:
            insort(self._serials, serial)
        self._rows[serial] = row

    def remove(self, serial: int) -> None:
        """Remove a row."""
        del self._rows[serial]
        del self._serials[bisect_left(self._serials, serial)]

    def iterate(self, start: int | None = None, *, backward: bool = False) -> Iterator[tuple[int, R]]:
        """Iterate over the rows after `start`, or over those before it in descending order."""
        serials, rows = self._serials, self._rows
        if backward:
            first = len(serials) if start is None else bisect_left(serials, start)
            indices = range(first - 1, -1, -1)
        else:
            first = 0 if start is None else bisect_right(serials, start)
            indices = range(first, len(serials))
        for index in indices:
            serial = serials[index]
            yield serial, rows[serial]
