"""What may yield the items of a bulk job."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import is_dataclass
from typing import Any, cast

from pydantic import BaseModel

from .._core.type_guards import is_mapping
from ..errors import InvalidArgumentError

_SMALL = frozenset({int, float, bool, type(None)})


def as_iterable(items: Any, argument: str) -> Iterable[Any]:
    """Return what yields the items.

    Raises:
        InvalidArgumentError: Nothing does, or something else than rows.
    """
    kind = type(items).__name__
    if isinstance(items, str | bytes | bytearray | memoryview | BaseModel) or is_mapping(items):
        raise InvalidArgumentError(argument, f"must yield items one after another, not be a {kind}: put it in a list")
    found: Iterable[Any]
    if callable(getattr(items, "to_batches", None)):  # a table of Arrow
        found = items.to_batches()
    elif callable(getattr(items, "to_pylist", None)):  # a batch of Arrow
        found = [items]
    elif hasattr(items, "columns") and not callable(items.columns):  # a result of SQLAlchemy has such a method
        way = ".iter_rows(named=True)" if hasattr(items, "iter_rows") else ".to_dict('records')"
        raise InvalidArgumentError(argument, f"is a {kind}, which yields columns: pass its {way}")
    elif not _can_be_iterated(items):
        shown = "None" if items is None else kind
        raise InvalidArgumentError(argument, f"must yield items, such as a list or a generator, not {shown}")
    else:
        found = items
    return found


def _can_be_iterated(items: object) -> bool:
    return isinstance(items, Iterable)


def elements_of(item: Any) -> list[Any] | None:
    """Return the rows of a batch of Arrow; None for anything else."""
    if type(item) is dict or type(item) is str:  # as almost all are
        return None
    return list(item.to_pylist()) if callable(getattr(item, "to_pylist", None)) else None


def rough_size(item: object, most: int, levels: int = 3) -> int:
    """Return how much text an item has, at least: about its bytes as JSON; counted not much further than to `most`.

    It is called for each row: the usual types are looked at without anything that takes time.
    """
    if isinstance(item, str):
        return len(item)
    kind = type(item)
    values: Iterable[object]
    if kind is dict:
        values = cast("dict[object, object]", item).values()
    elif kind is list or kind is tuple:
        values = cast("Iterable[object]", item)
    else:
        return _size_of_any(item, most)
    size = 0
    for value in values:
        if isinstance(value, str):
            size += len(value) + 1
        elif type(value) in _SMALL:
            size += 1
        else:
            size += rough_size(value, most - size, levels - 1) if levels else _size_of_any(value, most - size)
            if size >= most:
                break
    return size


def _size_of_any(item: object, most: int) -> int:
    """Return the same for a value of any type, nested as deeply as it may be."""
    size = 0
    seen: set[int] = set()
    left: list[object] = [item]
    while left and size < most:
        value = left.pop()
        if isinstance(value, str | bytes):
            size += len(value)
            continue
        size += 1
        if isinstance(value, BaseModel) or is_dataclass(value):
            value = getattr(value, "__dict__", None)
        place = id(value)
        inner: Iterable[object] = ()
        if isinstance(value, dict):
            inner = cast("dict[object, object]", value).values()
        elif isinstance(value, list | tuple):
            inner = cast("Iterable[object]", value)
        if inner and place not in seen:
            seen.add(place)  # it may contain itself
            left += inner
    return size


def size_of(items: object) -> int | None:
    """Return the number of items, if the input says it."""
    rows = getattr(items, "num_rows", None)
    if isinstance(rows, int):
        return rows
    return len(items) if isinstance(items, Sized) else None
