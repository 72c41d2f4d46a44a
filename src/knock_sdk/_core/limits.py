"""The API's documented limits, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import InvalidArgumentError
from .body import as_mapping, encode_body
from .sentinel import NOT_GIVEN
from .type_guards import is_items, is_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .operation import Operation
    from .request import Request

L = TypeVar("L")


def check_limits(operation: Operation, request: Request[Any]) -> None:
    """Refuse an argument that is longer, larger or of another kind than the operation's limits allow."""
    _check(request, operation.items, _check_items)
    _check(request, operation.pairs, _check_pairs)
    _check(request, operation.length, _check_length)
    _check(request, operation.range, _check_range)


def _check(request: Request[Any], limits: Mapping[str, L], refuse: Callable[[str, object, L], None]) -> None:
    for name, limit in limits.items():
        # A dot in the name leads into an object or a list's elements.
        outer, _, inner = name.partition(".")
        argument = _argument(request, outer)
        if argument is not None and argument is not NOT_GIVEN:
            for place, value in _inside(outer, argument, inner):
                if value is not None and value is not NOT_GIVEN:
                    refuse(place, value, limit)


def check_size(operation: Operation, body: object, content: bytes) -> None:
    """Refuse a field of the body that takes more bytes as JSON than the operation allows."""
    for name, most in operation.size.items():
        if len(content) > most and is_mapping(body):
            outer, _, inner = name.partition(".")
            for place, value in _inside(outer, body.get(outer), inner):
                if (size := len(encode_body(value))) > most:
                    raise InvalidArgumentError(place, f"is {size:,} bytes as JSON; the limit is {most:,}")


def _check_items(place: str, value: object, most: int | None) -> None:
    if isinstance(value, str | bytes):
        raise InvalidArgumentError(place, f"takes a list, not one {type(value).__name__}: put it into brackets")
    if not isinstance(value, Sized) or is_mapping(value):
        raise InvalidArgumentError(place, f"takes a list, not {type(value).__name__}")
    if most is not None and len(value) > most:
        raise InvalidArgumentError(place, f"has {len(value):,} elements; the limit is {most:,}")


def _check_pairs(place: str, value: object, most: int) -> None:
    mapping = as_mapping(value)
    if not is_mapping(mapping):
        raise InvalidArgumentError(place, f"takes a mapping, not {type(value).__name__}")
    if len(mapping) > most:
        raise InvalidArgumentError(place, f"has {len(mapping):,} pairs; the limit is {most:,}")


def _check_length(place: str, value: object, longest: int) -> None:
    if isinstance(value, str) and len(value) > longest:
        raise InvalidArgumentError(place, f"has {len(value):,} characters; the limit is {longest:,}")


def _check_range(place: str, value: object, bounds: tuple[int, int]) -> None:
    least, greatest = bounds
    if isinstance(value, bool):
        raise InvalidArgumentError(place, "takes a number, not bool")
    if isinstance(value, int | float) and not least <= value <= greatest:
        raise InvalidArgumentError(place, f"is {value:,}; it must be from {least:,} to {greatest:,}")


def _inside(place: str, value: Any, name: str) -> Iterator[tuple[str, object]]:
    """Find the values that a name leads to, each with its place."""
    if not name:
        yield place, value
    elif is_items(value):
        for index, element in enumerate(value):
            yield from _inside(f"{place}[{index}]", element, name)
    else:
        outer, _, inner = name.partition(".")
        found = value.get(outer) if is_mapping(value) else getattr(value, outer, None)
        yield from _inside(f"{place}.{outer}", found, inner)


def _argument(request: Request[Any], name: str) -> Any:
    if is_mapping(request.body) and name in request.body:
        return request.body[name]
    if request.query is not None and name in request.query:
        return request.query[name]
    place = "{" + name + "}"
    if request.path and place in request.operation.path:
        names = [part for part in request.operation.path.split("/") if part.startswith("{")]
        return request.path[names.index(place)]
    return None
