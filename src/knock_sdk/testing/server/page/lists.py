"""Pages of lists: 50 entries each, chosen by the address."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

from ..state_access import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...state.rows import OrderedRows
    from ...state.world import World
    from .page_request import PageRequest

T = TypeVar("T")
S = TypeVar("S")

PAGE_SIZE = 50
_AT_ONCE = 2_000
"""Rows that are looked at before the state's lock is released for others."""
_DIGITS = 18


@dataclass(frozen=True)
class Slice(Generic[T]):
    """A page of a list."""

    items: Sequence[T]
    before: str | None
    """Address of the page before this one; None on the first page."""
    after: str | None
    """Address of the page after this one; None on the last page."""
    start: int | None = None
    """Position of the first entry, from 1; None if entries are found by a cursor, or there are none."""
    total: int | None = None
    """Number of all entries, where it is known."""

    @property
    def is_first(self) -> bool:
        """Whether nothing comes before this page."""
        return self.before is None


def cut(page: PageRequest, items: Sequence[T]) -> Slice[T]:
    """Return the page of a sequence that the parameter `offset` of the address chooses."""
    offset = min(_number(page.query("offset")) or 0, max(len(items) - 1, 0))
    offset -= offset % PAGE_SIZE
    following = offset + PAGE_SIZE
    before = page.here(offset=offset - PAGE_SIZE or None) if offset else None
    after = page.here(offset=following) if following < len(items) else None
    return Slice(items[offset:following], before, after, offset + 1 if items else None, len(items))


def newest_first(
    page: PageRequest,
    rows_in: Callable[[World], OrderedRows[T]],
    show: Callable[[World, T], S],
    where: Callable[[T], bool] | None = None,
) -> Slice[S]:
    """Return the page of rows, newest first, that the parameter `older` or `newer` of the address chooses: a serial.

    The state is locked for some thousand rows at a time, so that a search does not stop the server.

    Args:
        page: The request.
        rows_in: Function that returns the rows.
        show: Function that returns what is shown of a row, called while the state is locked.
        where: Which rows are wanted.
    """
    older, newer = _number(page.query("older")), _number(page.query("newer"))
    if newer is not None and older is None:
        found = _find(page, rows_in, show, where, start=newer, backward=False)
        if len(found) > PAGE_SIZE:
            kept = found[:PAGE_SIZE][::-1]
            return Slice([item for _, item in kept], _newer(page, kept[0][0]), _older(page, kept[-1][0]))
        older = None  # fewer than a page is left: this is the first page
    found = _find(page, rows_in, show, where, start=older, backward=True)
    kept = found[:PAGE_SIZE]
    before = _newer(page, kept[0][0] if kept else older) if older is not None else None
    after = _older(page, kept[-1][0]) if len(found) > PAGE_SIZE else None
    return Slice([item for _, item in kept], before, after)


def _find(
    page: PageRequest,
    rows_in: Callable[[World], OrderedRows[T]],
    show: Callable[[World, T], S],
    where: Callable[[T], bool] | None,
    *,
    start: int | None,
    backward: bool,
) -> list[tuple[int, S]]:
    """Return what is shown of the rows of one page and the first one after it, each with its serial."""
    found: list[tuple[int, S]] = []
    while True:
        looked_at = 0
        with locked(page.simulator) as world:
            for serial, row in islice(rows_in(world).iterate(start, backward=backward), _AT_ONCE):
                looked_at, start = looked_at + 1, serial
                if where is None or where(row):
                    found.append((serial, show(world, row)))
                    if len(found) > PAGE_SIZE:
                        return found
        if looked_at < _AT_ONCE:
            return found


def _older(page: PageRequest, serial: int) -> str:
    return page.here(older=serial, newer=None)


def _newer(page: PageRequest, serial: int | None) -> str:
    return page.here(newer=serial, older=None)


def _number(text: str) -> int | None:
    """Return a number of the address; what is none counts as absent."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
