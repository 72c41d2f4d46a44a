"""Lists of the state as rows, so that pages of them are found as pages of rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from typing_extensions import override

from ....state.rows import OrderedRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

R = TypeVar("R")


class Listed(OrderedRows[R]):
    """A sequence as rows, whose serials are the positions, from 0."""

    def __init__(self, items: Sequence[R]) -> None:
        """Show a sequence, which is not copied."""
        super().__init__()
        self._items = items

    @override
    def __len__(self) -> int:
        return len(self._items)

    @override
    def iterate(self, start: int | None = None, *, backward: bool = False) -> Iterator[tuple[int, R]]:
        items, count = self._items, len(self._items)
        if backward:
            indices = range(count - 1 if start is None else min(start, count) - 1, -1, -1)
        else:
            indices = range(0 if start is None else start + 1, count)
        for index in indices:
            yield index, items[index]
