"""Finding the signature among the headers of a request, as web frameworks provide them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from .._core.type_guards import is_items, is_mapping
from ..errors import InvalidArgumentError
from ._errors import MalformedSignatureError, MissingSignatureError

if TYPE_CHECKING:
    from typing_extensions import TypeIs


class HeaderItems(Protocol):
    """Headers that list their names and values, as the mappings of all web frameworks do."""

    def items(self) -> Iterable[tuple[object, object]]:
        """Return the names and values."""
        ...


WebhookHeaders: TypeAlias = HeaderItems | Iterable[tuple[object, object]] | str | bytes | None
"""The headers of a request: a mapping, pairs of names and values, a WSGI environ, or the signature alone, if any."""


def find_signature(headers: object, header: object) -> bytes:
    """Return the value of the header with the signature.

    Raises:
        InvalidArgumentError: `headers` or `header` is of another type.
        MissingSignatureError: There is no such header, or it is empty.
        MalformedSignatureError: It has several values, or one that is no text.
    """
    if not isinstance(header, str) or not header:
        raise InvalidArgumentError("header", "takes the name of the header with the signature")
    if headers is None:  # what `headers.get(…)` returned
        raise MissingSignatureError(f"there is no header {header}: pass all headers of a request from Knock")
    if isinstance(headers, str | bytes):
        return _value_of(headers, header)
    names = _usual_names(header)
    if is_mapping(headers):
        for name in names:
            if (value := headers.get(name)) is not None:
                return _value_of(value, header)
    found = [value for name, value in _pairs_of(headers) if _normalize(name) == names[0] and value is not None]
    return _value_of(found[0] if len(found) == 1 else found, header)


def _pairs_of(headers: object) -> Iterator[tuple[object, object]]:
    items: Callable[[], object] | None = getattr(headers, "items", None)
    listed = items() if callable(items) else headers
    if not isinstance(listed, Iterable):
        kind = type(headers).__name__
        raise InvalidArgumentError("headers", f"takes the headers of the request, or the signature, not {kind}")
    for pair in cast("Iterable[object]", listed):
        if not _is_pair(pair):
            raise InvalidArgumentError("headers", "takes a mapping, or pairs of names and values")
        name, value = pair
        yield name, value


def _is_pair(value: object) -> TypeIs[Sequence[object]]:
    # A tuple, as pairs usually are, is recognised in a fraction of the time of the other check.
    return (isinstance(value, tuple) or is_items(value)) and len(cast("Sequence[object]", value)) == 2


@lru_cache(maxsize=64)
def _usual_names(header: str) -> tuple[str, ...]:
    """Return a header's name in lower case, as WSGI has it, and with capitals: most mappings have one of these."""
    name = _normalize(header)
    return name, f"HTTP_{name.upper().replace('-', '_')}", "-".join(part.capitalize() for part in name.split("-"))


def _normalize(name: object) -> str:
    text = name.decode("latin-1") if isinstance(name, bytes) else name if isinstance(name, str) else ""
    return text.removeprefix("HTTP_").lower().replace("_", "-")


def _value_of(value: object, header: str) -> bytes:
    if is_items(value):
        if not value:
            raise MissingSignatureError(f"the request has no header {header}: pass all headers of a request from Knock")
        if len(value) > 1:
            raise MalformedSignatureError(f"the header {header} has {len(value)} values instead of one")
        (value,) = value
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogatepass")
    if not isinstance(value, bytes):
        raise MalformedSignatureError(f"the header {header} is of type {type(value).__name__} instead of text")
    if not value.strip():
        raise MissingSignatureError(f"the header {header} is empty")
    return value
