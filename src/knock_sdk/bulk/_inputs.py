"""What may yield the items of a bulk job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from typing import Any

from ..errors import InvalidArgumentError


def as_iterable(items: object, argument: str) -> Iterable[Any]:
    """Return what yields the items.

    Raises:
        InvalidArgumentError: Nothing does, or something else than rows.
    """
    if isinstance(items, str | bytes | Mapping):
        raise InvalidArgumentError(
            argument, f"must yield items one after another, not be a single {type(items).__name__}: put it in a list"
        )
    to_batches = getattr(items, "to_batches", None)
    if callable(to_batches):  # a table of Arrow
        batches: Iterable[Any] = to_batches()
        return batches
    if callable(getattr(items, "to_pylist", None)):  # a batch of Arrow
        return [items]
    if hasattr(items, "columns"):
        way = ".iter_rows(named=True)" if hasattr(items, "iter_rows") else ".to_dict('records')"
        raise InvalidArgumentError(argument, f"is a {type(items).__name__}, which yields columns: pass its {way}")
    if not isinstance(items, Iterable):
        raise InvalidArgumentError(argument, f"must yield items, such as a list or a generator, not {_name(items)}")
    return items


def elements_of(item: object) -> list[Any] | None:
    """Return the rows of a batch of Arrow; None for anything else."""
    to_pylist = getattr(item, "to_pylist", None)
    if not callable(to_pylist):
        return None
    rows: list[Any] = to_pylist()
    return rows


def size_of(items: object) -> int | None:
    """Return the number of items, if the input says it."""
    rows = getattr(items, "num_rows", None)
    if isinstance(rows, int):
        return rows
    return len(items) if isinstance(items, Sized) else None


def _name(value: object) -> str:
    return "None" if value is None else type(value).__name__
