"""Pages: the items and cursors in an envelope, and the query for another page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import PaginationError
from ..type_guards import is_array, is_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..requests.operation import Operation


def items_of(operation: Operation, envelope: Any) -> Sequence[Any]:
    """Return the items of an envelope, whatever the name of their field."""
    key, _, _ = _shape(operation)
    items = getattr(envelope, key, None)
    return items if is_array(items) else []


def next_cursor(operation: Operation, query: Mapping[str, object], envelope: Any) -> str | None:
    """Return the cursor of the next page in the direction of the request, or None at the end."""
    _, path, _ = _shape(operation)
    return _read(envelope, _backward(path) if is_backward(query) else path)


def previous_cursor(operation: Operation, query: Mapping[str, object], envelope: Any) -> str | None:
    """Return the cursor of the page in the other direction, or None if there is none."""
    _, path, _ = _shape(operation)
    if "." not in path:
        return None  # the providers' lists can only be read forward
    return _read(envelope, path if is_backward(query) else _backward(path))


def is_backward(query: Mapping[str, object]) -> bool:
    """Return whether a request lists the entries before a cursor."""
    return bool(query.get("before")) and not query.get("after")


def query_at(operation: Operation, query: Mapping[str, object], cursor: str) -> dict[str, object]:
    """Return the query parameters that request the page at a cursor."""
    _, _, parameter = _shape(operation)
    outer, dot, inner = parameter.partition(".")
    if dot:
        present = query.get(outer)
        return {outer: {**(present if is_mapping(present) else {}), inner: cursor}}
    return {"before" if is_backward(query) else parameter: cursor}


def check_new(seen: set[str], cursor: str) -> None:
    """Raise PaginationError if a cursor was seen before, since iteration would never end."""
    if cursor in seen:
        raise PaginationError(
            "the server repeats a cursor, so iteration would never end (fetch the first page again)", cursor
        )


def _shape(operation: Operation) -> tuple[str, str, str]:
    if operation.page is None:
        raise TypeError(f"{operation.name} does not return pages")
    return operation.page


def _backward(path: str) -> str:
    return path.rpartition(".")[0] + ".before"


def _read(envelope: Any, path: str) -> str | None:
    value = envelope
    for name in path.split("."):
        value = getattr(value, name, None)
    # Slack ends its list with an empty cursor instead of null.
    return value if isinstance(value, str) and value else None
