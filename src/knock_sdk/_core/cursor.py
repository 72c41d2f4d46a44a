"""Pages: where an envelope keeps its items and its next cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import PaginationError
from .type_guards import is_array, is_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .operation import Operation


def items_of(operation: Operation, envelope: Any) -> Sequence[Any]:
    """Return the list that an envelope holds, whatever it is called."""
    key, _, _ = _shape(operation)
    items = getattr(envelope, key, None)
    return items if is_array(items) else []


def next_cursor(operation: Operation, query: Mapping[str, object], envelope: Any) -> str | None:
    """Return the cursor of the following page in the direction of the request, or None at the end."""
    _, place, _ = _shape(operation)
    return _read(envelope, _backward(place) if walks_backward(query) else place)


def previous_cursor(operation: Operation, query: Mapping[str, object], envelope: Any) -> str | None:
    """Return the cursor of the page that lies the other way, or None."""
    _, place, _ = _shape(operation)
    if "." not in place:
        return None  # the providers' lists go forward only
    return _read(envelope, place if walks_backward(query) else _backward(place))


def walks_backward(query: Mapping[str, object]) -> bool:
    """Return whether a request asks for the entries before a cursor."""
    return bool(query.get("before")) and not query.get("after")


def following(operation: Operation, query: Mapping[str, object], cursor: str) -> dict[str, object]:
    """Return the query parameters that ask for the page at a cursor."""
    _, _, parameter = _shape(operation)
    outer, dot, inner = parameter.partition(".")
    if dot:
        present = query.get(outer)
        return {outer: {**(present if is_mapping(present) else {}), inner: cursor}}
    return {"before" if walks_backward(query) else parameter: cursor}


def check_new(seen: set[str], cursor: str) -> None:
    """Refuse a cursor that a walk has met already, for it would never end."""
    if cursor in seen:
        raise PaginationError("the server repeats a cursor; the walk would never end", cursor)
    seen.add(cursor)


def _shape(operation: Operation) -> tuple[str, str, str]:
    if operation.page is None:
        raise TypeError(f"{operation.name} does not answer with pages")
    return operation.page


def _backward(place: str) -> str:
    return place.rpartition(".")[0] + ".before"


def _read(envelope: Any, place: str) -> str | None:
    value = envelope
    for name in place.split("."):
        value = getattr(value, name, None)
    # Slack ends its list with an empty cursor instead of null.
    return value if isinstance(value, str) and value else None
