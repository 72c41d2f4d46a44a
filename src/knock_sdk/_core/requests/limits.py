"""The API's documented limits, checked before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ...errors import InvalidArgumentError
from ..sentinel import NOT_GIVEN
from ..type_guards import is_items, is_mapping
from ..values.body import as_mapping, encode_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .operation import Operation
    from .request import Request

L = TypeVar("L")

_LARGEST = 10**18


def check_limits(operation: Operation, request: Request[Any]) -> None:
    """Raise InvalidArgumentError for an argument that exceeds the operation's limits or has the wrong type."""
    if operation.items:
        _check(request, operation.items, _check_items)
    if operation.pairs:
        _check(request, operation.pairs, _check_pairs)
    if operation.length:
        _check(request, operation.length, _check_length)
    if operation.range:
        _check(request, operation.range, _check_range)


def _check(request: Request[Any], limits: Mapping[str, L], check: Callable[[str, object, L], None]) -> None:
    body: Mapping[str, Any] = request.body if is_mapping(request.body) else {}
    for name, limit in limits.items():
        # A dot in the name leads into an object, or into the elements of a list.
        outer, _, inner = name.partition(".")
        argument = body[outer] if outer in body else _find_outside_body(request, outer)
        if argument is None or argument is NOT_GIVEN:
            continue
        if not inner:
            check(outer, argument, limit)
            continue
        for path, value in _values_at(outer, argument, inner):
            if value is not None and value is not NOT_GIVEN:
                check(path, value, limit)


def check_size(operation: Operation, body: object, content: bytes) -> None:
    """Raise InvalidArgumentError for a field of the body that is larger as JSON than the operation allows."""
    for name, most in operation.size.items():
        if len(content) > most and is_mapping(body):
            outer, _, inner = name.partition(".")
            for path, value in _values_at(outer, body.get(outer), inner):
                if (size := len(encode_body(value))) > most:
                    raise InvalidArgumentError(path, f"is {size:,} bytes as JSON; the limit is {most:,}")


def _check_items(path: str, value: object, most: int | tuple[str, ...] | None) -> None:
    if isinstance(most, tuple):
        if isinstance(value, str):
            if value in most:
                return
            words = " or ".join(map(repr, most))
            raise InvalidArgumentError(path, f"must be a list, {words}: put a single value in brackets")
        most = None
    if isinstance(value, str | bytes):
        raise InvalidArgumentError(path, f"must be a list, not a single {type(value).__name__}: put it in brackets")
    if not is_items(value):
        remedy = ": pass its .tolist()" if hasattr(value, "dtype") else ""
        raise InvalidArgumentError(path, f"must be a list, not {type(value).__name__}{remedy}")
    if most is not None and len(value) > most:
        raise InvalidArgumentError(path, f"has {len(value):,} elements; the limit is {most:,}: split the call")


def _check_pairs(path: str, value: object, most: int) -> None:
    mapping = as_mapping(value, path)
    if not is_mapping(mapping):
        raise InvalidArgumentError(path, f"must be a mapping, not {type(value).__name__}")
    if len(mapping) > most:
        raise InvalidArgumentError(path, f"has {len(mapping):,} pairs; the limit is {most:,}")


def _check_length(path: str, value: object, longest: int) -> None:
    if isinstance(value, str) and len(value) > longest:
        raise InvalidArgumentError(path, f"has {len(value):,} characters; the limit is {longest:,}: shorten it")


def _check_range(path: str, value: Any, bounds: tuple[int, int]) -> None:
    least, greatest = bounds
    number: object = value.item() if hasattr(value, "dtype") and hasattr(value, "item") else value
    if isinstance(number, bool) or not isinstance(number, int):
        raise InvalidArgumentError(path, f"must be a whole number, not {type(value).__name__}")
    if not least <= number <= greatest:
        shown = f"{number:,}" if abs(number) < _LARGEST else "too large"
        raise InvalidArgumentError(path, f"is {shown}; it must be from {least:,} to {greatest:,}")


def _values_at(path: str, value: Any, name: str) -> Iterator[tuple[str, object]]:
    """Yield the values at a field path, each with its own path."""
    if not name:
        yield path, value
    elif is_items(value):
        for index, element in enumerate(value):
            yield from _values_at(f"{path}[{index}]", element, name)
    else:
        outer, _, inner = name.partition(".")
        found = value.get(outer) if is_mapping(value) else getattr(value, outer, None)
        yield from _values_at(f"{path}.{outer}", found, inner)


def _find_outside_body(request: Request[Any], name: str) -> Any:
    if request.query is not None and name in request.query:
        return request.query[name]
    before, placeholder, _ = request.operation.path.partition("{" + name + "}")
    return request.path[before.count("{")] if placeholder and request.path else None
